"""Agreements, statements, payouts and makers' bank accounts through the office's pages."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.people import Grant, Role
from orders.models.agreement import Agreement, AgreementTerms, MakerPrice, OpenRegency
from orders.models.consignment import MakerStatement
from orders.models.maker_payout import MakerAccount, MakerPayout, PayoutBatch, PayoutState
from tests.cast import ADMINISTRATOR, CURATOR, HOME, KARANG_AGUNG, OUTLET_MANAGER, World
from tests.make import make_maker, make_user
from tests.storefront.office.conftest import SignIn
from tests.storefront.office.test_products import _picture

TERMS = {
    "model": "commission",
    "rate_bps": "12,5",
    "fee": "",
    "rhythm": "monthly",
    "rhythm_day": "5",
    "loss_borne_by": "outlet",
    "damage_borne_by": "outlet",
    "expiry_borne_by": "maker",
    "pull_out_days": "14",
    "note": "",
}
AGREEMENT = "/en/office/agreements/{agreement}"


@pytest.fixture
def second(session: Session, world: World) -> str:
    """A second lead of the same outlet."""
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    world.people["second"] = make_user(session, Grant(Role.OUTLET_MANAGER, outlet_id=outlet.id))
    session.commit()
    return "second"


def _agreement(session: Session, world: World) -> Agreement:
    session.expire_all()
    return session.scalars(select(Agreement).where(Agreement.code == world.words["agreement"])).one()


def test_a_maker_without_an_agreement_is_listed_and_gets_one(sign_in: SignIn, session: Session, world: World) -> None:
    maker = make_maker(session, name="Dapur Baru", village_code=KARANG_AGUNG)
    session.commit()
    manager = sign_in(OUTLET_MANAGER)
    assert f"/new/{world.words['outlet']}/{maker.slug}" in manager.get("/en/office/agreements").text
    new = f"/en/office/agreements/new/{world.words['outlet']}/{maker.slug}"
    today = clock.today().isoformat()
    refused = manager.post(new, data=TERMS | {"starts_on": today, "rate_bps": "101"})
    assert refused.status_code == 422
    assert 'value="101"' in refused.text
    answer = manager.post(new, data=TERMS | {"starts_on": today})
    assert answer.status_code == 303
    assert session.scalars(select(AgreementTerms.rate_bps).order_by(AgreementTerms.id.desc())).first() == 1_250
    assert "12.5%" in manager.get(answer.headers["Location"]).text
    assert manager.get(new).status_code == 303, "a second agreement of the pair is never offered"


def test_terms_that_overlap_are_refused_with_the_reason(sign_in: SignIn, session: Session, world: World) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address(AGREEMENT + "/terms")
    first = session.scalars(select(AgreementTerms)).one()
    refused = manager.post(page, data=TERMS | {"starts_on": first.starts_on.isoformat()})
    assert refused.status_code == 422
    assert first.starts_on.strftime("%d/%m/%Y") in refused.text
    assert 'value="12,5"' in refused.text
    today = clock.today().isoformat()
    assert manager.post(page, data=TERMS | {"starts_on": today, "model": "markup"}).status_code == 303
    shown = manager.get(world.address(AGREEMENT)).text
    assert "Mark-up 12.5%" in shown
    assert "Commission 15%" in shown, "the version before is still told"
    session.expire_all()
    assert session.get_one(AgreementTerms, first.id).rate_bps == 1_500


def test_a_makers_price_is_kept_once_for_a_day(sign_in: SignIn, session: Session, world: World) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address(AGREEMENT + "/prices")
    data = {"variant": world.words["variant"], "amount": "18.000", "starts_on": clock.today().isoformat()}
    assert manager.post(page, data=data | {"variant": "NOT-HERE"}).status_code == 422
    assert manager.post(page, data=data).status_code == 303
    assert manager.post(page, data=data).status_code == 422
    assert session.scalars(select(MakerPrice.amount)).all() == [18_000]
    assert "Rp18.000" in manager.get(world.address(f"/office/agreements/{world.words['agreement']}/prices")).text


def test_closing_says_what_happens_and_happens_once(sign_in: SignIn, session: Session, world: World) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address(AGREEMENT + "/statement")
    today = clock.today().isoformat()
    assert "never changes again" not in manager.get(page).text, "yesterday is closed already"
    assert "Rp50.000" in manager.get(f"{page}?up_to={today}").text, "the correction of today is on the open period"
    refused = manager.post(page, data={"up_to": today})
    assert refused.status_code == 422
    assert "yesterday at the latest" in refused.text
    assert manager.post(page, data={"up_to": "bukan hari"}).status_code == 422
    assert len(session.scalars(select(MakerStatement)).all()) == 1


def test_a_closed_statement_is_page_paper_table_and_message(sign_in: SignIn, session: Session, world: World) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address("/en/office/statements/{closed}")
    found = session.scalars(select(MakerStatement)).one()
    shown = manager.get(page).text
    assert found.content_hash[:16] in shown
    assert "wa.me" in shown
    assert manager.get(page + "/statement.pdf").data.startswith(b"%PDF")
    table = manager.get(page + "/statement.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert found.code in table.text
    assert manager.get("/en/office/statements").text.count(found.code) > 0


def test_a_correction_needs_a_reason_and_comes_once(sign_in: SignIn, session: Session, world: World) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address(AGREEMENT + "/correct")
    data = {"amount": "-10.000", "reason": "Dua botol pecah di jalan.", "key": "a-key-of-this-very-form"}
    refused = manager.post(page, data=data | {"reason": ""})
    assert refused.status_code == 422
    assert 'value="-10.000"' in refused.text
    assert manager.post(page, data=data).status_code == 303
    assert manager.post(page, data=data).status_code == 303
    assert "Rp40.000" in manager.get(world.address(AGREEMENT)).text


def test_a_payout_is_approved_by_another_person_and_paid_with_proof(sign_in: SignIn, session: Session, world: World, second: str) -> None:
    manager, page = sign_in(OUTLET_MANAGER), world.address("/en/office/payouts/{batch}")
    assert "You prepared this batch" in manager.get(page).text
    assert manager.get(page + "/bank.csv").status_code == 409
    assert manager.post(page + "/decision", data={"decision": "approve"}).status_code == 409
    assert manager.post(page + "/decision", data={"decision": "maybe"}).status_code == 422
    assert manager.post(page + "/1", data={"paid_on": clock.today().isoformat(), "reference": "X"}).status_code in (409, 422)
    other = sign_in(second)
    assert "payouts to be approved" in other.get("/en/office/").text
    assert other.post(page + "/decision", data={"decision": "approve"}).status_code == 303
    assert manager.get(page + "/bank.csv").status_code == 200
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert manager.post(page + "/1", data={"paid_on": tomorrow, "reference": "Ibu Contoh"}).status_code == 422
    broken = {"paid_on": clock.today().isoformat(), "reference": "Ibu Contoh", "photos": (BytesIO(b"not a photo"), "bukti.jpg")}
    assert manager.post(page + "/1", data=broken, content_type="multipart/form-data").status_code == 422
    good = broken | {"photos": (_picture(), "bukti.jpg")}
    assert manager.post(page + "/1", data=good, content_type="multipart/form-data").status_code == 303
    session.expire_all()
    payout = session.scalars(select(MakerPayout)).one()
    assert payout.reference == "Ibu Contoh"
    assert manager.get(page + "/1/proof.jpg").data.startswith(b"\xff\xd8")
    assert session.scalars(select(PayoutBatch.state)).one() is PayoutState.SETTLED
    assert manager.post(page + "/1", data=broken | {"photos": (BytesIO(b""), "")}).status_code in (409, 422), "paying twice is refused"


def test_more_than_is_owed_and_a_second_payout_are_refused(sign_in: SignIn, session: Session, world: World) -> None:
    manager, new = sign_in(OUTLET_MANAGER), world.address("/en/office/payouts/new/{outlet}")
    code = world.words["agreement"]
    data = {f"pay_{code}": "y", f"amount_{code}": "50.001", f"cash_{code}": "y", "key": "0123456789abcdef-new"}
    assert "on its way already" in manager.get(new).text
    assert manager.post(new, data=data | {f"amount_{code}": "50.000"}).status_code == 422, "one payout of a maker at a time"
    dropped = manager.post(world.address("/en/office/payouts/{batch}/decision"), data={"decision": "cancel", "reason": "Salah."})
    assert dropped.status_code == 303
    refused = manager.post(new, data=data)
    assert refused.status_code == 422
    assert "50.001" in refused.text
    assert manager.post(new, data={"key": "0123456789abcdef-new"}).status_code == 422, "nobody was chosen"
    without_account = {name: value for name, value in data.items() if not name.startswith("cash")} | {f"amount_{code}": "1.000"}
    assert "no bank account" in manager.post(new, data=without_account).text
    assert manager.post(new, data=data | {f"amount_{code}": "50.000"}).status_code == 303


def test_a_bank_account_takes_two_people_and_a_changed_one_three_days(sign_in: SignIn, session: Session, world: World, second: str) -> None:
    manager, other = sign_in(OUTLET_MANAGER), sign_in(second)
    page = world.address(AGREEMENT + "/account")
    data = {"bank": "Bank Contoh", "number": "1234567890", "holder": "Ibu Contoh"}
    assert manager.post(page, data=data | {"number": "abc"}).status_code == 422
    for number in ("1234567890", "9876543210"):
        assert manager.post(page, data=data | {"number": number}).status_code == 303
        account = session.scalars(select(MakerAccount).order_by(MakerAccount.id.desc())).first()
        assert account is not None
        decision = {"decision": "approve", "account": str(account.id)}
        assert manager.post(page + "/decision", data=decision).status_code == 409, "nobody agrees to what they asked for"
        assert "9876543210" in other.get(page).text or number != "9876543210"
        assert other.post(page + "/decision", data=decision).status_code == 303
        session.expire_all()
    assert "after 3 days" in manager.get(page).text
    stopped = {"decision": "stop", "account": str(account.id)}
    assert manager.post(page + "/decision", data=stopped).status_code == 303
    assert manager.post(page + "/decision", data=stopped).status_code == 409
    assert manager.post(page + "/decision", data=stopped | {"account": "999999"}).status_code == 422


def test_a_regency_decides_whether_shares_are_public(sign_in: SignIn, session: Session, world: World) -> None:
    curator, page = sign_in(CURATOR), f"/en/office/open-prices/{HOME}"
    assert "not shown" in curator.get("/en/office/open-prices").text
    assert curator.post(page, data={"decision": "open"}).status_code == 303
    assert session.scalars(select(OpenRegency.area_code)).all() == [HOME]
    assert curator.post(page, data={"decision": "close"}).status_code == 303
    assert session.scalars(select(OpenRegency.area_code)).all() == []
    assert curator.post("/en/office/open-prices/99.99", data={"decision": "open"}).status_code == 404


def test_an_ended_agreement_says_so(sign_in: SignIn, session: Session, world: World) -> None:
    manager = sign_in(ADMINISTRATOR)
    assert manager.post(world.address(AGREEMENT + "/end"), data={"ends_on": "kapan-kapan"}).status_code == 422
    assert manager.post(world.address(AGREEMENT + "/end"), data={"ends_on": clock.today().isoformat()}).status_code == 303
    assert _agreement(session, world).ends_on == clock.today()
    assert "ends" in manager.get(world.address(AGREEMENT)).text
