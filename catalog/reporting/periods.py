"""Periods of reports: opened for an area, locked with a seal over all figures, opened again by an administrator with a reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.access import ensure_can
from catalog.areas import ancestors_of, get_area
from catalog.models.area import AreaLevel
from catalog.models.reporting import PeriodState, PeriodStep, ReportPeriod, VillageReport
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.parsing import parse_text
from kernel.people import Actor, Permission, covers

LONGEST_DAYS = 366


class PeriodLocked(Conflict):
    """Nothing in it changes any more."""

    message = N_("This period is locked. Only an administrator can open it again, with a reason.")


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """What a period is: its name and days, and until when reports are asked for."""

    name: str
    first_on: date
    last_on: date
    due_on: date


def open_period(session: Session, actor: Actor, area_code: str, new: NewPeriod, *, is_sample: bool = False) -> ReportPeriod:
    """Ask the villages of an area for reports. No two periods of a village share a day."""
    ensure_can(actor, Permission.MANAGE_PERIODS, area_code)
    area = get_area(session, area_code)
    if area.level not in (AreaLevel.PROVINCE, AreaLevel.REGENCY):
        raise InvalidInput(N_("Periods belong to a province or a regency."), field="area")
    name = parse_text(new.name, field="name", maximum=60, required=True)
    if new.last_on < new.first_on:
        raise InvalidInput(N_("The last day lies before the first one."), field="last_on")
    if (new.last_on - new.first_on).days >= LONGEST_DAYS:
        raise InvalidInput(N_("A period lasts a year at most."), field="last_on")
    if new.due_on < new.first_on:
        raise InvalidInput(N_("Reports cannot be due before the period begins."), field="due_on")
    branch = or_(ReportPeriod.area_code.in_([*ancestors_of(area_code), area_code]), ReportPeriod.area_code.startswith(f"{area_code}."))
    if session.scalar(select(exists().where(branch, ReportPeriod.first_on <= new.last_on, ReportPeriod.last_on >= new.first_on))):
        raise Conflict(N_("Another period covers some of these days already."))
    period = ReportPeriod(
        area_code=area_code,
        name=name,
        first_on=new.first_on,
        last_on=new.last_on,
        due_on=new.due_on,
        state=PeriodState.OPEN,
        is_sample=is_sample,
        opened_at=clock.now(),
    )
    session.add(period)
    session.flush()
    _note(session, actor, period, "open", "")
    return period


def lock_period(session: Session, actor: Actor, period_id: int) -> ReportPeriod:
    """From now on nothing in it changes; what every report said is sealed."""
    period = hold_period(session, period_id)
    ensure_can(actor, Permission.MANAGE_PERIODS, period.area_code)
    if period.state is PeriodState.LOCKED:
        return period
    period.state, period.locked_at = PeriodState.LOCKED, clock.now()
    period.seal = reckon_seal(session, period)
    _note(session, actor, period, "lock", "")
    return period


def reopen_period(session: Session, actor: Actor, period_id: int, reason: str) -> ReportPeriod:
    """Let changes in again; an administrator says why. The seal of the lock stays on record."""
    period = hold_period(session, period_id)
    ensure_can(actor, Permission.REOPEN_PERIODS, period.area_code)
    reason = parse_text(reason, field="reason", maximum=500, required=True)
    if period.state is PeriodState.OPEN:
        raise Conflict
    period.state, period.locked_at = PeriodState.OPEN, None
    _note(session, actor, period, "reopen", reason)
    period.seal = ""
    session.flush()
    return period


def reckon_seal(session: Session, period: ReportPeriod) -> str:
    """SHA-256 over the code, state and digest of every report of the period, in the order of their codes."""
    rows = session.execute(
        select(VillageReport.code, VillageReport.state, VillageReport.digest)
        .where(VillageReport.period_id == period.id)
        .order_by(VillageReport.code)
    )
    return hashlib.sha256("\n".join(f"{code} {state.value} {digest}" for code, state, digest in rows).encode()).hexdigest()


def hold_period(session: Session, period_id: int) -> ReportPeriod:
    """The row for whoever locks or reopens: nobody's report changes meanwhile."""
    statement = select(ReportPeriod).where(ReportPeriod.id == period_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def share_period(session: Session, period_id: int) -> ReportPeriod:
    """The row for whoever changes a report in it, beside others who do; PeriodLocked once it is. It stays open until they commit."""
    statement = select(ReportPeriod).where(ReportPeriod.id == period_id)
    period = session.scalars(statement.with_for_update(read=True).execution_options(populate_existing=True)).one()
    if period.state is PeriodState.LOCKED:
        raise PeriodLocked
    return period


def get_period(session: Session, actor: Actor, code: str) -> ReportPeriod:
    """A period that has to do with the person's area: theirs, one above it, or one within it. With its area; NotFound elsewhere."""
    statement = select(ReportPeriod).where(ReportPeriod.code == code.strip().upper()).options(joinedload(ReportPeriod.area))
    period = session.scalar(statement)
    prefixes = actor.area_prefixes(Permission.VIEW_PROGRAMME)
    if period is None or not any(covers(prefix, period.area_code) or covers(period.area_code, prefix) for prefix in prefixes):
        raise NotFound
    return period


def list_periods(session: Session, area_code: str) -> list[ReportPeriod]:
    """The periods in which an area reports, and those within it, the latest first; their areas loaded."""
    branch = or_(ReportPeriod.area_code.in_([*ancestors_of(area_code), area_code]), ReportPeriod.area_code.startswith(f"{area_code}."))
    statement = select(ReportPeriod).where(branch).options(joinedload(ReportPeriod.area))
    return list(session.scalars(statement.order_by(ReportPeriod.first_on.desc(), ReportPeriod.area_code)))


def list_period_steps(session: Session, period: ReportPeriod) -> list[PeriodStep]:
    """When it was opened, locked and opened again, the latest first."""
    return list(session.scalars(select(PeriodStep).where(PeriodStep.period_id == period.id).order_by(PeriodStep.id.desc())))


def _note(session: Session, actor: Actor, period: ReportPeriod, act: str, reason: str) -> None:
    session.add(
        PeriodStep(
            period_id=period.id,
            act=act,
            reason=reason,
            seal=period.seal,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=clock.now(),
        )
    )
    session.flush()
    audit.record(
        session, actor, f"period.{act}", f"period:{period.code}", {"area": period.area_code, "reason": reason, "seal": period.seal}
    )
