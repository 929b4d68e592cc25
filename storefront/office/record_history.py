"""The audit trail in the office: a panel for the page of any record, and the room in which all of it can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from catalog.areas import display_name, map_areas
from kernel import clock
from kernel.audit import AuditEntry
from kernel.errors import N_, DomainError
from kernel.parsing import parse_date
from kernel.people import GUEST, SYSTEM
from orders import trail
from storefront.audit_details import detail_words, named_areas, named_people
from storefront.audit_words import THINGS, act_words, thing_words
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.pages import asked, asked_page, page_addresses
from storefront.security import current_actor
from storefront.templating import current_settings


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act in words."""

    at: datetime
    who: str
    what: str
    details: list[tuple[str, str]]
    subject: str
    thing: str
    key: str


class History(list[HistoryLine]):
    """What a panel shows; `has_more` when older acts were left out."""

    has_more = False


#: Who acts without an account, in words.
_NAMELESS = {SYSTEM.name: N_("The system"), GUEST.name: N_("A buyer without an account")}
#: The panel shows so many acts, and all of them, as far as a page can bear, to whoever asks (`?history=all`).
SHOWN, ALL = 20, 1_000


def history_of(subjects: Sequence[str], limit: int = SHOWN, **only: str) -> History:
    """The newest acts on records, for the panel of their page; `only` keeps those of a wider record that name this one."""
    limit = ALL if asked("history", 3) == "all" else limit
    found = trail.list_of(reading(), subjects, limit + 1, **only)
    history = History(_lines(found[:limit]))
    history.has_more = len(found) > limit
    return history


def audit_trail() -> ResponseReturnValue:
    """The acts in a person's reach, with filters."""
    zone = current_settings().zone
    today = clock.today(zone)
    problems: list[str] = []
    values = {name: asked(name, 160) for name in ("subject", "person", "action", "from", "until")}
    starts = _day(values["from"], today - trail.USUAL_SPAN, problems)
    ends = _day(values["until"], today, problems)
    action = values["action"] if values["action"].partition(".")[0] in THINGS else ""
    wanted = trail.TrailFilter(starts, ends, values["subject"], values["person"], action)
    page = trail.list_acts(reading(), current_actor(), wanted, zone, page=asked_page())
    person = next(iter(trail.list_people(reading(), [values["person"].upper()])), None) if values["person"] else None
    return render_template(
        "office/audit/audit.html",
        page=page,
        lines=_lines(page.rows),
        wanted=wanted,
        values=values,
        problems=problems,
        person=person.name if person else "",
        things=sorted(((thing, _(name)) for thing, name in THINGS.items()), key=lambda pair: pair[1].lower()),
        page_url=page_addresses("office.audit_trail", **values),
    )


def _lines(entries: Sequence[AuditEntry]) -> list[HistoryLine]:
    """The acts in words, with the names of the areas and people they mention: at most one statement for each."""
    areas = set().union(*(named_areas(entry.details) for entry in entries))
    people = set().union(*(named_people(entry.action, entry.details) for entry in entries))
    names = {code: display_name(area, current_language()) for code, area in map_areas(reading(), areas).items()} if areas else {}
    names |= {person.code: person.name for person in trail.list_people(reading(), sorted(people))} if people else {}
    return [_line(entry, names) for entry in entries]


def _line(entry: AuditEntry, names: Mapping[str, str]) -> HistoryLine:
    who = _(_NAMELESS[entry.actor_name]) if entry.actor_id is None and entry.actor_name in _NAMELESS else entry.actor_name
    key, details = entry.subject.partition(":")[2], detail_words(entry.action, entry.details, names)
    return HistoryLine(entry.at, who, act_words(entry.action), details, entry.subject, thing_words(entry.subject), key)


def _day(text: str, otherwise: date, problems: list[str]) -> date:
    if not text:
        return otherwise
    try:
        return parse_date(text, field="day")
    except DomainError as refusal:
        problems.append(_(refusal.message, **refusal.params))
        return otherwise
