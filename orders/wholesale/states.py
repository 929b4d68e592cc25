"""Which step may follow which between partner and office: quote, purchase order, invoice, as pure tables (docs/quotes.md)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kernel.errors import N_, Conflict


class Side(StrEnum):
    """Who made a turn of a quote."""

    PARTNER = "partner"
    OFFICE = "office"


class QuoteAct(StrEnum):
    """What a side does with a quote when it is its turn."""

    REQUEST = "request"
    OFFER = "offer"
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class QuoteState(StrEnum):
    """Where a quote stands. That an offer has run out is not stored: `is_open_on` asks the day."""

    REQUESTED = "requested"
    OFFERED = "offered"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PurchaseState(StrEnum):
    """Where a purchase order stands, told to both sides in the same words."""

    #: Above the buyer's spending limit: an approver of the same partner decides.
    WAITING = "waiting"
    #: Binding; the office divides it among makers.
    OPEN = "open"
    #: Divided, goods reserved or being made.
    PREPARING = "preparing"
    DISPATCHED = "dispatched"
    #: The partner has counted; claims wait for the office.
    RECEIVED = "received"
    #: Claims are settled: what was accepted can be invoiced.
    SETTLED = "settled"
    INVOICED = "invoiced"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class InvoiceState(StrEnum):
    """Where an invoice stands on a day; follows from its figures."""

    DUE = "due"
    OVERDUE = "overdue"
    PAID = "paid"


class NotYourTurn(Conflict):
    """The quote has moved on, or the other side is to answer."""

    message = N_("This quote has moved on since you opened the page. Please look at its latest state.")


class WrongStage(Conflict):
    """The purchase order is at another stage."""

    message = N_("This order has moved on since you opened the page. Please look at its latest state.")


_TURNS: dict[tuple[QuoteState, Side, QuoteAct], QuoteState] = {
    (QuoteState.REQUESTED, Side.OFFICE, QuoteAct.OFFER): QuoteState.OFFERED,
    (QuoteState.REQUESTED, Side.OFFICE, QuoteAct.DECLINE): QuoteState.DECLINED,
    (QuoteState.REQUESTED, Side.PARTNER, QuoteAct.WITHDRAW): QuoteState.WITHDRAWN,
    (QuoteState.OFFERED, Side.PARTNER, QuoteAct.ACCEPT): QuoteState.ACCEPTED,
    (QuoteState.OFFERED, Side.PARTNER, QuoteAct.COUNTER): QuoteState.COUNTERED,
    (QuoteState.OFFERED, Side.PARTNER, QuoteAct.DECLINE): QuoteState.DECLINED,
    (QuoteState.OFFERED, Side.OFFICE, QuoteAct.OFFER): QuoteState.OFFERED,
    (QuoteState.OFFERED, Side.OFFICE, QuoteAct.DECLINE): QuoteState.DECLINED,
    (QuoteState.COUNTERED, Side.OFFICE, QuoteAct.OFFER): QuoteState.OFFERED,
    (QuoteState.COUNTERED, Side.OFFICE, QuoteAct.DECLINE): QuoteState.DECLINED,
    (QuoteState.COUNTERED, Side.PARTNER, QuoteAct.WITHDRAW): QuoteState.WITHDRAWN,
}

_STAGES: dict[PurchaseState, frozenset[PurchaseState]] = {
    PurchaseState.WAITING: frozenset({PurchaseState.OPEN, PurchaseState.REJECTED, PurchaseState.CANCELLED}),
    PurchaseState.OPEN: frozenset({PurchaseState.PREPARING, PurchaseState.CANCELLED}),
    PurchaseState.PREPARING: frozenset({PurchaseState.DISPATCHED, PurchaseState.CANCELLED}),
    PurchaseState.DISPATCHED: frozenset({PurchaseState.RECEIVED}),
    PurchaseState.RECEIVED: frozenset({PurchaseState.SETTLED}),
    PurchaseState.SETTLED: frozenset({PurchaseState.INVOICED}),
    PurchaseState.INVOICED: frozenset(),
    PurchaseState.REJECTED: frozenset(),
    PurchaseState.CANCELLED: frozenset(),
}

#: Binding orders: they use the partner's credit until they are paid for, or over.
BINDING = frozenset(PurchaseState) - {PurchaseState.WAITING, PurchaseState.REJECTED, PurchaseState.CANCELLED}
#: An order has been placed for these.
PLACED = BINDING - {PurchaseState.OPEN}


def next_state(now: QuoteState, side: Side, act: QuoteAct) -> QuoteState:
    """The quote's state after this turn; NotYourTurn when the act does not fit."""
    try:
        return _TURNS[now, side, act]
    except KeyError:
        raise NotYourTurn from None


def acts_for(now: QuoteState, side: Side) -> frozenset[QuoteAct]:
    """What this side may do now, whatever the day."""
    return frozenset(act for state, who, act in _TURNS if (state, who) == (now, side))


def is_open_on(now: QuoteState, valid_until_on: date | None, today: date) -> bool:
    """Whether an offer can be accepted on a day: the last day itself counts."""
    return now is QuoteState.OFFERED and valid_until_on is not None and today <= valid_until_on


def check_stage(now: PurchaseState, then: PurchaseState) -> None:
    """Refuse with WrongStage unless `then` may follow `now`."""
    if then not in _STAGES[now]:
        raise WrongStage


def invoice_state(outstanding: int, due_on: date, today: date) -> InvoiceState:
    """Paid when nothing is outstanding; overdue from the day after the due day."""
    if outstanding <= 0:
        return InvoiceState.PAID
    return InvoiceState.OVERDUE if today > due_on else InvoiceState.DUE
