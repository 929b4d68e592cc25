"""Makers are registered and corrected by the curators of their area."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from tests.cast import CURATOR, CURATOR_ELSEWHERE, World
from tests.make import TALANG_BULANG
from tests.storefront.office.conftest import SignIn

FORM = {"name": "Kelompok Contoh", "kind": "group", "village_code": "Talang Bulang", "phone": "0812 3456 7890", "people_count": "7"}


def test_a_maker_is_registered_by_the_name_of_its_village(sign_in: SignIn, session: Session, world: World) -> None:
    answer = sign_in(CURATOR).post("/office/makers/new", data=FORM)
    assert answer.status_code == 303
    maker = session.scalars(select(Maker).where(Maker.name == "Kelompok Contoh")).one()
    assert (maker.village_code, maker.phone, maker.people_count) == (TALANG_BULANG, "+6281234567890", 7)


def test_a_maker_outside_ones_area_cannot_be_registered(sign_in: SignIn, session: Session, world: World) -> None:
    assert sign_in(CURATOR_ELSEWHERE).post("/office/makers/new", data=FORM).status_code == 403
    assert session.scalar(select(Maker.id).where(Maker.name == "Kelompok Contoh")) is None


def test_a_refused_maker_keeps_what_was_typed(sign_in: SignIn, world: World) -> None:
    answer = sign_in(CURATOR).post("/en/office/makers/new", data=FORM | {"village_code": "Nirgends", "phone": "12", "people_count": "1.5"})
    assert answer.status_code == 422
    assert 'value="Nirgends"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 3


def test_a_maker_is_corrected(sign_in: SignIn, session: Session, world: World) -> None:
    address = f"/office/makers/{world.words['maker']}"
    browser = sign_in(CURATOR)
    assert browser.post(address, data=FORM | {"village_code": f"Talang Bulang · {TALANG_BULANG}"}).status_code == 303
    assert "Kelompok Contoh" in browser.get(address).text
    assert "Kelompok Contoh" in browser.get("/office/makers?q=kelompok").text
    assert "Pembuat tidak ditemukan" in browser.get("/office/makers?q=zzz").text
