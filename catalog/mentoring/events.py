"""Trainings and other events: villages are invited, people register, and who was there is marked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.models.area import Area, AreaLevel
from catalog.models.maker import Maker
from catalog.models.mentoring import EventAttendee, EventKind, EventState, EventVillage, ProgrammeEvent
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor, Permission, covers
from kernel.phones import normalise_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What, where and when; `villages` are the codes of those invited."""

    kind: EventKind
    title: str
    place: str
    held_on: date
    hours: str = ""
    about: str = ""
    villages: Collection[str] = ()


def create_event(session: Session, actor: Actor, area_code: str, facts: EventFacts, *, is_sample: bool = False) -> ProgrammeEvent:
    """Plan an event in an area and invite villages below it."""
    ensure_can(actor, Permission.MENTOR_MAKERS, area_code)
    event = ProgrammeEvent(
        area_code=area_code,
        state=EventState.PLANNED,
        is_sample=is_sample,
        created_by_id=actor.user_id,
        created_at=clock.now(),
        **_texts(facts),
    )
    session.add(event)
    session.flush()
    invite(session, actor, event, facts.villages)
    audit.record(session, actor, "event.create", subject_of(event), {"village": area_code})
    return event


def change_event(session: Session, actor: Actor, event: ProgrammeEvent, facts: EventFacts) -> ProgrammeEvent:
    """Correct what is said about an event, and invite further villages; nobody is taken off the list."""
    ensure_can(actor, Permission.MENTOR_MAKERS, event.area_code)
    _ensure_open(event)
    for name, value in _texts(facts).items():
        setattr(event, name, value)
    session.flush()
    invite(session, actor, event, facts.villages)
    audit.record(session, actor, "event.update", subject_of(event))
    return event


def invite(session: Session, actor: Actor, event: ProgrammeEvent, villages: Collection[str]) -> int:
    """Invite villages below the event's area; how many of them are new."""
    ensure_can(actor, Permission.MENTOR_MAKERS, event.area_code)
    statement = select(Area.code).where(Area.code.in_(villages), Area.level == AreaLevel.VILLAGE)
    known = [code for code in session.scalars(statement) if covers(event.area_code, code)]
    if len(known) != len(set(villages)):
        raise InvalidInput(N_("Please choose villages of the event's area."), field="villages")
    return len(insert_new(session, EventVillage, [{"event_id": event.id, "village_code": code} for code in known])) if known else 0


def register(
    session: Session, actor: Actor, event: ProgrammeEvent, village_code: str, name: str, *, phone: str = "", maker: Maker | None = None
) -> EventAttendee:
    """Somebody of an invited village will come, or came without a word before. The same name of a village counts once."""
    ensure_can(actor, Permission.MENTOR_MAKERS, event.area_code)
    _ensure_open(event)
    invited = session.scalar(select(EventVillage.id).where(EventVillage.event_id == event.id, EventVillage.village_code == village_code))
    if invited is None:
        raise InvalidInput(N_("This village is not invited."), field="village")
    values = {
        "code": make_code(),
        "event_id": event.id,
        "village_code": village_code,
        "maker_id": maker.id if maker else None,
        "name": parse_text(" ".join(name.split()), field="name", maximum=120, required=True),
        "phone": normalise_phone(phone, field="phone") if phone else "",
        "registered_at": clock.now(),
        "attended_at": None,
    }
    if not insert_new(session, EventAttendee, [values]):
        raise Conflict(N_("This person is on the list already."))
    audit.record(session, actor, "event.register", subject_of(event), {"village": village_code})
    return session.scalars(select(EventAttendee).where(EventAttendee.code == values["code"])).one()


def mark(session: Session, actor: Actor, event: ProgrammeEvent, present: Collection[str]) -> int:
    """Note who of the list was there (attendees' codes; everybody else was not); how many were. The event is then held."""
    ensure_can(actor, Permission.MENTOR_MAKERS, event.area_code)
    _ensure_open(event)
    if event.held_on > clock.today():
        raise InvalidInput(N_("This day has not come yet."))
    moment, there = clock.now(), 0
    for attendee in session.scalars(select(EventAttendee).where(EventAttendee.event_id == event.id).with_for_update()):
        is_there = attendee.code in present
        there += is_there
        if is_there != (attendee.attended_at is not None):
            attendee.attended_at = moment if is_there else None
    event.state = EventState.HELD
    session.flush()
    audit.record(session, actor, "event.mark", subject_of(event), {"quantity": there})
    return there


def cancel(session: Session, actor: Actor, event: ProgrammeEvent) -> None:
    """Call off an event that was not held."""
    ensure_can(actor, Permission.MENTOR_MAKERS, event.area_code)
    if event.state is not EventState.PLANNED:
        raise Conflict(N_("Only a planned event can be called off."))
    event.state = EventState.CANCELLED
    session.flush()
    audit.record(session, actor, "event.cancelled", subject_of(event))


def get_event(session: Session, actor: Actor, code: str) -> ProgrammeEvent:
    """An event that this person may know of: in their area, or around it. NotFound elsewhere."""
    event = session.scalar(select(ProgrammeEvent).where(ProgrammeEvent.code == code.strip().upper()))
    if event is None or not is_seen(actor, event.area_code):
        raise NotFound
    return event


def is_seen(actor: Actor, area_code: str) -> bool:
    """Whether an event of an area concerns this person: a district's mentor comes to the regency's training."""
    prefixes = actor.area_prefixes(Permission.VIEW_CURATION)
    return any(covers(prefix, area_code) or covers(area_code, prefix) for prefix in prefixes)


def subject_of(event: ProgrammeEvent) -> str:
    """How the audit trail calls it."""
    return f"event:{event.code}"


def _texts(facts: EventFacts) -> dict[str, object]:
    return {
        "kind": parse_choice(EventKind, facts.kind, field="kind"),
        "title": parse_text(facts.title, field="title", maximum=120, required=True),
        "place": parse_text(facts.place, field="place", maximum=160, required=True),
        "hours": parse_text(facts.hours, field="hours", maximum=40),
        "about": parse_text(facts.about, field="about", maximum=1_000),
        "held_on": facts.held_on,
    }


def _ensure_open(event: ProgrammeEvent) -> None:
    if event.state is EventState.CANCELLED:
        raise Conflict(N_("This event was called off."))
