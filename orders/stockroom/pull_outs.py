"""Goods that go back to their maker: announced in time, collected or destroyed (docs/receiving.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import stock_moves
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, LossCause, MovementKind, Outlet, StockLevel
from catalog.stock_moves import Change
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.parsing import check_range, parse_text
from kernel.people import Actor, Permission
from orders.consignment.losses import book_losses
from orders.models.stockroom import PullOut, PullOutLine, PullOutReason, PullOutState

MOST_LINES = 300
#: Open requests of one maker at one outlet; more is a mistake or mischief.
MOST_ASKED = 10


@dataclass(frozen=True, slots=True)
class Done:
    """Of one line: how many the maker took, how many were destroyed instead and why; the rest stays on the shelf."""

    returned: int
    written_off: int = 0
    cause: LossCause = LossCause.EXPIRED


def announce_pull_out(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    maker: Maker,
    wanted: Mapping[int, int],
    reason: PullOutReason,
    *,
    collect_by_on: date | None = None,
    note: str = "",
) -> PullOut:
    """Tell a maker that units (by level id) leave the shelf. They stay for sale until they are collected."""
    _check_may(actor, outlet)
    if collect_by_on is not None and collect_by_on < clock.today(outlet.zone):
        raise InvalidInput(N_("This day is past."), field="collect_by_on")
    return _announce(session, actor, outlet, maker, wanted, reason, "pull_out.announced", collect_by_on=collect_by_on, note=note)


def ask_for_pull_out(
    session: Session, actor: Actor, outlet: Outlet, maker: Maker, agreement_id: int, wanted: Mapping[int, int], *, note: str = ""
) -> PullOut:
    """A maker wants units (by level id) of this agreement back; the outlet hands them out or keeps them. Nothing moves yet.

    The caller has checked that `actor` speaks for the maker. At most MOST_ASKED such notes are open at an outlet.
    """
    asked = select(func.count()).where(
        PullOut.outlet_id == outlet.id, PullOut.state == PullOutState.ANNOUNCED, PullOut.maker_id == maker.id
    )
    if (session.scalar(asked.where(PullOut.reason == PullOutReason.ASKED)) or 0) >= MOST_ASKED:
        raise InvalidInput(N_("%(most)s requests wait at this outlet already. Please call them first."), most=MOST_ASKED)
    wanted = {level_id: units for level_id, units in wanted.items() if units}
    owned = select(StockLevel.id).where(StockLevel.id.in_(wanted), StockLevel.agreement_id == agreement_id)
    if set(session.scalars(owned)) != set(wanted):
        raise NotFound
    return _announce(session, actor, outlet, maker, wanted, PullOutReason.ASKED, "pull_out.asked", note=note)


def _announce(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    maker: Maker,
    wanted: Mapping[int, int],
    reason: PullOutReason,
    action: str,
    *,
    collect_by_on: date | None = None,
    note: str = "",
) -> PullOut:
    wanted = {level_id: units for level_id, units in wanted.items() if units}
    if not wanted:
        raise InvalidInput(N_("Please say how many units are to go back."))
    if len(wanted) > MOST_LINES:
        raise InvalidInput(N_("A pull-out has at most %(most)s lines."), most=MOST_LINES)
    _check_levels(session, outlet, maker, wanted)
    pull_out = PullOut(
        code=make_code(),
        outlet_id=outlet.id,
        maker_id=maker.id,
        state=PullOutState.ANNOUNCED,
        reason=reason,
        note=parse_text(note, field="note", maximum=240),
        collect_by_on=collect_by_on,
        announced_at=clock.now(),
        announced_by_id=actor.user_id,
        handed_to="",
        lines=[PullOutLine(level_id=level_id, quantity=units, returned=0, written_off=0) for level_id, units in sorted(wanted.items())],
    )
    session.add(pull_out)
    session.flush()
    details = {"maker": maker.slug, "units": sum(wanted.values()), "reason": reason.value}
    audit.record(session, actor, action, f"pull_out:{pull_out.code}", details)
    return pull_out


def finish_pull_out(session: Session, actor: Actor, pull_out_id: int, done: Mapping[int, Done], handed_to: str) -> PullOut:
    """The maker collected the goods, or they were destroyed; `done` is by line id and names every line. Booked once."""
    pull_out = _lock(session, actor, pull_out_id)
    handed_to = parse_text(" ".join(handed_to.split()), field="handed_to", maximum=120)
    if not any(each.returned or each.written_off for each in done.values()):
        raise InvalidInput(N_("Please say how many units are to go back."))
    if any(each.returned for each in done.values()) and len(handed_to) < 2:
        raise InvalidInput(N_("Please write who took the goods."), field="handed_to")
    for line in pull_out.lines:
        said = done.get(line.id)
        if said is None:
            raise InvalidInput(N_("Please say of every line how many went back."), field="returned")
        line.returned = check_range(said.returned, 0, line.quantity, f"returned-{line.id}")
        line.written_off = check_range(said.written_off, 0, line.quantity - said.returned, f"written_off-{line.id}")
    reference = f"pull_out:{pull_out.code}"
    back = [Change(line.level_id, -line.returned) for line in pull_out.lines if line.returned]
    stock_moves.change_levels(session, actor, back, MovementKind.RETURNED_TO_MAKER, reference=reference, reason=handed_to)
    for cause in LossCause:
        lost = [Change(line.level_id, -line.written_off) for line in pull_out.lines if line.written_off and done[line.id].cause is cause]
        stock_moves.change_levels(session, actor, lost, MovementKind.WRITTEN_OFF, reference=reference, reason=pull_out.note, cause=cause)
    book_losses(session, level_ids=sorted(line.level_id for line in pull_out.lines if line.written_off))
    pull_out.state, pull_out.done_at, pull_out.done_by_id = PullOutState.DONE, clock.now(), actor.user_id
    pull_out.handed_to = handed_to
    details = {"returned": sum(line.returned for line in pull_out.lines), "written_off": sum(line.written_off for line in pull_out.lines)}
    audit.record(session, actor, "pull_out.done", f"pull_out:{pull_out.code}", details)
    session.flush()
    return pull_out


def cancel_pull_out(session: Session, actor: Actor, pull_out_id: int) -> PullOut:
    """The goods stay on the shelf after all."""
    pull_out = _lock(session, actor, pull_out_id)
    pull_out.state = PullOutState.CANCELLED
    audit.record(session, actor, "pull_out.cancelled", f"pull_out:{pull_out.code}")
    session.flush()
    return pull_out


def take_back_request(session: Session, actor: Actor, pull_out_id: int) -> None:
    """The maker leaves on the shelf what it asked for; the caller has checked that `actor` speaks for the maker. Twice is once.

    Raises Conflict when the goods were collected, or when the outlet wants them to go.
    """
    is_asked = (PullOut.id == pull_out_id, PullOut.state == PullOutState.ANNOUNCED, PullOut.reason == PullOutReason.ASKED)
    taken_back = update(PullOut).where(*is_asked).values(state=PullOutState.CANCELLED).returning(PullOut.code)
    code = session.scalar(taken_back, execution_options={"synchronize_session": False})
    if code is not None:
        audit.record(session, actor, "pull_out.cancelled", f"pull_out:{code}")
    elif session.scalar(select(PullOut.state).where(PullOut.id == pull_out_id)) is not PullOutState.CANCELLED:
        raise Conflict(N_("These goods are not waiting for you any more. Please talk to the people at the outlet."))


def get_pull_out(session: Session, actor: Actor, permission: Permission, code: str) -> PullOut:
    """A pull-out of an outlet in reach with its lines; NotFound elsewhere."""
    found = session.scalar(_whole().where(PullOut.code == code.strip().upper()))
    if found is None or not actor.can(permission, area_code=found.outlet.area_code, outlet_id=found.outlet_id):
        raise NotFound
    return found


def _check_levels(session: Session, outlet: Outlet, maker: Maker, wanted: Mapping[int, int]) -> None:
    """Every level is this maker's at this outlet and has that many free units."""
    rows = session.execute(
        select(StockLevel.id, StockLevel.on_hand - StockLevel.held, Batch.lot_code)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(StockLevel.id.in_(wanted), StockLevel.outlet_id == outlet.id, Product.maker_id == maker.id)
    ).all()
    if len(rows) != len(wanted):
        raise NotFound
    for level_id, free, lot in rows:
        check_range(wanted[level_id], 1, 100_000, f"units-{level_id}")
        if wanted[level_id] > free:
            raise stock_moves.NotOnShelf(field=f"units-{level_id}", free=free, lot=lot)


def _lock(session: Session, actor: Actor, pull_out_id: int) -> PullOut:
    session.execute(select(PullOut.id).where(PullOut.id == pull_out_id).with_for_update())
    found = session.scalars(_whole().where(PullOut.id == pull_out_id).execution_options(populate_existing=True)).unique().one()
    _check_may(actor, found.outlet)
    if found.state is not PullOutState.ANNOUNCED:
        raise Conflict
    return found


def _whole() -> Select[PullOut]:
    return select(PullOut).options(joinedload(PullOut.outlet), joinedload(PullOut.maker), selectinload(PullOut.lines))


def _check_may(actor: Actor, outlet: Outlet) -> None:
    if not actor.can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
