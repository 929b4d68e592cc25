"""The door: everybody may look and apply, once; the office approves; from then on, and only then, figures are shown."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts
from orders.models.partner import Partner, PartnerState
from tests.cast import APPLICANT, CURATOR, GUEST, RETAIL_BUYER, World
from tests.make_wholesale import NPWP
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database

FORM = {
    "token": "once",
    "kind": "hotel",
    "name": "Hotel Baru",
    "legal_name": "PT Hotel Baru",
    "npwp": NPWP,
    "nib": "1234567890123",
    "is_pkp": "y",
    "address": "Jalan Baru 1",
    "area_code": "16.12.04.2001",
    "contact_name": "Bu Baru",
    "contact_email": "baru@contoh.example.com",
    "contact_phone": "0812 0000 1111",
}


def newest(session: Session) -> Partner:
    session.expire_all()
    return session.scalars(select(Partner).order_by(Partner.id.desc()).limit(1)).one()


def test_a_company_applies_is_approved_and_sees_prices(sign_in: SignIn, session: Session, world: World) -> None:
    guest = sign_in(GUEST)
    assert "Ajukan diri" in guest.get("/wholesale/").text
    answer = guest.post("/wholesale/apply", data=FORM)
    partner = newest(session)
    assert answer.location == f"/wholesale/applications/{partner.token}"
    assert guest.post("/wholesale/apply", data=FORM | {"name": "Kedua"}).location == answer.location
    assert "Mengajukan" in guest.get(answer.location).text

    office = sign_in(CURATOR)
    assert "Hotel Baru" in office.get("/office/partners/?state=applied").text
    page = f"/office/partners/{partner.code}"
    assert "Pilih dahulu kelompok" in office.post(f"{page}/decision", data={"state": "approved"}).text
    terms = {"group": world.words["group"], "profile": "gift_shop", "credit_limit": "5.000.000", "payment_days": "14", "trading_terms": "5"}
    assert office.post(f"{page}/terms", data=terms).status_code == 303
    assert office.post(f"{page}/terms", data=terms | {"trading_terms": "16"}).status_code == 422
    assert office.post(f"{page}/decision", data={"state": "approved"}).status_code == 303
    assert office.post(f"{page}/buyers", data={"name": "Bu Baru", "email": FORM["contact_email"]}).status_code == 303
    assert newest(session).state is PartnerState.APPROVED

    person = accounts.find_user_by_email(session, FORM["contact_email"])
    assert person is not None
    token = accounts.open_session(session, person, "tests")
    session.commit()
    with guest.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    assert "Rp18.000" in guest.get("/wholesale/offers").text


@pytest.mark.parametrize(("field", "typed"), [("npwp", "12"), ("nib", "x"), ("contact_email", "x"), ("kind", "bank"), ("name", "")])
def test_a_refused_form_keeps_what_was_typed(sign_in: SignIn, session: Session, world: World, field: str, typed: str) -> None:
    answer = sign_in(GUEST).post("/wholesale/apply", data=FORM | {field: typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Jalan Baru 1" in answer.text
    assert newest(session).name != "Hotel Baru"


def test_a_suspended_partner_sees_nothing_from_the_next_page_on(sign_in: SignIn, world: World) -> None:
    buyer, office = sign_in(RETAIL_BUYER), sign_in(CURATOR)
    assert buyer.get("/wholesale/").location == "/wholesale/offers"
    assert buyer.get("/wholesale/offers").status_code == 200
    decision = {"state": "suspended", "note": "Tagihan belum dibayar."}
    assert office.post(f"/office/partners/{world.words['partner']}/decision", data=decision).status_code == 303
    for address in ("/wholesale/offers", "/wholesale/offers/price-list.xlsx", f"/wholesale/offers/{world.words['offer']}/sheet.pdf"):
        assert buyer.get(address).status_code == 403
    assert "dihentikan" in buyer.get("/wholesale/").text


def test_who_waits_reads_so(sign_in: SignIn, world: World) -> None:
    waiting = sign_in(APPLICANT)
    assert re.search("Dinas sedang memeriksa", waiting.get("/wholesale/").text)
    assert waiting.get("/wholesale/offers").status_code == 403


def test_numbers_that_cannot_be_are_told_together_with_what_is_missing(sign_in: SignIn, world: World) -> None:
    answer = sign_in(GUEST).post("/wholesale/apply", data=FORM | {"npwp": "12", "nib": "x", "contact_phone": ""})
    for field in ("npwp", "nib", "contact_phone"):
        assert f'href="#{field}"' in answer.text


def test_who_has_applied_is_led_to_the_application_and_not_to_another_form(sign_in: SignIn, world: World) -> None:
    page = sign_in(APPLICANT).get("/wholesale/").text
    assert f"/wholesale/applications/{world.words['application']}" in page
    assert "/wholesale/apply" not in page


def test_the_office_asks_and_the_applicant_corrects_through_the_link(sign_in: SignIn, session: Session, world: World) -> None:
    link, office = f"/wholesale/applications/{world.words['application']}", sign_in(CURATOR)
    decision = {"state": "asked", "note": "Nama di NIB berbeda."}
    assert office.post(f"/office/partners/{world.words['applied']}/decision", data=decision).status_code == 303
    guest = sign_in(GUEST)
    assert "Nama di NIB berbeda." in guest.get(link).text
    assert "PT Warung Contoh Nusantara" in guest.get(f"{link}/edit").text
    wrong = guest.post(f"{link}/edit", data=FORM | {"nib": "1", "address": "Jalan Lama 9"})
    assert (wrong.status_code, "Jalan Lama 9" in wrong.text) == (422, True)
    assert guest.post(f"{link}/edit", data=FORM).status_code == 303
    partner = newest(session)
    assert (partner.state, partner.legal_name) == (PartnerState.APPLIED, "PT Hotel Baru")
    refusal = {"state": "refused", "note": "Di luar wilayah."}
    assert office.post(f"/office/partners/{world.words['applied']}/decision", data=refusal).status_code == 303
    assert guest.post(f"{link}/edit", data=FORM).location == link
