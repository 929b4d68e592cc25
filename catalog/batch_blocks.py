"""Lots that may not be sold: blocked while somebody looks into them, recalled when they are taken back from everybody."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models.product import Product
from catalog.models.stock import Batch, BatchState, StockLevel
from catalog.search.queue import mark_dirty
from kernel import audit, clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotAllowed
from kernel.people import Actor, Permission


class BatchStopped(DomainError):
    """The lot is blocked or recalled, so nothing of it is sold, counted, received or sent on."""

    message = N_("Lot %(lot)s is blocked or recalled: %(reason)s")


class OwnRecall(Conflict):
    """Whoever called a recall does not end it."""

    message = N_("A recall is ended by another person than the one who called it.")


#: From which state a lot may come into which.
_STEPS = {
    BatchState.BLOCKED: {BatchState.OPEN},
    BatchState.RECALLED: {BatchState.OPEN, BatchState.BLOCKED},
    BatchState.OPEN: {BatchState.BLOCKED, BatchState.RECALLED},
}


def block_batch(session: Session, actor: Actor, batch: Batch, reason: str) -> Batch:
    """Nobody can buy or collect from this lot until it is released; units on the shelf stay on the books."""
    return _change(session, actor, batch, BatchState.BLOCKED, reason)


def recall_batch(session: Session, actor: Actor, batch: Batch, reason: str) -> Batch:
    """The lot is taken back: nobody can buy it, and who has it is listed (orders.stockroom.recalls)."""
    return _change(session, actor, batch, BatchState.RECALLED, reason)


def release_batch(session: Session, actor: Actor, batch: Batch, reason: str) -> Batch:
    """The lot may be sold again. A recall is ended by another person than the one who called it."""
    if batch.state is BatchState.RECALLED and not actor.system:
        called = audit.list_for(session, subject_of(session, batch), limit=20)
        caller = next((entry.actor_id for entry in called if entry.action == "batch.recalled"), None)
        if caller == actor.user_id:
            raise OwnRecall
    return _change(session, actor, batch, BatchState.OPEN, reason)


def check_open(session: Session, batch_ids: Collection[int]) -> None:
    """BatchStopped, naming lot and reason, when one of the lots may not be touched."""
    stopped = session.execute(
        select(Batch.lot_code, Batch.state_reason)
        .where(Batch.id.in_(batch_ids), Batch.state != BatchState.OPEN)
        .order_by(Batch.id)
        .limit(1)
    ).first()
    if stopped:
        raise BatchStopped(lot=stopped.lot_code, reason=stopped.state_reason)


def check_levels_open(session: Session, level_ids: Collection[int]) -> None:
    """As `check_open`, for the lots of stock levels."""
    batches = select(StockLevel.batch_id).where(StockLevel.id.in_(level_ids))
    check_open(session, session.scalars(batches).all())


def subject_of(session: Session, batch: Batch) -> str:
    """What the audit calls a lot: `batch:<product>/<lot>`."""
    slug = session.scalars(select(Product.slug).where(Product.id == batch.product_id)).one()
    return f"batch:{slug}/{batch.lot_code}"[:160]


def _change(session: Session, actor: Actor, batch: Batch, state: BatchState, reason: str) -> Batch:
    village = session.scalars(select(Product.village_code).where(Product.id == batch.product_id)).one()
    if not actor.can(Permission.EDIT_STOCK) and not actor.can(Permission.EDIT_PRODUCTS, area_code=village):
        raise NotAllowed
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 240:
        raise InvalidInput(N_("Please give a reason of 3 to 240 characters."), field="reason")
    changed = session.execute(
        update(Batch)
        .where(Batch.id == batch.id, Batch.state.in_(_STEPS[state]))
        .values(state=state, state_reason="" if state is BatchState.OPEN else reason, state_changed_at=clock.now())
        .returning(Batch.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    if changed is None:
        raise Conflict
    session.refresh(batch)
    mark_dirty(session, batch.product_id)
    action = {BatchState.BLOCKED: "batch.blocked", BatchState.RECALLED: "batch.recalled", BatchState.OPEN: "batch.released"}[state]
    audit.record(session, actor, action, subject_of(session, batch), {"reason": reason})
    return batch
