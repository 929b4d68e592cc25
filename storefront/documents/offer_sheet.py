"""An offer on one A4 page: picture, case and pallet, price steps, papers, and what each kind of retailer still misses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from catalog.models.stock import Outlet
from catalog.readiness.profiles import Profile
from orders.models.offer import SellerTerms
from orders.wholesale.views import OfferView
from storefront.documents.paper import GOLD, INK, MAROON, SERIF, SOFT
from storefront.documents.sheet import INNER, MARGIN, Sheet
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import current_settings, day, number, rupiah
from storefront.wholesale_words import RETURNS, days, gap_words, percent
from storefront.words import word

PICTURE_WIDTH, PICTURE_HEIGHT = 58.0, 72.5
SIDE = MARGIN + PICTURE_WIDTH + 8
SIDE_WIDTH = INNER - PICTURE_WIDTH - 8
COLUMN = (INNER - 8) / 2
MOST_GAPS = 4


def draw_sheet(
    view: OfferView, outlet: Outlet, partner: str, today: date, profiles: Sequence[Profile], terms: SellerTerms | None, due_days: int
) -> bytes:
    """The PDF in the language that is spoken now; the prices are this partner's on `today`."""
    sheet = Sheet(_("Product sheet"))
    sheet.set_lang(current_language())
    y = sheet.head(outlet, view.code)
    draw_picture(sheet, view, MARGIN, y, PICTURE_WIDTH, PICTURE_HEIGHT)
    below = _title(sheet, view, y)
    below = _pairs(sheet, SIDE, below + 3, SIDE_WIDTH, _first_facts(view))
    y = max(below, y + PICTURE_HEIGHT) + 6
    left = _pairs(sheet, MARGIN, _section(sheet, MARGIN, y, COLUMN, _("Case and pallet")), COLUMN, case_facts(view))
    right = _steps(
        sheet, view, MARGIN + COLUMN + 8, _section(sheet, MARGIN + COLUMN + 8, y, COLUMN, _("Prices for %(name)s", name=partner))
    )
    y = max(left, right) + 5
    left = _pairs(sheet, MARGIN, _section(sheet, MARGIN, y, COLUMN, _("Delivery and terms")), COLUMN, _terms(view, terms, due_days))
    right = _papers(sheet, view, MARGIN + COLUMN + 8, _section(sheet, MARGIN + COLUMN + 8, y, COLUMN, _("Papers valid today")))
    y = max(left, right) + 5
    _readiness(sheet, view, _section(sheet, MARGIN, y, INNER, _("Readiness")), profiles)
    said = _("Prices of %(day)s for %(name)s alone; please do not pass them on.", day=day(today), name=partner)
    sheet.foot(f"{said} {_('Sample data, not a real offer.')}" if view.is_sample else said, 1, 1)
    return bytes(sheet.output())


def draw_picture(sheet: Sheet, view: OfferView, x: float, y: float, width: float, height: float) -> None:
    """The product's picture, or a quiet ground with the house's mark."""
    path = picture_path(view)
    if path is None:
        sheet.tint(x, y, width, height)
        sheet.mark(x + width / 2 - 8, y + height / 2 - 8, 16, GOLD)
    else:
        sheet.image(str(path), x=x, y=y, w=width, h=height, keep_aspect_ratio=True)


def picture_path(view: OfferView) -> Path | None:
    """The stored JPEG that is large enough for paper."""
    if view.picture is None:
        return None
    folder = current_settings().media_folder
    return next((path for width in (640, 320) if (path := folder / f"{view.picture.name}-{width}.jpg").is_file()), None)


def case_facts(view: OfferView) -> list[tuple[str, str]]:
    """What a warehouse asks."""
    sides = " × ".join(number(side) for side in view.case_mm) + " mm" if view.case_mm else _("not measured yet")
    facts = [
        (_("Units in a case"), number(view.units_per_case)),
        (_("Case, outside"), sides),
        (_("Case weight"), f"{number(view.case_weight_g)} g" if view.case_weight_g else "–"),
        (_("GTIN of the unit"), view.gtin or _("not registered yet")),
        (_("GTIN of the case"), view.case_gtin or _("not registered yet")),
    ]
    if view.cases_per_layer and view.layers_per_pallet:
        pallet = _(
            "%(layer)s in a layer, %(layers)s layers, %(all)s cases",
            layer=view.cases_per_layer,
            layers=view.layers_per_pallet,
            all=view.cases_per_pallet,
        )
        facts.append((_("Pallet"), pallet))
    return facts


def _first_facts(view: OfferView) -> list[tuple[str, str]]:
    facts = [
        (_("Maker"), f"{view.maker_name}, {view.village_name}"),
        (_("Halal"), word(view.halal_state)),
    ]
    if view.ingredients:
        facts.append((_("Ingredients"), view.ingredients))
    if view.storage:
        facts.append((_("Storage"), view.storage))
    return facts


def _terms(view: OfferView, terms: SellerTerms | None, due_days: int) -> list[tuple[str, str]]:
    facts = [
        (_("Minimum"), _("%(cases)s cases", cases=number(view.minimum_cases))),
        (_("Lead time"), days(view.lead_days)),
        (
            _("Capacity in a month"),
            _("%(units)s units, %(free)s free this month", units=number(view.monthly_quantity), free=number(view.free_quantity)),
        ),
        (_("Shelf life"), days(view.shelf_life_days) if view.shelf_life_days else "–"),
        (_("Left on receipt"), days(view.remaining_days) if view.remaining_days else "–"),
        (_("Returns"), _(RETURNS[view.return_policy])),
        (_("Payment"), _("within %(days)s of the invoice", days=days(due_days)) if due_days else _("before delivery")),
    ]
    if terms and terms.first_order_minimum:
        facts.append((_("First order from"), rupiah(terms.first_order_minimum)))
    return facts


def _title(sheet: Sheet, view: OfferView, y: float) -> float:
    sheet.face(9, colour=SOFT)
    y = sheet.say(SIDE, y, f"{view.village_name}, {view.district_name}")
    sheet.face(17, "", INK, SERIF)
    y = sheet.tell(SIDE, y, view.name, SIDE_WIDTH)
    sheet.face(10, "B", MAROON)
    return sheet.tell(SIDE, y + 0.5, f"{view.pack} · {view.sku}", SIDE_WIDTH)


def _section(sheet: Sheet, x: float, y: float, width: float, title: str) -> float:
    sheet.face(11, "B", MAROON, SERIF)
    y = sheet.say(x, y, title)
    sheet.rule(x, y + 0.6, width, GOLD, 0.4)
    return y + 2.2


def _pairs(sheet: Sheet, x: float, y: float, width: float, pairs: Sequence[tuple[str, str]]) -> float:
    label = 37.0
    for name, text in pairs:
        sheet.face(8.5, colour=SOFT)
        sheet.say(x, y, name)
        sheet.face(9)
        y = sheet.tell(x + label, y, text, width - label) + 0.9
    return y


def _steps(sheet: Sheet, view: OfferView, x: float, y: float) -> float:
    right = x + COLUMN
    sheet.face(7.5, colour=SOFT)
    for place, text in ((x + 32, _("one unit")), (x + 56, _("one case")), (right, _("margin"))):
        sheet.say(place - 24, y, text, 24, "R")
    y += 4.6
    for step in view.steps:
        sheet.face(9)
        sheet.say(x, y, _("from %(cases)s", cases=number(step.from_cases)))
        sheet.say(x + 32 - 24, y, rupiah(step.unit_price), 24, "R")
        sheet.say(x + 56 - 24, y, rupiah(step.case_price), 24, "R")
        sheet.say(right - 20, y, percent(step.margin_bps) if step.margin_bps is not None else "–", 20, "R")
        y += sheet.line_height() + 0.9
    if view.suggested_price:
        sheet.face(8.5, colour=SOFT)
        y = sheet.say(x, y + 0.8, _("Suggested retail price %(price)s, tax included.", price=rupiah(view.suggested_price)))
    return y


def _papers(sheet: Sheet, view: OfferView, x: float, y: float) -> float:
    for claim in view.claims:
        until = _("until %(day)s", day=day(claim.valid_until_on)) if claim.valid_until_on else _("no end")
        sheet.face(9)
        y = sheet.tell(x, y, f"{word(claim.kind, short=True)} {claim.number}", COLUMN)
        sheet.face(8, colour=SOFT)
        y = sheet.tell(x, y, f"{claim.issuer}, {until}", COLUMN) + 1
    if not view.claims:
        sheet.face(9, colour=SOFT)
        y = sheet.say(x, y, _("None is needed for these goods, or none is valid today."))
    return y


def _readiness(sheet: Sheet, view: OfferView, y: float, profiles: Sequence[Profile]) -> None:
    width = (INNER - 8 * (len(profiles) - 1)) / max(1, len(profiles))
    for place, profile in enumerate(profiles):
        x, below = MARGIN + place * (width + 8), y
        gaps = view.gaps(profile.needs)
        sheet.face(9, "B")
        below = sheet.say(x, below, profile.name(current_language()))
        sheet.face(8, colour=SOFT)
        if not gaps:
            sheet.say(x, below, _("Ready"))
        for gap in gaps[:MOST_GAPS]:
            below = sheet.tell(x, below, "- " + gap_words(gap), width)
        if len(gaps) > MOST_GAPS:
            sheet.say(x, below, _("and %(count)s more", count=len(gaps) - MOST_GAPS))
