"""Counter sales: what a till says was sold becomes an order, its lines, payments, stock, makers' credit and a receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, crashpoints
from kernel.errors import N_, InvalidInput
from kernel.inserts import insert_keyed, insert_new, known_object
from kernel.phones import normalise_phone
from orders import vouchers
from orders.consignment.sales import credit_sold
from orders.counter.answers import NotUnderstood
from orders.counter.sale_incidents import RecordedSale, open_incidents
from orders.counter.sale_payments import cash_of, take_payments
from orders.counter.sale_stock import take_goods
from orders.counter.sums import find_mistake
from orders.counter.till_books import Person, TillBooks
from orders.models.order import Channel, Fulfilment, Order, OrderLine
from orders.models.shift import CounterSale
from orders.models.till import Till, TillDevice, TillEntry
from orders.order_rows import insert_order, line_values
from orders.states import OrderState

if TYPE_CHECKING:  # pydantic is loaded when the first entry comes, not with every web worker
    from orders.counter.bodies import Sale

_RECEIPT_USED = N_("The receipt number %(receipt)s belongs to another sale.")


def record_sale(session: Session, entry: TillEntry, body: Sale, phone: str = "") -> CounterSale:
    """Record a sale that has happened: never refused for stock, price, permission or expiry, those open incidents.

    Raises NotUnderstood when it makes no sense: an unknown variant or person, sums that do not add up, a receipt number
    that was used. After a refusal the caller rolls back to its savepoint.
    """
    return record(session, books_for(session, entry), entry, body, phone)


def books_for(session: Session, entry: TillEntry) -> TillBooks:
    """The books of an entry's till."""
    till = session.get_one(Till, entry.till_id)
    device = session.get_one(TillDevice, entry.device_id) if entry.device_id is not None else None
    return TillBooks(session, till, session.get_one(Outlet, till.outlet_id), device)


def record(session: Session, books: TillBooks, entry: TillEntry, body: Sale, phone: str = "") -> CounterSale:
    """As `record_sale`, with books that serve a whole batch."""
    if mistake := find_mistake(body):
        raise NotUnderstood(mistake)
    cashier = books.person(body.cashier)
    supervisor = books.find_person(body.supervision.code) if body.supervision else None
    books.read_goods(line.variant for line in body.lines)
    shift = books.shift_of(entry)
    order = _insert_order(session, books, entry, body, phone)
    lines = _insert_lines(session, books, order, body)
    word, from_voucher = "", body.voucher_discount
    if from_voucher:
        word = vouchers.claim_after(session, order, body.voucher, from_voucher, books.day_of(entry))
        from_voucher = from_voucher if word in ("", "other_amount") else 0
    given_here = order.discount_total - from_voucher
    sale = _insert_receipt(session, books, entry, body, order, shift.id, cashier, supervisor, given_here)
    used = take_payments(session, entry, order, body, cashier.id)
    details = {"receipt": body.receipt, "total": order.total, "till": books.till.number}
    audit.record(session, cashier.actor, "order.sold", f"order:{order.code}", details)
    taken = take_goods(session, books, entry, order, {lines[n]: line for n, line in enumerate(body.lines, start=1)}, cashier.id)
    if taken.sold:
        makers = books.makers({each.agreement_id for each in taken.sold}, {each.variant_id for each in taken.sold})
        credit_sold(session, makers, f"order:{order.code}", taken.sold, occurred_at=entry.happened_at)
    open_incidents(session, books, RecordedSale(entry, body, order, cashier, supervisor, word, used, taken))
    crashpoints.here("sale.recorded")
    return sale


def _insert_order(session: Session, books: TillBooks, entry: TillEntry, body: Sale, phone: str) -> Order:
    order = insert_order(
        session,
        {
            "token": body.token,
            "checkout_key": entry.entry_id,
            "channel": Channel.COUNTER,
            "state": OrderState.COMPLETED,
            "fulfilment": Fulfilment.PICKUP,
            "outlet_id": books.outlet.id,
            "user_id": None,
            "language": body.language,
            "contact_name": "",
            "contact_phone": _tidy_phone(phone),
            "contact_email": "",
            "note": body.note.strip(),
            "subtotal": body.subtotal,
            "shipping_total": 0,
            "discount_total": body.discount + body.voucher_discount,
            "total": body.total,
            "is_taxable": books.outlet.is_taxable,
            "placed_at": entry.happened_at,
            "hold_until": None,
            "pickup_at": None,
            "departs_at": None,
            "shipped_at": None,
            "completed_at": entry.happened_at,
        },
    )
    if order is None:
        raise NotUnderstood(_RECEIPT_USED, receipt=body.receipt)
    return order


def _insert_lines(session: Session, books: TillBooks, order: Order, body: Sale) -> dict[int, int]:
    """The ids of the lines by their position on the receipt."""
    rows = []
    for position, line in enumerate(body.lines, start=1):
        goods = books.goods(line.variant)
        prices = {"unit_price": line.unit_price, "quantity": line.quantity, "discount": line.discount}
        rows.append(line_values(order.id, position, goods.id, goods.names, **prices))
    return insert_keyed(session, OrderLine, rows, key="position")


def _insert_receipt(
    session: Session,
    books: TillBooks,
    entry: TillEntry,
    body: Sale,
    order: Order,
    shift_id: int,
    cashier: Person,
    supervisor: Person | None,
    counter_discount: int,
) -> CounterSale:
    given, change = cash_of(body.tenders)
    row: dict[str, Any] = {
        "order_id": order.id,
        "shift_id": shift_id,
        "entry_id": entry.id,
        "receipt_number": body.receipt,
        "running": body.running,
        "sold_at": entry.happened_at,
        "business_date": books.day_of(entry),
        "cashier_id": cashier.id,
        "supervisor_id": supervisor.id if supervisor else None,
        "counter_discount": counter_discount,
        "reason": body.reason.strip() or (body.supervision.reason.strip() if body.supervision else ""),
        "price_difference": _difference(books, entry, body),
        "cash_given": given,
        "cash_change": change,
    }
    ids = insert_new(session, CounterSale, [row])
    if not ids:
        raise NotUnderstood(_RECEIPT_USED, receipt=body.receipt)
    sale = known_object(CounterSale, {"id": ids[0], **row, "order": order})
    session.add(sale)
    return sale


def _difference(books: TillBooks, entry: TillEntry, body: Sale) -> int:
    """What the receipt's prices come to, less our own of that day; a line that has no price of ours counts for nothing."""
    day, difference = books.day_of(entry), 0
    for line in body.lines:
        ours = books.goods(line.variant).price_on(day)
        difference += (line.unit_price - (line.unit_price if ours is None else ours)) * line.quantity
    return difference


def _tidy_phone(phone: str) -> str:
    """A number that cannot be called is none: the receipt stands without it."""
    try:
        return normalise_phone(phone)
    except InvalidInput:
        return ""
