"""The books of each agreement: double entries that are only ever added, each posting summing to zero and posted once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.inserts import insert_new
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentAccount, ConsignmentEntry, EntryKind

OWED = ConsignmentAccount.OWED


class UnbalancedPosting(ValueError):
    """Debits and credits differ: a mistake in our code, never something a person did."""


@dataclass(frozen=True, slots=True)
class Books:
    """An agreement's books, open for writing until the transaction ends: no statement can be closed meanwhile."""

    agreement_id: int
    outlet_id: int
    zone: str
    closed_until_at: datetime | None

    def booked_at(self, occurred_at: datetime) -> datetime:
        """Under which moment a fact stands: its own, or, when that is on a closed statement, the first one after it."""
        return occurred_at if self.closed_until_at is None else max(occurred_at, self.closed_until_at)

    def day(self, moment: datetime) -> date:
        """The calendar day of `moment` at the outlet."""
        return clock.local(moment, self.zone).date()


@dataclass(frozen=True, slots=True)
class Posting:
    """One fact: `name` makes it unique, for example `sale:4711`; debits are positive, credits negative."""

    name: str
    kind: EntryKind
    entries: Mapping[ConsignmentAccount, int]
    occurred_at: datetime
    reason: str = ""


def open_books(session: Session, agreement_ids: Collection[int]) -> dict[int, Books]:
    """The books of some agreements. Closing one waits until this transaction ends; so no fact slips into a closed period.

    On PostgreSQL the agreement's key is locked, which many can hold at once and `lock_agreement` waits for; SQLite has one
    writer anyway. Everybody takes them in order of their ids.
    """
    statement = (
        select(Agreement.id, Agreement.outlet_id, Outlet.zone, Agreement.closed_until_at)
        .join(Outlet, Outlet.id == Agreement.outlet_id)
        .where(Agreement.id.in_(agreement_ids))
        .order_by(Agreement.id)
        .with_for_update(read=True, key_share=True, of=Agreement)
    )
    return {row[0]: Books(*row) for row in session.execute(statement)}


def post(session: Session, books: Books, postings: Sequence[Posting]) -> int:
    """Write postings of one agreement, amounts of zero left out; how many entries were new.

    A posting that was written before is left as it is. A rival that posts the same at this moment is waited for.
    """
    return post_all(session, [(books, posting) for posting in postings])


def post_all(session: Session, postings: Sequence[tuple[Books, Posting]]) -> int:
    """As `post`, of several agreements at once."""
    rows = []
    for books, posting in postings:
        sides = {account: amount for account, amount in posting.entries.items() if amount}
        if sum(sides.values()):
            raise UnbalancedPosting(f"{posting.name}: {posting.entries}")
        shared = {
            "agreement_id": books.agreement_id,
            "posting": posting.name,
            "kind": posting.kind,
            "reason": posting.reason,
            "recorded_at": clock.now(),
            "occurred_at": posting.occurred_at,
            "booked_at": books.booked_at(posting.occurred_at),
        }
        rows += [{**shared, "account": account, "amount": amount} for account, amount in sides.items()]
    return len(insert_new(session, ConsignmentEntry, rows)) if rows else 0


def balance(session: Session, agreement_id: int) -> dict[ConsignmentAccount, int]:
    """What stands on each account of an agreement: debits less credits."""
    statement = select(ConsignmentEntry.account, func.sum(ConsignmentEntry.amount)).where(ConsignmentEntry.agreement_id == agreement_id)
    sums = {account: int(amount) for account, amount in session.execute(statement.group_by(ConsignmentEntry.account))}
    return {account: sums.get(account, 0) for account in ConsignmentAccount}


def owed(session: Session, agreement_ids: Collection[int], before: datetime | None = None) -> dict[int, int]:
    """What the outlet owes under each agreement, of all that was booked (before a moment). Negative: the maker owes the outlet."""
    found = dict.fromkeys(agreement_ids, 0)
    statement = (
        select(ConsignmentEntry.agreement_id, func.sum(ConsignmentEntry.amount))
        .where(ConsignmentEntry.agreement_id.in_(found), ConsignmentEntry.account == OWED)
        .group_by(ConsignmentEntry.agreement_id)
    )
    if before is not None:
        statement = statement.where(ConsignmentEntry.booked_at < before)
    return found | {agreement_id: -int(amount) for agreement_id, amount in session.execute(statement)}
