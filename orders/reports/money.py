"""The rupiah beside the goods: what the books of makers and of orders say about a period and the one before."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from orders.ledger import ACCOUNT_OF, IS_ALLOWANCE, IS_REFUNDED
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentAccount, ConsignmentEntry
from orders.models.order import Order
from orders.models.payment import Account, LedgerEntry
from orders.reports.scope import Scope

#: Where money of buyers stands.
MONEY = tuple(dict.fromkeys(ACCOUNT_OF.values()))


@dataclass(slots=True)
class Makers:
    """From the makers' books: debits positive for `losses` and `purchases`, credits positive for `commission` and `fees`."""

    sales: int = 0
    commission: int = 0
    losses: int = 0
    fees: int = 0
    purchases: int = 0

    @property
    def margin(self) -> int:
        """What the outlet has from makers' goods before discounts: commission and shelf fees less the losses it bears."""
        return self.commission + self.fees - self.losses


@dataclass(slots=True)
class Buyers:
    """From the books of orders, on the days on which it was booked."""

    discounts: int = 0
    #: What partners were let off; their orders may be of makers' goods and of the outlet's own, so no margin bears it.
    allowances: int = 0
    shipping: int = 0
    rounding: int = 0
    refunded: int = 0
    #: Account -> money that came in and that went out.
    came_in: dict[Account, int] = field(default_factory=lambda: dict.fromkeys(MONEY, 0))
    went_out: dict[Account, int] = field(default_factory=lambda: dict.fromkeys(MONEY, 0))


def sum_makers(session: Session, scope: Scope) -> tuple[Makers, Makers]:
    """The period, and the one before."""
    at, outlet_id = ConsignmentEntry.booked_at, Agreement.outlet_id
    is_now = scope.is_now(at, outlet_id).label("is_now")
    statement = (
        select(is_now, ConsignmentEntry.account, func.sum(ConsignmentEntry.amount))
        .join(Agreement, Agreement.id == ConsignmentEntry.agreement_id)
        .where(scope.in_either(at, outlet_id))
        .group_by(is_now, ConsignmentEntry.account)
    )
    found = (Makers(), Makers())
    signs = {
        ConsignmentAccount.SALES: ("sales", 1),
        ConsignmentAccount.COMMISSION: ("commission", -1),
        ConsignmentAccount.LOSSES: ("losses", 1),
        ConsignmentAccount.FEES: ("fees", -1),
        ConsignmentAccount.PURCHASES: ("purchases", 1),
    }
    for now, account, amount in session.execute(statement):
        if account in signs:
            name, sign = signs[account]
            setattr(found[0 if now else 1], name, sign * int(amount))
    return found


def sum_buyers(session: Session, scope: Scope) -> tuple[Buyers, Buyers]:
    """The period, and the one before."""
    at, outlet_id, amount = LedgerEntry.at, Order.outlet_id, LedgerEntry.amount
    is_now = scope.is_now(at, outlet_id).label("is_now")
    statement = (
        select(
            is_now,
            LedgerEntry.account,
            func.sum(case((amount > 0, amount), else_=0)),
            func.sum(case((amount < 0, amount), else_=0)),
            func.sum(case((IS_REFUNDED, amount), else_=0)),
            func.sum(case((IS_ALLOWANCE, amount), else_=0)),
        )
        .join(Order, Order.id == LedgerEntry.order_id)
        .where(scope.in_either(at, outlet_id))
        .group_by(is_now, LedgerEntry.account)
    )
    found = (Buyers(), Buyers())
    for now, account, came, went, refunded, let_off in session.execute(statement):
        sums = found[0 if now else 1]
        if account is Account.RECEIVABLE:
            sums.refunded = int(refunded)
        elif account is Account.DISCOUNT:
            sums.allowances = int(let_off)
            sums.discounts = int(came + went) - sums.allowances
        elif account is Account.SHIPPING:
            sums.shipping = -int(came + went)
        elif account is Account.ROUNDING:
            sums.rounding = -int(came + went)
        elif account in sums.came_in:
            sums.came_in[account], sums.went_out[account] = int(came), -int(went)
    return found
