"""Forms of reporting: a village's report with as many products as it needs, periods, remarks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask import request

from catalog.reporting.content import MOST_LINES, MOST_PEOPLE, MOST_UNITS, Need, ReportContent, ReportLine
from catalog.reporting.periods import NewPeriod
from kernel.errors import N_
from storefront.documents.report_words import NEEDS
from storefront.fields import ChoiceField, ChoicesField, DayField, LongTextField, PageForm, RupiahField, TextField, WholeField
from storefront.i18n import gettext as _

#: Products a new report has room for, and how many more each time.
ROOM, MORE = 3, 3
_LINE = re.compile(r"name_([0-9]{1,2})", re.ASCII)


class ReportForm(PageForm):
    """What a unit says about a period; its products are fields that `report_form` adds."""

    makers = WholeField(N_("Businesses at work"), minimum=0, maximum=MOST_PEOPLE, required=False)
    workers = WholeField(N_("People who work in them"), minimum=0, maximum=MOST_PEOPLE, required=False)
    markets = TextField(N_("Where it was sold"), maximum=500, required=False, hint=N_("Such as the souvenir centre, the market, online."))
    needs = ChoicesField(N_("What is needed most"))
    needs_note = LongTextField(N_("More about what is needed"), maximum=1_000, rows=2, required=False)
    note = LongTextField(
        N_("Remarks"), maximum=2_000, rows=3, required=False, hint=N_("What went well, what did not. If nothing was made: why.")
    )
    lines = 0

    def content(self) -> ReportContent:
        """What was typed, for the verb."""
        return ReportContent(
            lines=tuple(self._line(number) for number in range(self.lines)),
            makers=self.makers.value or 0,
            workers=self.workers.value or 0,
            markets=self.markets.value or "",
            needs=tuple(Need(value) for value in self.needs.value),
            needs_note=self.needs_note.value or "",
            note=self.note.value or "",
        )

    def _line(self, number: int) -> ReportLine:
        name, unit, made, sold, sales = (self[f"{field}_{number}"].value for field in ("name", "unit", "made", "sold", "sales"))
        return ReportLine(name or "", unit or "", made or 0, sold or 0, sales or 0)

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each product, for the template."""
        fields = ("name", "unit", "made", "sold", "sales")
        return [{field: self[f"{field}_{number}"] for field in fields} for number in range(self.lines)]


@lru_cache(maxsize=MOST_LINES + 1)
def _with_lines(lines: int) -> type[ReportForm]:
    fields: dict[str, Any] = {"lines": lines}
    for number in range(lines):
        fields |= {
            f"name_{number}": TextField(N_("Product"), maximum=120, required=False),
            f"unit_{number}": TextField(N_("Counted in"), maximum=20, required=False),
            f"made_{number}": WholeField(N_("Made"), minimum=0, maximum=MOST_UNITS, required=False),
            f"sold_{number}": WholeField(N_("Sold"), minimum=0, maximum=MOST_UNITS, required=False),
            f"sales_{number}": RupiahField(N_("Sold for"), required=False),
        }
    return type("ReportFormWithLines", (ReportForm,), fields)


def report_form(content: ReportContent | None, typed: Any = None, names: list[str] | None = None) -> ReportForm:
    """The form of a report: what was typed (`typed`: left in another visit), else what is kept; with room for more products."""
    sent = [int(found[1]) for name in (names if names is not None else request.form) if (found := _LINE.fullmatch(name))]
    room = max(sent) + 1 if sent else max(ROOM, len(content.lines) + 1 if content else ROOM)
    kind = _with_lines(min(MOST_LINES, room + (MORE if "more" in request.args else 0)))
    data = _data(content) if content else {}
    form = kind(typed, data=data) if typed is not None else kind(data=data)
    form.needs.choices = [(need.value, _(name)) for need, name in NEEDS.items()]
    return form


def _data(content: ReportContent) -> dict[str, Any]:
    values: dict[str, Any] = {
        "makers": content.makers or None,
        "workers": content.workers or None,
        "markets": content.markets,
        "needs": [need.value for need in content.needs],
        "needs_note": content.needs_note,
        "note": content.note,
    }
    for number, line in enumerate(content.lines):
        values |= {f"name_{number}": line.name, f"unit_{number}": line.unit}
        values |= {f"{name}_{number}": getattr(line, name) for name in ("made", "sold", "sales")}
    return values


class BeginForm(PageForm):
    """Who reports."""

    unit_kind = ChoiceField(N_("Who reports"))
    unit_name = TextField(N_("Name of the community, school or class"), maximum=120, required=False)
    contact_name = TextField(N_("Whom to ask"), maximum=120, required=False, hint=N_("For a school: a guardian or a teacher."))
    contact_phone = TextField(N_("Their phone"), maximum=30, required=False)


class PeriodForm(PageForm):
    """A new period."""

    name = TextField(N_("Name"), maximum=60, hint=N_("Such as Quarter III 2026."))
    first_on = DayField(N_("First day"))
    last_on = DayField(N_("Last day"))
    due_on = DayField(N_("Reports are due on"))

    def new_period(self) -> NewPeriod:
        """What was typed, for the verb."""
        return NewPeriod(self.name.value, self.first_on.value, self.last_on.value, self.due_on.value)


class RemarksForm(PageForm):
    """A word on the way."""

    remarks = LongTextField(N_("Remarks"), maximum=1_000, rows=3, required=False)


class ReasonForm(PageForm):
    """Why a locked period is opened again."""

    reason = LongTextField(N_("Reason"), maximum=500, rows=2)
