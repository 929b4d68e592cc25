"""Quotes, partners' orders and invoices in words: states with the tone of their badge, turns, and the acts of a history."""

from __future__ import annotations

from kernel.errors import N_
from orders.models.invoice import CreditKind
from orders.wholesale.states import InvoiceState, PurchaseState, QuoteAct, QuoteState, Side

Said = tuple[str, str]

QUOTE: dict[QuoteState, Said] = {
    QuoteState.REQUESTED: (N_("Asked for"), "amber"),
    QuoteState.OFFERED: (N_("Offered"), "blue"),
    QuoteState.COUNTERED: (N_("Counter-offer"), "amber"),
    QuoteState.ACCEPTED: (N_("Accepted"), "leaf"),
    QuoteState.DECLINED: (N_("Declined"), "red"),
    QuoteState.WITHDRAWN: (N_("Withdrawn"), ""),
}
#: An offer whose last day is over.
EXPIRED: Said = (N_("Run out"), "")
PURCHASE: dict[PurchaseState, Said] = {
    PurchaseState.WAITING: (N_("Waiting for an approver"), "amber"),
    PurchaseState.OPEN: (N_("Ordered"), "amber"),
    PurchaseState.PREPARING: (N_("Being prepared"), "blue"),
    PurchaseState.DISPATCHED: (N_("On the way"), "blue"),
    PurchaseState.RECEIVED: (N_("Received, claims open"), "amber"),
    PurchaseState.SETTLED: (N_("Received"), "leaf"),
    PurchaseState.INVOICED: (N_("Invoiced"), "leaf"),
    PurchaseState.REJECTED: (N_("Not approved"), "red"),
    PurchaseState.CANCELLED: (N_("Called off"), "red"),
}
INVOICE: dict[InvoiceState, Said] = {
    InvoiceState.DUE: (N_("To be paid"), "blue"),
    InvoiceState.OVERDUE: (N_("Overdue"), "red"),
    InvoiceState.PAID: (N_("Paid"), "leaf"),
}
CREDIT: dict[CreditKind, str] = {CreditKind.GOODS: N_("Goods"), CreditKind.ALLOWANCE: N_("Money off")}
TURN: dict[tuple[Side, QuoteAct], str] = {
    (Side.PARTNER, QuoteAct.REQUEST): N_("The partner asked"),
    (Side.OFFICE, QuoteAct.OFFER): N_("The office offered"),
    (Side.PARTNER, QuoteAct.COUNTER): N_("The partner made a counter-offer"),
    (Side.PARTNER, QuoteAct.ACCEPT): N_("The partner accepted"),
    (Side.PARTNER, QuoteAct.DECLINE): N_("The partner declined"),
    (Side.OFFICE, QuoteAct.DECLINE): N_("The office declined"),
    (Side.PARTNER, QuoteAct.WITHDRAW): N_("The partner withdrew"),
}
#: Acts of an order as both sides read them; others are not shown.
HISTORY: dict[str, str] = {
    "purchase.entered": N_("Ordered"),
    "purchase.approved": N_("Approved for the partner"),
    "purchase.rejected": N_("Not approved for the partner"),
    "purchase.cancelled": N_("Called off"),
    "purchase.divided": N_("Divided among the makers"),
    "purchase.packed": N_("Cartons packed"),
    "purchase.dispatched": N_("Sent off"),
    "purchase.received": N_("Received and counted"),
    "purchase.settled": N_("Claims settled"),
    "invoice.issued": N_("Invoiced"),
    "invoice.credited": N_("Credit note issued"),
    "purchase.card_opened": N_("Card payment begun"),
    "purchase.given_back": N_("Money sent back"),
}
#: The stages that an order goes through, for the row above its page.
STAGES: tuple[tuple[PurchaseState, str], ...] = (
    (PurchaseState.OPEN, N_("Ordered")),
    (PurchaseState.PREPARING, N_("Prepared")),
    (PurchaseState.DISPATCHED, N_("On the way")),
    (PurchaseState.SETTLED, N_("Received")),
    (PurchaseState.INVOICED, N_("Invoiced")),
)
_PLACE = {
    PurchaseState.WAITING: 0,
    PurchaseState.OPEN: 0,
    PurchaseState.PREPARING: 1,
    PurchaseState.DISPATCHED: 2,
    PurchaseState.RECEIVED: 3,
    PurchaseState.SETTLED: 3,
    PurchaseState.INVOICED: 5,
}


def stages(state: PurchaseState) -> list[tuple[str, str]]:
    """(msgid, `done`, `now` or `later`) of each stage; none for an order that is over."""
    if state not in _PLACE:
        return []
    here = _PLACE[state]
    return [(label, "done" if number < here else "now" if number == here else "later") for number, (_state, label) in enumerate(STAGES)]
