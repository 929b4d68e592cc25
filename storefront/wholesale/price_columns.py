"""The columns of a price list, as buyers' systems ask for them: one row for each price step of an offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.models.product import Unit
from orders.wholesale.views import OfferView
from storefront.i18n import gettext as _
from storefront.spreadsheets import Cell
from storefront.wholesale_words import RETURNS, percent
from storefront.words import word


def heads() -> list[Cell]:
    """What stands above the columns."""
    return [
        _("Offer"),
        _("Item code"),
        _("Product"),
        _("Pack"),
        _("Net quantity"),
        _("Unit"),
        _("Maker"),
        _("Village"),
        _("District"),
        _("GTIN of the unit"),
        _("GTIN of the case"),
        _("Units in a case"),
        _("Case length (mm)"),
        _("Case width (mm)"),
        _("Case height (mm)"),
        _("Case weight (g)"),
        _("Cases in a layer"),
        _("Layers on a pallet"),
        _("From cases"),
        _("Price for one unit (Rp)"),
        _("Price for one case (Rp)"),
        _("Suggested retail price (Rp)"),
        _("Margin"),
        _("Minimum in cases"),
        _("Lead time (days)"),
        _("Units in a month"),
        _("Free this month"),
        _("Shelf life (days)"),
        _("Left on receipt (days)"),
        _("Papers"),
        _("Returns"),
        _("Ready for"),
    ]


def rows(view: OfferView, profile_names: Mapping[str, str]) -> Iterator[list[Cell]]:
    """One row for each price step."""
    sides: tuple[int | None, ...] = view.case_mm or (None, None, None)
    before: list[Cell] = [
        view.code,
        view.sku,
        view.name,
        view.pack,
        view.net_quantity,
        _("pcs") if view.unit is Unit.PIECE else view.unit.value,
        view.maker_name,
        view.village_name,
        view.district_name,
        view.gtin,
        view.case_gtin,
        view.units_per_case,
        *sides,
        view.case_weight_g,
        view.cases_per_layer,
        view.layers_per_pallet,
    ]
    after: list[Cell] = [
        view.minimum_cases,
        view.lead_days,
        view.monthly_quantity,
        view.free_quantity,
        view.shelf_life_days,
        view.remaining_days,
        "; ".join(f"{word(claim.kind, short=True)} {claim.number}".strip() for claim in view.claims),
        _(RETURNS[view.return_policy]),
        "; ".join(profile_names[key] for key in view.ready_for),
    ]
    for step in view.steps:
        margin = percent(step.margin_bps) if step.margin_bps is not None else None
        yield [*before, step.from_cases, step.unit_price, step.case_price, view.suggested_price, margin, *after]
