"""Goods between outlets: noted, sent, received, and what is missing on arrival (docs/receiving.md).

What is on its way stays on the books of the outlet it left, held, until the other outlet counts it: units are never nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import stock_moves
from catalog.batch_blocks import check_levels_open
from catalog.models.stock import LossCause, MovementKind, Outlet, StockLevel
from catalog.stock import LARGEST_QUANTITY
from catalog.stock_locks import Allocation
from catalog.stock_moves import Change, Key
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.parsing import check_range, parse_text
from kernel.people import Actor, Permission
from orders.consignment.losses import book_losses
from orders.models.stockroom import Transfer, TransferLine, TransferState
from orders.stockroom.owners import owner_at

MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Arrived:
    """How many units of a line arrived, and why fewer than were sent."""

    received: int
    reason: str = ""


def open_transfer(session: Session, actor: Actor, from_outlet: Outlet, to_outlet: Outlet, *, note: str = "") -> Transfer:
    """A note for goods that will leave `from_outlet`."""
    _check_may(actor, from_outlet)
    if from_outlet.id == to_outlet.id or not to_outlet.is_active:
        raise InvalidInput(N_("Please choose another outlet."), field="to_outlet")
    transfer = Transfer(
        code=make_code(),
        from_outlet_id=from_outlet.id,
        to_outlet_id=to_outlet.id,
        state=TransferState.DRAFT,
        note=parse_text(note, field="note", maximum=240),
        created_at=clock.now(),
        created_by_id=actor.user_id,
        lines=[],
    )
    session.add(transfer)
    session.flush()
    audit.record(session, actor, "transfer.opened", f"transfer:{transfer.code}", {"from": from_outlet.code, "to": to_outlet.code})
    return transfer


def set_line(session: Session, actor: Actor, transfer_id: int, level_id: int, quantity: int) -> Transfer:
    """How many units of a level are to go; 0 takes it off the note."""
    transfer = _lock(session, transfer_id)
    _check_may(actor, transfer.from_outlet)
    if transfer.state is not TransferState.DRAFT:
        raise Conflict
    check_range(quantity, 0, LARGEST_QUANTITY, "quantity")
    level = session.get(StockLevel, level_id)
    if level is None or level.outlet_id != transfer.from_outlet_id:
        raise NotFound
    check_levels_open(session, [level_id])
    if quantity > level.on_hand - level.held:
        stock_moves.refuse(session, level_id)
    line = next((line for line in transfer.lines if line.level_id == level_id), None)
    if line is not None and quantity == 0:
        transfer.lines.remove(line)
    elif line is not None:
        line.quantity = quantity
    elif quantity:
        if len(transfer.lines) >= MOST_LINES:
            raise InvalidInput(N_("A transfer has at most %(most)s lines."), most=MOST_LINES)
        transfer.lines.append(TransferLine(level_id=level_id, quantity=quantity, reason=""))
    session.flush()
    return transfer


def send_transfer(session: Session, actor: Actor, transfer_id: int) -> Transfer:
    """The goods leave: held at the outlet they come from until the other one counts them."""
    transfer = _lock(session, transfer_id)
    _check_may(actor, transfer.from_outlet)
    if transfer.state is not TransferState.DRAFT:
        raise Conflict
    if not transfer.lines:
        raise InvalidInput(N_("There is nothing on this transfer yet."))
    check_levels_open(session, [line.level_id for line in transfer.lines])
    levels = _levels(session, transfer)
    for line in transfer.lines:
        owner_at(session, levels[line.level_id], transfer.to_outlet)
    stock_moves.set_aside(session, actor, _allocations(transfer, levels), f"transfer:{transfer.code}")
    transfer.state, transfer.sent_at = TransferState.SENT, clock.now()
    audit.record(session, actor, "transfer.sent", f"transfer:{transfer.code}")
    session.flush()
    return transfer


def receive_transfer(session: Session, actor: Actor, transfer_id: int, arrived: Mapping[int, Arrived]) -> Transfer:
    """The other outlet counted: what arrived moves over, what is missing is written off as lost where it came from, with a reason.

    `arrived` is by line id and must name every line.
    """
    transfer = _lock(session, transfer_id)
    _check_may(actor, transfer.to_outlet)
    if transfer.state is not TransferState.SENT:
        raise Conflict
    for line in transfer.lines:
        _take_down(line, arrived.get(line.id))
    reference = f"transfer:{transfer.code}"
    levels = _levels(session, transfer)
    moved = []
    for line in transfer.lines:
        level = levels[line.level_id]
        if line.received:
            owner = owner_at(session, level, transfer.to_outlet)
            key = Key(transfer.to_outlet_id, level.variant_id, level.batch_id, owner)
            moved.append((Allocation(level.id, level.variant_id, line.received), key))
    stock_moves.move_set_aside(session, actor, moved, reference)
    _write_off_missing(session, actor, transfer, levels, reference)
    transfer.state, transfer.received_at, transfer.received_by_id = TransferState.RECEIVED, clock.now(), actor.user_id
    missing = sum(line.quantity - (line.received or 0) for line in transfer.lines)
    audit.record(session, actor, "transfer.received", f"transfer:{transfer.code}", {"missing": missing})
    session.flush()
    return transfer


def cancel_transfer(session: Session, actor: Actor, transfer_id: int) -> Transfer:
    """The goods stay, or come back, before the other outlet counted them."""
    transfer = _lock(session, transfer_id)
    _check_may(actor, transfer.from_outlet)
    if transfer.state is TransferState.SENT:
        stock_moves.put_back(session, actor, _allocations(transfer, _levels(session, transfer)), f"transfer:{transfer.code}")
    elif transfer.state is not TransferState.DRAFT:
        raise Conflict
    transfer.state = TransferState.CANCELLED
    audit.record(session, actor, "transfer.cancelled", f"transfer:{transfer.code}")
    session.flush()
    return transfer


def get_transfer(session: Session, actor: Actor, permission: Permission, code: str) -> Transfer:
    """A transfer that leaves or reaches an outlet in reach; NotFound elsewhere."""
    found = session.scalar(_whole().where(Transfer.code == code.strip().upper()))
    if found is None or not any(
        actor.can(permission, area_code=outlet.area_code, outlet_id=outlet.id) for outlet in (found.from_outlet, found.to_outlet)
    ):
        raise NotFound
    return found


def units_on_the_way(session: Session, level_ids: Sequence[int]) -> dict[int, int]:
    """Units by level that are held because they were sent and have not been counted yet."""
    statement = (
        select(TransferLine.level_id, func.sum(TransferLine.quantity))
        .join(Transfer, Transfer.id == TransferLine.transfer_id)
        .where(Transfer.state == TransferState.SENT, TransferLine.level_id.in_(level_ids))
        .group_by(TransferLine.level_id)
    )
    return {level_id: int(units) for level_id, units in session.execute(statement)}


def _take_down(line: TransferLine, said: Arrived | None) -> None:
    if said is None:
        raise InvalidInput(N_("Please say of every line how many arrived."), field="received")
    line.received = check_range(said.received, 0, line.quantity, "received")
    line.reason = parse_text(" ".join(said.reason.split()), field=f"reason-{line.id}", maximum=240)
    if line.received < line.quantity and len(line.reason) < 3:
        raise InvalidInput(N_("Please say why fewer arrived than were sent."), field=f"reason-{line.id}")


def _write_off_missing(session: Session, actor: Actor, transfer: Transfer, levels: dict[int, StockLevel], reference: str) -> None:
    """Missing units are free again for a moment and written off one by one, each with its own reason."""
    missing = [(line, line.quantity - (line.received or 0)) for line in transfer.lines if line.quantity != line.received]
    held = [Allocation(line.level_id, levels[line.level_id].variant_id, units) for line, units in missing]
    stock_moves.put_back(session, actor, held, reference)
    for line, units in sorted(missing, key=lambda pair: pair[0].level_id):
        change = Change(line.level_id, -units)
        stock_moves.change_levels(
            session, actor, [change], MovementKind.WRITTEN_OFF, reference=reference, reason=line.reason, cause=LossCause.LOST
        )
    book_losses(session, level_ids=sorted(line.level_id for line, _units in missing))


def _allocations(transfer: Transfer, levels: dict[int, StockLevel]) -> list[Allocation]:
    return [Allocation(line.level_id, levels[line.level_id].variant_id, line.quantity) for line in transfer.lines]


def _levels(session: Session, transfer: Transfer) -> dict[int, StockLevel]:
    ids = [line.level_id for line in transfer.lines]
    found = session.scalars(select(StockLevel).where(StockLevel.id.in_(ids)).execution_options(populate_existing=True))
    return {level.id: level for level in found}


def _lock(session: Session, transfer_id: int) -> Transfer:
    session.execute(select(Transfer.id).where(Transfer.id == transfer_id).with_for_update())
    return session.scalars(_whole().where(Transfer.id == transfer_id).execution_options(populate_existing=True)).unique().one()


def _whole() -> Select[Transfer]:
    return select(Transfer).options(joinedload(Transfer.from_outlet), joinedload(Transfer.to_outlet), selectinload(Transfer.lines))


def _check_may(actor: Actor, outlet: Outlet) -> None:
    if not actor.can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
