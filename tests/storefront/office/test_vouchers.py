"""Vouchers in the office: made, seen, printed, stopped, and agreed to by somebody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import accounts
from orders.models.voucher import Voucher
from tests.cast import ADMINISTRATOR, CASHIER, OUTLET_MANAGER, World
from tests.make_orders import place
from tests.make_stock import make_goods
from tests.make_vouchers import make_voucher
from tests.storefront.office.conftest import SignIn


@pytest.fixture
def outlet(session: Session, world: World) -> Outlet:
    return session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()


def form(world: World, **changes: str) -> dict[str, str]:
    values = {
        "outlet": world.words["outlet"],
        "label": "Pasar desa",
        "amount": "10.000",
        "use_limit": "20",
        "starts_on": "2026-01-01",
        "ends_on": "2099-12-31",
    }
    return values | changes


def newest(session: Session) -> Voucher:
    session.expire_all()
    return session.scalars(select(Voucher).order_by(Voucher.id.desc()).limit(1)).one()


def test_a_lead_makes_a_voucher_that_works_at_once(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OUTLET_MANAGER)
    assert "Kodenya kami buat" in browser.get("/office/vouchers/new").text
    answer = browser.post("/office/vouchers/new", data=form(world, code="MURAH"))
    voucher = newest(session)
    assert answer.location == f"/office/vouchers/{voucher.code}"
    assert voucher.code != "MURAH"
    assert (voucher.amount, voucher.percent_bps, voucher.use_limit, voucher.once_per_phone) == (10_000, None, 20, False)
    for prefix in ("", "/en"):
        assert "Pasar desa" in browser.get(f"{prefix}/office/vouchers").text
        page = browser.get(f"{prefix}/office/vouchers/{voucher.code}").text
        assert f"{voucher.code[:5]}-{voucher.code[5:]}" in page
        assert "Rp200.000" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("label", ""),
        ("amount", "sepuluh"),
        ("amount", ""),
        ("percent", "101"),
        ("percent", "10"),
        ("use_limit", "0"),
        ("use_limit", "1e3"),
        ("ends_on", "2025-01-01"),
        ("starts_on", "kemarin"),
        ("outlet", "XX"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(sign_in: SignIn, session: Session, world: World, field: str, typed: str) -> None:
    before = newest(session).id
    answer = sign_in(OUTLET_MANAGER).post("/office/vouchers/new", data=form(world, label="Pasar malam") | {field: typed})
    assert answer.status_code == 422
    assert "error-summary" in answer.text or "field-error" in answer.text
    if field != "label":
        assert "Pasar malam" in answer.text
    assert newest(session).id == before


def test_a_costly_voucher_waits_for_somebody_else(sign_in: SignIn, session: Session, world: World) -> None:
    lead = sign_in(OUTLET_MANAGER)
    lead.post("/office/vouchers/new", data=form(world, amount="", percent="25", most_discount="50.000"))
    voucher = newest(session)
    address = f"/office/vouchers/{voucher.code}"
    assert "Menunggu" in lead.get("/office/vouchers?show=waiting").text
    assert "Pasar desa" in lead.get("/office/vouchers?show=waiting").text
    assert lead.get(f"{address}/card").status_code == 404
    assert lead.post(f"{address}/decision", data={"decision": "approve"}).status_code == 409
    assert newest(session).approved_at is None
    administrator = sign_in(ADMINISTRATOR)
    assert 'value="approve"' in administrator.get(address).text
    assert administrator.post(f"{address}/decision", data={"decision": "nonsense"}).status_code == 422
    assert administrator.post(f"{address}/decision", data={"decision": "approve"}).status_code == 303
    assert newest(session).approved_by_id == world.people[ADMINISTRATOR].id
    assert lead.get(f"{address}/card").status_code == 200


def test_a_rejected_voucher_says_so(sign_in: SignIn, session: Session, world: World, outlet: Outlet) -> None:
    actor = accounts.as_actor(world.people[OUTLET_MANAGER])
    code = make_voucher(session, outlet, actor, use_limit=1_000).code
    session.commit()
    browser = sign_in(ADMINISTRATOR)
    browser.post(f"/office/vouchers/{code}/decision", data={"decision": "reject"})
    assert "Tidak ada lagi yang dapat memakainya." in browser.get(f"/office/vouchers/{code}").text
    assert browser.post(f"/office/vouchers/{code}/decision", data={"decision": "approve"}).status_code == 409


def test_stopping_and_the_money_given_away_are_shown(sign_in: SignIn, session: Session, world: World, outlet: Outlet) -> None:
    code = make_voucher(session, outlet).code
    order = place(session, make_goods(session, 5, outlet=outlet), voucher_code=code)
    session.commit()
    browser = sign_in(OUTLET_MANAGER)
    assert browser.post(f"/office/vouchers/{code}/stop").status_code == 303
    page = browser.get(f"/office/vouchers/{code}").text
    assert order.code in page
    assert "Rp10.000" in page
    assert "Dihentikan" in page
    office_page = browser.get(f"/office/orders/{order.code}").text
    assert "−Rp10.000" in office_page


def test_the_card_carries_the_code_and_a_symbol(sign_in: SignIn, world: World) -> None:
    page = sign_in(OUTLET_MANAGER).get(f"/office/vouchers/{world.words['voucher']}/card").text
    assert "voucher-symbol" in page
    assert world.words["voucher"][:5] in page


def test_a_cashier_makes_no_vouchers(sign_in: SignIn, world: World) -> None:
    browser = sign_in(CASHIER)
    assert browser.get("/office/vouchers").status_code == 403
    assert browser.post("/office/vouchers/new", data=form(world)).status_code == 403
