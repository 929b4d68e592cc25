"""The sheet of paper for power cuts, on A4: numbered lines to write sales on, and what sells most with codes and prices."""

from __future__ import annotations

from collections.abc import Sequence

from kernel import clock
from kernel.locales import pick
from orders.counter.plain import Seller
from orders.models.till import Till
from storefront.documents.paper import INK, LINE, SOFT
from storefront.documents.sheet import INNER, MARGIN, RIGHT, Sheet
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import day, rupiah

#: Numbered lines of one page and in all, and the height of one to write on.
LINES, PAGES, HEIGHT = 24, 2, 8.4
#: Columns: left edge and width of number, time, code, goods, count, price, paid with, and given.
NUMBER, TIME, CODE, GOODS, COUNT, PRICE, WAY = 0.0, 15.0, 28.0, 62.0, 104.0, 116.0, 140.0


def draw_sales_sheet(till: Till, sellers: Sequence[Seller]) -> bytes:
    """The PDF in the language that is spoken now: two pages of lines, one of goods."""
    sheet = Sheet(_("Paper sales sheet"))
    sheet.set_lang(current_language())
    sheet.set_creation_date(clock.now())
    count = PAGES + (1 if sellers else 0)
    for page in range(PAGES):
        y = sheet.head(till.outlet, f"{till.outlet.code}-{till.number}") if page == 0 else sheet.head_again(till.name)
        _write_lines(sheet, _top(sheet, till, y), page * LINES + 1)
        sheet.foot(_foot(), page + 1, count)
    if sellers:
        _write_sellers(sheet, sheet.head_again(till.name), till, sellers)
        sheet.foot(_foot(), count, count)
    return bytes(sheet.output())


def _foot() -> str:
    return _("When the power is back: type each line once on the page /counter/plain. Cash stays in the drawer until then.")


def _top(sheet: Sheet, till: Till, y: float) -> float:
    """Where the day and the cashier are written."""
    date, cashier = _("Day"), _("Cashier")
    sheet.face(9, colour=SOFT)
    sheet.say(MARGIN, y, f"{till.name}     {date}: ____ / ____ / ________     {cashier}: ______________________")
    return y + 8


def _write_lines(sheet: Sheet, y: float, first: int) -> None:
    sheet.tint(MARGIN, y, INNER, 7)
    sheet.face(7.5, "B", SOFT)
    for x, label in (
        (NUMBER, _("No.")), (TIME, _("Time")), (CODE, _("Code")), (GOODS, _("Goods")), (COUNT, _("Qty")), (PRICE, _("Price")),
        (WAY, _("Paid with")),
    ):  # fmt: skip
        sheet.say(MARGIN + x + 1, y + 1.8, label)
    y += 7
    for number in range(first, first + LINES):
        sheet.face(9, "B", INK)
        sheet.say(MARGIN + NUMBER + 1, y + 2.4, f"P-{number:04}")
        sheet.face(7, colour=SOFT)
        sheet.say(MARGIN + WAY + 1, y + 3, _("cash / QRIS / card"))
        y += HEIGHT
        sheet.rule(MARGIN, y, INNER, LINE)
    for x in (TIME, CODE, GOODS, COUNT, PRICE, WAY):
        sheet.set_draw_color(*LINE)
        sheet.line(MARGIN + x, y - LINES * HEIGHT, MARGIN + x, y)


def _write_sellers(sheet: Sheet, y: float, till: Till, sellers: Sequence[Seller]) -> None:
    language = current_language()
    sheet.face(8, colour=SOFT)
    sheet.say(MARGIN, y, _("Prices of %(day)s. Labels on the shelf may be newer.", day=day(clock.today(till.outlet.zone))))
    y += 6
    for seller in sellers:
        sheet.face(9, "B", INK)
        sheet.say(MARGIN + 1, y, seller.code)
        sheet.face(8, colour=SOFT)
        sheet.say(MARGIN + 32, y + 0.3, seller.number)
        sheet.face(9)
        name = f"{pick(language, seller.name_id, seller.name_en)}, {pick(language, seller.pack_id, seller.pack_en)}"
        sheet.say(MARGIN + 62, y, sheet.split(name, 76)[0])
        sheet.say(RIGHT - 32, y, rupiah(seller.price), 31, "R")
        y += 5.6
        sheet.rule(MARGIN, y - 0.7, INNER, LINE)
