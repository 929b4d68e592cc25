"""The counter: find an order, pack it, take the cash, hand it over, cancel it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import batch_blocks
from catalog.models.product import Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from kernel.people import SYSTEM
from orders.gateways import NullGateway
from orders.models.order import Order
from orders.states import OrderState, PaymentState
from storefront import payment_pages
from tests.cast import CASHIER, CASHIER_ELSEWHERE, OUTLET_MANAGER, World
from tests.make_orders import open_page, payment_of, place
from tests.make_stock import Goods
from tests.storefront.office.conftest import SignIn


def _state(session: Session, world: World) -> OrderState:
    session.expire_all()
    return session.scalars(select(Order.state).where(Order.code == world.words["order"])).one()


def _level(session: Session, world: World) -> StockLevel:
    """What stands on the shelf of the order's goods."""
    session.expire_all()
    own = select(StockLevel).join(Variant, Variant.id == StockLevel.variant_id).join(Outlet, Outlet.id == StockLevel.outlet_id)
    return session.scalars(own.where(Variant.code == world.words["variant"], Outlet.code == world.words["outlet"])).one()


@pytest.mark.parametrize("typed", ["{order}", "0812 3456 7890", "6281234567890", "Pembeli Contoh", "567890"])
def test_an_order_is_found_by_code_phone_or_name(sign_in: SignIn, world: World, typed: str) -> None:
    answer = sign_in(CASHIER).get("/office/orders", query_string={"q": typed.format(**world.words)})
    assert answer.headers["Location"] == f"/office/orders/{world.words['order']}", "a single find opens at once"


def test_orders_of_another_outlet_are_not_found(sign_in: SignIn, world: World) -> None:
    for query in (world.words["order"], "081234567890", "Pembeli"):
        answer = sign_in(CASHIER_ELSEWHERE).get("/en/office/orders", query_string={"q": query})
        assert answer.status_code == 200
        assert "No order found" in answer.text


def test_an_order_goes_from_packing_to_hand_over_with_its_cash(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CASHIER), f"/office/orders/{world.words['order']}"
    assert browser.post(f"{address}/ready").status_code == 303
    assert _state(session, world) is OrderState.READY
    assert "Rp25.000" in browser.get(address).text
    code = world.words["order"]
    for form in ({"code": code}, {"code": "K7QTX4MN", "cash": "y"}, {"code": "", "cash": "y"}):
        refused = browser.post(f"{address}/hand-over", data=form)
        assert refused.status_code == 422, form
        assert _state(session, world) is OrderState.READY
    assert browser.post(f"{address}/hand-over", data={"code": code.lower(), "cash": "y"}).status_code == 303
    assert _state(session, world) is OrderState.COMPLETED
    level = _level(session, world)
    assert (level.on_hand, level.held) == (19, 0)


def test_the_buyers_phone_number_is_proof_enough(sign_in: SignIn, session: Session, world: World) -> None:
    address = f"/office/orders/{world.words['order']}/hand-over"
    browser = sign_in(CASHIER)
    assert browser.post(address, data={"code": "0812 9999 0000", "cash": "y"}).status_code == 422
    assert browser.post(address, data={"code": "0812-3456-7890", "cash": "y"}).status_code == 303


def test_a_second_hand_over_is_refused_politely(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CASHIER), f"/office/orders/{world.words['order']}"
    form = {"code": world.words["order"], "cash": "y"}
    assert browser.post(f"{address}/hand-over", data=form).status_code == 303
    assert browser.post(f"{address}/hand-over", data=form).status_code == 422
    level = _level(session, world)
    assert level.on_hand == 19


def test_a_cancelled_order_gives_its_goods_back(sign_in: SignIn, session: Session, world: World) -> None:
    browser, address = sign_in(CASHIER), f"/office/orders/{world.words['order']}/cancel"
    assert "tidak dapat diurungkan" in browser.get(address).text
    assert browser.post(address, data={"reason": ""}).status_code == 422
    assert browser.post(address, data={"reason": "Pembeli tidak datang."}).status_code == 303
    assert _state(session, world) is OrderState.CANCELLED
    session.expire_all()
    assert _level(session, world).held == 0


def test_lists_say_what_they_show(sign_in: SignIn, world: World) -> None:
    browser: FlaskClient = sign_in(CASHIER)
    assert world.words["order"] in browser.get("/office/orders").text
    assert world.words["order"] not in browser.get("/office/orders?show=completed").text
    assert world.words["order"] in browser.get("/office/orders?show=all").text
    assert "No orders here" in browser.get("/en/office/orders?show=review").text
    assert browser.get("/office/orders?show=nonsense").status_code == 200


def test_cancelling_closes_an_open_card_page_first(
    app: Flask, sign_in: SignIn, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = session.scalars(select(Order).where(Order.code == world.words["order"])).one()
    level = _level(session, world)
    card = place(session, Goods(None, session.get_one(Variant, level.variant_id), None, session.get_one(Outlet, order.outlet_id), level))  # type: ignore[arg-type]  # place() looks at variant and outlet
    gateway = NullGateway()
    open_page(session, card, gateway)
    session.commit()
    monkeypatch.setattr(payment_pages, "get_gateway", lambda _method: gateway)
    answer = sign_in(CASHIER).post(f"/office/orders/{card.code}/cancel", data={"reason": "Pembeli menelepon."})
    assert answer.status_code == 303
    session.expire_all()
    assert session.scalars(select(Order.state).where(Order.code == card.code)).one() is OrderState.CANCELLED
    assert payment_of(session, card).state is PaymentState.EXPIRED


def test_an_order_with_a_recalled_lot_says_so_before_it_is_handed_over(sign_in: SignIn, session: Session, world: World) -> None:
    address = world.address("/en/office/orders/{order}")
    browser = sign_in(OUTLET_MANAGER)
    assert "must not be handed over" not in browser.get(address).text
    batch = session.scalars(select(Batch).where(Batch.lot_code == world.words["lot"])).one()
    batch_blocks.recall_batch(session, SYSTEM, batch, "Label keliru.")
    session.commit()
    shown = browser.get(address).text
    assert "Goods of this order must not be handed over" in shown
    assert "Label keliru." in shown
    assert f'href="{world.address("/en/office/batches/{product}/{lot}")}"' in shown
