"""Blind counts while the shop stays open: figures are typed without seeing the books, differences are explained, then booked.

A difference is what was typed less what the books said in that moment, so sales before and after it change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import stock_moves
from catalog.batch_blocks import BatchStopped
from catalog.models.maker import Maker
from catalog.models.product import Price, Product, Variant
from catalog.models.stock import Batch, BatchState, MovementKind, Outlet, StockLevel
from catalog.stock import LARGEST_QUANTITY
from catalog.stock_moves import Change
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_rows
from kernel.parsing import check_range, parse_text
from kernel.people import Actor, Permission
from orders.consignment.losses import book_losses
from orders.models.stockroom import CountLine, CountState, StockCount
from orders.stockroom.transfers import units_on_the_way


class SecondPersonNeeded(Conflict):
    """The differences are worth more than one person may book alone."""

    message = N_("These differences are worth more than the outlet's limit. A second person must book them.")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was typed for a line: None leaves it uncounted."""

    line_id: int
    counted: int | None


def start_count(session: Session, actor: Actor, outlet: Outlet, *, maker: Maker | None = None, note: str = "") -> StockCount:
    """A list of what the books think stands at the outlet, or of one maker's goods there, without figures."""
    if not actor.can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    running = select(StockCount.code).where(StockCount.outlet_id == outlet.id, StockCount.state.in_((CountState.OPEN, CountState.REVIEW)))
    running = running.where(StockCount.maker_id.is_(None) if maker is None else StockCount.maker_id == maker.id)
    if (code := session.scalar(running)) is not None:
        raise Conflict(N_("Count %(code)s of the same goods is still open."), code=code)
    levels = _levels_to_count(session, outlet, maker)
    if not levels:
        raise InvalidInput(N_("Nothing stands on this shelf that could be counted."))
    count = StockCount(
        code=make_code(),
        outlet_id=outlet.id,
        maker_id=maker.id if maker else None,
        state=CountState.OPEN,
        note=parse_text(note, field="note", maximum=240),
        approval_above=outlet.correction_limit,
        started_at=clock.now(),
        started_by_id=actor.user_id,
        lines=[],
    )
    session.add(count)
    session.flush()
    rows = [
        {"count_id": count.id, "level_id": level_id, "position": position, "unit_price": price or 0, "reason": ""}
        for position, (level_id, price) in enumerate(levels, start=1)
    ]
    insert_rows(session, CountLine, rows)
    details = {"outlet": outlet.code, "lines": len(rows), "maker": maker.slug if maker else None}
    audit.record(session, actor, "count.started", f"count:{count.code}", details)
    return _lock(session, count.id)


def type_figures(session: Session, actor: Actor, count_id: int, figures: list[Figure]) -> StockCount:
    """Keep what was counted, each with what the books say now. A lot that is blocked or recalled is refused with the reason."""
    count = _lock(session, count_id)
    _check_may_count(actor, count.outlet)
    if count.state is not CountState.OPEN:
        raise Conflict(N_("This count is closed already."))
    lines = {line.id: line for line in count.lines}
    wanted = [(lines[figure.line_id], figure.counted) for figure in figures if figure.line_id in lines]
    if len(wanted) != len(figures):
        raise NotFound
    changed = [(line, counted) for line, counted in wanted if counted != line.counted]
    now_there = _on_shelf(session, [line.level_id for line, _counted in changed])
    moment = clock.now()
    for line, counted in changed:
        on_shelf, lot, state, why = now_there[line.level_id]
        if state is not BatchState.OPEN:
            raise BatchStopped(lot=lot, reason=why, field=f"line-{line.id}")
        if counted is None:
            line.counted = line.expected = line.counted_at = line.counted_by_id = None
        else:
            line.counted = check_range(counted, 0, LARGEST_QUANTITY, f"line-{line.id}")
            line.expected, line.counted_at, line.counted_by_id = on_shelf, moment, actor.user_id
    session.flush()
    return count


def close_count(session: Session, actor: Actor, count_id: int) -> StockCount:
    """No more figures: now differences are looked at. Lines that were not counted are left as they are."""
    count = _lock(session, count_id)
    _check_may_count(actor, count.outlet)
    if count.state is not CountState.OPEN:
        raise Conflict
    if all(line.counted is None for line in count.lines):
        raise InvalidInput(N_("Nothing has been counted yet."))
    count.state, count.reviewed_at, count.reviewed_by_id = CountState.REVIEW, clock.now(), actor.user_id
    audit.record(session, actor, "count.closed", f"count:{count.code}", {"counted": sum(x.counted is not None for x in count.lines)})
    session.flush()
    return count


def count_again(session: Session, actor: Actor, count_id: int, line_ids: list[int]) -> StockCount:
    """Open the count once more and forget the figures of these lines."""
    count = _lock(session, count_id)
    _check_may_edit(actor, count.outlet)
    if count.state is not CountState.REVIEW:
        raise Conflict
    for line in count.lines:
        if line.id in line_ids:
            line.counted = line.expected = line.counted_at = line.counted_by_id = None
            line.reason = ""
    count.state = CountState.OPEN
    count.reviewed_at = count.reviewed_by_id = None
    audit.record(session, actor, "count.reopened", f"count:{count.code}", {"lines": len(line_ids)})
    session.flush()
    return count


def give_reasons(session: Session, actor: Actor, count_id: int, reasons: Mapping[int, str]) -> StockCount:
    """Why lines differ, by line id."""
    count = _lock(session, count_id)
    _check_may_edit(actor, count.outlet)
    if count.state is not CountState.REVIEW:
        raise Conflict
    for line in count.lines:
        if line.id in reasons:
            line.reason = parse_text(" ".join(reasons[line.id].split()), field=f"reason-{line.id}", maximum=240)
    session.flush()
    return count


def book_count(session: Session, actor: Actor, count_id: int) -> StockCount:
    """Put the differences on the books, once. Every one needs its reason; above the outlet's limit, a person who did not count."""
    count = _lock(session, count_id)
    _check_may_edit(actor, count.outlet)
    if count.state is not CountState.REVIEW:
        raise Conflict
    different = [line for line in count.lines if line.difference]
    for line in different:
        if len(line.reason) < 3:
            raise InvalidInput(N_("Please give a reason of 3 to 240 characters."), field=f"reason-{line.id}")
    if worth_of(count) > count.approval_above and not actor.system and actor.user_id in _involved(count):
        raise SecondPersonNeeded
    there = _on_shelf(session, [line.level_id for line in different])
    for line in sorted(different, key=lambda each: each.level_id):
        _left, lot, state, why = there[line.level_id]
        if state is not BatchState.OPEN:
            raise BatchStopped(lot=lot, reason=why)
        stock_moves.change_levels(
            session,
            actor,
            [Change(line.level_id, line.difference)],
            MovementKind.COUNTED,
            reference=f"count:{count.code}",
            reason=line.reason,
        )
    book_losses(session, level_ids=sorted(line.level_id for line in different))
    count.state, count.booked_at, count.booked_by_id = CountState.BOOKED, clock.now(), actor.user_id
    details = {"differences": len(different), "worth": worth_of(count)}
    audit.record(session, actor, "count.booked", f"count:{count.code}", details)
    session.flush()
    return count


def cancel_count(session: Session, actor: Actor, count_id: int) -> StockCount:
    """Forget the count; nothing is booked."""
    count = _lock(session, count_id)
    _check_may_edit(actor, count.outlet)
    if count.state not in (CountState.OPEN, CountState.REVIEW):
        raise Conflict
    count.state = CountState.CANCELLED
    audit.record(session, actor, "count.cancelled", f"count:{count.code}")
    session.flush()
    return count


def get_count(session: Session, actor: Actor, permission: Permission, code: str) -> StockCount:
    """A count of an outlet in reach with its lines; NotFound elsewhere."""
    count = session.scalar(_whole().where(StockCount.code == code.strip().upper()))
    if count is None or not actor.can(permission, area_code=count.outlet.area_code, outlet_id=count.outlet_id):
        raise NotFound
    return count


def worth_of(count: StockCount) -> int:
    """Whole rupiah of all differences at retail prices, missing and surplus units added up."""
    return sum(abs(line.difference) * line.unit_price for line in count.lines)


def needs_second_person(count: StockCount, actor: Actor) -> bool:
    """Whether somebody else than `actor` must book it."""
    return worth_of(count) > count.approval_above and not actor.system and actor.user_id in _involved(count)


def _involved(count: StockCount) -> set[int | None]:
    """Who counted, or closed the count: the second person is none of them."""
    return {count.reviewed_by_id} | {line.counted_by_id for line in count.lines if line.difference}


def _levels_to_count(session: Session, outlet: Outlet, maker: Maker | None) -> list[tuple[int, int | None]]:
    """(level id, today's price) of what the books think is there, in the order of the shelf list; stopped lots are left out."""
    today = clock.today(outlet.zone)
    price = (
        select(Price.amount)
        .where(Price.variant_id == Variant.id, Price.starts_on <= today)
        .order_by(Price.starts_on.desc())
        .limit(1)
        .correlate(Variant)
        .scalar_subquery()
    )
    statement = (
        select(StockLevel.id, price)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.outlet_id == outlet.id, StockLevel.on_hand > 0, Batch.state == BatchState.OPEN)
        .order_by(Product.name_id, Variant.position, Variant.id, Batch.best_before_on, StockLevel.id)
    )
    if maker is not None:
        statement = statement.where(Product.maker_id == maker.id)
    return [(level_id, amount) for level_id, amount in session.execute(statement)]


def _on_shelf(session: Session, level_ids: list[int]) -> dict[int, tuple[int, str, BatchState, str]]:
    """By level: units that should be standing there now (what was sent to another outlet is not), lot, its state and why."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(StockLevel.id).where(StockLevel.id.in_(level_ids)).order_by(StockLevel.id).with_for_update())
    gone = units_on_the_way(session, level_ids)
    rows = session.execute(
        select(StockLevel.id, StockLevel.on_hand, Batch.lot_code, Batch.state, Batch.state_reason)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.id.in_(level_ids))
    )
    return {level_id: (on_hand - gone.get(level_id, 0), lot, state, why) for level_id, on_hand, lot, state, why in rows}


def _lock(session: Session, count_id: int) -> StockCount:
    session.execute(select(StockCount.id).where(StockCount.id == count_id).with_for_update())
    return session.scalars(_whole().where(StockCount.id == count_id).execution_options(populate_existing=True)).unique().one()


def _whole() -> Select[StockCount]:
    return select(StockCount).options(joinedload(StockCount.outlet), selectinload(StockCount.lines))


def _check_may_edit(actor: Actor, outlet: Outlet) -> None:
    if not actor.can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed


def _check_may_count(actor: Actor, outlet: Outlet) -> None:
    if not actor.can(Permission.COUNT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
