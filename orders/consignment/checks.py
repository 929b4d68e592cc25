"""What must always be true of makers' goods and money, as queries that name what is not (orders.invariants runs them)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import and_, case, func, or_, select
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
    statement = (
        select(StockLevel.id, Agreement.code)
        .join(Agreement, Agreement.id == StockLevel.agreement_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(or_(Agreement.outlet_id != StockLevel.outlet_id, Agreement.maker_id != Product.maker_id))
        .order_by(StockLevel.id)
    )
    for level_id, code in session.execute(statement):
        yield f"stock level {level_id} belongs to agreement {code}, which is another maker's or another outlet's"


def check_goods(session: Session) -> Iterator[str]:
    """Of every consigned level, what movements say was sold and lost stands in the books, and the rest is on hand."""
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
    statement = (
        select(StockLevel.id, Agreement.code, moved_sold, booked_sold, moved_lost, booked_lost)
        .join(Agreement, Agreement.id == StockLevel.agreement_id)
        .outerjoin(moved, moved.c.level_id == StockLevel.id)
        .outerjoin(sold, sold.c.level_id == StockLevel.id)
        .outerjoin(lost, lost.c.level_id == StockLevel.id)
        .where(or_(moved_sold != booked_sold, moved_lost != booked_lost))
        .order_by(StockLevel.id)
    )
    for level_id, code, *units in session.execute(statement):
        yield (
            f"stock level {level_id} of agreement {code} sold {units[0]} units and lost {units[2]}, "
            f"the maker's books say {units[1]} and {units[3]}"
        )


def check_owed(session: Session) -> Iterator[str]:
    """What the ledger says is owed for sales, losses and payouts is what their facts say."""
    codes = {row.id: row.code for row in session.execute(select(Agreement.id, Agreement.code))}
    shares = select(ConsignmentSale.agreement_id, func.sum(ConsignmentSale.share)).group_by(ConsignmentSale.agreement_id)
    amounts = select(ConsignmentLoss.agreement_id, func.sum(ConsignmentLoss.amount)).group_by(ConsignmentLoss.agreement_id)
    is_paid = MakerPayout.paid_on.is_not(None)
    paid = select(MakerPayout.agreement_id, func.sum(-MakerPayout.amount)).where(is_paid).group_by(MakerPayout.agreement_id)
    posted: defaultdict[tuple[int, EntryKind], int] = defaultdict(int)
    owed = ConsignmentEntry.account == ConsignmentAccount.OWED
    columns = (ConsignmentEntry.agreement_id, ConsignmentEntry.kind)
    for agreement_id, kind, amount in session.execute(select(*columns, func.sum(-ConsignmentEntry.amount)).where(owed).group_by(*columns)):
        posted[agreement_id, kind] = int(amount)
    for word, facts, kinds in (
        ("sales", shares, (EntryKind.SALE, EntryKind.RETURN)),
        ("losses", amounts, (EntryKind.LOSS,)),
        ("payouts", paid, (EntryKind.PAYOUT,)),
    ):
        said = {row[0]: row[1] for row in session.execute(facts)}
        for agreement_id in sorted(codes):
            wanted, booked = int(said.get(agreement_id, 0)), sum(posted[agreement_id, kind] for kind in kinds)
            if wanted != booked:
                yield f"agreement {codes[agreement_id]}: {word} come to {wanted} for the maker, the ledger says {booked}"


def check_payouts(session: Session) -> Iterator[str]:
    """Money went out only after two people had agreed, and a batch is settled when all of it is."""
    alone = and_(PayoutBatch.prepared_by_id.is_not(None), PayoutBatch.decided_by_id == PayoutBatch.prepared_by_id)
    decided = PayoutBatch.state.in_((PayoutState.APPROVED, PayoutState.SETTLED))
    for code in session.scalars(select(PayoutBatch.code).where(decided, alone).order_by(PayoutBatch.id)):
        yield f"payout batch {code} was prepared and approved by one person"
    early = (
        select(MakerPayout.code)
        .join(PayoutBatch, PayoutBatch.id == MakerPayout.batch_id)
        .where(MakerPayout.paid_on.is_not(None), ~decided)
        .order_by(MakerPayout.id)
    )
    for code in session.scalars(early):
        yield f"payout {code} was paid without a second person"


def check_postings(session: Session) -> Iterator[str]:
    """I7: every posting of a maker's books sums to zero."""
    statement = (
        select(ConsignmentEntry.posting, func.sum(ConsignmentEntry.amount))
        .group_by(ConsignmentEntry.posting)
        .having(func.sum(ConsignmentEntry.amount) != 0)
        .order_by(ConsignmentEntry.posting)
    )
    for posting, amount in session.execute(statement):
        yield f"posting {posting} of a maker's books sums to {amount}, not to zero"


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
