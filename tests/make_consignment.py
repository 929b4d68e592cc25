"""Agreements and makers' goods for tests, through the verbs that people use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog.models.stock import MovementKind, Outlet
from catalog.stock_moves import Change, change_levels
from kernel import clock
from kernel.people import SYSTEM
from orders import fulfilment
from orders.consignment import agreements, goods, losses, statements
from orders.consignment.agreements import NewTerms
from orders.consignment.statement_content import Content
from orders.invariants import CHECKS
from orders.models.agreement import Agreement
from orders.models.order import Order
from tests.make import make_batch, make_maker, make_outlet, make_product
from tests.make_orders import pay, place
from tests.make_stock import Goods


def terms(**changes: Any) -> NewTerms:
    """15 % commission since two months ago, settled monthly on the 5th."""
    return NewTerms(**({"starts_on": clock.today() - timedelta(days=60)} | changes))


def make_agreement(session: Session, outlet: Outlet | None = None, **changes: Any) -> Agreement:
    """An agreement of a new maker (or `maker`) with an outlet."""
    maker = changes.pop("maker", None) or make_maker(session)
    return agreements.create_agreement(session, SYSTEM, maker, outlet or make_outlet(session), terms(**changes))


def make_consigned(session: Session, agreement: Agreement, quantity: int = 10, *, price: int = 25_000, **batch_changes: Any) -> Goods:
    """A new product of the agreement's maker, with `quantity` units on the outlet's shelf."""
    from catalog.models.maker import Maker

    product = make_product(session, maker=session.get_one(Maker, agreement.maker_id), price=price)
    return bring(session, agreement, product.variants[0], quantity, product=product, **batch_changes)


def bring(session: Session, agreement: Agreement, variant: Any, quantity: int, *, product: Any, **batch_changes: Any) -> Goods:
    """The maker brings a new batch of a variant."""
    outlet = session.get_one(Outlet, agreement.outlet_id)
    batch = make_batch(session, product, **batch_changes)
    level = goods.receive_goods(session, SYSTEM, outlet, variant, batch, quantity, f"delivery:{batch.lot_code}")
    return Goods(product, variant, batch, outlet, level)


def sell(session: Session, *goods: Goods, quantity: int = 1) -> Order:
    """The goods are bought on the web, paid by card and handed over."""
    order = pay(session, place(session, *goods, quantity=quantity))
    return fulfilment.hand_over(session, SYSTEM, order.id, order.code)


def change(session: Session, goods: Goods, units: int, kind: MovementKind) -> None:
    """Units come or go without a buyer, as the stock room's papers book it."""
    change_levels(session, SYSTEM, [Change(goods.level.id, units)], kind, reason="uji coba")
    losses.book_losses(session, level_ids=[goods.level.id])


def day(ahead: int) -> date:
    """A day before (negative) or after today."""
    return clock.today() + timedelta(days=ahead)


def breaches(session: Session) -> list[str]:
    """What the doctor says about stock and money; letters wait in these tests, whose clock jumps."""
    return [message for name in ("I1", "I2", "I4", "I6", "I7") for message in CHECKS[name](session)]


def draft_content(session: Session, agreement_id: int) -> Content:
    """What the next statement would say if everything up to now were closed."""
    agreement = session.get_one(Agreement, agreement_id, populate_existing=True)
    zone = session.get_one(Outlet, agreement.outlet_id).zone
    return statements.make_content(session, agreement, statements.find_last(session, agreement_id), clock.now(), clock.today(zone))
