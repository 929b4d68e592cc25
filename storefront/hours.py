"""When a buyer comes, in words: the outlet's week, in which equal days share a line, and the pickup time they chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kernel import clock
from orders.pickup_slots import SLOT
from storefront.contact import Opens, wall_clock, weekday, weekday_names
from storefront.i18n import gettext as _
from storefront.templating import day as day_words

#: So many coming days off are shown.
MOST_OFF = 10


@dataclass(frozen=True, slots=True)
class HoursLine:
    """`Senin–Jumat` and `08.00–20.00 WIB`; `is_today` when today is among the days."""

    days: str
    hours: str
    is_today: bool


def opening_lines(outlet: Opens, today: date) -> list[HoursLine]:
    """From Monday on, then the coming days off; empty when the outlet says nothing about its hours."""
    week = outlet.opening_hours
    groups: list[list[int]] = []
    for index, hours in enumerate(week):
        if groups and week[groups[-1][-1]] == hours:
            groups[-1].append(index)
        else:
            groups.append([index])
    names = weekday_names()
    off = [date.fromisoformat(each) for each in outlet.days_off if each >= today.isoformat()] if groups else []
    return [
        HoursLine(
            days="–".join(names[day] for day in dict.fromkeys((group[0], group[-1]))),
            hours=_hours(week[group[0]], outlet.zone),
            is_today=today.weekday() in group,
        )
        for group in groups
    ] + [HoursLine(days=day_words(each), hours=_("closed"), is_today=each == today) for each in off[:MOST_OFF]]


def slot_words(starts_at: datetime, zone: str) -> str:
    """`Minggu, 22 November 2026, 14.00–15.00 WIB`."""
    starts, ends = clock.local(starts_at, zone), clock.local(starts_at + SLOT, zone)
    return f"{weekday(starts.date())}, {day_words(starts.date())}, {between(starts, ends)}\N{NO-BREAK SPACE}{zone}"


def between(starts: datetime, ends: datetime) -> str:
    """`14.00–15.00`."""
    return f"{wall_clock(f'{starts:%H:%M}')}–{wall_clock(f'{ends:%H:%M}')}"


def _hours(hours: Sequence[str] | None, zone: str) -> str:
    return wall_clock(f"{hours[0]}–{hours[1]}") + f"\N{NO-BREAK SPACE}{zone}" if hours else _("closed")
