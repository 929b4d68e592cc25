"""Packing slips on A4, one order after the other: what to put into the bag, and from which batches, first expired first."""

from __future__ import annotations

from collections.abc import Sequence

from orders.documents import PackingSlip, SlipLine
from orders.queries import OrderView, PickView
from storefront.documents.paper import GOLD, INK, MAROON, SERIF, SOFT
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, SHORT_HEAD, Fact, Sheet, share_out
from storefront.hours import slot_words
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.order_links import office_address
from storefront.templating import day, moment, number, rupiah

#: Columns: a box to tick, the count, the item, and the batches.
BOX, COUNT, NAME, LOTS = MARGIN + 2, MARGIN + 10, MARGIN + 26, RIGHT - 74
NAME_WIDTH, LOTS_WIDTH = LOTS - NAME - 4, 74.0
QR_SIZE = 25.0
#: Room for the count of pieces and the packer's name.
CLOSING = 30.0


def draw_slips(slips: Sequence[PackingSlip]) -> bytes:
    """All slips in one PDF, each on pages of its own, in the language that is spoken now."""
    sheet = Sheet(_("Packing slip"))
    sheet.set_lang(current_language())
    sheet.set_creation_date(max(slip.order.placed_at for slip in slips))
    for slip in slips:
        _draw_slip(sheet, slip)
    return bytes(sheet.output())


def _draw_slip(sheet: Sheet, slip: PackingSlip) -> None:
    order = slip.order
    y = _parties(sheet, slip, sheet.head(order.outlet, order.code))
    heights = [_row_height(sheet, line) for line in slip.lines]
    pages = share_out(heights, BOTTOM - y - 8, BOTTOM - SHORT_HEAD - 8, CLOSING)
    for page, rows in enumerate(pages, start=1):
        if page > 1:
            y = sheet.head_again(order.code)
        if rows:
            y = _table_head(sheet, y)
        for row in rows:
            y = _row(sheet, y, slip.lines[row])
        if page == len(pages):
            _closing(sheet, slip, y)
        sheet.foot(_("For whoever packs. Take the batches as listed: what expires first leaves first."), page, len(pages))


def _parties(sheet: Sheet, slip: PackingSlip, y: float) -> float:
    order, zone = slip.order, slip.order.outlet.zone
    sheet.overline(MARGIN, y, _("Order code"))
    sheet.face(26, "B", MAROON, SERIF)
    below = sheet.say(MARGIN, y + 4, order.code)
    sheet.face(11, "B")
    money = _("Take %(amount)s in cash", amount=rupiah(order.cash_due)) if order.cash_due else _("Paid: nothing to collect")
    if order.shipping:
        money = _("To be sent: %(zone)s", zone=order.shipping.zone_name)
    below = sheet.tell(MARGIN, below + 1, money, 60)
    facts = [Fact(_("Buyer"), f"{order.contact_name}, {order.contact_phone}"), Fact(_("Ordered"), moment(order.placed_at, zone))]
    facts += _travel_facts(order)
    if order.hold_until:
        facts.append(Fact(_("Kept until"), moment(order.hold_until, zone)))
    if order.note:
        facts.append(Fact(_("Note"), order.note))
    below_facts = sheet.facts(MARGIN + 66, y, 66, facts)
    sheet.qr(RIGHT, y + 0.6, QR_SIZE, office_address(order))
    sheet.face(7.5, colour=SOFT)
    scan = _("Scan to ship") if order.shipping else _("Scan to hand over")
    below_qr = sheet.tell(RIGHT - QR_SIZE - 6, y + QR_SIZE + 1.8, scan, QR_SIZE + 6, "R")
    return max(below, below_facts, below_qr) + 5


def _travel_facts(order: OrderView) -> list[Fact]:
    """Where the parcel goes and what it should weigh; or when the buyer comes, and goes on."""
    zone = order.outlet.zone
    if order.shipping:
        weight = _("%(weight)s g, paid for %(kilograms)s kg", weight=number(order.shipping.weight_g), kilograms=order.shipping.charged_kg)
        return [Fact(_("Sent to"), ", ".join(order.shipping.lines)), Fact(_("Weight"), f"{weight}, {order.shipping.courier}")]
    facts = [Fact(_("Pickup time"), slot_words(order.pickup_at, zone))] if order.pickup_at else []
    return facts + ([Fact(_("Buyer travels on"), moment(order.departs_at, zone))] if order.departs_at else [])


def _table_head(sheet: Sheet, y: float) -> float:
    sheet.tint(MARGIN, y, INNER, 7)
    sheet.face(8, "B", SOFT)
    sheet.say(COUNT, y + 1.7, _("Quantity"))
    sheet.say(NAME, y + 1.7, _("Product"))
    sheet.say(LOTS, y + 1.7, _("Take from lot"))
    return y + 8


def _row_height(sheet: Sheet, line: SlipLine) -> float:
    sheet.face(10.5)
    names = len(sheet.split(line.name, NAME_WIDTH)) * sheet.line_height()
    sheet.face(8)
    names += len(sheet.split(f"{line.maker_name} \u00b7 {line.village_name}", NAME_WIDTH)) * sheet.line_height()
    sheet.face(9.5)
    lots = sum(len(sheet.split(_pick_text(pick), LOTS_WIDTH)) for pick in line.picks) * sheet.line_height()
    return max(names, lots, 8) + 4


def _row(sheet: Sheet, y: float, line: SlipLine) -> float:
    below = y + _row_height(sheet, line)
    top = y + 1.6
    sheet.set_draw_color(*SOFT)
    sheet.set_line_width(0.3)
    sheet.rect(BOX, top + 0.2, 4.6, 4.6)
    sheet.face(13, "B", INK)
    sheet.say(COUNT, top - 0.4, str(line.quantity))
    sheet.face(10.5)
    under = sheet.tell(NAME, top, line.name, NAME_WIDTH)
    sheet.face(8, colour=SOFT)
    sheet.tell(NAME, under, f"{line.maker_name} \u00b7 {line.village_name}", NAME_WIDTH)
    sheet.face(9.5)
    at = top
    for pick in line.picks:
        at = sheet.tell(LOTS, at, _pick_text(pick), LOTS_WIDTH)
    sheet.rule(MARGIN, below - 1, INNER)
    return below


def _pick_text(pick: PickView) -> str:
    text = f"{pick.quantity} \u00d7 {pick.lot_code}"
    return f"{text}, {_('best before %(day)s', day=day(pick.best_before_on))}" if pick.best_before_on else text


def _closing(sheet: Sheet, slip: PackingSlip, y: float) -> None:
    y += 4
    sheet.face(12, "B", INK)
    sheet.say(COUNT, y, ngettext("%(num)s piece in the bag", "%(num)s pieces in the bag", slip.pieces))
    sheet.face(9, colour=SOFT)
    for x, label in ((RIGHT - 100, _("Packed by")), (RIGHT - 45, _("Date"))):
        sheet.say(x, y + 16, label)
        sheet.rule(x, y + 15, 45, GOLD, 0.3)
