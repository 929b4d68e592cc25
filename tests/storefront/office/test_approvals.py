"""The second person on the web: packed orders, large corrections, and the limits on the outlet's page."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from catalog.models.stock import Outlet, StockLevel
from orders.models.approval import Approval
from orders.models.order import Order
from orders.states import OrderState
from tests.cast import ADMINISTRATOR, CASHIER, OUTLET_MANAGER, World
from tests.storefront.office.conftest import SignIn


def newest(session: Session) -> Approval:
    session.expire_all()
    return session.scalars(select(Approval).order_by(Approval.id.desc()).limit(1)).one()


def order_state(session: Session, world: World) -> OrderState:
    session.expire_all()
    return session.scalars(select(Order.state).where(Order.code == world.words["order"])).one()


def on_hand(session: Session, world: World) -> int:
    """What stands of the goods that the requests are about."""
    session.expire_all()
    own = select(StockLevel.on_hand).join(Variant, Variant.id == StockLevel.variant_id).join(Outlet, Outlet.id == StockLevel.outlet_id)
    return session.scalars(own.where(Variant.code == world.words["variant"], Outlet.code == world.words["outlet"])).one()


def test_a_packed_order_is_cancelled_by_two_people(sign_in: SignIn, session: Session, world: World) -> None:
    cashier, address = sign_in(CASHIER), f"/office/orders/{world.words['order']}"
    cashier.post(f"{address}/ready")
    assert "Barang sudah dikemas" in cashier.get(f"{address}/cancel").text
    answer = cashier.post(f"{address}/cancel", data={"reason": "Tidak diambil"})
    asked = newest(session)
    assert answer.location == f"/office/approvals/{asked.code}"
    assert order_state(session, world) is OrderState.READY
    assert "Lihat permintaan" in cashier.get(f"{address}/cancel").text
    page = cashier.get(f"/office/approvals/{asked.code}").text
    assert 'value="approve"' not in page
    assert cashier.post(f"/office/approvals/{asked.code}/decision", data={"decision": "approve"}).status_code == 403
    lead = sign_in(OUTLET_MANAGER)
    assert world.words["order"] in lead.get("/office/approvals").text
    assert lead.post(f"/office/approvals/{asked.code}/decision", data={"decision": "approve"}).status_code == 303
    assert order_state(session, world) is OrderState.CANCELLED


def test_a_large_correction_is_made_by_two_people(sign_in: SignIn, session: Session, world: World) -> None:
    address = "/office/stock/{outlet}/correct/{variant}/{lot}".format(**world.words)
    lead = sign_in(OUTLET_MANAGER)
    answer = lead.post(address, data={"counted": "2", "kind": "expired", "reason": "Basi"})
    asked = newest(session)
    assert answer.location == f"/office/approvals/{asked.code}"
    assert on_hand(session, world) == 20
    assert lead.post(f"/office/approvals/{asked.code}/decision", data={"decision": "approve"}).status_code == 409
    administrator = sign_in(ADMINISTRATOR)
    page = administrator.get(f"/en/office/approvals/{asked.code}").text
    assert "Rp450.000" in page
    assert administrator.post(f"/office/approvals/{asked.code}/decision", data={"decision": "approve"}).status_code == 303
    assert on_hand(session, world) == 2
    assert "Disetujui dan dijalankan" in lead.get("/office/approvals?show=all").text


def test_a_rejected_request_changes_nothing(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(ADMINISTRATOR), f"/office/approvals/{world.words['approval']}"
    assert browser.post(f"{address}/decision", data={}).status_code == 422
    assert browser.post(f"{address}/decision", data={"decision": "reject"}).status_code == 303
    assert on_hand(session, world) == 20
    assert "Tidak ada yang menunggu" in browser.get("/office/approvals").text


def test_the_first_page_tells_those_who_may_agree(sign_in: SignIn, world: World) -> None:
    for part, is_told in ((CASHIER, False), (OUTLET_MANAGER, True), (ADMINISTRATOR, True)):
        assert ("Menunggu orang kedua" in sign_in(part).get("/office/").text) is is_told, part


RULES = {
    "is_taxable": "y",
    "operator_npwp": "01.234.567.8-901.000",
    "voucher_percent_limit": "10",
    "voucher_worth_limit": "500.000",
    "packed_cancel_limit": "0",
    "correction_limit": "100.000",
    "till_discount_limit": "5",
    "cash_out_limit": "50.000",
    "receipt_footer": "Terima kasih, mampir lagi.",
}


def test_the_outlets_rules_are_entered_and_shown(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(OUTLET_MANAGER), f"/office/outlets/{world.words['outlet']}"
    assert browser.post(f"{address}/rules", data=RULES).status_code == 303
    session.expire_all()
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    assert (outlet.is_taxable, outlet.operator_npwp, outlet.voucher_percent_limit_bps) == (True, "012345678901000", 1_000)
    assert (outlet.till_discount_limit_bps, outlet.cash_out_limit, outlet.receipt_footer) == (500, 50_000, "Terima kasih, mampir lagi.")
    shown = browser.get(address).text
    assert 'value="012345678901000"' in shown
    assert 'value="Terima kasih, mampir lagi."' in shown


@pytest.mark.parametrize(("field", "typed"), [("voucher_worth_limit", "2.000.000"), ("operator_npwp", ""), ("correction_limit", "x")])
def test_refused_rules_keep_what_was_typed(sign_in: SignIn, session: Session, world: World, field: str, typed: str) -> None:
    browser, address = sign_in(OUTLET_MANAGER), f"/office/outlets/{world.words['outlet']}"
    answer = browser.post(f"{address}/rules", data=RULES | {field: typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    session.expire_all()
    assert session.scalars(select(Outlet.is_taxable).where(Outlet.code == world.words["outlet"])).one() is False


def test_an_administrator_raises_a_limit(sign_in: SignIn, world: World) -> None:
    address = f"/office/outlets/{world.words['outlet']}/rules"
    assert sign_in(ADMINISTRATOR).post(address, data=RULES | {"voucher_worth_limit": "2.000.000"}).status_code == 303
