"""Price tags and shelf labels: one per page on 40×30 and 50×30 mm rolls, or many on an A4 sheet; bars drawn as vectors.

Bars are as wide as whole dots of a 203 dpi label printer and stand on its grid, so that none is blurred when it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from catalog.barcodes import bars, modules, quiet_zone
from catalog.labels import Label
from kernel.locales import pick
from storefront.documents.label_stock import DOT, STOCKS, LabelKind, Stock
from storefront.documents.paper import BLACK, SANS, Paper, printable
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import rupiah
from storefront.words import measure

MakePaper = Callable[[str | tuple[float, float], str, float], Paper]


def set_labels(
    labels: Sequence[Label], stock_name: str, kind: LabelKind, first: int = 1, *, dpi: int = 203, paper_class: MakePaper = Paper
) -> Paper:
    """All labels on paper, their bars on the grid of a printer with `dpi` dots to an inch."""
    stock = STOCKS[stock_name]
    size = "A4" if stock.is_sheet else (stock.width, stock.height)
    paper = paper_class(size, _("Labels"), 0)
    paper.set_lang(current_language())
    place = max(0, min(first, stock.columns * stock.rows) - 1) if stock.is_sheet else 0
    fresh = True
    for label in _each(labels):
        if fresh or place == stock.columns * stock.rows:
            paper.add_page()
            place, fresh = (place if fresh else 0), False
        row, column = divmod(place, stock.columns)
        x, y = stock.left + column * stock.across, stock.top + row * stock.down
        (_draw_shelf if kind is LabelKind.SHELF else _draw_tag)(paper, stock, label, x, y, 25.4 / dpi)
        place += 1
    return paper


def _each(labels: Sequence[Label]) -> Iterator[Label]:
    for label in labels:
        for _number in range(label.count):
            yield label


def _draw_tag(paper: Paper, stock: Stock, label: Label, x: float, y: float, dot: float) -> None:
    """Name, price, lot and best before above the bars."""
    small = stock.height < 25
    edge, inner = 1.5, stock.width - 3
    top = _say_name(paper, label, x + edge, y + (0.6 if small else 1.2), inner, 7 if small else 8)
    right = [_("Lot %(lot)s", lot=label.lot_code)] if label.lot_code else []
    if label.best_before_on:
        right.append(_("BB %(day)s", day=f"{label.best_before_on:%d/%m/%Y}"))
    paper.face(5.5 if small else 6.5, "", BLACK)
    taken = max((paper.get_string_width(printable(line)) + 1 for line in right), default=0)
    price = rupiah(label.price) if label.price is not None else ""
    below = _fit(paper, x + edge, top, price, inner - taken, 9 if small else 13, "B", smallest=6)
    paper.face(5.5 if small else 6.5, "", BLACK)
    at = top + (0 if small else 0.4)
    for line in right:
        at = paper.say(x + edge, at, line, inner, "R")
    _draw_bars(paper, stock, label, x, max(below, at) + 0.3, y + stock.height - (0.8 if small else 1.2), dot)


def _draw_shelf(paper: Paper, stock: Stock, label: Label, x: float, y: float, dot: float) -> None:
    """The price large, the price per 100 g or piece, where it comes from, and the bars small."""
    small = stock.height < 25
    edge, inner = 1.5, stock.width - 3
    top = _say_name(paper, label, x + edge, y + (0.6 if small else 1.2), inner, 7 if small else 8)
    price = rupiah(label.price) if label.price is not None else "–"
    top = _fit(paper, x + edge, top - 0.2, price, inner, 13 if small else 20, "B")
    facts = []
    if label.unit_price:
        facts.append(f"{rupiah(label.unit_price.amount)} {measure(label.unit_price.unit, label.unit_price.quantity)}")
    if not small:
        facts.append(label.village)
        facts += filter(None, [" · ".join(filter(None, [label.permit, _("Halal") if label.is_halal else ""]))])
    for fact in facts:
        top = _fit(paper, x + edge, top - 0.2, fact, inner, 5.5 if small else 6.5, "")
    _draw_bars(paper, stock, label, x, top + 0.2, y + stock.height - (0.8 if small else 1.2), dot)


def _draw_bars(paper: Paper, stock: Stock, label: Label, x: float, top: float, bottom: float, dot: float) -> None:
    """The symbol in what room is left, its digits below; the plain code where there is no number or no room for bars."""
    paper.face(6, "", BLACK)
    digits = paper.line_height(1.0)
    if label.number is None or bottom - top - digits < 3:
        paper.say(x + 1.5, bottom - digits, label.number or label.code, stock.width - 3, "C")
        return
    pattern = modules(label.number)
    before, after = quiet_zone(label.number)
    most = round(stock.dots * DOT / dot)  # as wide as on a printer with 203 dots to an inch
    dots = next((each for each in range(most, 0, -1) if (before + len(pattern) + after) * each * dot <= stock.width), 1)
    module = dots * dot
    middle = x + (stock.width - (before + len(pattern) + after) * module) / 2 + before * module
    left = round(middle / dot) * dot
    paper.set_fill_color(*BLACK)
    for at, width, is_guard in bars(label.number):
        paper.rect(left + at * module, top, width * module, bottom - top - (digits * 0.55 if is_guard else digits), style="F")
    _say_digits(paper, label.number, left, bottom - digits, len(pattern) * module, module)


def _say_digits(paper: Paper, number: str, left: float, y: float, width: float, module: float) -> None:
    """The digits between the guard bars, as they stand under every EAN symbol."""
    half = (width - 11 * module) / 2
    middle = left + 3 * module + half + 5 * module
    head, first, second = ("", number[:4], number[4:]) if len(number) == 8 else (number[0], number[1:7], number[7:])
    paper.say(left - 10 * module, y, head, 8 * module, "R")
    paper.say(left + 3 * module, y, first, half, "C")
    paper.say(middle, y, second, half, "C")


def _fit(
    paper: Paper, x: float, y: float, text: str, width: float, size: float, style: str, *, smallest: float = 0, tail: str = ""
) -> float:
    """One line that fits: smaller type first, then shorter text before its `tail`; the y below it."""
    smallest = smallest or size * 0.75
    while True:
        paper.face(size, style, BLACK, SANS)
        if paper.get_string_width(printable(text + tail)) <= width or size <= smallest:
            break
        size -= 0.5
    while paper.get_string_width(printable(text + tail)) > width and len(text) > 4:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return paper.say(x, y, text + tail, width)


def _say_name(paper: Paper, label: Label, x: float, y: float, width: float, size: float) -> float:
    """Product and pack; the pack is never cut."""
    language = current_language()
    pack = pick(language, label.pack_id, label.pack_en)
    return _fit(paper, x, y, pick(language, label.name_id, label.name_en), width, size, "B", tail=f", {pack}")
