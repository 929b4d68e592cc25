"""An earlier receipt as a till of the same outlet asks for it, with what of it can still come back."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from kernel.errors import NotFound
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundLine
from orders.models.shift import CounterSale
from orders.models.till import TillEntry
from orders.refund_states import RefundState
from orders.states import PaymentState


def read_receipt(session: Session, outlet_id: int, number: str) -> dict[str, Any]:
    """The receipt `number` of this outlet as JSON values, in three statements; NotFound when there is none of that number here.

    `{"number", "order", "sold_at", "business_date", "total", "cashier", "tenders": [{"method", "amount"}],
    "lines": [{"variant", "name_id", "name_en", "lot", "quantity", "unit_price", "discount", "returned"}]}`: the lines of the
    receipt in their order, `returned` units of each that came back before. Nothing about the buyer.
    """
    row = session.execute(
        select(CounterSale, Order, TillEntry.body)
        .join(Order, Order.id == CounterSale.order_id)
        .join(TillEntry, TillEntry.id == CounterSale.entry_id)
        .where(CounterSale.receipt_number == number.strip().upper(), Order.outlet_id == outlet_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    sale, order = row.CounterSale, row.Order
    return {
        "number": sale.receipt_number,
        "order": order.code,
        "sold_at": sale.sold_at.isoformat(),
        "business_date": sale.business_date.isoformat(),
        "total": order.total,
        "tenders": _tenders(session, order.id),
        "lines": _lines(session, order.id, _scanned(row.body)),
    }


def _tenders(session: Session, order_id: int) -> list[dict[str, Any]]:
    statement = select(Payment.method, Payment.amount).where(Payment.order_id == order_id, Payment.state == PaymentState.PAID)
    return [{"method": method.value, "amount": amount} for method, amount in session.execute(statement.order_by(Payment.attempt))]


def _lines(session: Session, order_id: int, lots: dict[int, str | None]) -> list[dict[str, Any]]:
    counts = Refund.state != RefundState.REJECTED
    back = (
        select(func.coalesce(func.sum(RefundLine.quantity), 0))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(RefundLine.line_id == OrderLine.id, counts)
        .correlate(OrderLine)
        .scalar_subquery()
    )
    statement = (
        select(OrderLine, Variant.code, back).join(Variant, Variant.id == OrderLine.variant_id).where(OrderLine.order_id == order_id)
    )
    return [
        {
            "variant": code,
            "name_id": line.name_id,
            "name_en": line.name_en,
            "lot": lots.get(line.position),
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "discount": line.discount,
            "returned": int(returned),
        }
        for line, code, returned in session.execute(statement.order_by(OrderLine.position))
    ]


def _scanned(body: str) -> dict[int, str | None]:
    """The lots that were scanned, by the line's position; a sale typed from paper may have none."""
    lines = json.loads(body).get("lines", [])
    return {position: line.get("lot") for position, line in enumerate(lines, start=1)}
