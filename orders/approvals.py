"""Acts above an outlet's limits: asked for by one person, done when a second one agrees (docs/permissions.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from catalog.models.product import Variant
from catalog.models.stock import Batch, LossCause, MovementKind, Outlet, StockLevel
from catalog.shelves import reach_of
from kernel import audit, clock
from kernel.errors import N_, ApprovalNeeded, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission
from orders import fulfilment
from orders.consignment import goods
from orders.models.approval import Approval, ApprovalKind, ApprovalState
from orders.models.order import Order
from orders.models.voucher import Voucher
from orders.refunds import SecondPersonNeeded

PAGE_SIZE = 30


def cancel_or_ask(session: Session, actor: Actor, order_id: int, reason: str) -> Approval | None:
    """Cancel an unpaid order, as `fulfilment.cancel_order` does; the request for it where the goods are packed and above the limit."""
    try:
        fulfilment.cancel_order(session, actor, order_id, reason)
    except ApprovalNeeded as needed:
        order = session.get_one(Order, order_id)
        return _ask(session, actor, order.outlet_id, ApprovalKind.CANCEL_PACKED, f"order:{order.code}", reason, needed.worth, {})
    return None


def correct_or_ask(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    variant: Variant,
    batch: Batch,
    counted: int,
    reason: str,
    kind: MovementKind,
    agreement_id: int | None = None,
    cause: LossCause | None = None,
) -> Approval | None:
    """Correct the stock, as `goods.correct_goods` does; the request for it where more is missing than the limit."""
    try:
        goods.correct_goods(session, actor, outlet, variant, batch, counted, reason, kind=kind, agreement_id=agreement_id, cause=cause)
    except ApprovalNeeded as needed:
        details = {
            "batch": batch.id,
            "lot": batch.lot_code,
            "agreement": agreement_id,
            "on_hand": _on_hand(session, outlet.id, variant.id, batch.id, agreement_id),
            "counted": counted,
            "kind": kind.value,
            "cause": cause.value if cause else None,
        }
        subject = f"variant:{variant.code}"
        return _ask(session, actor, outlet.id, ApprovalKind.CORRECT_STOCK, subject, reason, needed.worth, details)
    return None


def decide(session: Session, actor: Actor, approval_id: int, *, agrees: bool) -> Approval:
    """The second person's word: with a yes the act happens now, in their name. Harmless when the same was said before.

    Raises NotAllowed, SecondPersonNeeded, Conflict, and whatever the act itself refuses.
    """
    approval = session.scalar(
        select(Approval).where(Approval.id == approval_id).with_for_update().execution_options(populate_existing=True)
    )
    if approval is None:
        raise NotFound
    outlet = session.get_one(Outlet, approval.outlet_id)
    if not actor.can(Permission.APPROVE_ACTS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    if actor.user_id is not None and actor.user_id == approval.asked_by_id:
        raise SecondPersonNeeded(N_("Somebody else must decide this, not the person who asked for it."))
    state = ApprovalState.AGREED if agrees else ApprovalState.REJECTED
    claimed = session.execute(
        update(Approval)
        .where(Approval.id == approval.id, Approval.state == ApprovalState.WAITING)
        .values(state=state, decided_by_id=actor.user_id, decided_at=clock.now())
        .returning(Approval.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    session.refresh(approval)
    if claimed is None:
        if approval.state is not state:
            raise Conflict
        return approval
    if agrees:
        _carry_out(session, actor, approval, outlet)
    audit.record(session, actor, f"approval.{state.value}", approval.subject, {"approval": approval.code, "kind": approval.kind.value})
    session.flush()
    return approval


def get_approval(session: Session, actor: Actor, code: str) -> Approval:
    """A request at an outlet in reach; NotFound elsewhere."""
    statement = (
        select(Approval)
        .join(Outlet, Outlet.id == Approval.outlet_id)
        .where(Approval.code == code.strip().upper(), *reach_of(actor, Permission.VIEW_STOCK))
        .options(*_LOADED)
        .execution_options(populate_existing=True)
    )
    approval = session.scalar(statement)
    if approval is None:
        raise NotFound
    return approval


def list_approvals(session: Session, actor: Actor, state: ApprovalState | None, *, page: int = 1) -> Page[Approval]:
    """Requests at the outlets in reach, the newest first; in one state or all."""
    statement = (
        select(Approval)
        .join(Outlet, Outlet.id == Approval.outlet_id)
        .where(*reach_of(actor, Permission.VIEW_STOCK))
        .order_by(Approval.asked_at.desc(), Approval.id.desc())
    )
    if state is not None:
        statement = statement.where(Approval.state == state)
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_LOADED)


def count_undecided(session: Session, actor: Actor) -> tuple[int, int]:
    """Acts and vouchers that wait for somebody who may agree, at the outlets in reach; one statement."""
    reach = reach_of(actor, Permission.APPROVE_ACTS)
    acts = select(func.count(Approval.id)).join(Outlet, Outlet.id == Approval.outlet_id)
    vouchers = select(func.count(Voucher.id)).join(Outlet, Outlet.id == Voucher.outlet_id)
    row = session.execute(
        select(
            acts.where(Approval.state == ApprovalState.WAITING, *reach).scalar_subquery(),
            vouchers.where(Voucher.approved_at.is_(None), Voucher.stopped_at.is_(None), *reach).scalar_subquery(),
        )
    ).one()
    return int(row[0] or 0), int(row[1] or 0)


def find_waiting(session: Session, subject: str) -> Approval | None:
    """The request about this subject that waits for a decision."""
    statement = select(Approval).where(Approval.subject == subject, Approval.state == ApprovalState.WAITING)
    return session.scalar(statement.order_by(Approval.id).limit(1))


_LOADED = (joinedload(Approval.outlet), joinedload(Approval.asked_by), joinedload(Approval.decided_by))


def _ask(
    session: Session,
    actor: Actor,
    outlet_id: int,
    kind: ApprovalKind,
    subject: str,
    reason: str,
    worth: int,
    details: Mapping[str, Any],
) -> Approval:
    """Write the request down, or return the one that waits already for the very same."""
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 240:
        raise InvalidInput(N_("Please give a reason of 3 to 240 characters."), field="reason")
    known = find_waiting(session, subject)
    if known is not None and known.kind is kind and known.details == dict(details):
        return known
    values = {
        "code": make_code(),
        "outlet_id": outlet_id,
        "kind": kind,
        "state": ApprovalState.WAITING,
        "subject": subject,
        "reason": reason,
        "worth": worth,
        "details": dict(details),
        "asked_by_id": actor.user_id,
        "asked_at": clock.now(),
    }
    ids = insert_new(session, Approval, [values])
    if not ids:
        raise Conflict
    approval = session.get_one(Approval, ids[0])
    audit.record(session, actor, "approval.asked", subject, {"approval": approval.code, "kind": kind.value, "worth": worth})
    return approval


def _carry_out(session: Session, actor: Actor, approval: Approval, outlet: Outlet) -> None:
    """Do what was asked for; refusals of the act undo the decision with the transaction."""
    code = approval.subject.partition(":")[2]
    if approval.kind is ApprovalKind.CANCEL_PACKED:
        order_id = session.scalars(select(Order.id).where(Order.code == code)).one()
        fulfilment.cancel_order(session, actor, order_id, approval.reason, approved=True)
        return
    details = approval.details
    variant = session.scalars(select(Variant).where(Variant.code == code)).one()
    batch = session.get_one(Batch, details["batch"])
    if _on_hand(session, outlet.id, variant.id, batch.id, details["agreement"]) != details["on_hand"]:
        raise Conflict(N_("The stock has changed since it was counted. Please reject this and count again."))
    goods.correct_goods(
        session,
        actor,
        outlet,
        variant,
        batch,
        details["counted"],
        approval.reason,
        kind=MovementKind(details["kind"]),
        cause=LossCause(details["cause"]) if details.get("cause") else None,
        approved=True,
        agreement_id=details["agreement"],
    )


def _on_hand(session: Session, outlet_id: int, variant_id: int, batch_id: int, agreement_id: int | None) -> int:
    key = {"outlet_id": outlet_id, "variant_id": variant_id, "batch_id": batch_id, "agreement_id": agreement_id}
    return session.scalar(select(StockLevel.on_hand).filter_by(**key)) or 0
