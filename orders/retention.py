"""How long a buyer's name and number are kept: 24 months after the last order, then only the figures stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from kernel import clock
from orders.models.order import Order
from orders.models.refund import Refund
from orders.models.shipping import OrderAddress
from orders.refund_states import RefundWay
from orders.states import HOLDING, OrderState

#: 24 months after the buyer's last order (docs/privacy.md, and the privacy page says so).
KEPT = timedelta(days=730)
BATCH = 500


def forget_old_buyers(session: Session, now: datetime | None = None, limit: int = BATCH) -> int:
    """Take name, phone, e-mail, note and address out of finished orders of buyers who have not ordered for KEPT; how many.

    A buyer is a phone number: whoever ordered again keeps the older orders readable too. Run again while it returns `limit`.
    """
    before = (now or clock.now()) - KEPT
    newer = aliased(Order)
    came_back = exists().where(newer.contact_phone == Order.contact_phone, newer.placed_at >= before)
    old = (
        select(Order.id)
        .where(Order.placed_at < before, Order.contact_phone != "", Order.state.not_in((*HOLDING, OrderState.SHIPPED)), ~came_back)
        .order_by(Order.id)
        .limit(limit)
    )
    ids = list(session.scalars(old))
    if ids:
        emptied = {"contact_name": "", "contact_phone": "", "contact_email": "", "note": ""}
        session.execute(update(Order).where(Order.id.in_(ids)).values(**emptied), execution_options={"synchronize_session": False})
        _empty_addresses(session, ids)
        _empty_refunds(session, ids)
    return len(ids)


def _empty_addresses(session: Session, order_ids: list[int]) -> None:
    """Where it went, down to the village; the zone stays for the figures."""
    emptied = {"street": "", "note": "", "area_text": "", "postal_code": "", "village_code": None}
    statement = update(OrderAddress).where(OrderAddress.order_id.in_(order_ids)).values(**emptied)
    session.execute(statement, execution_options={"synchronize_session": False})


def _empty_refunds(session: Session, order_ids: list[int]) -> None:
    """What staff wrote about a refund, and who took the cash; a provider's or bank's reference names nobody and stays."""
    of_orders = update(Refund).where(Refund.order_id.in_(order_ids))
    quietly = {"synchronize_session": False}
    session.execute(of_orders.where(Refund.reason_text != "").values(reason_text=""), execution_options=quietly)
    session.execute(of_orders.where(Refund.way == RefundWay.CASH).values(provider_reference=None), execution_options=quietly)
