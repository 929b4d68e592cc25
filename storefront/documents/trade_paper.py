"""The A4 papers of a partner's trade, drawn from one description: parties, a table, sums, words, a stamp's place, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from orders.queries import OutletView
from storefront.documents.paper import GOLD, INK, LINE, SERIF, SOFT
from storefront.documents.sale import Sum, draw_sum
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, SHORT_HEAD, Fact, Sheet, seller_lines, share_out
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import rupiah

SUMS_WIDTH = 84.0
SIGN_HEIGHT, STAMP = 34.0, (26.0, 30.0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column set to the right; `width` in millimetres."""

    label: str
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a name, a quiet line below it, and a cell for each column."""

    name: str
    under: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TradePaper:
    """Everything that stands on a paper, in words."""

    title: str
    code: str
    made_at: datetime
    outlet: OutletView
    buyer_title: str
    buyer: tuple[str, ...]
    facts: tuple[Fact, ...]
    first: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...] = ()
    words: str = ""
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    has_stamp: bool = False
    foot: str = ""
    small: tuple[Sum, ...] = field(default=())


def draw_trade(paper: TradePaper) -> bytes:
    """The PDF, in the language that is spoken now."""
    sheet = Sheet(paper.title)
    sheet.set_lang(current_language())
    sheet.set_creation_date(paper.made_at)
    y = _parties(sheet, paper, sheet.head(paper.outlet, paper.code))
    heights = [_height(sheet, paper, row) for row in paper.rows]
    pages = share_out(heights, BOTTOM - y - 8, BOTTOM - SHORT_HEAD - 8, _closing_height(sheet, paper))
    for number, rows in enumerate(pages, start=1):
        if number > 1:
            y = sheet.head_again(paper.code)
        if rows:
            y = _table_head(sheet, paper, y)
        for row in rows:
            y = _row(sheet, paper, paper.rows[row], y)
        if number == len(pages):
            _closing(sheet, paper, y)
        sheet.foot(paper.foot, number, len(pages))
    return bytes(sheet.output())


def _parties(sheet: Sheet, paper: TradePaper, y: float) -> float:
    seller = sheet.party(MARGIN, y, 54, _("Seller"), seller_lines(paper.outlet))
    buyer = sheet.party(MARGIN + 60, y, 56, paper.buyer_title, [line for line in paper.buyer if line])
    facts = sheet.facts(MARGIN + 122, y, INNER - 122, paper.facts)
    return max(seller, buyer, facts) + 5


def _name_width(paper: TradePaper) -> float:
    return INNER - sum(column.width for column in paper.columns) - 6


def _table_head(sheet: Sheet, paper: TradePaper, y: float) -> float:
    sheet.tint(MARGIN, y, INNER, 7)
    sheet.face(8, "B", SOFT)
    sheet.say(MARGIN + 2, y + 1.7, paper.first)
    for column, right in _places(paper):
        sheet.say(right - column.width, y + 1.7, column.label, column.width, "R")
    return y + 8


def _places(paper: TradePaper) -> list[tuple[Column, float]]:
    """Each column with its right edge."""
    right, found = RIGHT - 2, []
    for column in reversed(paper.columns):
        found.append((column, right))
        right -= column.width
    return found[::-1]


def _height(sheet: Sheet, paper: TradePaper, row: Row) -> float:
    sheet.face(9.5)
    height = len(sheet.split(row.name, _name_width(paper))) * sheet.line_height()
    if row.under:
        sheet.face(8)
        height += len(sheet.split(row.under, _name_width(paper))) * sheet.line_height()
    return height + 3.4


def _row(sheet: Sheet, paper: TradePaper, row: Row, y: float) -> float:
    top = y + 1.4
    sheet.face(9.5, colour=INK)
    for (column, right), cell in zip(_places(paper), row.cells, strict=True):
        sheet.say(right - column.width, top, cell, column.width, "R")
    below = sheet.tell(MARGIN + 2, top, row.name, _name_width(paper))
    if row.under:
        sheet.face(8, colour=SOFT)
        below = sheet.tell(MARGIN + 2, below, row.under, _name_width(paper))
    sheet.rule(MARGIN, below + 2, INNER)
    return below + 2


def _closing_height(sheet: Sheet, paper: TradePaper) -> float:
    sums = len(paper.sums) * 6.2 + len(paper.small) * 4.8 + 3
    sheet.face(11, "I", family=SERIF)
    words = len(sheet.split(paper.words, INNER - SUMS_WIDTH - 12)) * sheet.line_height() + 12 if paper.words else 0
    sheet.face(9.5)
    notes = sum(len(sheet.split(note, INNER - 12)) * sheet.line_height() + 1 for note in paper.notes)
    return max(sums, words) + (notes + 12 if notes else 0) + (SIGN_HEIGHT + 8 if paper.signatures else 0) + 8


def _closing(sheet: Sheet, paper: TradePaper, y: float) -> None:
    left, y, below_words = RIGHT - SUMS_WIDTH, y + 3, y
    if paper.words:
        sheet.overline(MARGIN + 2, y + 1.4, _("Amount in words"))
        sheet.face(11, "I", INK, SERIF)
        below_words = sheet.tell(MARGIN + 2, y + 5.6, paper.words, INNER - SUMS_WIDTH - 12)
    for each in paper.sums:
        y = draw_sum(sheet, left, y, each)
    if paper.small:
        sheet.rule(left, y + 1.2, SUMS_WIDTH)
        y += 2.4
        for each in paper.small:
            y = draw_sum(sheet, left, y, each)
    y = max(y, below_words) + 5
    y = _notes(sheet, paper.notes, y)
    if paper.signatures:
        _sign(sheet, paper, y + 3)


def _notes(sheet: Sheet, notes: Sequence[str], y: float) -> float:
    if not notes:
        return y
    sheet.face(9.5)
    height = sum(len(sheet.split(note, INNER - 12)) * sheet.line_height() + 1 for note in notes) + 5
    sheet.tint(MARGIN, y, INNER, height)
    sheet.tint(MARGIN, y, 1, height, GOLD)
    line = y + 2.5
    for note in notes:
        line = sheet.tell(MARGIN + 6, line, note, INNER - 12) + 1
    return y + height


def _sign(sheet: Sheet, paper: TradePaper, y: float) -> None:
    """A line for each signature, and a frame where the stamp duty is stuck on, beside the seller's."""
    width = (INNER - 8 * (len(paper.signatures) - 1)) / len(paper.signatures)
    for number, title in enumerate(paper.signatures):
        x = MARGIN + number * (width + 8)
        if title:
            sheet.overline(x, y, title)
            sheet.rule(x, y + SIGN_HEIGHT - 4, width, INK)
    if paper.has_stamp:
        wide, high = STAMP
        x = MARGIN + (len(paper.signatures) - 1) * (width + 8)
        sheet.set_draw_color(*LINE)
        sheet.set_line_width(0.3)
        sheet.rect(x, y + 4, wide, high - 4, style="D")
        sheet.face(7, colour=SOFT)
        sheet.say(x, y + 11, _("Stamp duty"), wide, "C")
        sheet.say(x, y + 15, rupiah(10_000), wide, "C")
