"""Reads for the pages of mentoring, as far as the area reaches; lists take a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from catalog.desk import below
from catalog.mentoring.events import is_seen
from catalog.mentoring.reach import seen_by
from catalog.models.area import Area
from catalog.models.curation import ImprovementItem
from catalog.models.maker import Maker
from catalog.models.mentoring import (
    ActionItem,
    EventAttendee,
    EventVillage,
    MentorAssignment,
    ProgrammeEvent,
    Referral,
    Visit,
)
from catalog.models.product import Product
from kernel.errors import NotFound
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission, User

PAGE_SIZE = 30
#: A planned visit that did not take place is shown as missed for so many days.
MISSED_FOR = timedelta(days=60)
_Later = aliased(Visit, name="later")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a maker has come: visits by month (first day, how many), and action items."""

    months: Sequence[tuple[date, int]]
    open: int
    overdue: int
    done: int

    @property
    def done_share(self) -> int:
        """Done of all, in percent."""
        return round(100 * self.done / (self.open + self.done)) if self.open + self.done else 0


@dataclass(frozen=True, slots=True)
class VillageAttendance:
    """One village at an event."""

    village: Area
    registered: int
    attended: int


@dataclass(frozen=True, slots=True)
class MentoringCounts:
    """What the first page says."""

    visits: int
    open_items: int
    overdue_items: int
    planned_visits: int


def list_visits(session: Session, actor: Actor, *, maker: str = "", area: str = "", mentor: str = "", page: int = 1) -> Page[Visit]:
    """Visits in reach, the latest first, with mentor, maker, village and photos."""
    statement = select(Visit).where(seen_by(actor, Visit.village_code)).order_by(Visit.visited_on.desc(), Visit.id.desc())
    if maker:
        statement = statement.where(Visit.maker_id.in_(select(Maker.id).where(Maker.slug == maker)))
    if area:
        statement = statement.where(below(Visit.village_code, [area]))
    if mentor:
        statement = statement.where(Visit.mentor_id.in_(select(User.id).where(User.code == mentor)))
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_visit_options())


def list_planned(session: Session, actor: Actor, today: date, limit: int = 20) -> list[Visit]:
    """The last visit to each maker or village that named the next day, the earliest day first; missed days lie before `today`."""
    statement = select(Visit).where(seen_by(actor, Visit.village_code), _is_planned(today)).order_by(Visit.next_on, Visit.id)
    return list(
        session.scalars(statement.limit(limit).options(joinedload(Visit.mentor), joinedload(Visit.maker), joinedload(Visit.village)))
    )


def get_visit(session: Session, actor: Actor, code: str) -> Visit:
    """One visit in reach; NotFound elsewhere."""
    visit = session.scalar(select(Visit).where(Visit.code == code.strip().upper()).options(*_visit_options()))
    if visit is None or not actor.can(Permission.VIEW_CURATION, area_code=visit.village_code):
        raise NotFound
    return visit


def list_items(session: Session, actor: Actor, today: date, *, show: str = "open", maker: str = "", page: int = 1) -> Page[ActionItem]:
    """Action items in reach: "open" and "overdue" by their day, "done" the latest first; maker and improvement loaded."""
    statement = select(ActionItem).join(Maker, Maker.id == ActionItem.maker_id).where(seen_by(actor, Maker.village_code))
    if show == "done":
        statement = statement.where(ActionItem.done_at.is_not(None)).order_by(ActionItem.done_at.desc(), ActionItem.id.desc())
    else:
        statement = statement.where(ActionItem.done_at.is_(None)).order_by(ActionItem.due_on, ActionItem.id)
    if show == "overdue":
        statement = statement.where(ActionItem.due_on < today)
    if maker:
        statement = statement.where(Maker.slug == maker)
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_item_options())


def list_items_of(session: Session, maker: Maker, *, visit: Visit | None = None) -> list[ActionItem]:
    """All items of a maker, or those of one visit: open ones by their day, then the done ones."""
    statement = select(ActionItem).where(ActionItem.maker_id == maker.id)
    if visit is not None:
        statement = statement.where(ActionItem.visit_id == visit.id)
    order = (case((ActionItem.done_at.is_(None), 0), else_=1), ActionItem.due_on, ActionItem.id)
    return list(session.scalars(statement.order_by(*order).options(*_item_options())))


def list_improvements_to_take_up(session: Session, maker: Maker) -> list[ImprovementItem]:
    """What decisions asked of the maker and nobody took up as an action item, the latest first."""
    taken = select(ActionItem.id).where(ActionItem.improvement_id == ImprovementItem.id, ActionItem.done_at.is_(None)).exists()
    statement = (
        select(ImprovementItem)
        .join(Product, Product.id == ImprovementItem.product_id)
        .where(Product.maker_id == maker.id, ImprovementItem.done_at.is_(None), ~taken)
        .options(joinedload(ImprovementItem.criterion), joinedload(ImprovementItem.product))
        .order_by(ImprovementItem.id.desc())
    )
    return list(session.scalars(statement))


def list_assignments(session: Session, actor: Actor, today: date, *, mine: bool = False, ended: bool = False) -> list[MentorAssignment]:
    """Assignments in reach that stand today, or those that ended; mentor, maker and village loaded."""
    standing = or_(MentorAssignment.ends_on.is_(None), MentorAssignment.ends_on >= today)
    statement = select(MentorAssignment).where(seen_by(actor, MentorAssignment.village_code), ~standing if ended else standing)
    if mine:
        statement = statement.where(MentorAssignment.mentor_id == actor.user_id)
    options = (joinedload(MentorAssignment.mentor), joinedload(MentorAssignment.maker), joinedload(MentorAssignment.village))
    return list(session.scalars(statement.options(*options).order_by(MentorAssignment.starts_on.desc(), MentorAssignment.id.desc())))


def list_units(session: Session, actor: Actor, today: date, limit: int = 300) -> list[Maker]:
    """Makers this person may write a visit to: those assigned to them in front, then by name."""
    ids = set(session.scalars(_assigned(actor, today)))
    statement = select(Maker).where(below(Maker.village_code, actor.area_prefixes(Permission.MENTOR_MAKERS)))
    makers = session.scalars(statement.options(joinedload(Maker.village)).order_by(Maker.name, Maker.id).limit(limit)).all()
    return sorted(makers, key=lambda maker: maker.id not in ids)


def get_progress(session: Session, maker: Maker, today: date, months: int = 12) -> Progress:
    """Visits of the last months and what became of the action items. Two statements."""
    first = _months_before(today, months - 1)
    days = session.scalars(select(Visit.visited_on).where(Visit.maker_id == maker.id, Visit.visited_on >= first)).all()
    counted = {_months_before(today, back): 0 for back in range(months - 1, -1, -1)}
    for day in days:
        if day.replace(day=1) in counted:
            counted[day.replace(day=1)] += 1
    is_open = ActionItem.done_at.is_(None)
    row = session.execute(
        select(
            func.count(case((is_open, 1))), func.count(case((is_open & (ActionItem.due_on < today), 1))), func.count(ActionItem.done_at)
        ).where(ActionItem.maker_id == maker.id)
    ).one()
    return Progress(list(counted.items()), row[0], row[1], row[2])


def count_mentoring(session: Session, actor: Actor, today: date) -> MentoringCounts:
    """For the first page: visits of the last 30 days, what is open, what is late, and visits that are planned. Two statements."""
    visits = select(func.count(case((Visit.visited_on > today - timedelta(days=30), 1))), func.count(case((_is_planned(today), 1)))).where(
        seen_by(actor, Visit.village_code)
    )
    is_open = ActionItem.done_at.is_(None)
    items = (
        select(func.count(case((is_open, 1))), func.count(case((is_open & (ActionItem.due_on < today), 1))))
        .join(Maker, Maker.id == ActionItem.maker_id)
        .where(seen_by(actor, Maker.village_code))
    )
    (seen, planned), (left, late) = session.execute(visits).one(), session.execute(items).one()
    return MentoringCounts(seen, left, late, planned)


# Events.


def list_events(session: Session, actor: Actor, today: date, *, past: bool = False) -> list[tuple[ProgrammeEvent, int, int]]:
    """Events that concern this person with how many registered and attended: coming ones by day, past ones the latest first."""
    numbers = (
        select(EventAttendee.event_id, func.count().label("registered"), func.count(EventAttendee.attended_at).label("attended"))
        .group_by(EventAttendee.event_id)
        .subquery()
    )
    order = ProgrammeEvent.held_on.desc() if past else ProgrammeEvent.held_on
    statement = (
        select(ProgrammeEvent, func.coalesce(numbers.c.registered, 0), func.coalesce(numbers.c.attended, 0))
        .outerjoin(numbers, numbers.c.event_id == ProgrammeEvent.id)
        .where(ProgrammeEvent.held_on < today if past else ProgrammeEvent.held_on >= today)
        .options(joinedload(ProgrammeEvent.area))
        .order_by(order, ProgrammeEvent.id)
        .limit(200)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement) if is_seen(actor, row[0].area_code)]


def list_attendees(session: Session, actor: Actor, event: ProgrammeEvent) -> list[EventAttendee]:
    """Who registered from this person's villages, by village and name."""
    statement = (
        select(EventAttendee)
        .join(Area, Area.code == EventAttendee.village_code)
        .where(EventAttendee.event_id == event.id, seen_by(actor, EventAttendee.village_code))
        .options(joinedload(EventAttendee.village), joinedload(EventAttendee.maker))
        .order_by(Area.name, EventAttendee.name)
    )
    return list(session.scalars(statement))


def list_attendance(session: Session, actor: Actor, event: ProgrammeEvent) -> list[VillageAttendance]:
    """The invited villages of this person's area with their numbers, also those from which nobody came."""
    numbers = (
        select(EventAttendee.village_code, func.count().label("registered"), func.count(EventAttendee.attended_at).label("attended"))
        .where(EventAttendee.event_id == event.id)
        .group_by(EventAttendee.village_code)
        .subquery()
    )
    statement = (
        select(Area, func.coalesce(numbers.c.registered, 0), func.coalesce(numbers.c.attended, 0))
        .join(EventVillage, EventVillage.village_code == Area.code)
        .outerjoin(numbers, numbers.c.village_code == Area.code)
        .where(EventVillage.event_id == event.id, seen_by(actor, EventVillage.village_code))
        .options(joinedload(Area.parent))
        .order_by(Area.name, Area.code)
    )
    return [VillageAttendance(row[0], row[1], row[2]) for row in session.execute(statement)]


def list_referrals(session: Session, actor: Actor, *, organisation: str = "", maker: str = "", page: int = 1) -> Page[Referral]:
    """Referrals of makers in reach, the latest changed first, with both sides."""
    statement = select(Referral).join(Maker, Maker.id == Referral.maker_id).where(seen_by(actor, Maker.village_code))
    if organisation:
        statement = statement.where(Referral.organisation.has(code=organisation))
    if maker:
        statement = statement.where(Maker.slug == maker)
    ordered = statement.order_by(Referral.changed_at.desc(), Referral.id.desc())
    options = (joinedload(Referral.maker), joinedload(Referral.organisation))
    return read_page(session, ordered, number=page, size=PAGE_SIZE, options=options)


def _assigned(actor: Actor, today: date) -> Select[int]:
    """Ids of makers that stand in an assignment of this person, by themselves or through their village."""
    standing = (
        MentorAssignment.mentor_id == actor.user_id,
        MentorAssignment.starts_on <= today,
        or_(MentorAssignment.ends_on.is_(None), MentorAssignment.ends_on >= today),
    )
    whole = select(MentorAssignment.village_code).where(*standing, MentorAssignment.maker_id.is_(None))
    alone = select(MentorAssignment.maker_id).where(*standing, MentorAssignment.maker_id.is_not(None))
    return select(Maker.id).where(or_(Maker.id.in_(alone), Maker.village_code.in_(whole)))


def _is_planned(today: date) -> ColumnElement[bool]:
    """It names the next day, and nobody went there since."""
    of_maker = and_(Visit.maker_id.is_not(None), _Later.maker_id == Visit.maker_id)
    of_village = and_(Visit.maker_id.is_(None), _Later.maker_id.is_(None), _Later.village_code == Visit.village_code)
    is_later = or_(_Later.visited_on > Visit.visited_on, and_(_Later.visited_on == Visit.visited_on, _Later.id > Visit.id))
    went = select(_Later.id).where(or_(of_maker, of_village), is_later).exists()
    return and_(Visit.next_on >= today - MISSED_FOR, ~went)


def _visit_options() -> tuple[Any, ...]:
    village = joinedload(Visit.village).joinedload(Area.parent)
    return joinedload(Visit.mentor), joinedload(Visit.maker), village, selectinload(Visit.photos)


def _item_options() -> tuple[Any, ...]:
    return joinedload(ActionItem.maker), joinedload(ActionItem.improvement).joinedload(ImprovementItem.criterion)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
