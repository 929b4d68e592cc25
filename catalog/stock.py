"""Stock: receiving, correcting, holding, releasing and selling units, each change with its movement (docs/stock.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from catalog import stock_locks
from catalog.batch_blocks import check_levels_open
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, BatchState, LossCause, MovementKind, Outlet, StockLevel, StockMovement
from catalog.search.queue import mark_dirty, mark_many
from catalog.stock_locks import Allocation
from catalog.stock_worth import check_worth
from kernel import audit, clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotAllowed
from kernel.inserts import insert_new, insert_rows
from kernel.people import Actor, Permission
from kernel.prepared import Prepared

LARGEST_QUANTITY = 100_000
#: How often a hold that lost a race is tried anew before the buyer is told.
TRIES = 5
#: Statements that leave loaded objects alone: the verbs refresh what they return.
_RAW = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class ShortItem:
    """A variant of which there is not enough, and how many can be had."""

    variant_id: int
    name_id: str
    name_en: str
    wanted: int
    available: int


class OutOfStock(DomainError):
    """Not enough of at least one variant; `items` names each with what is still available."""

    message = N_("Some items are no longer available in the quantity you want.")

    def __init__(self, items: Sequence[ShortItem]) -> None:
        self.items = tuple(items)
        super().__init__()


class LastPiece(OutOfStock):
    """The last piece is kept for whoever pays now (docs/stock.md)."""

    message = N_("The last piece can only be bought by paying now. Please choose another way to pay, or take fewer.")


class BelowHeld(Conflict):
    """A correction would leave fewer units than are promised to buyers."""

    message = N_("%(held)s units are held for orders; the count cannot be lower than that. Cancel an order first.")


def _not_expired() -> ColumnElement[bool]:
    """Batches that may be sold on the calendar day of the outlet's own zone, and are not stopped; parameters from `_days()`."""
    today = case(
        *((Outlet.zone == zone, bindparam(f"today_{zone}", type_=Date())) for zone in clock.ZONES),
        else_=bindparam("today_WIB", type_=Date()),
    )
    return and_(Batch.state == BatchState.OPEN, or_(Batch.best_before_on.is_(None), Batch.best_before_on >= today))


def _days() -> dict[str, Any]:
    return {f"today_{zone}": clock.today(zone) for zone in clock.ZONES}


_FREE = StockLevel.on_hand - StockLevel.held
_CANDIDATES = Prepared(
    select(StockLevel.id, StockLevel.variant_id, _FREE.label("free"), Batch.product_id)
    .join(Batch, Batch.id == StockLevel.batch_id)
    .join(Outlet, Outlet.id == StockLevel.outlet_id)
    .where(
        StockLevel.outlet_id == bindparam("outlet_id"),
        StockLevel.variant_id.in_(bindparam("variant_ids", expanding=True)),
        StockLevel.on_hand > StockLevel.held,
        _not_expired(),
    )
    .order_by(StockLevel.variant_id, Batch.best_before_on.is_(None), Batch.best_before_on, StockLevel.id)
)
_available = (
    select(StockLevel.variant_id, func.sum(_FREE))
    .join(Batch, Batch.id == StockLevel.batch_id)
    .join(Outlet, Outlet.id == StockLevel.outlet_id)
    .where(
        StockLevel.variant_id.in_(bindparam("variant_ids", expanding=True)),
        Outlet.is_active,
        StockLevel.on_hand > StockLevel.held,  # what a counter oversold of one level takes nothing from another
        _not_expired(),
    )
    .group_by(StockLevel.variant_id)
)
_AVAILABLE = Prepared(_available)
_AVAILABLE_AT = Prepared(_available.where(StockLevel.outlet_id == bindparam("outlet_id")))


def available(session: Session, variant_ids: Collection[int], outlet_id: int | None = None) -> dict[int, int]:
    """Units that can be promised of each variant, at one outlet or at all active ones; one statement."""
    found = dict.fromkeys(variant_ids, 0)
    if found:
        statement = _AVAILABLE if outlet_id is None else _AVAILABLE_AT
        for variant_id, free in statement.run(session, {"variant_ids": list(found), "outlet_id": outlet_id, **_days()}):
            found[variant_id] = int(free)
    return found


def receive_stock(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    variant: Variant,
    batch: Batch,
    quantity: int,
    reference: str,
    *,
    agreement_id: int | None = None,
) -> StockLevel:
    """Put units of a batch on an outlet's shelf; `reference` names the delivery, e.g. `delivery:SJ-12`. Returns the level.

    They belong to the outlet, or to the maker's agreement: makers' goods come in by `orders.consignment.goods.receive_goods`.
    """
    check_may_edit(actor, outlet)
    if not outlet.is_active:
        raise InvalidInput(N_("This outlet is closed."))
    if type(quantity) is not int or not 1 <= quantity <= LARGEST_QUANTITY:
        raise InvalidInput(N_("The quantity must be between 1 and %(largest)s."), field="quantity", largest=LARGEST_QUANTITY)
    level = find_or_make_level(session, outlet, variant, batch, agreement_id)
    session.execute(
        update(StockLevel).where(StockLevel.id == level.id).values(on_hand=StockLevel.on_hand + quantity), execution_options=_RAW
    )
    record_movements(session, MovementKind.RECEIVED, [(level.id, quantity, 0)], reference=reference, actor_id=actor.user_id)
    return finish_edit(session, actor, level, variant, "stock.received", {"quantity": quantity, "reference": reference})


def correct_stock(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    variant: Variant,
    batch: Batch,
    counted: int,
    reason: str,
    *,
    kind: MovementKind = MovementKind.CORRECTED,
    approved: bool = False,
    agreement_id: int | None = None,
    cause: LossCause | None = None,
) -> StockLevel:
    """Make the books say what was counted on the shelf, held units included. Kind WRITTEN_OFF, with its cause, for goods that are lost.

    Goods worth more than the outlet's limit leave the books only with `approved`, the second person's word
    (orders.approvals); else ApprovalNeeded.
    """
    check_may_edit(actor, outlet)
    if type(counted) is not int or not 0 <= counted <= LARGEST_QUANTITY:
        raise InvalidInput(N_("The count must be between 0 and %(largest)s."), field="counted", largest=LARGEST_QUANTITY)
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 240:
        raise InvalidInput(N_("Please give a reason of 3 to 240 characters."), field="reason")
    level = find_or_make_level(session, outlet, variant, batch, agreement_id)
    change = counted - level.on_hand
    if change == 0:
        return level
    promised = level.held - level.oversold  # a counter may have sold promised units: their incident waits, the count is true
    if counted < promised:
        raise BelowHeld(field="counted", held=promised)
    if not approved and not actor.system:
        check_worth(session, outlet, variant, -change)
    seen = (StockLevel.id == level.id, StockLevel.on_hand == level.on_hand, StockLevel.held <= counted + StockLevel.oversold)
    changed = session.execute(
        update(StockLevel).where(*seen).values(on_hand=counted).returning(StockLevel.id), execution_options=_RAW
    ).scalar()
    if changed is None:
        raise Conflict
    record_movements(session, kind, [(level.id, change, 0)], reason=reason, actor_id=actor.user_id, cause=cause)
    details = {"change": change, "counted": counted, "reason": reason} | ({"cause": cause.value} if cause else {})
    return finish_edit(session, actor, level, variant, f"stock.{kind.value}", details)


@dataclass(frozen=True, slots=True)
class HoldPlan:
    """Which units are to be held, read without any lock: `hold_planned` finds out whether they are still there."""

    outlet_id: int
    wanted: Mapping[int, int]
    leave: int
    allocations: list[Allocation]
    product_of_level: dict[int, int]


def hold_stock(session: Session, outlet_id: int, wanted: Mapping[int, int], reference: str, *, leave: int = 0) -> list[Allocation]:
    """Promise `wanted` (quantity by variant id) out of an outlet's batches, first expired first.

    With `leave=1` one unit of each variant must stay available: the last-piece rule. Raises OutOfStock or LastPiece.
    """
    return hold_planned(session, plan_hold(session, outlet_id, wanted, leave=leave), reference)


def plan_hold(session: Session, outlet_id: int, wanted: Mapping[int, int], *, leave: int = 0) -> HoldPlan:
    """What holding would take; raises as `hold_stock` does. Only reads, so that checkout can take the rows late."""
    for _attempt in range(TRIES):
        candidates = find_candidates(session, outlet_id, wanted)
        allocations, is_short = _allocate(candidates, wanted, leave)
        if not is_short:
            return HoldPlan(
                outlet_id, wanted, leave, allocations, {level_id: product_id for level_id, _variant_id, _free, product_id in candidates}
            )
        _refuse(session, outlet_id, wanted, leave)
    raise Conflict


def hold_planned(session: Session, plan: HoldPlan, reference: str) -> list[Allocation]:
    """Take the planned units, planning anew when somebody was faster; in lock order. Raises as `hold_stock` does."""
    for _attempt in range(TRIES):
        emptied = stock_locks.try_hold(session, plan.allocations)
        if emptied is not None:
            if plan.leave and _too_few_left(session, plan):
                stock_locks.release_levels(session, plan.allocations)
                break
            changes = [(a.level_id, 0, a.quantity) for a in plan.allocations]
            record_movements(session, MovementKind.HELD, changes, reference=reference)
            mark_many(session, (plan.product_of_level[allocation.level_id] for allocation in emptied))
            return stock_locks.in_lock_order(plan.allocations)
        plan = plan_hold(session, plan.outlet_id, plan.wanted, leave=plan.leave)
    _refuse(session, plan.outlet_id, plan.wanted, plan.leave)
    raise Conflict


def check_last_piece(session: Session, outlet_id: int, held: Mapping[int, int]) -> None:
    """Raise LastPiece when units held already (quantity by variant id) include the last one of their variant."""
    left = available(session, held, outlet_id)
    if short := {variant_id: held[variant_id] for variant_id in held if left[variant_id] < 1}:
        raise LastPiece(_name_items(session, short, {variant_id: left[variant_id] + held[variant_id] - 1 for variant_id in short}))


def release_hold(session: Session, allocations: Collection[Allocation], reference: str, *, actor_id: int | None = None) -> None:
    """Give promised units back to everybody."""
    if not allocations:
        return
    filled = stock_locks.release_levels(session, allocations)
    record_movements(
        session, MovementKind.RELEASED, [(a.level_id, 0, -a.quantity) for a in allocations], reference=reference, actor_id=actor_id
    )
    _mark_filled(session, filled)


def take_held(session: Session, allocations: Collection[Allocation], reference: str, *, actor_id: int | None = None) -> None:
    """Promised units leave the house with their buyer: sold. BatchStopped when a lot was blocked or recalled meanwhile."""
    check_levels_open(session, [allocation.level_id for allocation in allocations])
    stock_locks.take_levels(session, allocations)
    changes = [(a.level_id, -a.quantity, -a.quantity) for a in allocations]
    record_movements(session, MovementKind.SOLD, changes, reference=reference, actor_id=actor_id)


def write_off_held(session: Session, allocations: Collection[Allocation], reference: str, *, actor_id: int | None = None) -> None:
    """Promised units that cannot be sold any more leave the books."""
    stock_locks.take_levels(session, allocations)
    changes = [(a.level_id, -a.quantity, -a.quantity) for a in allocations]
    record_movements(session, MovementKind.WRITTEN_OFF, changes, reference=reference, actor_id=actor_id, cause=LossCause.DAMAGED)


def take_back(session: Session, sold: Collection[Allocation], reference: str, *, fit: bool, actor_id: int | None = None) -> None:
    """Sold units come back from their buyer: on the shelf again, or, when not `fit` for sale, in and out of the books at once."""
    if fit:
        _mark_filled(session, stock_locks.take_back_levels(session, sold))
    record_movements(session, MovementKind.RETURNED, [(a.level_id, a.quantity, 0) for a in sold], reference=reference, actor_id=actor_id)
    if not fit:
        changes = [(a.level_id, -a.quantity, 0) for a in sold]
        record_movements(session, MovementKind.WRITTEN_OFF, changes, reference=reference, actor_id=actor_id, cause=LossCause.DAMAGED)


def find_candidates(session: Session, outlet_id: int, variant_ids: Iterable[int]) -> Sequence[tuple[int, int, int, int]]:
    """Levels with something available, in the order in which they are to be used up: (id, variant_id, free, product_id)."""
    return _CANDIDATES.run(session, {"outlet_id": outlet_id, "variant_ids": list(variant_ids), **_days()})


def _allocate(candidates: Sequence[tuple[int, int, int, int]], wanted: Mapping[int, int], leave: int) -> tuple[list[Allocation], bool]:
    """First expired first out: what to hold, and whether that is less than wanted."""
    allocations: list[Allocation] = []
    missing = dict(wanted)
    free = dict.fromkeys(wanted, 0)
    for level_id, variant_id, units, _product_id in candidates:
        free[variant_id] += units
        if quantity := min(units, missing[variant_id]):
            missing[variant_id] -= quantity
            allocations.append(Allocation(level_id, variant_id, quantity))
    return allocations, any(free[variant_id] < wanted[variant_id] + leave for variant_id in wanted)


def _too_few_left(session: Session, plan: HoldPlan) -> bool:
    """Looked at again after holding: two buyers who promise to come may have planned at the same moment."""
    return min(available(session, plan.wanted, plan.outlet_id).values()) < plan.leave


def _mark_filled(session: Session, level_ids: Collection[int]) -> None:
    """The products of levels that were empty a moment ago can be found as available again."""
    if level_ids:
        products = select(Batch.product_id).join(StockLevel, StockLevel.batch_id == Batch.id).where(StockLevel.id.in_(level_ids))
        mark_many(session, session.scalars(products))


def _refuse(session: Session, outlet_id: int, wanted: Mapping[int, int], leave: int) -> None:
    """Raise the refusal that names what is missing, read anew so that the buyer gets the truth of this moment."""
    free = available(session, wanted, outlet_id)
    short = {variant_id: quantity for variant_id, quantity in wanted.items() if free[variant_id] < quantity + leave}
    if short:
        items = _name_items(session, short, {variant_id: max(0, free[variant_id] - leave) for variant_id in short})
        raise LastPiece(items) if all(free[item.variant_id] >= item.wanted for item in items) else OutOfStock(items)


def _name_items(session: Session, wanted: Mapping[int, int], free: Mapping[int, int]) -> list[ShortItem]:
    rows = session.execute(
        select(Variant.id, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(wanted))
        .order_by(Variant.id)
    )
    return [
        ShortItem(
            variant_id,
            f"{product_name_id}, {name_id}",
            f"{product_name_en or product_name_id}, {name_en or name_id}",
            wanted[variant_id],
            free[variant_id],
        )
        for variant_id, product_name_id, product_name_en, name_id, name_en in rows
    ]


def check_may_edit(actor: Actor, outlet: Outlet) -> None:
    """NotAllowed unless the person may change this outlet's stock."""
    if not actor.can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed


def find_or_make_level(session: Session, outlet: Outlet, variant: Variant, batch: Batch, agreement_id: int | None = None) -> StockLevel:
    """The level's row, fresh from the database; made empty when there is none yet."""
    if batch.product_id != variant.product_id:
        raise InvalidInput(N_("This batch belongs to another product."), field="batch")
    key = {"outlet_id": outlet.id, "variant_id": variant.id, "batch_id": batch.id, "agreement_id": agreement_id}
    wanted = select(StockLevel).filter_by(**key).execution_options(populate_existing=True)
    level = session.scalar(wanted)
    if level is None:
        insert_new(session, StockLevel, [{**key, "on_hand": 0, "held": 0}])
        level = session.scalars(wanted).one()
    return level


def finish_edit(session: Session, actor: Actor, level: StockLevel, variant: Variant, action: str, details: Mapping[str, Any]) -> StockLevel:
    """Note who did it, let the search know, and return the level as it is now."""
    audit.record(session, actor, action, f"variant:{variant.code}", {"level": level.id, **details})
    mark_dirty(session, variant.product_id)
    session.refresh(level)
    return level


def record_movements(
    session: Session,
    kind: MovementKind,
    changes: Iterable[tuple[int, int, int]],
    *,
    reference: str = "",
    reason: str = "",
    actor_id: int | None = None,
    cause: LossCause | None = None,
    at: datetime | None = None,
) -> None:
    """One movement per changed level: (level id, change of on hand, change of held); `at` when it was not now."""
    moment = at or clock.now()
    insert_rows(
        session,
        StockMovement,
        [
            {
                "level_id": level_id,
                "kind": kind,
                "on_hand_change": on_hand,
                "held_change": held,
                "reference": reference,
                "reason": reason,
                "cause": cause,
                "actor_id": actor_id,
                "at": moment,
            }
            for level_id, on_hand, held in changes
        ],
    )
