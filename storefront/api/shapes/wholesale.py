"""Shapes of what a partner reads of the offers: goods by the case, their prices, stock, free capacity and papers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from catalog.models.product import HalalState, Unit
from orders.models.offer import ReturnPolicy
from storefront.api.shapes.ground import Moment, Paper, Picture, Rupiah, Shape, Text, VillageName, Walk
from storefront.api.shapes.public import MakerName


class Case(Shape):
    """One closed case; what was not measured yet is null."""

    units: int
    gtin: Annotated[str | None, Field(description="A registered GTIN-14, or null.")]
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    weight_g: int | None
    per_layer: int | None
    layers_per_pallet: int | None


class Tier(Shape):
    """From so many cases on, one unit costs `unit_price`."""

    from_cases: int
    unit_price: Rupiah


class FreeCapacity(Shape):
    """Units that the makers can still promise for a month (`2026-12`)."""

    month: str
    units: int


class Stock(Shape):
    """What stands at the seller now, and what can still be made."""

    offer: str
    units: Annotated[int, Field(description="Units that nobody holds.")]
    full_cases: int
    free_capacity: list[FreeCapacity]


class Prices(Shape):
    """What this partner pays today."""

    offer: str
    prices: list[Tier]


class Papers(Shape):
    """The certificates of an offer's product and maker that are valid today."""

    offer: str
    product: str
    halal: HalalState
    papers: list[Paper]


class Offer(Shape):
    """A pack size that the seller offers to this partner by the case."""

    code: str
    sku: Annotated[str, Field(description="Code of the pack size.")]
    gtin: str | None
    name: Text
    size: Text
    net_quantity: int
    unit: Unit
    url: Annotated[str, Field(description="The product's public page.")]
    maker: MakerName
    village: VillageName
    case: Case
    minimum_cases: int
    lead_days: Annotated[int, Field(description="Days from order to dispatch.")]
    shelf_life_days: int | None
    remaining_days: Annotated[int | None, Field(description="Days to best-before at least left on receipt.")]
    delivery_areas: Annotated[list[str], Field(description="Area codes that are delivered to; empty: all of Indonesia.")]
    return_policy: ReturnPolicy
    suggested_price: Rupiah | None
    prices: list[Tier]
    stock: Stock
    halal: HalalState
    papers: list[Paper]
    pictures: list[Picture]
    is_sample: bool
    updated_at: Moment


class OfferPage(Walk):
    """Offers in the order of their last change."""

    items: list[Offer]
    removed: Annotated[list[str], Field(description="Codes of offers that this partner does not see any more.")]


class PricePage(Walk):
    """Prices of the offers, in the order of the offers' last change."""

    items: list[Prices]


class StockPage(Walk):
    """Stock of the offers, in the order of the offers' last change."""

    items: list[Stock]


class PaperPage(Walk):
    """Papers of the offers, in the order of the offers' last change."""

    items: list[Papers]
