"""Units that come and go without a buyer: back to their maker, to another outlet, written off, counted (docs/stock.md)."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session, joinedload

from catalog.models.product import Variant
from catalog.models.stock import LossCause, MovementKind, Outlet, StockLevel
from catalog.stock import LARGEST_QUANTITY, BelowHeld, check_may_edit, find_or_make_level, finish_edit, record_movements
from kernel.errors import N_, Conflict, InvalidInput
from kernel.people import Actor

#: What `change_level` may write, and whether units come (1), go (-1) or either (0). Selling and holding have verbs of their own.
_DIRECTIONS = {
    MovementKind.RETURNED_TO_MAKER: -1,
    MovementKind.WRITTEN_OFF: -1,
    MovementKind.MOVED: 0,
    MovementKind.COUNTED: 0,
    MovementKind.CORRECTED: 0,
}
_RAW = {"synchronize_session": False}


class TooFewUnits(Conflict):
    """More units are to leave a shelf than stand there."""

    message = N_("Only %(on_hand)s units are here.")


def change_level(
    session: Session,
    actor: Actor,
    level_id: int,
    change: int,
    kind: MovementKind,
    *,
    held_change: int = 0,
    reference: str = "",
    reason: str = "",
    cause: LossCause | None = None,
) -> StockLevel:
    """Add `change` units to a level (negative: take them away), and `held_change` to what is held of them.

    Whoever changes several levels goes in ascending order of their ids. Raises TooFewUnits, BelowHeld, InvalidInput, NotAllowed.
    """
    level = session.get_one(StockLevel, level_id, options=[joinedload(StockLevel.batch)], populate_existing=True)
    check_may_edit(actor, session.get_one(Outlet, level.outlet_id))
    direction = _DIRECTIONS[kind]
    if type(change) is not int or not 0 < abs(change) <= LARGEST_QUANTITY or change * direction < 0:
        raise InvalidInput(N_("The quantity must be between 1 and %(largest)s."), field="quantity", largest=LARGEST_QUANTITY)
    if (kind is MovementKind.WRITTEN_OFF) != (cause is not None):
        raise InvalidInput(N_("Please choose why the goods are written off."), field="cause")
    on_hand, held = StockLevel.on_hand + change, StockLevel.held + held_change
    changed = session.execute(
        update(StockLevel)
        .where(StockLevel.id == level_id, on_hand >= held, held >= 0)
        .values(on_hand=on_hand, held=held)
        .returning(StockLevel.id),
        execution_options=_RAW,
    ).scalar()
    if changed is None:
        raise _refusal(level, change)
    reason = " ".join(reason.split())[:240]
    change_of_level = [(level_id, change, held_change)]
    record_movements(session, kind, change_of_level, reference=reference, reason=reason, actor_id=actor.user_id, cause=cause)
    variant = session.get_one(Variant, level.variant_id)
    details = {"change": change, "reference": reference, "reason": reason} | ({"cause": cause.value} if cause else {})
    return finish_edit(session, actor, level, variant, f"stock.{kind.value}", details)


def move_stock(
    session: Session,
    actor: Actor,
    level_id: int,
    outlet: Outlet,
    quantity: int,
    reference: str,
    *,
    agreement_id: int | None = None,
    from_held: bool = False,
) -> StockLevel:
    """Units of a level go to another outlet, there owned by `agreement_id`: two movements with one reference. Returns the level there.

    With `from_held` they were held for the way and stop being held.
    """
    level = session.get_one(StockLevel, level_id, options=[joinedload(StockLevel.batch)])
    if outlet.id == level.outlet_id:
        raise InvalidInput(N_("Please choose another outlet."), field="outlet")
    check_may_edit(actor, outlet)
    target = find_or_make_level(session, outlet, session.get_one(Variant, level.variant_id), level.batch, agreement_id)
    leave, come = (level_id, -quantity, -quantity if from_held else 0), (target.id, quantity, 0)
    for changed_id, change, held_change in sorted((leave, come)):
        change_level(session, actor, changed_id, change, MovementKind.MOVED, held_change=held_change, reference=reference)
    session.refresh(target)
    return target


def _refusal(level: StockLevel, change: int) -> Conflict:
    if level.on_hand + change < 0:
        return TooFewUnits(field="quantity", on_hand=level.on_hand)
    return BelowHeld(field="quantity", held=level.held)
