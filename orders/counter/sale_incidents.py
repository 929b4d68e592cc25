"""What about a counter sale a manager has to look at: the sale stands, each doubt opens an incident of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from orders.counter.incidents import open_incident
from orders.counter.overselling import open_oversold
from orders.counter.sale_payments import UsedReference
from orders.counter.sale_stock import TakenGoods
from orders.counter.till_books import Person, TillBooks
from orders.models.order import Order
from orders.models.shift import IncidentKind
from orders.models.till import TillEntry

if TYPE_CHECKING:
    from orders.counter.bodies import Sale

#: What an incident NOT_ALLOWED says in its detail under `what` (with those of orders.counter.acting).
BEYOND_LIMIT, PRICE_CHANGED, STRANGER = "discount_beyond_limit", "price_changed", "person_may_not_sell"


@dataclass(frozen=True, slots=True)
class RecordedSale:
    """A sale that was just written, with everything that its doubts are found from."""

    entry: TillEntry
    body: Sale
    order: Order
    cashier: Person
    supervisor: Person | None
    voucher_word: str
    used_references: Sequence[UsedReference]
    taken: TakenGoods


def open_incidents(session: Session, books: TillBooks, sale: RecordedSale) -> None:
    """Open whatever the sale gives reason for; nothing costs nothing."""
    for level_id, quantity in sale.taken.beyond.items():
        open_oversold(session, sale.entry, sale.order, sale.taken.levels[level_id], quantity, sale.body.receipt)
    for level_id, quantity in sale.taken.stopped.items():
        _open_stopped(session, sale, level_id, quantity)
    if differences := _find_differences(books, sale):
        _open(session, sale, IncidentKind.PRICE_DIFFERS, {"lines": differences})
    if sale.voucher_word:
        detail = {"voucher": sale.body.voucher, "amount": sale.body.voucher_discount, "why": sale.voucher_word}
        _open(session, sale, IncidentKind.VOUCHER_OVER, detail)
    if breaches := _find_breaches(books, sale):
        _open(session, sale, IncidentKind.NOT_ALLOWED, breaches)
    for used in sale.used_references:
        detail = {"reference": used.reference, "other_order": used.other_order}
        _open(session, sale, IncidentKind.REFERENCE_TWICE, detail, f":{used.payment_id}", payment_id=used.payment_id)


def allows(books: TillBooks, cashier: Person, supervisor: Person | None) -> bool:
    """Whether one of them may do what a cashier alone may not."""
    return any(each is not None and each.supervises(books.outlet) for each in (supervisor, cashier))


def _find_differences(books: TillBooks, sale: RecordedSale) -> list[dict[str, Any]]:
    """Lines whose price in the till's catalogue was not ours of that day, or that were not for sale at all (F28)."""
    day, found = books.day_of(sale.entry), []
    for line in sale.body.lines:
        goods = books.goods(line.variant)
        ours = goods.price_on(day)
        if ours != line.list_price or not goods.is_offered:
            facts = {"variant": line.variant, "quantity": line.quantity, "till_price": line.list_price, "our_price": ours}
            found.append({**facts, "is_offered": goods.is_offered})
    return found


def _find_breaches(books: TillBooks, sale: RecordedSale) -> dict[str, Any]:
    """What neither the cashier nor a supervisor was entitled to (A18): `what` names it, as everywhere at the tills."""
    body = sale.body
    what, facts = [], {}
    if not allows(books, sale.cashier, sale.supervisor):
        if body.discount * 10_000 > body.subtotal * books.outlet.till_discount_limit_bps:
            what.append(BEYOND_LIMIT)
        if changed := [line for line in body.lines if line.unit_price != line.list_price]:
            what.append(PRICE_CHANGED)
            facts["prices"] = [{"variant": line.variant, "list_price": line.list_price, "unit_price": line.unit_price} for line in changed]
    if not sale.cashier.sells_at(books.outlet):
        what.append(STRANGER)
    if not what:
        return {}
    claimed = body.supervision.code if body.supervision is not None else ""
    return {"what": what, "cashier": sale.cashier.code, "discount": body.discount, "supervisor": claimed, **facts}


def _open_stopped(session: Session, sale: RecordedSale, level_id: int, quantity: int) -> None:
    level = sale.taken.levels[level_id]
    detail = {
        "lot": level.lot,
        "why": "stopped" if level.is_blocked else "expired",
        "best_before": level.best_before_on.isoformat() if level.best_before_on else None,
    }
    _open(session, sale, IncidentKind.STOPPED_BATCH, detail, f":{level_id}", level_id=level_id, quantity=quantity)


def _open(session: Session, sale: RecordedSale, kind: IncidentKind, detail: dict[str, Any], suffix: str = "", **places: Any) -> None:
    detail = {"receipt": sale.body.receipt} | detail
    key = f"{kind.value}:{sale.entry.id}{suffix}"
    open_incident(session, kind, key, sale.order.outlet_id, entry_id=sale.entry.id, order_id=sale.order.id, detail=detail, **places)
