"""Counter payments that a settlement list names only by day and amount: which line is whose (docs/tills.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from orders.gateways import PaymentMethod
from orders.manual_payments import SHORTEST_PROOF
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.shift import CounterSale
from orders.statements import StatementRow
from orders.states import CAN_BE_CONFIRMED, PaymentState

#: Money of a day stands in the list of that day or of the next.
DAYS_LATER = 1


@dataclass(frozen=True, slots=True)
class CounterPayment:
    """A payment at a counter that no list has shown; `reference` is what the cashier typed, or empty."""

    payment_id: int
    order_code: str
    amount: int
    day: date
    reference: str


class ByAmount:
    """The open counter payments of one outlet and way to pay, to be taken by the rows of a list one after the other.

    Equal payments of one day are as good as one another: whichever row takes which, those that are left over are missing.
    An amount for which somebody on the web may have paid too is left alone.
    """

    def __init__(self, found: Iterable[CounterPayment], rivals: Collection[int]) -> None:
        self._by_amount: defaultdict[int, list[CounterPayment]] = defaultdict(list)
        for each in found:
            self._by_amount[each.amount].append(each)
        self._rivals = rivals

    def find(self, row: StatementRow, used: Collection[int]) -> CounterPayment | None:
        """The payment that this row shows: by the end of its number, else by day and amount alone; None when there is a doubt."""
        if row.amount is None or row.booked_on is None:
            return None
        free = [each for each in self._by_amount[row.amount] if each.payment_id not in used and _fits(each.day, row.booked_on)]
        number = "".join(row.reference.upper().split())
        if named := next((each for each in free if each.reference and number.endswith(each.reference)), None):
            return named
        if row.amount in self._rivals:
            return None
        return next((each for each in free if not each.reference), None)


def find_by_amount(session: Session, outlet_id: int, method: PaymentMethod, rows: Sequence[StatementRow]) -> ByAmount:
    """What the rows of a list can take; two statements, one when the counter sold nothing in these days."""
    days = [row.booked_on for row in rows if row.amount is not None and row.amount > 0 and row.booked_on is not None]
    if not days:
        return ByAmount((), ())
    found = _of_counter(session, outlet_id, method, min(days), max(days))
    return ByAmount(found, _of_web(session, outlet_id, method, min(days)) if found else ())


def _of_counter(session: Session, outlet_id: int, method: PaymentMethod, first: date, last: date) -> list[CounterPayment]:
    statement = (
        select(Payment.id, Order.code, Payment.amount, CounterSale.business_date, Payment.proof, CounterSale.receipt_number)
        .join(Order, Order.id == Payment.order_id)
        .join(CounterSale, CounterSale.order_id == Order.id)
        .where(
            Order.outlet_id == outlet_id,
            Payment.method == method,
            Payment.state == PaymentState.PAID,
            Payment.matched_at.is_(None),
            CounterSale.business_date.between(first - timedelta(days=DAYS_LATER), last),
        )
        .order_by(CounterSale.sold_at, Payment.id)
    )
    rows = session.execute(statement)
    return [CounterPayment(row[0], row[1], row[2], row[3], _typed(row.proof or "", row.receipt_number)) for row in rows]


def _of_web(session: Session, outlet_id: int, method: PaymentMethod, first: date) -> set[int]:
    """Amounts that buyers of the web shop may have paid in the same way, and that no list has shown."""
    since = datetime.combine(first - timedelta(days=7), datetime.min.time(), clock.ZONES["WIB"])
    at_counter = select(CounterSale.order_id)
    statement = (
        select(Payment.amount)
        .join(Order, Order.id == Payment.order_id)
        .where(
            Order.outlet_id == outlet_id,
            Payment.method == method,
            Payment.state.in_((*CAN_BE_CONFIRMED, PaymentState.PAID)),
            Payment.matched_at.is_(None),
            Payment.created_at >= since,
            Payment.order_id.not_in(at_counter),
        )
        .distinct()
    )
    return set(session.scalars(statement))


def _typed(proof: str, receipt_number: str) -> str:
    """What the cashier typed; nothing when the proof is one that we made of the receipt's number."""
    return "" if len(proof) < SHORTEST_PROOF or proof.startswith(receipt_number) else proof


def _fits(sold_on: date, booked_on: date) -> bool:
    return timedelta() <= booked_on - sold_on <= timedelta(days=DAYS_LATER)
