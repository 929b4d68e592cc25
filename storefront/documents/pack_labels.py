"""Labels for packs with all that the law wants of food, and story cards for the shelf; each with the symbol that opens its lot's page.

Modules of a symbol are whole dots of the printer and stand on its grid, so that none is blurred when it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from catalog.models.product import HalalState
from catalog.provenance.digital_link import pack_address
from catalog.provenance.pack_labels import LabelIngredient, PackLabel
from kernel.locales import pick
from storefront.documents.label_stock import STOCKS, PackKind, Stock
from storefront.documents.labels import MakePaper
from storefront.documents.paper import BLACK, GOLD, INK, MAROON, POINT, SERIF, SOFT, Paper, printable, qr_modules
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import current_settings, day
from storefront.words import allergen, amount_words, percent

#: White modules around a QR symbol (ISO/IEC 18004).
QUIET = 4
#: Smallest type that people can still read on a pack, and the one to begin with.
SMALLEST, LARGEST = 4.5, 7.5

#: Distance of two lines, in sizes of type.
LEADING = 1.12
#: Widths of words that were measured.
_WIDTHS: dict[tuple[str, str], float] = {}
MOST_WORDS = 20_000


def draw_packs(
    labels: Sequence[PackLabel],
    stock_name: str,
    kind: PackKind,
    root: str,
    *,
    first: int = 1,
    dpi: int = 203,
    paper_class: MakePaper = Paper,
) -> Paper:
    """All labels on paper; `root` is the shop's address, `first` the place of the first free label on a sheet that was begun (from 1)."""
    stock = STOCKS[stock_name]
    paper = paper_class("A4" if stock.is_sheet else (stock.width, stock.height), _("Labels"), 0)
    paper.set_lang(current_language())
    room = stock.columns * stock.rows
    place = max(0, min(first, room) - 1) if stock.is_sheet else 0
    fresh = True
    for label in _each(labels):
        if fresh or place == room:
            paper.add_page()
            place, fresh = (place if fresh else 0), False
        row, column = divmod(place, stock.columns)
        x, y = stock.left + column * stock.across, stock.top + row * stock.down
        address = _address_of(label, kind, root)
        if kind is not PackKind.PACK:
            _draw_card(paper, stock, label, address, x, y, dpi, is_sign=kind is PackKind.SIGN)
        elif stock.height < 45:
            _draw_small(paper, stock, label, address, x, y, dpi)
        else:
            _draw_whole(paper, stock, label, address, x, y, dpi)
        place += 1
    return paper


def _each(labels: Sequence[PackLabel]) -> Iterator[PackLabel]:
    for label in labels:
        for _number in range(label.count):
            yield label


def _address_of(label: PackLabel, kind: PackKind, root: str) -> str:
    """A pack says its lot; a card on the shelf outlives lots; a sign at the village speaks of the village."""
    if kind is PackKind.SIGN:
        return f"{root.rstrip('/')}/villages/{label.village_code}"
    return pack_address(root, code=label.code, gtin=label.gtin, lot=label.lot if kind is PackKind.PACK else "")


def _draw_small(paper: Paper, stock: Stock, label: PackLabel, address: str, x: float, y: float, dpi: int) -> None:
    """For what is printed beside the maker's own label: the symbol, the lot and its dates."""
    size = _draw_symbol(paper, stock, address, x + 1, y + 1, stock.width * 0.55, stock.height - 2, dpi)
    left, inner = x + 1 + size, stock.width - size - 2
    lines = [
        (_name(label), "B"),
        (_pack(label), ""),
        (label.village, ""),
        *((line, "") for line in _dates(label, is_short=True)),
        (label.permit, ""),
    ]
    _fill(paper, left, y + 1.6, inner, stock.height - 3.2, [line for line in lines if line[0]], largest=7)


def _draw_whole(paper: Paper, stock: Stock, label: PackLabel, address: str, x: float, y: float, dpi: int) -> None:
    """Everything the law wants on the label of food, the symbol at the lower right."""
    edge, inner = 2.0, stock.width - 4.0
    paper.face(11 if stock.width > 70 else 9.5, "B", BLACK)
    top = y + edge
    for line in paper.split(_name(label), inner)[:2]:
        top = paper.say(x + edge, top, line, inner)
    paper.face(7, "", BLACK)
    top = paper.say(x + edge, top, _("Net: %(amount)s", amount=_net(label)), inner) + 0.6
    paper.rule(x + edge, top, inner, BLACK, 0.2)
    top += 0.8
    bottom = y + stock.height - edge
    size = _size_of(address, stock, inner * 0.42, (bottom - top) * 0.6, dpi)
    beside = inner - size - 0.5
    lines = [(text, "") for text in (*_contents(label), *_origin(label))]
    marked = [(text, "B") for text in _dates(label)]
    if stock.width <= 60:
        _fill(paper, x + edge, top, inner, bottom - top - size, lines)
    else:
        _fill(paper, x + edge, top, beside, bottom - top, lines, largest=9)
    if stock.width <= 60:
        _fill(paper, x + edge, bottom - size + 0.6, beside, size - 0.6, [*marked, (_("Scan: where it comes from"), "")])
    else:
        _fill(paper, x + stock.width - edge - size, top, size, bottom - top - size - 0.4, marked)
    _draw_symbol(paper, stock, address, x + stock.width - edge - size, bottom - size, inner * 0.42, (bottom - top) * 0.6, dpi)


def _draw_card(paper: Paper, stock: Stock, label: PackLabel, address: str, x: float, y: float, dpi: int, *, is_sign: bool) -> None:
    """Place before product: the village, the picture, a few sentences, and a large symbol; both languages ask to be scanned."""
    scale = stock.width / 105
    edge, inner = 8 * scale, stock.width - 16 * scale
    language = current_language()
    name = pick(language, label.name_id, label.name_en)
    over, title = (label.address.partition(", ")[2], label.village) if is_sign else (label.village, name)
    paper.band(x + edge, y + 7 * scale, inner, 3.4 * scale)
    paper.face(9 * scale, "B", GOLD, SERIF)
    top = paper.say(x + edge, y + 13 * scale, over, inner, "C")
    paper.face(19 * scale, "", MAROON, SERIF)
    for line in paper.split(title, inner)[:2]:
        top = paper.say(x + edge, top, line, inner, "C")
    paper.face(9 * scale, "", SOFT)
    below = name if is_sign else _("made by %(maker)s", maker=label.maker)
    top = paper.say(x + edge, top + 0.5 * scale, below, inner, "C") + 2 * scale
    if photo := _photo(label.photo):
        with paper.rect_clip(x + edge, top, inner, 38 * scale):
            paper.image(str(photo), x=x + edge, y=top - inner * 1.25 * 0.22, w=inner)
        top += 40 * scale
    size = _size_of(address, stock, 46 * scale, 46 * scale, dpi)
    bottom = y + stock.height - 9 * scale
    paper.face(9.5 * scale, "", INK)
    told = f"{pick(language, label.summary_id, label.summary_en)} {pick(language, label.story_id, label.story_en)}"
    room = int((bottom - size - 5 * scale - top) / paper.line_height())
    for line in _whole_sentences(paper, told.strip(), inner, room):
        top = paper.say(x + edge, top, line, inner, "C")
    _draw_symbol(paper, stock, address, x + (stock.width - size) / 2, bottom - size - 4 * scale, 46 * scale, 46 * scale, dpi)
    paper.face(8.5 * scale, "B", MAROON)
    paper.say(x + edge, bottom - 4 * scale, "Pindai untuk ceritanya \u00b7 Scan for its story", inner, "C")


def _whole_sentences(paper: Paper, text: str, width: float, most: int) -> list[str]:
    """As many sentences as fit into so many lines; none is cut."""
    sentences = text.replace("\n", " ").split(". ")
    for count in range(len(sentences), 0, -1):
        told = ". ".join(sentences[:count])
        lines = paper.split(told if told.endswith(".") else f"{told}.", width)
        if len(lines) <= most:
            return lines
    return []


def _size_of(address: str, stock: Stock, width: float, height: float, dpi: int) -> float:
    """How wide the symbol with its white becomes."""
    return (len(qr_modules(address)) + 2 * QUIET) * _module(address, stock, width, height, dpi)


def _module(address: str, stock: Stock, width: float, height: float, dpi: int) -> float:
    """As many whole dots for a module as fit, but not many more than the paper wants."""
    dot = 25.4 / dpi
    count = len(qr_modules(address)) + 2 * QUIET
    most = int(min(width, height) / count / dot)
    return max(1, min(most, round(stock.dots * dpi / 203) + 1)) * dot


def _draw_symbol(paper: Paper, stock: Stock, address: str, x: float, y: float, width: float, height: float, dpi: int) -> float:
    """The symbol with its white from `x` and `y`, on the printer's grid; the width of both."""
    module, dot = _module(address, stock, width, height, dpi), 25.4 / dpi
    left, top = (round((place + QUIET * module) / dot) * dot for place in (x, y))
    return paper.symbol(left, top, module, address) + 2 * QUIET * module


def _fill(
    paper: Paper, x: float, y: float, width: float, height: float, lines: Sequence[tuple[str, str]], *, largest: float = LARGEST
) -> None:
    """The lines in the largest type in which all of them have room; in the smallest what is left over is not printed."""
    size = largest
    while True:
        broken = [(line, style) for text, style in lines for line in _wrap(paper, text, style, width / size)]
        step = size * POINT * LEADING
        if len(broken) * step <= height or size <= SMALLEST:
            break
        size -= 0.25
    for line, style in broken[: int(height / step)]:
        paper.face(size, style, BLACK)
        paper.say(x, y, line, width)
        y += step


def _wrap(paper: Paper, text: str, style: str, width: float) -> list[str]:
    """`text` in lines of at most `width` millimetres per point of type: widths grow with the type, so they are measured once."""
    lines: list[str] = []
    taken = 0.0
    space = _width(paper, " ", style)
    for word in printable(text).split(" "):
        wide = _width(paper, word, style)
        if lines and taken + space + wide <= width:
            lines[-1] += f" {word}"
            taken += space + wide
        else:
            lines.append(word)
            taken = wide
    return lines


def _width(paper: Paper, word: str, style: str) -> float:
    """Millimetres per point."""
    known = _WIDTHS.get((word, style))
    if known is None:
        if len(_WIDTHS) > MOST_WORDS:
            _WIDTHS.clear()
        paper.face(10, style, BLACK)
        known = _WIDTHS[word, style] = float(paper.get_string_width(word)) / 10
    return known


def _name(label: PackLabel) -> str:
    return pick(current_language(), label.name_id, label.name_en)


def _pack(label: PackLabel) -> str:
    return pick(current_language(), label.pack_id, label.pack_en)


def _net(label: PackLabel) -> str:
    return amount_words(label.net_quantity, label.unit) or _pack(label)


def _contents(label: PackLabel) -> list[str]:
    """Ingredients with their shares and origins, allergens, storage."""
    found = []
    if label.ingredients:
        found.append(_("Ingredients: %(list)s.", list=", ".join(map(_ingredient, label.ingredients))))
    if label.allergens:
        found.append(_("Contains: %(list)s.", list=", ".join(allergen(name) for name in label.allergens)))
    if storage := pick(current_language(), label.storage_id, label.storage_en):
        found.append(_("Storage: %(how)s.", how=storage.rstrip(".")))
    return found


def _ingredient(each: LabelIngredient) -> str:
    share = f" {percent(each.share_bps)}" if each.share_bps else ""
    origin = f" ({each.origin})" if each.origin else ""
    return pick(current_language(), each.name_id, each.name_en).lower() + share + origin


def _origin(label: PackLabel) -> list[str]:
    """Who made it where, and the numbers of the papers."""
    found = [_("Made by %(maker)s, %(place)s, Indonesia.", maker=label.maker, place=label.address), label.permit]
    if label.halal_number:
        found.append(_("Halal %(number)s", number=label.halal_number))
    elif label.halal is HalalState.DECLARED_NON_HALAL:
        found.append(_("Not halal"))
    return [text for text in found if text]


def _dates(label: PackLabel, *, is_short: bool = False) -> list[str]:
    """Code, production day and best before; on little room the days in figures."""

    def written(value: date) -> str:
        return f"{value:%d/%m/%Y}" if is_short else day(value)

    found = [_("Code %(lot)s", lot=label.lot)] if label.lot else []
    if label.produced_on:
        found.append(_("Made %(day)s", day=written(label.produced_on)))
    if label.best_before_on:
        found.append(_("Best before %(day)s", day=written(label.best_before_on)))
    return found


def _photo(name: str) -> Path | None:
    """The picture's file where there is one."""
    path = current_settings().media_folder / f"{name}-640.jpg"
    return path if name and path.is_file() else None
