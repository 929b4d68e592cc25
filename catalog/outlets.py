"""Outlets: opening one, and what buyers read of it: name, place, phone and opening hours; each change kept with its author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import find_area
from catalog.models.area import AreaLevel
from catalog.models.stock import Outlet
from catalog.slugs import make_slug
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed
from kernel.parsing import parse_date, parse_text
from kernel.people import Actor, Permission
from kernel.phones import normalise_phone

#: From when to when, on the outlet's own clock; None on a day it stays closed.
Hours = tuple[str, str] | None
#: Whoever leads an outlet changes these; the others say who the merchant of record is and where, and are the administrator's.
BY_LEAD = ("address", "phone", "latitude", "longitude", "opening_hours", "days_off")
#: So many days of closing can be told ahead.
MOST_DAYS_OFF = 60
_LENGTHS = {"name": 120, "operator_name": 160, "address": 240}
#: It stands in receipt numbers and on labels.
_CODE = re.compile(r"[A-Z0-9]{3,8}", re.ASCII)
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_SHOWN = re.compile(r"([0-9]{1,2})(?:[.:]([0-9]{2}))?\s*[-–—]\s*([0-9]{1,2})(?:[.:]([0-9]{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletFacts:
    """What is known of an outlet. The operator is the merchant of record; hours are seven entries from Monday."""

    name: str
    operator_name: str
    area_code: str
    address: str
    zone: str
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None
    opening_hours: Sequence[Hours] = (None,) * 7
    #: Days on which it stays closed whatever the week says.
    days_off: Sequence[date] = ()


def open_outlet(session: Session, actor: Actor, code: str, facts: OutletFacts) -> Outlet:
    """A new outlet under a short code that stays. Raises NotAllowed, InvalidInput, and Conflict for a code that is taken."""
    ensure_can(actor, Permission.MANAGE_PEOPLE, "")
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        raise InvalidInput(N_("A code has 3 to 8 letters and digits, such as RANTAU."), field="code")
    facts = _checked(session, facts)
    if session.scalar(select(func.count()).select_from(Outlet).where(Outlet.code == code)):
        raise Conflict(N_("Another outlet has this code."), field="code")
    outlet = Outlet(code=code, slug=make_slug(session, Outlet.slug, facts.name, "outlet"), **_columns(facts))
    session.add(outlet)
    session.flush()
    audit.record(session, actor, "outlet.open", f"outlet:{outlet.code}")
    return outlet


def change_outlet(session: Session, actor: Actor, outlet: Outlet, facts: OutletFacts) -> Outlet:
    """Correct what buyers read. Whoever leads the outlet changes place, phone and hours; the rest is the administrator's."""
    if not actor.can(Permission.MANAGE_MONEY, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    wanted = _columns(_checked(session, facts))
    changes = {name: {"from": getattr(outlet, name), "to": value} for name, value in wanted.items() if getattr(outlet, name) != value}
    if not may_change_all(actor) and set(changes) - set(BY_LEAD):
        raise NotAllowed
    for name in changes:
        setattr(outlet, name, wanted[name])
    if changes:
        audit.record(session, actor, "outlet.change", f"outlet:{outlet.code}", changes)
    session.flush()
    return outlet


def may_change_all(actor: Actor) -> bool:
    """Whether the person may open outlets and say who runs them."""
    return actor.can(Permission.MANAGE_PEOPLE, area_code="")


def facts_of(outlet: Outlet) -> OutletFacts:
    """What is known of an outlet, to show in a form."""
    values = {field.name: getattr(outlet, field.name) for field in fields(OutletFacts)}
    hours = [tuple(pair) if pair else None for pair in outlet.opening_hours]
    return OutletFacts(**values | {"opening_hours": hours, "days_off": [date.fromisoformat(day) for day in outlet.days_off]})


def parse_hours(text: str) -> Hours:
    """`08.00–20.00`, `8-20` or `08:00 - 20:30` as a pair of texts; None for an empty box. InvalidInput otherwise."""
    if not text.strip():
        return None
    found = _SHOWN.fullmatch(text.strip())
    pair = (_two(found[1], found[2]), _two(found[3], found[4])) if found else ("", "")
    if not all(_CLOCK.fullmatch(each) for each in pair):
        raise InvalidInput(N_("Type hours such as 08.00–20.00, or leave the day empty when it is closed."), field="opening_hours")
    return pair


def parse_days_off(text: str, *, field: str = "days_off") -> list[date]:
    """Days such as `25/12/2026`, one on a line or with commas between them, in order and once each. InvalidInput otherwise."""
    return sorted({parse_date(each, field=field) for each in re.split(r"[,;\n]", text) if each.strip()})


def _two(hour: str, minute: str | None) -> str:
    return f"{int(hour):02}:{minute or '00'}"


def _columns(facts: OutletFacts) -> dict[str, object]:
    hours = [list(pair) if pair else None for pair in facts.opening_hours]
    return asdict(facts) | {"opening_hours": hours, "days_off": [day.isoformat() for day in sorted(set(facts.days_off))]}


def _checked(session: Session, facts: OutletFacts) -> OutletFacts:
    texts: dict[str, Any] = {
        name: parse_text(getattr(facts, name), field=name, maximum=most, required=True) for name, most in _LENGTHS.items()
    }
    area = find_area(session, facts.area_code)
    if area is None or area.level is not AreaLevel.VILLAGE:
        raise InvalidInput(N_("Choose the village or kelurahan where it stands."), field="area_code")
    if facts.zone not in clock.ZONES:
        raise InvalidInput(field="zone")
    if (facts.latitude is None) != (facts.longitude is None):
        raise InvalidInput(N_("A place on the map has both numbers, or none."), field="latitude")
    if len(facts.opening_hours) != 7 or not all(_is_hours(pair) for pair in facts.opening_hours):
        raise InvalidInput(field="opening_hours")
    if len(facts.days_off) > MOST_DAYS_OFF:
        raise InvalidInput(N_("At most %(most)s days off can be told ahead."), field="days_off", most=MOST_DAYS_OFF)
    return replace(facts, **texts, phone=normalise_phone(facts.phone, field="phone"))


def _is_hours(pair: Hours) -> bool:
    return pair is None or (len(pair) == 2 and all(_CLOCK.fullmatch(each) for each in pair))
