"""What must always be true of makers' goods and money, as queries that name what is not (orders.invariants runs them).

The statements are made once: making them takes longer than a small database needs to answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from catalog.models.stock import MovementKind, StockLevel, StockMovement
from orders.consignment import statement_content
from orders.consignment.losses import KINDS
from orders.models.agreement import Agreement
from orders.models.consignment import (
    ConsignmentAccount,
    ConsignmentEntry,
    ConsignmentLoss,
    ConsignmentSale,
    EntryKind,
    MakerStatement,
)
from orders.models.maker_payout import MakerPayout, PayoutBatch, PayoutState

#: Facts that go into the chain of digests, and with the other papers what the database itself guards (migration 0011).
CHAINED = ("consignment_sales", "consignment_losses", "consignment_entries")
APPEND_ONLY = (*CHAINED, "agreement_terms", "maker_statements")


def check_makers(session: Session) -> Iterator[str]:
    """I4: per maker received = sold + returned + written off + on hand, and what is owed = shares − payouts. And the owner rule."""
    yield from check_owners(session)
    yield from check_goods(session)
    yield from check_owed(session)
    yield from check_payouts(session)


def check_owners(session: Session) -> Iterator[str]:
    """Every level's agreement is with the maker of its product and with its outlet."""
    for level_id, code in session.execute(_strangers()):
        yield f"stock level {level_id} belongs to agreement {code}, which is another maker's or another outlet's"


@cache
def _strangers() -> Any:
    return (
        select(StockLevel.id, Agreement.code)
        .join(Agreement, Agreement.id == StockLevel.agreement_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(or_(Agreement.outlet_id != StockLevel.outlet_id, Agreement.maker_id != Product.maker_id))
        .order_by(StockLevel.id)
    )


def check_goods(session: Session) -> Iterator[str]:
    """Of every consigned level, what movements say was sold and lost stands in the books, and the rest is on hand."""
    for level_id, code, *units in session.execute(_differing_levels()):
        yield (
            f"stock level {level_id} of agreement {code} sold {units[0]} units and lost {units[2]}, "
            f"the maker's books say {units[1]} and {units[3]}"
        )


@cache
def _differing_levels() -> Any:
    change = StockMovement.on_hand_change
    moved = (
        select(
            StockMovement.level_id,
            func.sum(case((StockMovement.kind.in_((MovementKind.SOLD, MovementKind.RETURNED)), -change), else_=0)).label("sold"),
            func.sum(case((StockMovement.kind.in_(KINDS), -change), else_=0)).label("lost"),
        )
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .where(StockLevel.agreement_id.is_not(None), change != 0)
        .group_by(StockMovement.level_id)
        .subquery()
    )
    sold = select(ConsignmentSale.level_id, func.sum(ConsignmentSale.quantity).label("units")).group_by(ConsignmentSale.level_id).subquery()
    lost = select(ConsignmentLoss.level_id, func.sum(ConsignmentLoss.quantity).label("units")).group_by(ConsignmentLoss.level_id).subquery()
    booked_sold, booked_lost = func.coalesce(sold.c.units, 0), func.coalesce(lost.c.units, 0)
    moved_sold, moved_lost = func.coalesce(moved.c.sold, 0), func.coalesce(moved.c.lost, 0)
    return (
        select(StockLevel.id, Agreement.code, moved_sold, booked_sold, moved_lost, booked_lost)
        .join(Agreement, Agreement.id == StockLevel.agreement_id)
        .outerjoin(moved, moved.c.level_id == StockLevel.id)
        .outerjoin(sold, sold.c.level_id == StockLevel.id)
        .outerjoin(lost, lost.c.level_id == StockLevel.id)
        .where(or_(moved_sold != booked_sold, moved_lost != booked_lost))
        .order_by(StockLevel.id)
    )


def check_owed(session: Session) -> Iterator[str]:
    """What the ledger says is owed for sales, losses and payouts is what their facts say."""
    said: defaultdict[tuple[int, str], int] = defaultdict(int)
    for word, statement in _facts().items():
        for agreement_id, amount in session.execute(statement):
            said[agreement_id, word] += int(amount)
    booked: defaultdict[tuple[int, str], int] = defaultdict(int)
    for agreement_id, kind, amount in session.execute(_posted()):
        if kind in _WORDS:
            booked[agreement_id, _WORDS[kind]] += int(amount)
    wrong = sorted(key for key in {*said, *booked} if said[key] != booked[key])
    codes = {row.id: row.code for row in session.execute(select(Agreement.id, Agreement.code))} if wrong else {}
    for agreement_id, word in wrong:
        key = agreement_id, word
        yield f"agreement {codes[agreement_id]}: {word} come to {said[key]} for the maker, the ledger says {booked[key]}"


#: What statements of facts and entries are compared by.
_WORDS = {EntryKind.SALE: "sales", EntryKind.RETURN: "sales", EntryKind.LOSS: "losses", EntryKind.PAYOUT: "payouts"}


@cache
def _facts() -> Any:
    """What the facts behind each kind of posting add up to, by agreement."""
    is_paid = MakerPayout.paid_on.is_not(None)
    return {
        "sales": select(ConsignmentSale.agreement_id, func.sum(ConsignmentSale.share)).group_by(ConsignmentSale.agreement_id),
        "losses": select(ConsignmentLoss.agreement_id, func.sum(ConsignmentLoss.amount)).group_by(ConsignmentLoss.agreement_id),
        "payouts": select(MakerPayout.agreement_id, func.sum(-MakerPayout.amount)).where(is_paid).group_by(MakerPayout.agreement_id),
    }


@cache
def _posted() -> Any:
    columns = (ConsignmentEntry.agreement_id, ConsignmentEntry.kind)
    owed = ConsignmentEntry.account == ConsignmentAccount.OWED
    return select(*columns, func.sum(-ConsignmentEntry.amount)).where(owed).group_by(*columns)


def check_payouts(session: Session) -> Iterator[str]:
    """Money went out only after two people had agreed."""
    for code, is_paid in session.execute(_lonely_batches()):
        yield f"payout batch {code} was {'paid without' if is_paid else 'prepared and approved without'} a second person"


@cache
def _lonely_batches() -> Any:
    """Batches approved by whoever prepared them, and such with a paid payout that nobody approved."""
    alone = and_(PayoutBatch.prepared_by_id.is_not(None), PayoutBatch.decided_by_id == PayoutBatch.prepared_by_id)
    decided = PayoutBatch.state.in_((PayoutState.APPROVED, PayoutState.SETTLED))
    early = and_(~decided, exists().where(MakerPayout.batch_id == PayoutBatch.id, MakerPayout.paid_on.is_not(None)))
    return select(PayoutBatch.code, early).where(or_(and_(decided, alone), early)).order_by(PayoutBatch.id)


def check_postings(session: Session) -> Iterator[str]:
    """I7: every posting of a maker's books sums to zero."""
    for posting, amount in session.execute(_uneven_postings()):
        yield f"posting {posting} of a maker's books sums to {amount}, not to zero"


@cache
def _uneven_postings() -> Any:
    return (
        select(ConsignmentEntry.posting, func.sum(ConsignmentEntry.amount))
        .group_by(ConsignmentEntry.posting)
        .having(func.sum(ConsignmentEntry.amount) != 0)
        .order_by(ConsignmentEntry.posting)
    )


def check_closed(session: Session) -> Iterator[str]:
    """I6: closed statements read as they were closed, each names the one before, and their sums are those of the ledger."""
    booked = (
        select(MakerStatement.id, func.sum(-ConsignmentEntry.amount).label("amount"))
        .join(
            ConsignmentEntry,
            and_(
                ConsignmentEntry.agreement_id == MakerStatement.agreement_id,
                or_(MakerStatement.from_at.is_(None), ConsignmentEntry.booked_at >= MakerStatement.from_at),
                ConsignmentEntry.booked_at < MakerStatement.until_at,
            ),
        )
        .where(ConsignmentEntry.account == ConsignmentAccount.OWED)
        .group_by(MakerStatement.id)
    )
    sums = {statement_id: int(amount) for statement_id, amount in session.execute(booked)}
    columns = (MakerStatement.id, MakerStatement.agreement_id, MakerStatement.code, MakerStatement.content, MakerStatement.content_hash)
    rows = session.execute(
        select(*columns, MakerStatement.owed).order_by(MakerStatement.agreement_id, MakerStatement.number),
        execution_options={"yield_per": 100},
    )
    agreement, previous_hash, owed = 0, "", 0
    for row in rows:
        if row.agreement_id != agreement:
            agreement, previous_hash, owed = row.agreement_id, "", 0
        content = statement_content.read(row.content)
        if statement_content.hash_of(row.content) != row.content_hash or content.previous_hash != previous_hash:
            yield f"statement {row.code} was changed after it was closed"
        owed += sums.get(row.id, 0)
        if not owed == row.owed == content.owed:
            yield f"statement {row.code} says {content.owed} is owed, the ledger says {owed}"
        previous_hash = row.content_hash
