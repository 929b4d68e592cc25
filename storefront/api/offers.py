"""Operations for partners about offers: the catalogue with own prices, and prices, stock and papers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from catalog.queries import parts
from orders.wholesale import machine_reads
from orders.wholesale.buyers import Audience
from orders.wholesale.machine_reads import OfferRow
from storefront.api import public
from storefront.api.operations import Call
from storefront.api.shapes import wholesale as shapes
from storefront.api.shapes.ground import text
from storefront.api.shapes.public import MakerName
from storefront.api.walking import close_page, step_of
from storefront.templating import external

_T = TypeVar("_T")


def list_offers(call: Call) -> shapes.OfferPage:
    """Offers that the partner's group sees, each with everything a retailer asks about it."""
    items, walk, removed = _page(call, offer_shape)
    return shapes.OfferPage(items=items, removed=removed, **walk)


def get_offer(call: Call) -> shapes.Offer:
    """One offer."""
    audience = _audience(call)
    day = machine_reads.today_of(audience)
    row = machine_reads.get_offer_row(call.session, audience, call.places["code"], day)
    [found] = machine_reads.dress(audience, [row], day)
    return offer_shape(found)


def list_prices(call: Call) -> shapes.PricePage:
    """What the partner pays today, by quantity."""
    items, walk, _removed = _page(call, lambda found: shapes.Prices(offer=found.offer.code, prices=_tiers(found)))
    return shapes.PricePage(items=items, **walk)


def list_stock(call: Call) -> shapes.StockPage:
    """Units at the seller that nobody holds, and free capacity by month. Stock moves all day and is no change of an offer."""
    items, walk, _removed = _page(call, _stock)
    return shapes.StockPage(items=items, **walk)


def list_papers(call: Call) -> shapes.PaperPage:
    """Certificates that are valid today; one that ran out is not here, and neither is an offer that needs it."""
    items, walk, _removed = _page(call, _papers)
    return shapes.PaperPage(items=items, **walk)


def offer_shape(found: OfferRow) -> shapes.Offer:
    """An offer as its partner reads it."""
    row, offer = found.row, found.offer
    claims = parts.read_claims(row.claims)
    return shapes.Offer(
        code=offer.code,
        sku=row.Variant.code,
        gtin=row.Variant.gtin,
        name=text(row.Product.name_id, row.Product.name_en),
        size=text(row.Variant.name_id, row.Variant.name_en),
        net_quantity=row.Variant.net_quantity,
        unit=row.Variant.unit,
        url=external(f"/products/{row.Product.slug}"),
        maker=MakerName(slug=row.maker_slug, name=row.maker_name, kind=row.maker_kind),
        village=public.village_name(parts.read_place(row)),
        case=shapes.Case(
            units=offer.units_per_case,
            gtin=offer.case_gtin,
            length_mm=offer.case_length_mm,
            width_mm=offer.case_width_mm,
            height_mm=offer.case_height_mm,
            weight_g=offer.case_weight_g,
            per_layer=offer.cases_per_layer,
            layers_per_pallet=offer.layers_per_pallet,
        ),
        minimum_cases=offer.minimum_cases,
        lead_days=offer.lead_days,
        shelf_life_days=offer.shelf_life_days,
        remaining_days=offer.remaining_days,
        delivery_areas=list(offer.delivery_prefixes),
        return_policy=offer.return_policy,
        suggested_price=offer.suggested_price,
        prices=_tiers(found),
        stock=_stock(found),
        halal=public.halal_state(row.Product.halal_state, claims),
        papers=[public.paper(claim) for claim in claims],
        pictures=public.pictures(row.pictures, row.Product.name_id, row.Product.name_en),
        is_sample=offer.is_sample,
        updated_at=offer.updated_at,
    )


def _page(call: Call, shape: Callable[[OfferRow], _T]) -> tuple[list[_T], dict[str, Any], list[str]]:
    """One page of offers in one of the shapes: the items, what the page says of the next one, and codes that are gone."""
    audience, step = _audience(call), step_of(call.asked)
    day = machine_reads.today_of(audience)
    rows = machine_reads.walk_offers(call.session, audience, step, day)
    page, cursor, has_more = close_page(step, [(row.Offer.updated_at, row.Offer.id, row) for row in rows])
    seen = [row for row in page if row.is_visible]
    items = [shape(found) for found in machine_reads.dress(audience, seen, day)]
    return items, {"cursor": cursor, "has_more": has_more}, [row.Offer.code for row in page if not row.is_visible]


def _audience(call: Call) -> Audience:
    audience: Audience = call.caller.buyer.audience
    return audience


def _tiers(found: OfferRow) -> list[shapes.Tier]:
    return [shapes.Tier(from_cases=tier.from_cases, unit_price=tier.unit_price) for tier in found.tiers]


def _stock(found: OfferRow) -> shapes.Stock:
    return shapes.Stock(
        offer=found.offer.code,
        units=found.available,
        full_cases=found.available // found.offer.units_per_case,
        free_capacity=[shapes.FreeCapacity(month=f"{month:%Y-%m}", units=units) for month, units in found.capacity],
    )


def _papers(found: OfferRow) -> shapes.Papers:
    claims = parts.read_claims(found.row.claims)
    return shapes.Papers(
        offer=found.offer.code,
        product=found.row.Product.slug,
        halal=public.halal_state(found.row.Product.halal_state, claims),
        papers=[public.paper(claim) for claim in claims],
    )
