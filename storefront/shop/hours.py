"""The outlet's week in words: equal days next to each other share a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalog.queries.views import OutletView
from storefront.contact import wall_clock, weekday_names
from storefront.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class HoursLine:
    """`Senin–Jumat` and `08.00–20.00 WIB`; `is_today` when today is among the days."""

    days: str
    hours: str
    is_today: bool


def opening_lines(outlet: OutletView, today: date) -> list[HoursLine]:
    """From Monday on; empty when the outlet says nothing about its hours."""
    week = outlet.opening_hours
    groups: list[list[int]] = []
    for weekday, hours in enumerate(week):
        if groups and week[groups[-1][-1]] == hours:
            groups[-1].append(weekday)
        else:
            groups.append([weekday])
    names = weekday_names()
    return [
        HoursLine(
            days="–".join(names[day] for day in dict.fromkeys((group[0], group[-1]))),
            hours=_hours(week[group[0]], outlet.zone),
            is_today=today.weekday() in group,
        )
        for group in groups
    ]


def _hours(hours: tuple[str, str] | None, zone: str) -> str:
    return wall_clock(f"{hours[0]}–{hours[1]}") + f"\N{NO-BREAK SPACE}{zone}" if hours else _("closed")
