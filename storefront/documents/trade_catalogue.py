"""A selection of offers as a catalogue on A4: three to a page, each with picture, case, price steps and papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from catalog.models.stock import Outlet
from orders.wholesale.views import OfferView
from storefront.documents.offer_sheet import draw_picture
from storefront.documents.paper import GOLD, INK, MAROON, SERIF, SOFT
from storefront.documents.sheet import INNER, MARGIN, RIGHT, Sheet
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.templating import day, number, rupiah
from storefront.wholesale_words import days, percent
from storefront.words import word

ON_PAGE = 4
ROW = 56.0
PICTURE_WIDTH, PICTURE_HEIGHT = 38.4, 48.0
TEXT = MARGIN + PICTURE_WIDTH + 6
PRICES = RIGHT - 62
TEXT_WIDTH = PRICES - TEXT - 5


def draw_catalogue(views: Sequence[OfferView], outlet: Outlet, partner: str, today: date) -> bytes:
    """The PDF in the language that is spoken now; the prices are this partner's on `today`."""
    sheet = Sheet(_("Catalogue"))
    sheet.set_lang(current_language())
    pages = [views[start : start + ON_PAGE] for start in range(0, len(views), ON_PAGE)]
    said = _("Prices of %(day)s for %(name)s alone; please do not pass them on.", day=day(today), name=partner)
    for place, some in enumerate(pages, 1):
        y = sheet.head(outlet, day(today)) + 1 if place == 1 else sheet.head_again(day(today))
        for view in some:
            _entry(sheet, view, y)
            y += ROW
        sheet.foot(said, place, len(pages))
    return bytes(sheet.output())


def _entry(sheet: Sheet, view: OfferView, y: float) -> None:
    draw_picture(sheet, view, MARGIN, y, PICTURE_WIDTH, PICTURE_HEIGHT)
    sheet.face(8, colour=SOFT)
    below = sheet.tell(TEXT, y, f"{view.village_name} · {view.maker_name}", TEXT_WIDTH)
    sheet.face(13, "", INK, SERIF)
    below = sheet.tell(TEXT, below, view.name, TEXT_WIDTH)
    sheet.face(8.5, "B", MAROON)
    below = sheet.tell(TEXT, below + 0.4, f"{view.pack} · {view.sku}", TEXT_WIDTH) + 1
    sheet.face(8.5)
    for line in _lines(view):
        below = sheet.tell(TEXT, below, line, TEXT_WIDTH)
    _prices(sheet, view, y)
    sheet.rule(MARGIN, y + ROW - 3.5, INNER)


def _lines(view: OfferView) -> list[str]:
    minimum = ngettext("minimum %(num)s case", "minimum %(num)s cases", view.minimum_cases)
    lines = [
        _("%(units)s in a case, %(minimum)s", units=number(view.units_per_case), minimum=minimum),
        _("%(days)s to dispatch, %(units)s units a month", days=days(view.lead_days), units=number(view.monthly_quantity)),
    ]
    if view.shelf_life_days:
        lines.append(_("Keeps %(days)s", days=days(view.shelf_life_days)))
    if view.claims:
        lines.append(", ".join(word(claim.kind, short=True) for claim in view.claims[:4]))
    return lines


def _prices(sheet: Sheet, view: OfferView, y: float) -> None:
    sheet.face(7.5, colour=SOFT)
    sheet.say(PRICES + 14, y, _("one unit"), 24, "R")
    sheet.say(RIGHT - 24, y, _("one case"), 24, "R")
    y += 4.8
    for step in view.steps[:6]:
        sheet.face(9)
        sheet.say(PRICES, y, _("from %(cases)s", cases=number(step.from_cases)))
        sheet.say(PRICES + 14, y, rupiah(step.unit_price), 24, "R")
        sheet.face(9, "B")
        sheet.say(RIGHT - 24, y, rupiah(step.case_price), 24, "R")
        y += 5
    if view.suggested_price and view.first_step.margin_bps is not None:
        sheet.rule(PRICES, y + 0.8, RIGHT - PRICES, GOLD)
        sheet.face(8, colour=SOFT)
        sheet.say(PRICES, y + 1.8, _("retail %(price)s", price=rupiah(view.suggested_price)))
        sheet.say(RIGHT - 30, y + 1.8, _("margin %(margin)s", margin=percent(view.first_step.margin_bps)), 30, "R")
