"""A shift on paper: the X report in its midst and the Z report at its end, on 58 and 80 mm rolls and on A4."""

from __future__ import annotations

from kernel import clock
from kernel.errors import N_
from orders.counter.figures import ShiftFigures, TenderFigures
from orders.models.shift import Shift
from storefront.documents.columns import rupiah
from storefront.documents.paper import INK, SOFT
from storefront.documents.report_layout import Report, ReportSection, lay_out_report
from storefront.documents.rows import PAPERS, columns_of, draw_rows
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, Sheet
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import current_settings, day, moment

TENDERS = {"cash": N_("Cash"), "qris": "QRIS", "card": N_("Card"), "transfer": N_("Bank transfer")}
#: Heights of a section's title and of a row on A4.
TITLE, ROW = 9.0, 5.8


def shift_report(shift: Shift, figures: ShiftFigures) -> Report:
    """The report's texts and figures in the language that is spoken now. The shift's till and outlet are loaded."""
    zone = shift.till.outlet.zone
    head = [
        _("%(till)s, shift %(number)s", till=shift.till.name, number=shift.number),
        _("Opened: %(moment)s", moment=moment(shift.opened_at, zone)),
        *([_("Closed: %(moment)s", moment=moment(shift.closed_at, zone))] if shift.closed_at else []),
    ]
    if figures.is_provisional:
        head.append(_("Provisional: entries are still on the till."))
    if figures.version > 1:
        head.append(_("Stated again, version %(number)s", number=figures.version))
    sections = [_sales(figures), _drawer(figures), _tenders(figures), *_shares(figures), _to_look_at(figures)]
    return {
        "shop": current_settings().shop_name,
        "outlet": shift.till.outlet.name,
        "title": title_of(shift),
        "head": head,
        "sections": [section for section in sections if section["rows"]],
        "foot": [_("Printed %(moment)s", moment=moment(clock.now(), zone))],
        "signatures": [_("Cashier"), _("Counted with")],
    }


def title_of(shift: Shift) -> str:
    """X while it is open, Z when it is closed."""
    return _("Z REPORT") if shift.closed_at else _("X REPORT")


def draw_shift_report(shift: Shift, figures: ShiftFigures, paper: str) -> bytes:
    """The PDF for `58mm`, `80mm`, or A4 for any other word."""
    report = shift_report(shift, figures)
    if paper in PAPERS:
        return draw_rows(lay_out_report(report, columns_of(paper)), paper, report["title"], current_language(), clock.now())
    return _draw_sheet(shift, report)


def _sales(figures: ShiftFigures) -> ReportSection:
    rows = [
        (_("Receipts"), str(figures.receipts)),
        (_("Sales"), f"={rupiah(figures.sold)}"),
        (_("Discounts"), rupiah(-figures.discount)),
        (_("Rounding of cash"), rupiah(figures.rounding)),
        (_("Returns (%(count)s)", count=figures.returns), rupiah(-figures.returned)),
    ]
    return {"title": _("Sales"), "rows": rows}


def _drawer(figures: ShiftFigures) -> ReportSection:
    cash = next((each for each in figures.tenders if each.method == "cash"), None)
    rows = [
        (_("Float"), rupiah(figures.opening_float)),
        (_("Cash sales"), rupiah(cash.sold if cash else 0)),
        (_("Cash put in"), rupiah(figures.cash_in)),
        (_("Cash taken out"), rupiah(-figures.cash_out)),
        (_("Cash paid back"), rupiah(-cash.returned if cash else 0)),
        (_("Should be in the drawer"), f"={rupiah(cash.expected if cash else figures.opening_float)}"),
    ]
    return {"title": _("Drawer"), "rows": rows}


def _tenders(figures: ShiftFigures) -> ReportSection:
    rows: list[tuple[str, str]] = []
    for each in figures.tenders:
        rows += _tender(each)
    return {"title": _("By way to pay"), "rows": rows}


def _tender(each: TenderFigures) -> list[tuple[str, str]]:
    name = _(TENDERS.get(each.method, each.method))
    rows = [(_("%(way)s, expected", way=name), rupiah(each.expected))]
    if each.counted is not None and each.difference is not None:
        sign = "+" if each.difference > 0 else ""
        rows += [(_("%(way)s, counted", way=name), rupiah(each.counted)), (_("Difference"), f"={sign}{rupiah(each.difference)}")]
    return rows


def _shares(figures: ShiftFigures) -> list[ReportSection]:
    makers = [(f"{share.units} x {share.name}", rupiah(share.amount)) for share in figures.by_maker]
    cashiers = [(share.name, rupiah(share.amount)) for share in figures.by_cashier]
    return [{"title": _("By maker"), "rows": makers}, {"title": _("By cashier"), "rows": cashiers if len(cashiers) > 1 else []}]


def _to_look_at(figures: ShiftFigures) -> ReportSection:
    counts = (
        (_("Prices changed by hand"), figures.price_changes),
        (_("Carts given up"), figures.cancelled_carts),
        (_("Drawer opened without a sale"), figures.drawer_openings),
        (_("Hand-overs"), figures.hand_overs),
    )
    return {"title": _("To look at"), "rows": [(label, str(count)) for label, count in counts if count]}


def _draw_sheet(shift: Shift, report: Report) -> bytes:
    sheet = Sheet(report["title"])
    sheet.set_lang(current_language())
    sheet.set_creation_date(clock.now())
    code = f"{shift.till.outlet.code}-{shift.till.number} · {day(shift.business_date)}"
    y = sheet.head(shift.till.outlet, code)
    for text in report["head"]:
        sheet.face(9.5)
        y = sheet.tell(MARGIN, y, text, INNER)
    for section in report["sections"]:
        if y + TITLE + ROW * 2 > BOTTOM:
            y = sheet.head_again(code)
        sheet.face(11, "B", INK)
        y = sheet.say(MARGIN, y + 3, section["title"]) + 1
        for label, figure in section["rows"]:
            if y + ROW > BOTTOM:
                y = sheet.head_again(code)
            y = _sheet_row(sheet, y, label, figure)
    if y + 24 > BOTTOM:
        y = sheet.head_again(code)
    for number, name in enumerate(report["signatures"]):
        sheet.face(8.5, colour=SOFT)
        sheet.say(MARGIN + number * 85, y + 20, name)
        sheet.rule(MARGIN + number * 85, y + 19, 70)
    sheet.foot(report["foot"][0], sheet.page_no(), sheet.page_no())
    return bytes(sheet.output())


def _sheet_row(sheet: Sheet, y: float, label: str, figure: str) -> float:
    sheet.face(9.5, "B" if figure.startswith("=") else "")
    sheet.say(MARGIN, y, label)
    sheet.say(RIGHT - 50, y, figure.removeprefix("="), 50, "R")
    sheet.rule(MARGIN, y + ROW - 0.8, INNER)
    return y + ROW
