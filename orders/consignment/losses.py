"""Makers' units that are gone without a buyer: who bears it, booked from the stock movements that say so (docs/consignment.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from catalog.models.product import Price
from catalog.models.stock import Batch, LossCause, MovementKind, StockLevel, StockMovement
from kernel import clock
from kernel.inserts import insert_new
from orders.consignment import agreements, ledger
from orders.consignment.ledger import Books, Posting
from orders.consignment.shares import part_of, split_price
from orders.models.agreement import AgreementTerms, Bearer
from orders.models.consignment import ConsignmentAccount, ConsignmentLoss, EntryKind
from orders.models.stockroom import PullOut, PullOutLine, PullOutState

#: Movements after which units are missing, or there again, that nobody bought.
KINDS = (MovementKind.WRITTEN_OFF, MovementKind.COUNTED, MovementKind.CORRECTED)


@dataclass(frozen=True, slots=True)
class _Moved:
    """A movement that is not in the books yet."""

    movement_id: int
    level_id: int
    kind: MovementKind
    change: int
    cause: LossCause | None
    at: datetime
    agreement_id: int
    variant_id: int
    best_before_on: date | None


def unbooked() -> Select[*tuple[Any, ...]]:
    """Movements of makers' goods that should be in the books and are not, in order."""
    is_booked = exists().where(ConsignmentLoss.movement_id == StockMovement.id)
    return (
        select(
            StockMovement.id,
            StockMovement.level_id,
            StockMovement.kind,
            StockMovement.on_hand_change,
            StockMovement.cause,
            StockMovement.at,
            StockLevel.agreement_id,
            StockLevel.variant_id,
            Batch.best_before_on,
        )
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.agreement_id.is_not(None), StockMovement.kind.in_(KINDS), ~is_booked)
        .order_by(StockMovement.id)
    )


def book_losses(session: Session, *, agreement_id: int | None = None, level_ids: Sequence[int] | None = None) -> int:
    """Book what was written off, miscounted or found again of an agreement's goods, or of some levels; how many movements.

    Harmless to repeat. Call it after a verb that changed makers' stock; closing a statement does so by itself.
    """
    statement = unbooked()
    if agreement_id is not None:
        statement = statement.where(StockLevel.agreement_id == agreement_id)
    if level_ids is not None:
        statement = statement.where(StockLevel.id.in_(level_ids))
    moved = [_Moved(*row) for row in session.execute(statement)]
    if moved:
        books = ledger.open_books(session, {each.agreement_id for each in moved})
        for each in moved:
            _book(session, books[each.agreement_id], each)
    return len(moved)


def _book(session: Session, book: Books, moved: _Moved) -> None:
    day = book.day(moved.at)
    terms = agreements.terms_on(session, moved.agreement_id, day)
    if moved.change < 0:
        _lose(session, book, moved, terms, day)
    else:
        _find(session, book, moved, terms)


def _lose(session: Session, book: Books, moved: _Moved, terms: AgreementTerms, day: date) -> None:
    cause = moved.cause or _likely_cause(moved, day)
    bearer = _bearer(session, book, moved, terms, cause)
    units = -moved.change
    amount = 0 if bearer is Bearer.MAKER else _worth(session, moved, terms, units, day)
    if (loss_id := _add(session, book, moved, terms, cause, bearer, units, amount)) and amount:
        entries = {ConsignmentAccount.LOSSES: amount, ConsignmentAccount.OWED: -amount}
        ledger.post(session, book, [Posting(f"loss:{loss_id}", EntryKind.LOSS, entries, moved.at)])


def _find(session: Session, book: Books, moved: _Moved, terms: AgreementTerms) -> None:
    """Units are there again: what was paid for them as lost is taken back; beyond that nobody owes anything."""
    left = moved.change
    for loss, back, returned in _open_losses(session, moved.level_id):
        units = min(left, loss.quantity - back)
        if not units:
            continue
        left -= units
        amount = part_of(loss.amount, back + units, loss.quantity) - returned
        loss_id = _add(session, book, moved, terms, LossCause.LOST, loss.borne_by, -units, -amount, loss.id)
        if loss_id and amount:
            entries = {ConsignmentAccount.LOSSES: -amount, ConsignmentAccount.OWED: amount}
            ledger.post(session, book, [Posting(f"found:{loss_id}", EntryKind.LOSS, entries, moved.at)])
    if left:
        _add(session, book, moved, terms, LossCause.LOST, Bearer.MAKER, -left, 0)


def _add(
    session: Session,
    book: Books,
    moved: _Moved,
    terms: AgreementTerms,
    cause: LossCause,
    bearer: Bearer,
    quantity: int,
    amount: int,
    reverses_id: int | None = None,
) -> int | None:
    """The new row's id; None when somebody else booked the movement at this moment."""
    row = {
        "agreement_id": moved.agreement_id,
        "terms_id": terms.id,
        "level_id": moved.level_id,
        "movement_id": moved.movement_id,
        "reverses_id": reverses_id,
        "cause": cause,
        "borne_by": bearer,
        "quantity": quantity,
        "amount": amount,
        "recorded_at": clock.now(),
        "occurred_at": moved.at,
        "booked_at": book.booked_at(moved.at),
    }
    ids = insert_new(session, ConsignmentLoss, [row])
    return ids[0] if ids else None


def _open_losses(session: Session, level_id: int) -> list[tuple[ConsignmentLoss, int, int]]:
    """Lost units of a level that were not found yet, the latest first: (loss, units found, amount taken back)."""
    rows = session.scalars(
        select(ConsignmentLoss)
        .where(ConsignmentLoss.level_id == level_id, ConsignmentLoss.cause == LossCause.LOST)
        .order_by(ConsignmentLoss.id)
    ).all()
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        if row.reverses_id is not None:
            units, amount = found.get(row.reverses_id, (0, 0))
            found[row.reverses_id] = (units - row.quantity, amount - row.amount)
    return [(row, *found.get(row.id, (0, 0))) for row in reversed(rows) if row.reverses_id is None and row.quantity > 0]


def _likely_cause(moved: _Moved, day: date) -> LossCause:
    """For movements that do not say why: a difference is a loss, what was past its date is expired, the rest is damage."""
    if moved.kind is not MovementKind.WRITTEN_OFF:
        return LossCause.LOST
    return LossCause.EXPIRED if moved.best_before_on is not None and moved.best_before_on < day else LossCause.DAMAGED


def _bearer(session: Session, book: Books, moved: _Moved, terms: AgreementTerms, cause: LossCause) -> Bearer:
    """Samples are the outlet's own idea; an expiry is the maker's only when it was told in time to take the goods back."""
    match cause:
        case LossCause.LOST:
            return terms.loss_borne_by
        case LossCause.DAMAGED:
            return terms.damage_borne_by
        case LossCause.SAMPLE:
            return Bearer.OUTLET
    if terms.expiry_borne_by is Bearer.MAKER and not _was_told_in_time(session, book, moved, terms):
        return Bearer.OUTLET
    return terms.expiry_borne_by


def _was_told_in_time(session: Session, book: Books, moved: _Moved, terms: AgreementTerms) -> bool:
    if moved.best_before_on is None:
        return False
    announced = session.scalar(
        select(func.min(PullOut.announced_at))
        .join(PullOutLine, PullOutLine.pull_out_id == PullOut.id)
        .where(PullOutLine.level_id == moved.level_id, PullOut.state != PullOutState.CANCELLED)
    )
    return announced is not None and book.day(announced) <= moved.best_before_on - timedelta(days=terms.pull_out_days)


def _worth(session: Session, moved: _Moved, terms: AgreementTerms, units: int, day: date) -> int:
    """What the maker would have got for them on that day: the share of the price that began last."""
    latest = select(Price.amount).where(Price.variant_id == moved.variant_id, Price.starts_on <= day).order_by(Price.starts_on.desc())
    prices = agreements.maker_prices_on(session, [(moved.agreement_id, moved.variant_id)], day)
    unit_price = session.scalar(latest.limit(1)) or 0
    return split_price(terms, unit_price, units, prices.get((moved.agreement_id, moved.variant_id))).share
