"""The delivery note on A4: who brought what to whom, what was accepted, and both sides' names; the maker's signature as it was drawn."""

from __future__ import annotations

import re
from typing import cast

from orders.models.delivery import Delivery, DeliveryLine, DeliveryState
from orders.queries import OutletView
from orders.stockroom.deliveries import SIGNATURE_SIZE
from storefront.documents.paper import INK, SOFT
from storefront.documents.sheet import BOTTOM, INNER, MARGIN, RIGHT, SHORT_HEAD, Fact, Sheet, seller_lines, share_out
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.state_words import CONDITION
from storefront.templating import moment, number, text_of

#: Columns: the goods, their lot, how many came, how many were taken.
LOT, BROUGHT, TAKEN = MARGIN + 84, RIGHT - 24, RIGHT - 2
NAME_WIDTH, CLOSING = LOT - MARGIN - 4, 52.0
SIGNATURE_WIDTH = 60.0
_POINT = re.compile(r"([ML])([0-9]+) ([0-9]+)")


def draw_note(delivery: Delivery, counted_by: str) -> bytes:
    """The note in the language that is spoken now; `counted_by` is who counted for the outlet, or ""."""
    sheet = Sheet(_("Delivery note"))
    sheet.set_lang(current_language())
    sheet.set_creation_date(delivery.received_at or delivery.created_at)
    y = _parties(sheet, delivery, sheet.head(_seller(delivery), delivery.code))
    heights = [_height(sheet, line) for line in delivery.lines]
    pages = share_out(heights, BOTTOM - y - 8, BOTTOM - SHORT_HEAD - 8, CLOSING)
    for page, rows in enumerate(pages, start=1):
        if page > 1:
            y = sheet.head_again(delivery.code)
        y = _table_head(sheet, y)
        for row in rows:
            y = _row(sheet, y, delivery.lines[row])
        if page == len(pages):
            _closing(sheet, delivery, counted_by, y)
        sheet.foot(_("Both sides keep a copy. Statements name this delivery by its code."), page, len(pages))
    return bytes(sheet.output())


def _seller(delivery: Delivery) -> OutletView:
    return cast(OutletView, delivery.outlet)  # the sheet reads its name and address only


def _parties(sheet: Sheet, delivery: Delivery, y: float) -> float:
    maker = [delivery.maker.name, delivery.maker.phone]
    left = sheet.party(MARGIN, y, 70, _("Maker"), [line for line in maker if line])
    middle = sheet.party(MARGIN + 76, y, 60, _("Received by"), seller_lines(_seller(delivery)))
    zone = delivery.outlet.zone
    facts = [Fact(_("Counted"), moment(delivery.counted_at, zone))] if delivery.counted_at else []
    if delivery.received_at:
        facts.append(Fact(_("Confirmed"), moment(delivery.received_at, zone)))
    if delivery.brought_by:
        facts.append(Fact(_("Brought by"), delivery.brought_by))
    return max(left, middle, sheet.facts(RIGHT - 34, y, 34, facts)) + 6


def _table_head(sheet: Sheet, y: float) -> float:
    sheet.tint(MARGIN, y, INNER, 7)
    sheet.face(8, "B", SOFT)
    sheet.say(MARGIN + 2, y + 1.7, _("Product"))
    sheet.say(LOT, y + 1.7, _("Lot"))
    sheet.say(BROUGHT - 20, y + 1.7, _("Arrived"), 20, "R")
    sheet.say(TAKEN - 20, y + 1.7, _("Accepted"), 20, "R")
    return y + 8


def _height(sheet: Sheet, line: DeliveryLine) -> float:
    sheet.face(9.5)
    names = sheet.split(_name(line), NAME_WIDTH)
    return (len(names) + bool(line.refusal_reason)) * sheet.line_height() + 3


def _row(sheet: Sheet, y: float, line: DeliveryLine) -> float:
    sheet.face(9.5, colour=INK)
    below = sheet.tell(MARGIN + 2, y + 1, _name(line), NAME_WIDTH)
    lot = f"{line.lot_code}, {line.best_before_on:%d/%m/%Y}" if line.best_before_on else line.lot_code
    sheet.say(LOT, y + 1, lot)
    sheet.say(BROUGHT - 20, y + 1, number(line.quantity), 20, "R")
    sheet.face(9.5, "B")
    sheet.say(TAKEN - 20, y + 1, number(line.accepted), 20, "R")
    if line.refusal_reason:
        sheet.face(8, colour=SOFT)
        below = sheet.say(MARGIN + 2, below, f"{_(CONDITION[line.condition])}: {line.refusal_reason}")
    sheet.rule(MARGIN, below + 1.4, INNER)
    return below + 2


def _closing(sheet: Sheet, delivery: Delivery, counted_by: str, y: float) -> None:
    sheet.face(10, "B")
    sheet.say(MARGIN + 2, y + 2, _("Together"))
    sheet.say(BROUGHT - 20, y + 2, number(sum(line.quantity for line in delivery.lines)), 20, "R")
    sheet.say(TAKEN - 20, y + 2, number(sum(line.accepted for line in delivery.lines)), 20, "R")
    top = y + 12
    sheet.overline(MARGIN, top, _("For the outlet"))
    sheet.overline(MARGIN + 90, top, _("For the maker"))
    if delivery.signature:
        _sign(sheet, delivery.signature, MARGIN + 90, top + 4)
    sheet.rule(MARGIN, top + 26, SIGNATURE_WIDTH)
    sheet.rule(MARGIN + 90, top + 26, SIGNATURE_WIDTH)
    sheet.face(9.5)
    sheet.say(MARGIN, top + 27, counted_by)
    is_received = delivery.state is DeliveryState.RECEIVED
    sheet.say(MARGIN + 90, top + 27, delivery.confirmed_name if is_received else "")


def _sign(sheet: Sheet, signature: str, x: float, y: float) -> None:
    scale = SIGNATURE_WIDTH / SIGNATURE_SIZE[0]
    sheet.set_draw_color(*INK)
    sheet.set_line_width(0.4)
    last: tuple[float, float] | None = None
    for mark, across, down in _POINT.findall(signature):
        here = x + int(across) * scale, y + int(down) * scale
        if mark == "L" and last is not None:
            sheet.line(*last, *here)
        last = here


def _name(line: DeliveryLine) -> str:
    return f"{text_of(line.variant.product, 'name')}, {text_of(line.variant, 'name')}"
