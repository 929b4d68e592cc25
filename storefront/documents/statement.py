"""The statement on A4: period and terms, products by what became of them, what adds up to what is owed, and two signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from orders.consignment.statement_content import Content, Line
from storefront.documents.paper import GOLD, INK, MAROON, SERIF, SOFT
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, SHORT_HEAD, Fact, Sheet, share_out
from storefront.documents.statement_words import (
    StatementSum,
    name_of,
    owed_in_words,
    owed_label,
    period_words,
    sums_of,
    terms_words,
)
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import number, rupiah

#: Right edges of the columns of units, from `received` to `on hand`, and of the two of money.
UNITS = tuple(MARGIN + 46 + 12.4 * column for column in range(1, 7))
GROSS = RIGHT - 25
NAME_WIDTH = 45.0
SUMS_WIDTH = 96.0


@dataclass(frozen=True, slots=True)
class _Outlet:
    """Whose paper it is."""

    name: str


def draw_statement(content: Content, closed_at: datetime, content_hash: str) -> bytes:
    """The PDF of a closed statement, in the language that is spoken now; the same statement is always the same file."""
    sheet = Sheet(_("Statement"))
    sheet.set_lang(current_language())
    sheet.set_creation_date(closed_at.astimezone(UTC))
    y = _parties(sheet, content, sheet.head(_Outlet(content.outlet_name), content.code))
    heights = [_row_height(sheet, line) for line in content.lines]
    pages = share_out(heights, BOTTOM - y - 12, BOTTOM - SHORT_HEAD - 12, _closing_height(sheet, content))
    for page, rows in enumerate(pages, start=1):
        if page > 1:
            y = sheet.head_again(content.code)
        if rows:
            y = _table_head(sheet, y)
        for row in rows:
            y = _row(sheet, y, content.lines[row])
        if page == len(pages):
            _closing(sheet, content, _total_row(sheet, y, content) if content.lines else y)
        sheet.foot(_("Closed, never changed afterwards. Check: %(hash)s", hash=content_hash[:16]), page, len(pages))
    return bytes(sheet.output())


def _parties(sheet: Sheet, content: Content, y: float) -> float:
    below_maker = sheet.party(MARGIN, y, 56, _("Maker"), [content.maker_name, content.village_name])
    below_outlet = sheet.party(MARGIN + 60, y, 52, _("Outlet"), [content.outlet_name, content.operator_name])
    facts = [Fact(_("Period"), period_words(content)), Fact(_("Agreement %(code)s", code=content.agreement), terms_words(content))]
    below_facts = sheet.facts(MARGIN + 116, y, 54, facts)
    y = max(below_maker, below_outlet, below_facts) + 4
    if content.is_sample:
        sheet.face(9, "B", MAROON)
        y = sheet.say(MARGIN, y, _("Sample data, not a real statement.")) + 2
    return y


def _table_head(sheet: Sheet, y: float) -> float:
    sheet.tint(MARGIN, y, INNER, 10.5)
    sheet.face(7, "B", SOFT)
    sheet.say(MARGIN + 1.5, y + 3.6, _("Product"))
    words = (_("Received"), _("Sold"), _("Came back"), _("To the maker"), _("Gone"), _("On hand"))
    for right, word in zip(UNITS, words, strict=True):
        sheet.tell(right - 12, y + 1.9, word, 11.8, "R")
    sheet.say(GROSS - 22, y + 3.6, _("Selling price"), 21.6, "R")
    sheet.say(RIGHT - 24.5, y + 3.6, _("Maker's share"), 24, "R")
    return y + 11.5


def _units_of(line: Line) -> tuple[int, ...]:
    """By the columns of the table; goods from other outlets count as received."""
    return (line.received + line.moved, line.sold, line.returned, line.returned_to_maker, line.written_off, line.on_hand)


def _row_height(sheet: Sheet, line: Line) -> float:
    sheet.face(8.5)
    return len(sheet.split(name_of(line), NAME_WIDTH)) * sheet.line_height() + 3


def _row(sheet: Sheet, y: float, line: Line) -> float:
    top = y + 1.3
    sheet.face(8.5)
    _figures(sheet, top, _units_of(line), line.gross, line.share)
    below = sheet.tell(MARGIN + 1.5, top, name_of(line), NAME_WIDTH) + 1.7
    sheet.rule(MARGIN, below, INNER)
    return below


def _total_row(sheet: Sheet, y: float, content: Content) -> float:
    columns = [sum(values) for values in zip(*(_units_of(line) for line in content.lines), strict=True)]
    sheet.face(8.5, "B")
    sheet.say(MARGIN + 1.5, y + 1.3, _("Together"))
    _figures(sheet, y + 1.3, tuple(columns), content.gross, content.share)
    sheet.rule(MARGIN, y + 6.4, INNER, GOLD, 0.4)
    return y + 7


def _figures(sheet: Sheet, y: float, units: tuple[int, ...], gross: int, share: int) -> None:
    for right, count in zip(UNITS, units, strict=True):
        sheet.say(right - 12, y, number(count) if count else "\u2013", 11.8, "R")
    sheet.say(GROSS - 22, y, rupiah(gross), 21.6, "R")
    sheet.say(RIGHT - 24.5, y, rupiah(share), 24, "R")


def _closing_height(sheet: Sheet, content: Content) -> float:
    sheet.face(9.5)
    rows = sum(_sum_lines(sheet, each) * sheet.line_height() + 1.4 for each in sums_of(content)) + 3
    return rows + 58


def _sum_lines(sheet: Sheet, each: StatementSum) -> int:
    return len(sheet.split(each.label, SUMS_WIDTH - 36))


def _closing(sheet: Sheet, content: Content, y: float) -> None:
    """Sums on the right, the amount in words on the left, and room for two signatures."""
    y += 5
    sheet.overline(MARGIN + 1.5, y, _("Amount in words"))
    sheet.face(11, "I", INK, SERIF)
    below_words = sheet.tell(MARGIN + 1.5, y + 4.4, owed_in_words(content), INNER - SUMS_WIDTH - 10)
    for each in sums_of(content):
        y = _sum(sheet, y, each)
    y = max(y, below_words) + 10
    for x, word, name in ((MARGIN, _("For the outlet"), content.operator_name), (MARGIN + 92, _("For the maker"), content.maker_name)):
        sheet.overline(x, y, word)
        sheet.rule(x, y + 22, 70, SOFT)
        sheet.face(8.5)
        sheet.tell(x, y + 23, name, 70)


def _sum(sheet: Sheet, y: float, each: StatementSum) -> float:
    left = RIGHT - SUMS_WIDTH
    if each.weight == "grand":
        sheet.rule(left, y + 0.6, SUMS_WIDTH, GOLD, 0.4)
        y += 2
        sheet.face(12, "B", MAROON)
    else:
        sheet.face(9.5, colour=SOFT if each.weight == "soft" else INK)
    sheet.say(RIGHT - 42, y, rupiah(abs(each.amount) if each.weight == "grand" else each.amount), 40, "R")
    return sheet.tell(left, y, each.label, SUMS_WIDTH - 36) + 1.4


def title_of(content: Content) -> str:
    """What the file is called."""
    return f"{_('Statement')} {content.code} {owed_label(content) if content.owed < 0 else ''}".strip()
