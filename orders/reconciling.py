"""Our ledger beside what a provider says: payments that a lost message left undecided, and the money of one day, account by account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import N_
from orders.gateways import AT_PROVIDER, PaymentMethod, ProviderFacts, ProviderState
from orders.ledger import ACCOUNT_OF
from orders.models.order import Order
from orders.models.payment import Account, LedgerEntry, Payment
from orders.states import UNDECIDED

#: What the provider says of a payment that our ledger holds as received, when it does not call it paid.
NOT_PAID = {
    ProviderState.OPEN: N_("Order %(order)s: we booked %(ours)s, the provider still waits for the buyer to pay (%(reference)s)"),
    ProviderState.PROCESSING: N_("Order %(order)s: we booked %(ours)s, the money has not reached the provider yet (%(reference)s)"),
    ProviderState.FAILED: N_("Order %(order)s: we booked %(ours)s, the provider says that the payment failed (%(reference)s)"),
    ProviderState.EXPIRED: N_("Order %(order)s: we booked %(ours)s, the provider says that nobody paid in time (%(reference)s)"),
}
OTHER_AMOUNT = N_("Order %(order)s: we booked %(ours)s, the provider received %(theirs)s (%(reference)s)")
NO_ANSWER = N_("Order %(order)s: the provider gave no answer (%(reference)s)")

#: The accounts in which money stands.
MONEY = (Account.STRIPE, Account.QRIS, Account.BANK, Account.CARD, Account.CASH)


@dataclass(frozen=True, slots=True)
class PaymentToAsk:
    """A payment that a provider knows, with what our books say of it."""

    payment_id: int
    method: PaymentMethod
    reference: str
    order_code: str
    amount: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that our books and a provider do not say alike: a text to translate and what fills it (amounts in whole rupiah)."""

    message: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True, slots=True)
class AccountDay:
    """What came to an account in a day and what left it; `matched` is how much of it was found in statements (local ways)."""

    account: Account
    received: int
    given: int
    matched: int | None


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The first moment of `day` in `zone`, and of the day after."""
    start = datetime.combine(day, time(), clock.ZONES[zone])
    return start, start + timedelta(days=1)


def list_undecided(session: Session, since: datetime, limit: int = 500) -> list[PaymentToAsk]:
    """Payments opened at a provider since then of which we do not know how they ended, oldest first."""
    statement = (
        select(Payment.id, Payment.method, Payment.reference, Order.code, Payment.amount)
        .join(Order, Order.id == Payment.order_id)
        .where(Payment.method.in_(AT_PROVIDER), Payment.reference.is_not(None), Payment.state.in_(UNDECIDED), Payment.created_at >= since)
        .order_by(Payment.id)
        .limit(limit)
    )
    return [PaymentToAsk(row[0], row[1], row[2] or "", row[3], row[4]) for row in session.execute(statement)]


def list_received(session: Session, start: datetime, end: datetime) -> list[PaymentToAsk]:
    """Payments at a provider that our ledger received in this time."""
    accounts = {ACCOUNT_OF[method] for method in AT_PROVIDER}
    statement = (
        select(Payment.id, Payment.method, Payment.reference, Order.code, LedgerEntry.amount)
        .join(LedgerEntry, LedgerEntry.payment_id == Payment.id)
        .join(Order, Order.id == Payment.order_id)
        .where(LedgerEntry.account.in_(accounts), LedgerEntry.amount > 0, LedgerEntry.at >= start, LedgerEntry.at < end)
        .order_by(Payment.id)
    )
    return [PaymentToAsk(row[0], row[1], row[2] or "", row[3], row[4]) for row in session.execute(statement)]


def sum_day(session: Session, start: datetime, end: datetime) -> list[AccountDay]:
    """What each money account received and gave in this time."""
    sums = {
        account: (int(received), int(given))
        for account, received, given in session.execute(
            select(
                LedgerEntry.account,
                func.sum(case((LedgerEntry.amount > 0, LedgerEntry.amount), else_=0)),
                func.sum(case((LedgerEntry.amount < 0, -LedgerEntry.amount), else_=0)),
            )
            .where(LedgerEntry.account.in_(MONEY), LedgerEntry.at >= start, LedgerEntry.at < end)
            .group_by(LedgerEntry.account)
        )
    }
    matched = {
        method: int(total)
        for method, total in session.execute(
            select(Payment.method, func.sum(Payment.amount))
            .where(Payment.paid_at >= start, Payment.paid_at < end, Payment.matched_at.is_not(None))
            .group_by(Payment.method)
        )
    }
    local = {
        ACCOUNT_OF[method]: matched.get(method, 0)
        for method in (PaymentMethod.QRIS, PaymentMethod.BANK_TRANSFER, PaymentMethod.CARD_TERMINAL)
    }
    return [AccountDay(account, *sums.get(account, (0, 0)), matched=local.get(account)) for account in MONEY]


def difference(ours: PaymentToAsk, theirs: ProviderFacts) -> Difference | None:
    """How the provider's facts differ from money that our ledger holds; None when both agree."""
    params = {"order": ours.order_code, "ours": ours.amount, "reference": ours.reference}
    if theirs.state is not ProviderState.PAID:
        return Difference(NOT_PAID[theirs.state], params)
    if theirs.amount != ours.amount:
        return Difference(OTHER_AMOUNT, params | {"theirs": theirs.amount})
    return None


def no_answer(ours: PaymentToAsk) -> Difference:
    """The provider did not say what became of money that our ledger holds."""
    return Difference(NO_ANSWER, {"order": ours.order_code, "reference": ours.reference})
