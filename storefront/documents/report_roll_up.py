"""The roll-up of a period on A4: what an area's villages reported, area by area, what they need, and where the figures come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from catalog.mapping.focus import Focus
from catalog.models.programme_office import ProgrammeOffice
from catalog.models.reporting import PeriodState, ReportPeriod
from catalog.reporting.queries import ReportFigures, add_up
from catalog.reporting.states import ReportState
from kernel import clock
from storefront.documents.paper import GOLD, MAROON, SERIF, SOFT
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, SHORT_HEAD, Fact, Sheet, share_out
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import current_settings, day, number, rupiah, text_of

NAME_WIDTH, ROW = 46.0, 6.2
#: Right edges: villages, reported, checked, received, businesses, people, sales.
COLUMNS = (MARGIN + 57, MARGIN + 80, MARGIN + 96, MARGIN + 111, MARGIN + 126, MARGIN + 141, RIGHT)


class _Named:
    def __init__(self, name: str) -> None:
        self.name = name


def draw_roll_up(
    focus: Focus,
    period: ReportPeriod,
    parts: Sequence[ReportFigures],
    needs: Sequence[tuple[str, int]],
    office: ProgrammeOffice | None,
) -> bytes:
    """The PDF, in the language that is spoken now."""
    name = text_of(office, "name") if office else text_of(current_settings(), "office_name")
    whole = add_up(focus.code, focus.name, parts)
    sheet = Sheet(_("Roll-up of village reports"))
    sheet.set_lang(current_language())
    sheet.set_creation_date((period.locked_at or clock.now()).astimezone(UTC))
    y = _opening(sheet, focus, period, whole, sheet.head(_Named(name), period.code))
    heights = [ROW] * len(parts)
    pages = share_out(heights, BOTTOM - y - 12, BOTTOM - SHORT_HEAD - 12, 40 + 5 * len(needs) + 40)
    for page, rows in enumerate(pages, start=1):
        if page > 1:
            y = sheet.head_again(period.code)
        if rows:
            y = _table_head(sheet, y)
        for row in rows:
            y = _row(sheet, y, parts[row])
        if page == len(pages):
            _closing(sheet, whole, needs, name, y)
        sheet.foot(_foot(period), page, len(pages))
    return bytes(sheet.output())


def _foot(period: ReportPeriod) -> str:
    if period.state is PeriodState.LOCKED:
        return _("The period is locked. Seal: %(hash)s", hash=period.seal[:16])
    return _("The period is still open: figures can change. Printed %(day)s.", day=day(clock.today()))


def _opening(sheet: Sheet, focus: Focus, period: ReportPeriod, whole: ReportFigures, y: float) -> float:
    facts = [
        Fact(_("The period"), f"{period.name}, {day(period.first_on)} – {day(period.last_on)}"),
        Fact(_("Due"), day(period.due_on)),
    ]
    below_area = sheet.party(MARGIN, y, 60, _("Area"), [focus.name, *([step.name for step in reversed(focus.above)])])
    below_facts = sheet.facts(MARGIN + 70, y, INNER - 70, facts)
    y = max(below_area, below_facts) + 3
    if period.is_sample:
        sheet.face(9, "B", MAROON)
        y = sheet.say(MARGIN, y, _("Sample data, not a real report.")) + 2
    sheet.face(13, family=SERIF)
    text = _(
        "%(reported)s of %(villages)s villages have reported: %(makers)s businesses sold goods for %(sales)s.",
        reported=number(whole.reported),
        villages=number(whole.villages),
        makers=number(whole.makers),
        sales=rupiah(whole.sales),
    )
    return sheet.tell(MARGIN, y, text, INNER) + 4


def _table_head(sheet: Sheet, y: float) -> float:
    sheet.tint(MARGIN, y, INNER, 7)
    sheet.face(7.5, "B", SOFT)
    sheet.say(MARGIN + 1.5, y + 1.8, _("Area"))
    words = (_("Villages"), _("Reported"), _("Checked"), _("Received"), _("Businesses"), _("People"), _("Sales"))
    for right, word in zip(COLUMNS, words, strict=True):
        sheet.say(right - 24, y + 1.8, word, 23.5, "R")
    return y + 8


def _row(sheet: Sheet, y: float, part: ReportFigures, style: str = "") -> float:
    sheet.face(8.5, style)
    sheet.say(MARGIN + 1.5, y + 0.9, sheet.split(part.name, NAME_WIDTH)[0])
    for right, text in zip(COLUMNS, _cells(part), strict=True):
        sheet.say(right - 30, y + 0.9, text, 29.5, "R")
    sheet.rule(MARGIN, y + ROW - 0.4, INNER)
    return y + ROW


def _cells(part: ReportFigures) -> tuple[str, ...]:
    checked, received = part.states[ReportState.CHECKED], part.states[ReportState.RECEIVED]
    counts = (part.villages, part.reported, checked, received, part.makers, part.workers)
    return (*(number(count) if count else "–" for count in counts), rupiah(part.sales))


def _closing(sheet: Sheet, whole: ReportFigures, needs: Sequence[tuple[str, int]], name: str, y: float) -> None:
    y = _row(sheet, y, whole, "B")
    sheet.rule(MARGIN, y, INNER, GOLD, 0.4)
    y += 6
    if needs:
        y = sheet.overline(MARGIN, y, _("What is needed most, and in how many reports"))
        most = max(count for _need, count in needs)
        for need, count in needs:
            sheet.face(9)
            sheet.say(MARGIN, y + 0.4, need)
            sheet.tint(MARGIN + 56, y + 0.8, max(1.0, 86 * count / most), 3, GOLD)
            sheet.say(MARGIN + 146, y + 0.4, number(count), 10, "R")
            y += 5
    y += 8
    sheet.overline(RIGHT - 70, y, _("For the office"))
    sheet.rule(RIGHT - 70, y + 22, 70, SOFT)
    sheet.face(8.5)
    sheet.tell(RIGHT - 70, y + 23, name, 70)
