"""What was paid for a counter sale: one payment for each tender, with the number that proves it, and the books of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from kernel.errors import Conflict
from kernel.inserts import insert_new
from orders import ledger
from orders.gateways import CONFIRMED_BY_STAFF, PaymentMethod
from orders.ledger import Posting
from orders.manual_payments import SHORTEST_PROOF, find_proof
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.till import TillEntry
from orders.states import PaymentState

if TYPE_CHECKING:
    from orders.counter.bodies import Sale, Tender

METHODS = {
    "cash": PaymentMethod.CASH,
    "qris": PaymentMethod.QRIS,
    "card": PaymentMethod.CARD_TERMINAL,
    "transfer": PaymentMethod.BANK_TRANSFER,
}
_LONGEST_PROOF = 60


@dataclass(frozen=True, slots=True)
class UsedReference:
    """A number on this receipt that had proved another payment before."""

    payment_id: int
    reference: str
    other_order: str


def take_payments(session: Session, entry: TillEntry, order: Order, body: Sale, cashier_id: int) -> list[UsedReference]:
    """Write the payments and post order and money; the numbers that were used before."""
    used: list[UsedReference] = []
    postings: list[Posting] = [ledger.placed_posting(order.code, order.total, discount=order.discount_total)]
    for position, tender in enumerate(body.tenders, start=1):
        payment_id, twice = _insert(session, entry, order, body.receipt, position, tender, cashier_id)
        if twice is not None:
            used.append(twice)
        if tender.method == "cash":
            postings.append(ledger.cash_posting(payment_id, tender.amount, tender.cash))
        else:
            postings.append(ledger.captured_posting(payment_id, tender.amount, METHODS[tender.method]))
    ledger.post_new(session, order.id, postings)
    return used


def cash_of(tenders: Sequence[Tender]) -> tuple[int, int]:
    """What the buyer gave in notes and coins, and got back."""
    cash = [tender for tender in tenders if tender.method == "cash"]
    return sum(each.given for each in cash), sum(each.change for each in cash)


def _insert(
    session: Session, entry: TillEntry, order: Order, receipt: str, position: int, tender: Tender, cashier_id: int
) -> tuple[int, UsedReference | None]:
    """The payment's id. That a number proves one payment only is the table's own rule, so rivals need no lock."""
    method = METHODS[tender.method]
    own, typed = f"{receipt}/{position}", "" if tender.method == "cash" else "".join(tender.reference.upper().split())
    proof = own if len(typed) < SHORTEST_PROOF else typed
    row: dict[str, Any] = {
        "order_id": order.id,
        "attempt": position,
        "method": method,
        "state": PaymentState.PAID,
        "amount": tender.amount,
        "idempotency_key": f"till-{entry.entry_id}-{position}",
        "expires_at": entry.happened_at,
        "created_at": entry.happened_at,
        "paid_at": entry.happened_at,
        "proof": proof,
        "confirmed_by_id": cashier_id if method in CONFIRMED_BY_STAFF else None,
        "review_reason": None,
        "reference": None,
        "redirect_url": None,
        "matched_at": None,
    }
    if ids := insert_new(session, Payment, [row]):
        return ids[0], None
    room = _LONGEST_PROOF - len(own) - 1
    ids = insert_new(session, Payment, [{**row, "proof": f"{typed[:room]}/{own}"}])
    if not ids:
        raise Conflict
    known = find_proof(session, method, proof)
    return ids[0], UsedReference(ids[0], typed, known[1] if known else "")
