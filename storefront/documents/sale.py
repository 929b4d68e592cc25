"""Confirmation and receipt on A4: seller and buyer, the lines, what they add up to, and what was paid."""

from __future__ import annotations

from dataclasses import dataclass

from orders.documents import SaleDocument, SaleKind, amount_in_words
from orders.models.order import Channel
from orders.queries import LineView, OrderView
from orders.states import OrderState
from orders.tax import ContainedTax
from storefront import state_words
from storefront.documents.paper import GOLD, INK, MAROON, SERIF, SOFT
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, SHORT_HEAD, Fact, Sheet, seller_lines, share_out
from storefront.hours import slot_words
from storefront.i18n import gettext as _
from storefront.order_links import order_address
from storefront.templating import moment, rupiah
from storefront.words import days_words, percent

#: Columns of the table: the right edges of price, quantity and amount, and the width of the name.
PRICE, QUANTITY, NAME_WIDTH = RIGHT - 52, RIGHT - 30, 96.0
QR_SIZE = 25.0
SUMS_WIDTH = 84.0


@dataclass(frozen=True, slots=True)
class Sum:
    """One line below the table; `weight` is `grand`, `plain` or `soft`."""

    label: str
    amount: int
    weight: str = "plain"


def title_of(document: SaleDocument) -> str:
    """What the paper is called."""
    return _("Receipt") if document.kind is SaleKind.RECEIPT else _("Order confirmation")


def sums_of(document: SaleDocument) -> list[Sum]:
    """What stands below the lines, on A4 and on the roll alike. Every amount is a fact of `orders.documents`."""
    order = document.order
    sums = [Sum(_("Subtotal"), order.subtotal)] if order.shipping or order.subtotal != order.total else []
    if order.discount_total:
        sums.append(Sum(_("Discount"), -order.discount_total))
    if order.shipping:
        zone, kilograms = order.shipping.zone_name, order.shipping.charged_kg
        sums.append(Sum(_("Shipping: %(zone)s, %(kilograms)s kg", zone=zone, kilograms=kilograms), order.shipping_total))
    sums.append(Sum(_("Total"), order.total, "grand"))
    if document.rounding:
        sums.append(Sum(_("Rounding of cash"), document.rounding))
    if document.pays_cash and document.rounding:
        sums.append(Sum(_("In cash"), order.cash_due))
    for received in document.received:
        sums.append(Sum(_("Paid: %(method)s", method=_(state_words.METHOD[received.method])), received.given))
    if document.kind is SaleKind.RECEIPT:
        sums += [Sum(_("Paid back (%(code)s)", code=refund.code), -refund.amount) for refund in order.refunds if refund.settled_at]
    return sums


def tax_sums(tax: ContainedTax) -> list[Sum]:
    """What of the total is PPN; on top of nothing, because prices include it."""
    sums = [Sum(_("Price before PPN"), tax.net, "soft")]
    if tax.base != tax.net:
        part = f"{tax.rate.base_numerator}/{tax.rate.base_denominator}"
        sums.append(Sum(_("Tax base (%(part)s)", part=part), tax.base, "soft"))
    sums.append(Sum(_("PPN %(rate)s, included in the total", rate=percent(tax.rate.rate_bps)), tax.tax, "soft"))
    return sums


def draw_sale(document: SaleDocument) -> bytes:
    """The PDF, in the language that is spoken now."""
    sheet = Sheet(title_of(document))
    sheet.set_lang(document.order.language)
    sheet.set_creation_date(document.order.placed_at)
    order = document.order
    y = _parties(sheet, document, sheet.head(order.outlet, order.code))
    heights = [_row_height(sheet, line) for line in order.lines]
    closing = _closing_height(sheet, document)
    pages = share_out(heights, BOTTOM - y - 8, BOTTOM - SHORT_HEAD - 8, closing)
    for number, rows in enumerate(pages, start=1):
        if number > 1:
            y = sheet.head_again(order.code)
        if rows:
            y = _table_head(sheet, y)
        for row in rows:
            y = _row(sheet, y, order.lines[row])
        if number == len(pages):
            _closing(sheet, document, y)
        sheet.foot(_foot_text(document), number, len(pages))
    return bytes(sheet.output())


def _parties(sheet: Sheet, document: SaleDocument, y: float) -> float:
    order = document.order
    below_seller = sheet.party(MARGIN, y, 58, _("Seller"), seller_lines(order.outlet))
    facts = [
        *([Fact(_("Buyer"), order.contact_name)] if order.contact_name else []),
        Fact(_("Bought") if order.channel is Channel.COUNTER else _("Ordered"), moment(order.placed_at, order.outlet.zone)),
        *([Fact(_("Receipt number"), document.number)] if document.number else _time_facts(document)),
        *receiving_facts(order),
    ]
    below_facts = sheet.facts(MARGIN + 66, y, 66, facts)
    sheet.qr(RIGHT, y + 0.6, QR_SIZE, order_address(order))
    sheet.face(7.5, colour=SOFT)
    below_qr = sheet.tell(RIGHT - QR_SIZE - 6, y + QR_SIZE + 1.8, _("Scan for your order"), QR_SIZE + 6, "R")
    return max(below_seller, below_facts, below_qr) + 5


def receiving_facts(order: OrderView) -> list[Fact]:
    """Where the order goes, or where and when it is collected."""
    if order.shipping:
        return [Fact(_("Sent to"), ", ".join(order.shipping.lines))] if order.shipping.lines else []
    if order.channel is Channel.COUNTER:
        return [Fact(_("Bought at"), order.outlet.name)]
    facts = [Fact(_("Pickup at"), order.outlet.name)]
    if order.pickup_at:
        facts.append(Fact(_("Pickup time"), slot_words(order.pickup_at, order.outlet.zone)))
    return facts


def _time_facts(document: SaleDocument) -> list[Fact]:
    order, zone = document.order, document.order.outlet.zone
    if document.kind is SaleKind.RECEIPT:
        paid_at = max((received.paid_at for received in document.received if received.paid_at), default=None)
        return [Fact(_("Paid"), moment(paid_at, zone))] if paid_at else []
    return [Fact(_("Kept until"), moment(order.hold_until, zone))] if order.hold_until else []


def _table_head(sheet: Sheet, y: float) -> float:
    sheet.tint(MARGIN, y, INNER, 7)
    sheet.face(8, "B", SOFT)
    sheet.say(MARGIN + 2, y + 1.7, _("Product"))
    sheet.say(PRICE - 30, y + 1.7, _("Price"), 30, "R")
    sheet.say(QUANTITY - 20, y + 1.7, _("Quantity"), 20, "R")
    sheet.say(RIGHT - 32, y + 1.7, _("Amount"), 30, "R")
    return y + 8


def _row_height(sheet: Sheet, line: LineView) -> float:
    sheet.face(10)
    names = len(sheet.split(line.name, NAME_WIDTH)) * sheet.line_height()
    sheet.face(8)
    return names + len(sheet.split(_origin(line), NAME_WIDTH)) * sheet.line_height() + 3.4


def _row(sheet: Sheet, y: float, line: LineView) -> float:
    top = y + 1.4
    sheet.face(10)
    sheet.say(PRICE - 30, top, rupiah(line.unit_price), 30, "R")
    sheet.say(QUANTITY - 20, top, str(line.quantity), 20, "R")
    sheet.say(RIGHT - 32, top, rupiah(line.line_total), 30, "R")
    below = sheet.tell(MARGIN + 2, top, line.name, NAME_WIDTH)
    sheet.face(8, colour=SOFT)
    below = sheet.tell(MARGIN + 2, below, _origin(line), NAME_WIDTH) + 2
    sheet.rule(MARGIN, below, INNER)
    return below


def _origin(line: LineView) -> str:
    return f"{line.maker_name} \u00b7 {line.village_name}"


def _closing_height(sheet: Sheet, document: SaleDocument) -> float:
    rows = len(sums_of(document)) * 6.2 + (len(tax_sums(document.tax)) * 4.8 + 3 if document.tax else 0)
    sheet.face(11, "I", family=SERIF)
    words = len(sheet.split(_said(document), INNER - SUMS_WIDTH - 12)) * sheet.line_height() + 12
    return max(rows, words) + 26


def _closing(sheet: Sheet, document: SaleDocument, y: float) -> None:
    """Sums on the right, the amount in words on the left, and what comes next across the page."""
    left, y = RIGHT - SUMS_WIDTH, y + 3
    sheet.face(11, "I", INK, SERIF)
    sheet.overline(MARGIN + 2, y + 1.4, _("Amount in words"))
    sheet.face(11, "I", INK, SERIF)
    below_words = sheet.tell(MARGIN + 2, y + 5.6, _said(document), INNER - SUMS_WIDTH - 12)
    for each in sums_of(document):
        y = draw_sum(sheet, left, y, each)
    if document.tax:
        sheet.rule(left, y + 1.2, SUMS_WIDTH)
        y += 2.4
        for each in tax_sums(document.tax):
            y = draw_sum(sheet, left, y, each)
    y = max(y, below_words) + 6
    note = _note(document)
    if note:
        sheet.face(9.5)
        height = len(sheet.split(note, INNER - 12)) * sheet.line_height() + 6
        sheet.tint(MARGIN, y, INNER, height)
        sheet.tint(MARGIN, y, 1, height, GOLD)
        sheet.tell(MARGIN + 6, y + 3, note, INNER - 12)


def draw_sum(sheet: Sheet, x: float, y: float, each: Sum) -> float:
    """One line of a paper's sums; the place of the next."""
    if each.weight == "grand":
        sheet.face(12.5, "B", MAROON)
    elif each.weight == "soft":
        sheet.face(8.5, colour=SOFT)
    else:
        sheet.face(10)
    sheet.say(x, y, each.label, SUMS_WIDTH - 32)
    sheet.say(RIGHT - 42, y, rupiah(each.amount), 40, "R")
    return y + {"grand": 7.4, "soft": 4.8}.get(each.weight, 6.0)


def _said(document: SaleDocument) -> str:
    return amount_in_words(document.amount_in_question, document.order.language)


def _note(document: SaleDocument) -> str:
    order = document.order
    if order.state is OrderState.COMPLETED:
        return _("Thank you for buying from the villages.")
    if order.shipping and order.is_paid:
        days = days_words(order.shipping.days_min, order.shipping.days_max)
        return _("We send your order with %(courier)s. It usually takes %(days)s.", courier=order.shipping.courier, days=days)
    if document.kind is SaleKind.RECEIPT:
        return _("Show the order code %(code)s at the counter when you collect.", code=order.code)
    if document.pays_cash:
        amount = rupiah(order.cash_due)
        return _("Please bring %(amount)s in cash and show the order code %(code)s at the counter.", amount=amount, code=order.code)
    if order.is_paid:
        return _("Paid. Show the order code %(code)s at the counter when you collect.", code=order.code)
    return _("This order is not paid yet. Scan the code above to pay.")


def _foot_text(document: SaleDocument) -> str:
    operator = document.order.outlet.operator_name
    if document.kind is SaleKind.RECEIPT:
        return _("Issued by %(operator)s. Valid without a signature.", operator=operator)
    return _("Issued by %(operator)s. This confirmation is not a proof of payment.", operator=operator)
