"""What stands on an order's papers: confirmation, receipt and packing slip as ready facts, without any layout (docs/documents.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import NotFound
from kernel.people import Actor
from orders.counter.sold import find_receipt_number
from orders.gateways import PaymentMethod
from orders.models.order import Channel, Fulfilment
from orders.models.payment import Account, LedgerEntry
from orders.queries import OrderView, PickView, get_order_for_staff, list_picks
from orders.states import OrderState, PaymentState, WrongState
from orders.tax import ContainedTax, contained_tax, rate_on

#: An order that is over without goods has no confirmation.
IS_PROMISED = frozenset({OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED, OrderState.READY, OrderState.SHIPPED, OrderState.COMPLETED})
#: Goods stay on the shelf until the order is confirmed.
CAN_BE_PACKED = frozenset({OrderState.CONFIRMED, OrderState.READY, OrderState.SHIPPED, OrderState.COMPLETED})
#: A label is stuck on a parcel that is about to leave, or again on one that came back.
CAN_BE_LABELLED = frozenset({OrderState.CONFIRMED, OrderState.READY, OrderState.SHIPPED})
#: One page of the queue.
MOST_SLIPS = 30


class SaleKind(StrEnum):
    """A promise, or money that has arrived."""

    CONFIRMATION = "confirmation"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Received:
    """Money that arrived for the order: `amount` of it was settled, `given` changed hands; they differ by cash rounding."""

    method: PaymentMethod
    paid_at: datetime | None
    amount: int
    given: int

    @property
    def rounding(self) -> int:
        """Negative when the buyer gave less than was owed."""
        return self.given - self.amount


@dataclass(frozen=True, slots=True)
class SaleDocument:
    """A confirmation or receipt. Every amount is from the order's frozen lines or the ledger; whole rupiah."""

    kind: SaleKind
    order: OrderView
    received: tuple[Received, ...]
    #: None where the seller owes no PPN.
    tax: ContainedTax | None
    #: What was printed on the till's receipt; empty for other orders.
    number: str = ""

    @property
    def given(self) -> int:
        """What the buyer gave, cash rounding included."""
        return sum(received.given for received in self.received)

    @property
    def rounding(self) -> int:
        """The cash rounding line; for a confirmation the one that will be."""
        if self.kind is SaleKind.RECEIPT:
            return sum(received.rounding for received in self.received)
        return self.order.cash_rounding if self.pays_cash else 0

    @property
    def pays_cash(self) -> bool:
        """Whether the buyer still has to bring cash."""
        return not self.order.is_paid and self.order.payment.method is PaymentMethod.PAY_AT_PICKUP

    @property
    def amount_in_question(self) -> int:
        """The amount that is said in words: what was given, or what is to be paid."""
        if self.kind is SaleKind.RECEIPT:
            return self.given
        return self.order.cash_due if self.pays_cash else self.order.total


@dataclass(frozen=True, slots=True)
class Documents:
    """What can be printed for an order."""

    confirmation: bool
    receipt: bool
    slip: bool
    label: bool


@dataclass(frozen=True, slots=True)
class SlipLine:
    """Units of one item to put into the bag, and the batches to take them from, first expired first."""

    name: str
    maker_name: str
    village_name: str
    quantity: int
    picks: tuple[PickView, ...]


@dataclass(frozen=True, slots=True)
class PackingSlip:
    """One order for whoever packs it."""

    order: OrderView
    lines: tuple[SlipLine, ...]

    @property
    def pieces(self) -> int:
        """How many units there are to count."""
        return sum(line.quantity for line in self.lines)


def make_confirmation(view: OrderView) -> SaleDocument:
    """The promise on paper; NotFound once the order is over without goods."""
    if view.state not in IS_PROMISED:
        raise NotFound
    return SaleDocument(SaleKind.CONFIRMATION, view, (), find_tax(view))


def read_receipt(session: Session, view: OrderView) -> SaleDocument:
    """What was received for the order, from the ledger; NotFound until it is paid. Money in review is no payment yet."""
    settled = {payment.payment_id: payment for payment in view.payments if payment.state is PaymentState.PAID}
    statement = select(LedgerEntry).where(LedgerEntry.order_id == view.order_id, LedgerEntry.payment_id.in_(settled))
    entries: dict[int, dict[Account, int]] = {}
    for entry in session.scalars(statement.order_by(LedgerEntry.id)) if settled else ():
        sides = entries.setdefault(entry.payment_id or 0, {})
        sides[entry.account] = sides.get(entry.account, 0) + entry.amount
    received = tuple(
        Received(
            method=settled[payment_id].method,
            paid_at=settled[payment_id].paid_at,
            amount=-sides.get(Account.RECEIVABLE, 0),
            given=sum(amount for account, amount in sides.items() if account not in (Account.RECEIVABLE, Account.ROUNDING)),
        )
        for payment_id, sides in entries.items()
    )
    if not received or not view.is_paid:
        raise NotFound
    number = find_receipt_number(session, view.order_id) if view.channel is Channel.COUNTER else ""
    return SaleDocument(SaleKind.RECEIPT, view, received, find_tax(view), number)


def documents_of(view: OrderView) -> Documents:
    """Which papers there are for the order now, without asking the database again."""
    return Documents(
        confirmation=view.state in IS_PROMISED and view.channel is not Channel.COUNTER,
        receipt=view.is_paid and any(payment.state is PaymentState.PAID for payment in view.payments),
        slip=view.state in CAN_BE_PACKED,
        label=can_be_labelled(view.state, view.fulfilment),
    )


def can_be_labelled(state: OrderState, fulfilment: Fulfilment) -> bool:
    """Whether the order has a parcel to stick a label on."""
    return fulfilment is Fulfilment.SHIPPING and state in CAN_BE_LABELLED


def list_labels(session: Session, actor: Actor, codes: Sequence[str], language: str) -> list[OrderView]:
    """Orders among those with these codes that have a parcel to label, the first MOST_SLIPS, each once.

    NotFound when one of them is not at an outlet the actor may see.
    """
    views = [get_order_for_staff(session, actor, code, language) for code in _wanted(codes)]
    return [view for view in views if can_be_labelled(view.state, view.fulfilment)]


def find_tax(view: OrderView) -> ContainedTax | None:
    """The PPN inside the order's total by the rate of its day, where its seller owed any."""
    if not view.is_taxable:
        return None
    return contained_tax(view.total, rate_on(clock.local(view.placed_at, view.outlet.zone).date()))


def make_slip(session: Session, view: OrderView) -> PackingSlip:
    """What to pack and from which batches; WrongState while the goods have to stay on the shelf."""
    if view.state not in CAN_BE_PACKED:
        raise WrongState
    picks: dict[int, list[PickView]] = {}
    for pick in sorted(list_picks(session, view.order_id), key=_expires_first):
        picks.setdefault(pick.line_id, []).append(pick)
    lines = tuple(
        SlipLine(line.name, line.maker_name, line.village_name, line.quantity - line.refunded, tuple(picks.get(line.line_id, ())))
        for line in view.lines
        if line.quantity > line.refunded
    )
    return PackingSlip(view, lines)


def list_slips(session: Session, actor: Actor, codes: Sequence[str], language: str) -> list[PackingSlip]:
    """Slips of the orders with these codes, the first MOST_SLIPS of them, each once; those not to be packed are left out.

    NotFound when one of them is not at an outlet the actor may see.
    """
    views = [get_order_for_staff(session, actor, code, language) for code in _wanted(codes)]
    return [make_slip(session, view) for view in views if view.state in CAN_BE_PACKED]


def _wanted(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))[:MOST_SLIPS]


def amount_in_words(amount: int, language: str) -> str:
    """`dua puluh lima ribu rupiah`, `twenty-five thousand rupiah`: customary on Indonesian receipts ("terbilang")."""
    from num2words import num2words  # type: ignore[import-untyped]  # thirty languages, of which a page needs none

    return f"{num2words(amount, lang=language)} rupiah"


def _expires_first(pick: PickView) -> tuple[bool, str, str]:
    return pick.best_before_on is None, str(pick.best_before_on), pick.lot_code
