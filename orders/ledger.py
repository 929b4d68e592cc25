"""Money facts as double entries about an order: only ever added, each posting summing to zero and posted once (docs/pricing.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.inserts import insert_new, insert_rows
from orders.gateways import PaymentMethod
from orders.models.payment import Account, LedgerEntry

#: Where the money of each way of paying arrives.
ACCOUNT_OF = {
    PaymentMethod.STRIPE: Account.STRIPE,
    PaymentMethod.QRIS: Account.QRIS,
    PaymentMethod.BANK_TRANSFER: Account.BANK,
    PaymentMethod.PAY_AT_PICKUP: Account.CASH,
    PaymentMethod.CASH: Account.CASH,
    PaymentMethod.CARD_TERMINAL: Account.CARD,
}


class UnbalancedPosting(ValueError):
    """Debits and credits differ: a mistake in our code, never something a person did."""


def post(session: Session, posting: str, order_id: int, entries: Mapping[Account, int], payment_id: int | None = None) -> bool:
    """Write one posting; debits positive, credits negative, zero amounts left out. False when it was written before.

    `posting` names the fact, e.g. `order:K7QTX4MN:placed`. A rival that posts the same at this moment is waited for.
    """
    sides = _balanced(posting, entries)
    moment = clock.now()
    written = insert_new(
        session,
        LedgerEntry,
        [
            {"posting": posting, "order_id": order_id, "payment_id": payment_id, "account": account, "amount": amount, "at": moment}
            for account, amount in sides.items()
        ],
    )
    if written and len(written) != len(sides):
        raise UnbalancedPosting(f"{posting} was posted before with other accounts")
    return bool(written)


@dataclass(frozen=True, slots=True)
class Posting:
    """One fact to be written with others: its name, its sides, and the payment that it is about."""

    name: str
    entries: Mapping[Account, int]
    payment_id: int | None = None


def post_new(session: Session, order_id: int, postings: Sequence[Posting]) -> None:
    """Write all postings of an order that was made in this transaction, in one statement; nobody can have written them before."""
    moment = clock.now()
    rows: list[dict[str, Any]] = []
    for posting in postings:
        shared = {"posting": posting.name, "order_id": order_id, "payment_id": posting.payment_id, "at": moment}
        rows += [{**shared, "account": account, "amount": amount} for account, amount in _balanced(posting.name, posting.entries).items()]
    insert_rows(session, LedgerEntry, rows)


def _balanced(posting: str, entries: Mapping[Account, int]) -> dict[Account, int]:
    sides = {account: amount for account, amount in entries.items() if amount}
    if sum(sides.values()) or not sides:
        raise UnbalancedPosting(f"{posting}: {entries}")
    return sides


def balance(session: Session, order_id: int) -> dict[Account, int]:
    """What stands on each account for one order."""
    statement = select(LedgerEntry.account, func.sum(LedgerEntry.amount)).where(LedgerEntry.order_id == order_id)
    sums = {account: int(amount) for account, amount in session.execute(statement.group_by(LedgerEntry.account))}
    return {account: sums.get(account, 0) for account in Account}


def post_placed(
    session: Session, order_code: str, order_id: int, total: int, word: str = "placed", *, shipping: int = 0, discount: int = 0
) -> bool:
    """The buyer owes the total, `shipping` included and `discount` taken off: sales stand at the listed prices.

    `word` sets a second promise apart, when an expired order comes back to life.
    """
    placed = placed_posting(order_code, total, word, shipping=shipping, discount=discount)
    return post(session, placed.name, order_id, placed.entries)


def placed_posting(order_code: str, total: int, word: str = "placed", *, shipping: int = 0, discount: int = 0) -> Posting:
    """What `post_placed` writes."""
    entries = {
        Account.RECEIVABLE: total,
        Account.DISCOUNT: discount,
        Account.SALES: shipping - total - discount,
        Account.SHIPPING: -shipping,
    }
    return Posting(f"order:{order_code}:{word}", entries)


def post_dropped(session: Session, order_code: str, order_id: int, total: int, word: str, *, shipping: int = 0, discount: int = 0) -> bool:
    """Nothing is owed any more: the order expired or was cancelled unpaid."""
    entries = {
        Account.SALES: total + discount - shipping,
        Account.DISCOUNT: -discount,
        Account.SHIPPING: shipping,
        Account.RECEIVABLE: -total,
    }
    return post(session, f"order:{order_code}:{word}", order_id, entries)


def post_captured(session: Session, payment_id: int, order_id: int, amount: int, method: PaymentMethod = PaymentMethod.STRIPE) -> bool:
    """The buyer's money is with the provider, or on its way to the operator's own account."""
    captured = captured_posting(payment_id, amount, method)
    return post(session, captured.name, order_id, captured.entries, payment_id)


def captured_posting(payment_id: int, amount: int, method: PaymentMethod) -> Posting:
    """What `post_captured` writes."""
    return Posting(f"payment:{payment_id}:captured", {ACCOUNT_OF[method]: amount, Account.RECEIVABLE: -amount}, payment_id)


def post_cash(session: Session, payment_id: int, order_id: int, amount: int, cash: int) -> bool:
    """Cash in the drawer; what rounding took or gave stands on its own account."""
    taken = cash_posting(payment_id, amount, cash)
    return post(session, taken.name, order_id, taken.entries, payment_id)


def cash_posting(payment_id: int, amount: int, cash: int) -> Posting:
    """What `post_cash` writes."""
    entries = {Account.CASH: cash, Account.ROUNDING: amount - cash, Account.RECEIVABLE: -amount}
    return Posting(f"payment:{payment_id}:cash", entries, payment_id)


def post_refund_owed(session: Session, refund_code: str, order_id: int, amount: int, *, shipping: int = 0, discount: int = 0) -> bool:
    """Goods of a paid order, or its `shipping`, are taken back: that much was not sold, and we owe `amount` to the buyer.

    `discount` is the part of the order's discount that these goods had.
    """
    entries = {
        Account.SALES: amount + discount - shipping,
        Account.DISCOUNT: -discount,
        Account.SHIPPING: shipping,
        Account.RECEIVABLE: -amount,
    }
    return post(session, f"refund:{refund_code}:owed", order_id, entries)


def post_refunded(session: Session, refund_code: str, order_id: int, amount: int, account: Account, given: int) -> bool:
    """The buyer has the money: `given` left `account`; what cash rounding adds or takes stands on its own account."""
    entries = {Account.RECEIVABLE: amount, account: -given, Account.ROUNDING: given - amount}
    return post(session, f"refund:{refund_code}:given", order_id, entries)


def post_reduced(session: Session, posting: str, order_id: int, *, goods: int, discount: int = 0, shipping: int = 0) -> bool:
    """A partner does not pay for goods at `goods` rupiah of listed prices, less their `discount`, or for `shipping`."""
    entries = {
        Account.SALES: goods,
        Account.DISCOUNT: -discount,
        Account.SHIPPING: shipping,
        Account.RECEIVABLE: discount - goods - shipping,
    }
    return post(session, posting, order_id, entries)


def post_allowance(session: Session, posting: str, order_id: int, amount: int) -> bool:
    """A partner is let off `amount` at the seller's cost: sales stand at the agreed prices."""
    return post(session, posting, order_id, {Account.DISCOUNT: amount, Account.RECEIVABLE: -amount})


def post_given_back(session: Session, posting: str, order_id: int, amount: int) -> bool:
    """What a partner had paid too much went back to its bank account."""
    return post(session, posting, order_id, {Account.RECEIVABLE: amount, Account.BANK: -amount})


#: Finds what went back to buyers among the entries: condition on the posting's name.
IS_REFUNDED = (LedgerEntry.posting.like("refund:%:given")) & (LedgerEntry.account == Account.RECEIVABLE)

#: Finds what partners were let off on their invoices; a discount that falls with its goods is booked the other way.
IS_ALLOWANCE = LedgerEntry.posting.like("credit:%") & (LedgerEntry.account == Account.DISCOUNT) & (LedgerEntry.amount > 0)


def refunded(session: Session, order_id: int) -> int:
    """How much of an order's money has gone back to its buyer."""
    return session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.order_id == order_id, IS_REFUNDED)) or 0
