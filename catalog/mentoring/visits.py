"""Visits: what a mentor saw, with pictures, and what is to be done next. The same form sent twice is one visit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.mentoring.reach import ensure_mentors
from catalog.models.maker import Maker
from catalog.models.mentoring import Visit, VisitPhoto
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.parsing import parse_text
from kernel.people import Actor

MOST_PHOTOS = 6
LONGEST = 4_000
_TOKEN = re.compile(r"[0-9A-Za-z_-]{16,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """What somebody noted on the way. Coordinates only with consent, both or none."""

    token: str
    visited_on: date
    seen: str
    agreed: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    next_on: date | None = None


def record_visit(
    session: Session, actor: Actor, unit: Maker | str, facts: VisitFacts, photos: Sequence[str] = (), *, is_sample: bool = False
) -> tuple[Visit, bool]:
    """The visit, and whether it is new: a form with a token that came in already changes nothing.

    `unit` is a maker or a village's code; `photos` are names of private files that the caller stored.
    """
    village = unit.village_code if isinstance(unit, Maker) else unit
    ensure_mentors(actor, village)
    row = _checked(facts) | {
        "code": make_code(),
        "mentor_id": actor.user_id,
        "maker_id": unit.id if isinstance(unit, Maker) else None,
        "village_code": village,
        "is_sample": is_sample,
        "created_at": clock.now(),
    }
    if len(photos) > MOST_PHOTOS:
        raise InvalidInput(N_("There can be at most %(maximum)s photos; remove one first."), field="photos", maximum=MOST_PHOTOS)
    is_new = bool(insert_new(session, Visit, [row]))
    visit = session.scalars(select(Visit).where(Visit.token == facts.token)).one()
    if not is_new:
        if visit.mentor_id != actor.user_id:
            raise InvalidInput(N_("This form cannot be used again. Please open a new one."))
        return visit, False
    session.add_all(VisitPhoto(visit_id=visit.id, position=place, name=name) for place, name in enumerate(photos))
    session.flush()
    subject = f"maker:{unit.slug}" if isinstance(unit, Maker) else f"area:{village}"
    audit.record(session, actor, "visit.record", subject, {"visit": visit.code, "day": facts.visited_on.isoformat(), "photos": len(photos)})
    return visit, True


def find_by_token(session: Session, actor: Actor, token: str) -> Visit | None:
    """This person's visit that came in with this form already: nothing needs to be prepared for it again."""
    return session.scalar(select(Visit).where(Visit.token == token, Visit.mentor_id == actor.user_id))


def _checked(facts: VisitFacts) -> dict[str, object]:
    if not _TOKEN.fullmatch(facts.token):
        raise InvalidInput(N_("This form cannot be used again. Please open a new one."))
    if facts.visited_on > clock.today():
        raise InvalidInput(N_("This day has not come yet."), field="visited_on")
    if facts.next_on is not None and facts.next_on < facts.visited_on:
        raise InvalidInput(N_("The next visit must come after this one."), field="next_on")
    if (facts.latitude is None) != (facts.longitude is None):
        raise InvalidInput(N_("Type both latitude and longitude, or neither."), field="latitude")
    _check_degrees(facts.latitude, 90, "latitude")
    _check_degrees(facts.longitude, 180, "longitude")
    return {
        "token": facts.token,
        "visited_on": facts.visited_on,
        "next_on": facts.next_on,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "place": parse_text(facts.place, field="place", maximum=120),
        "seen": parse_text(facts.seen, field="seen", maximum=LONGEST, required=True),
        "agreed": parse_text(facts.agreed, field="agreed", maximum=LONGEST),
    }


def _check_degrees(value: float | None, most: int, field: str) -> None:
    if value is not None and not -most <= value <= most:
        raise InvalidInput(N_("This is no place on earth."), field=field)
