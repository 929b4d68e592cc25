"""A village's report as a letter to the office in charge: what was made and sold, what is needed, and two signatures."""

from __future__ import annotations

from datetime import UTC

from catalog.models.programme_office import ProgrammeOffice
from catalog.models.reporting import UnitKind, VillageReport
from catalog.reporting import content as contents
from catalog.reporting.content import ReportContent, ReportLine
from catalog.reporting.queries import ReportFile
from kernel import clock
from storefront.documents.paper import GOLD, INK, MAROON, SERIF, SOFT
from storefront.documents.report_words import NEEDS, UNITS
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, SHORT_HEAD, Fact, Sheet, share_out
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import current_settings, day, number, rupiah, text_of

NAME_WIDTH = 74.0
#: Right edges of made, sold, and sales.
COLUMNS = (RIGHT - 66, RIGHT - 38, RIGHT)


class _Named:
    def __init__(self, name: str) -> None:
        self.name = name


def draw_letter(file: ReportFile, office: ProgrammeOffice | None) -> bytes:
    """The PDF of what was sent last, or of the draft; the same version is always the same file."""
    report = file.report
    content = file.sent or contents.load(report.content)
    sheet = Sheet(_("Village report"))
    sheet.set_lang(current_language())
    moment = file.versions[0].sent_at if file.versions else report.changed_at
    sheet.set_creation_date(moment.astimezone(UTC))
    y = _address(sheet, file, office, sheet.head(_Named(_place(report)), report.code))
    heights = [_height(sheet, line) for line in content.lines]
    pages = share_out(heights, BOTTOM - y - 12, BOTTOM - SHORT_HEAD - 12, _closing_height(sheet, content))
    for page, rows in enumerate(pages, start=1):
        if page > 1:
            y = sheet.head_again(report.code)
        if rows:
            y = _table_head(sheet, y)
        for row in rows:
            y = _row(sheet, y, content.lines[row])
        if page == len(pages):
            _closing(sheet, report, content, office, y)
        sheet.foot(_foot(file), page, len(pages))
    return bytes(sheet.output())


def _foot(file: ReportFile) -> str:
    if not file.versions:
        return _("A draft. It was not sent yet.")
    version = file.versions[0]
    on = day(clock.local(version.sent_at, file.report.village.zone or clock.home()).date())
    return _(
        "Version %(version)s, sent %(day)s. Check: %(hash)s",
        version=version.version,
        day=on,
        hash=version.digest[:16],
    )


def _place(report: VillageReport) -> str:
    district = report.village.parent
    return f"{report.village.name}, Kec. {district.name}" if district else report.village.name


def _address(sheet: Sheet, file: ReportFile, office: ProgrammeOffice | None, y: float) -> float:
    report = file.report
    name = text_of(office, "name") if office else text_of(current_settings(), "office_name")
    lines = [name, *(part for part in ((office.address,) if office else ()) if part)]
    below_office = sheet.party(MARGIN, y, 70, _("To"), lines)
    unit = [f"{_(UNITS[report.unit_kind])}: {report.unit_name}"] if report.unit_kind is not UnitKind.VILLAGE else []
    below_village = sheet.party(
        MARGIN + 76, y, 50, _("From the village"), [report.village.name, *unit, *([report.contact_name] if report.contact_name else [])]
    )
    period = report.period
    facts = [Fact(_("The period"), f"{period.name}, {day(period.first_on)} – {day(period.last_on)}")]
    below_facts = sheet.facts(MARGIN + 130, y, 40, facts)
    y = max(below_office, below_village, below_facts) + 5
    if report.is_sample:
        sheet.face(9, "B", MAROON)
        y = sheet.say(MARGIN, y, _("Sample data, not a real report.")) + 2
    sheet.face(10.5, family=SERIF)
    text = _("We report what our businesses made and sold in %(period)s, and what they need.", period=period.name)
    return sheet.tell(MARGIN, y, text, INNER) + 4


def _table_head(sheet: Sheet, y: float) -> float:
    sheet.tint(MARGIN, y, INNER, 7)
    sheet.face(7.5, "B", SOFT)
    sheet.say(MARGIN + 1.5, y + 1.8, _("Product"))
    for right, word in zip(COLUMNS, (_("Made"), _("Sold"), _("Sold for")), strict=True):
        sheet.say(right - 32, y + 1.8, word, 31, "R")
    return y + 8


def _height(sheet: Sheet, line: ReportLine) -> float:
    sheet.face(9.5)
    return len(sheet.split(line.name, NAME_WIDTH)) * sheet.line_height() + 3


def _row(sheet: Sheet, y: float, line: ReportLine) -> float:
    top = y + 1.2
    sheet.face(9.5)
    unit = f" {line.unit}" if line.unit else ""
    for right, text in zip(COLUMNS, (f"{number(line.made)}{unit}", f"{number(line.sold)}{unit}", rupiah(line.sales)), strict=True):
        sheet.say(right - 32, top, text, 31, "R")
    below = sheet.tell(MARGIN + 1.5, top, line.name, NAME_WIDTH) + 1.6
    sheet.rule(MARGIN, below, INNER)
    return below


def _told(content: ReportContent) -> list[tuple[str, str]]:
    needs = ", ".join(_(NEEDS[need]) for need in content.needs)
    people = _("%(makers)s businesses, %(workers)s people", makers=number(content.makers), workers=number(content.workers))
    told = [
        (_("At work"), people if content.makers else ""),
        (_("Where it was sold"), content.markets),
        (_("What is needed most"), ". ".join(filter(None, (needs, content.needs_note)))),
        (_("Remarks"), content.note),
    ]
    return [(name, text) for name, text in told if text]


def _closing_height(sheet: Sheet, content: ReportContent) -> float:
    sheet.face(9.5)
    return sum(len(sheet.split(text, INNER)) * sheet.line_height() + 7 for _name, text in _told(content)) + 62


def _closing(sheet: Sheet, report: VillageReport, content: ReportContent, office: ProgrammeOffice | None, y: float) -> None:
    if content.lines:
        sheet.face(10.5, "B", MAROON)
        sheet.say(MARGIN + 1.5, y + 1.8, _("Together"))
        sheet.say(RIGHT - 60, y + 1.8, rupiah(content.sales), 60, "R")
        sheet.rule(MARGIN, y + 8, INNER, GOLD, 0.4)
        y += 12
    for name, text in _told(content):
        y = sheet.overline(MARGIN, y, name)
        sheet.face(9.5)
        y = sheet.tell(MARGIN, y, text, INNER) + 2.6
    y += 6
    receiver = (text_of(office, "head_title") or text_of(office, "name")) if office else text_of(current_settings(), "office_name")
    signers = ((MARGIN, _("For the village"), _place(report)), (MARGIN + 92, _("Received by"), receiver))
    for x, word, who in signers:
        sheet.overline(x, y, word)
        sheet.rule(x, y + 24, 70, SOFT)
        sheet.face(8.5, colour=INK)
        sheet.tell(x, y + 25, who, 70)
