"""The receipt on an 80 mm roll: black only, as long as it needs, the same facts as on A4."""

from __future__ import annotations

from orders.documents import SaleDocument, amount_in_words
from orders.queries import LineView
from storefront.documents.paper import BLACK, SERIF, Paper
from storefront.documents.sale import Sum, sums_of, tax_sums, title_of
from storefront.documents.sheet import seller_lines
from storefront.i18n import gettext as _
from storefront.order_links import order_address
from storefront.templating import current_settings, moment, rupiah

WIDTH, MARGIN = 80.0, 4.0
INNER = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
QR_SIZE = 26.0
#: Longer than fifty lines with long names; the roll is cut to what was used.
LONGEST = 2_000.0


def draw_roll(document: SaleDocument) -> bytes:
    """The PDF, in the language that is spoken now. Drawn twice: the first time to learn how long it is."""
    _first, length = _draw(document, LONGEST)
    roll, _length = _draw(document, length)
    return bytes(roll.output())


def _draw(document: SaleDocument, length: float) -> tuple[Paper, float]:
    roll = Paper((WIDTH, length), title_of(document), MARGIN)
    order = document.order
    roll.set_lang(order.language)
    roll.set_creation_date(order.placed_at)
    roll.add_page()
    y = _head(roll, document)
    for line in order.lines:
        y = _line(roll, y, line)
    y = _sums(roll, y + 1, sums_of(document))
    if document.tax:
        y = _sums(roll, y + 1, tax_sums(document.tax))
    roll.rule(MARGIN, y + 1.5, INNER, BLACK)
    roll.face(8.5, "I", BLACK, SERIF)
    y = roll.tell(MARGIN, y + 3, amount_in_words(document.amount_in_question, order.language), INNER, "C")
    roll.qr((WIDTH + QR_SIZE) / 2, y + 4, QR_SIZE, order_address(order))
    roll.face(7.5, colour=BLACK)
    y = roll.tell(MARGIN, y + QR_SIZE + 6, _("Scan for your order"), INNER, "C")
    y = roll.tell(MARGIN, y, _("Thank you for buying from the villages."), INNER, "C")
    return roll, y + 6


def _head(roll: Paper, document: SaleDocument) -> float:
    order = document.order
    roll.face(14, "B", BLACK, SERIF)
    y = roll.tell(MARGIN, 5, current_settings().shop_name, INNER, "C")
    roll.face(8, colour=BLACK)
    y = roll.tell(MARGIN, y, order.outlet.name, INNER, "C")
    for line in seller_lines(order.outlet):
        y = roll.tell(MARGIN, y, line, INNER, "C")
    roll.band(MARGIN, y + 2, INNER, 3.2, BLACK)
    roll.face(10, "B", BLACK)
    y = roll.tell(MARGIN, y + 7.5, f"{title_of(document)} \u00b7 {document.number or order.code}", INNER, "C")
    roll.face(8, colour=BLACK)
    paid_at = max((received.paid_at for received in document.received if received.paid_at), default=order.placed_at)
    y = roll.tell(MARGIN, y, moment(paid_at, order.outlet.zone), INNER, "C")
    roll.rule(MARGIN, y + 1.5, INNER, BLACK)
    return y + 3


def _line(roll: Paper, y: float, line: LineView) -> float:
    roll.face(9, colour=BLACK)
    y = roll.tell(MARGIN, y, line.name, INNER)
    roll.face(7.5, colour=BLACK)
    y = roll.tell(MARGIN, y, f"{line.maker_name} \u00b7 {line.village_name}", INNER)
    roll.face(9, colour=BLACK)
    roll.say(MARGIN, y, f"{line.quantity} x {rupiah(line.unit_price)}")
    return roll.say(RIGHT - 30, y, rupiah(line.line_total), 30, "R") + 1.4


def _sums(roll: Paper, y: float, sums: list[Sum]) -> float:
    roll.rule(MARGIN, y, INNER, BLACK)
    y += 1.2
    for each in sums:
        roll.face(11 if each.weight == "grand" else 8.5, "B" if each.weight == "grand" else "", BLACK)
        roll.say(RIGHT - 30, y, rupiah(each.amount), 30, "R")
        y = roll.tell(MARGIN, y, each.label, INNER - 26) + 0.4
    return y
