"""What a maker's goods still miss: shown to that maker, with what to do next."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from catalog.models.stock import Outlet
from tests.cast import MAKER, MAKER_ELSEWHERE, World
from tests.make_wholesale import make_offer
from tests.storefront.office.conftest import SignIn, sign_in  # noqa: F401 - fixtures of the same world

pytestmark = pytest.mark.one_database


def test_a_maker_reads_what_is_missing_and_what_to_do(sign_in: SignIn, session: Session, world: World) -> None:  # noqa: F811
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    page = f"/makers-portal/{world.words['maker']}/readiness"
    maker = sign_in(MAKER)
    assert "Belum ada yang ditawarkan" in maker.get(page).text
    pack = session.scalars(select(Variant).where(Variant.code == world.words["variant"])).one()
    make_offer(session, outlet, pack)
    session.commit()
    for prefix, said in (("", "Bawa foto izin edar"), ("/en", "Bring a photo of the permit")):
        assert said in maker.get(f"{prefix}{page}?profile=minimarket").text
    assert maker.get(f"{page}?profile=bank").status_code == 404
    assert sign_in(MAKER_ELSEWHERE).get(page).status_code == 404
