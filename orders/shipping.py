"""Sending goods to the buyer: what it costs to a place, what cannot travel, and the address an order keeps (docs/shipping.md)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from catalog.areas import describe_areas, get_village
from catalog.models.product import Product, TravelLimit, Variant
from kernel.errors import N_, DomainError, InvalidInput
from kernel.inserts import insert_rows
from kernel.locales import pick
from kernel.prepared import Prepared
from orders.models.shipping import OrderAddress, ShippingRate, ShippingZone, ZoneArea
from orders.shipping_rates import charged_kg, prefixes_of, price_of

_POSTAL_CODE = re.compile(r"[1-9][0-9]{4}", re.ASCII)
LONGEST_STREET = LONGEST_NOTE = 200
_WEIGHTS = Prepared(
    select(
        Variant.id,
        Variant.shipping_weight_g,
        Variant.name_id.label("variant_name_id"),
        Variant.name_en.label("variant_name_en"),
        Product.name_id,
        Product.name_en,
        Product.travel_limit,
    )
    .join(Product, Product.id == Variant.product_id)
    .where(Variant.id.in_(bindparam("variant_ids", expanding=True)))
)


class NoZone(DomainError):
    """The outlet sends nothing to this place."""

    message = N_("We do not send to this place yet. Please choose to collect your order, or ask us.")


class TooHeavy(DomainError):
    """The order is heavier than the zone's table goes."""

    message = N_("An order of %(kilograms)s kg is too heavy to send there. Please take fewer, or collect it.")


class CannotTravel(DomainError):
    """Items that can only be collected; `items` names them."""

    message = N_("Some items cannot be sent. Please take them out of the cart, or collect your order.")

    def __init__(self, items: Sequence[StayingItem]) -> None:
        self.items = tuple(items)
        super().__init__(field="fulfilment")


@dataclass(frozen=True, slots=True)
class StayingItem:
    """An item that cannot be sent, and why."""

    variant_id: int
    name_id: str
    name_en: str
    limit: TravelLimit


@dataclass(frozen=True, slots=True)
class Load:
    """What a cart weighs, packed, and which of its items cannot be sent."""

    weight_g: int
    staying: tuple[StayingItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneView:
    """A zone as pages show it: `prefixes` of area codes, `rates` as (up to kg, price), ascending."""

    zone_id: int
    code: str
    name_id: str
    name_en: str
    courier: str
    days_min: int
    days_max: int
    prefixes: tuple[str, ...]
    rates: tuple[tuple[int, int], ...]
    extra_kg_price: int | None
    is_active: bool

    def name(self, language: str) -> str:
        """What it is called in the page's language."""
        return pick(language, self.name_id, self.name_en)


@dataclass(frozen=True, slots=True)
class ShippingQuote:
    """What it costs to send a cart: frozen into the order when it is placed."""

    #: None: agreed with a partner, outside the table.
    zone_id: int | None
    name_id: str
    name_en: str
    courier: str
    weight_g: int
    charged_kg: int
    price: int
    days_min: int
    days_max: int

    def name(self, language: str) -> str:
        """What the zone is called in the page's language."""
        return pick(language, self.name_id, self.name_en)


@dataclass(frozen=True, slots=True)
class ZonePrice:
    """A zone and what this cart costs there; `price` None when the cart is too heavy for it."""

    zone: ZoneView
    price: int | None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an order is to be sent. Without a postal code the village's own is taken; `note` is a landmark."""

    village_code: str
    street: str
    note: str = ""
    postal_code: str = ""


def quote(session: Session, outlet_id: int, area_code: str, load: Load) -> ShippingQuote:
    """What it costs to send what `weigh` weighed to a place; any level of area code will do. Two statements.

    Raises NoZone, TooHeavy, CannotTravel.
    """
    zone = session.scalar(
        select(ShippingZone)
        .join(ZoneArea, ZoneArea.zone_id == ShippingZone.id)
        .where(ZoneArea.outlet_id == outlet_id, ZoneArea.area_prefix.in_(prefixes_of(area_code)), ShippingZone.is_active)
        .order_by(func.length(ZoneArea.area_prefix).desc())
        .limit(1)
        .options(selectinload(ShippingZone.rates))
    )
    if zone is None:
        raise NoZone(field="village_code")
    return _quote_zone(zone, load)


_zones = cast(Table, ShippingZone.__table__).c
_ZONES = Prepared(
    select(
        _zones.id.label("zone_id"),
        *(_zones[name] for name in ("code", "name_id", "name_en", "courier", "days_min", "days_max", "extra_kg_price", "is_active")),
    ).where(_zones.outlet_id == bindparam("outlet_id"))
)
_of_zones: BindParameter[list[int]] = bindparam("zone_ids", expanding=True)
_AREAS = Prepared(select(ZoneArea.zone_id, ZoneArea.area_prefix).where(ZoneArea.zone_id.in_(_of_zones)).order_by(ZoneArea.area_prefix))
_RATES = Prepared(
    select(ShippingRate.zone_id, ShippingRate.up_to_kg, ShippingRate.price)
    .where(ShippingRate.zone_id.in_(_of_zones))
    .order_by(ShippingRate.up_to_kg)
)


def list_zones(session: Session, outlet_id: int, *, only_active: bool = True) -> list[ZoneView]:
    """The outlet's zones by price of their first kilogram; three statements. Empty: the outlet sends nothing."""
    zones = [zone for zone in _ZONES.run(session, {"outlet_id": outlet_id}) if zone.is_active or not only_active]
    if not zones:
        return []
    ids = {"zone_ids": [zone.zone_id for zone in zones]}
    prefixes, rates = defaultdict(list), defaultdict(list)
    for area in _AREAS.run(session, ids):
        prefixes[area.zone_id].append(area.area_prefix)
    for rate in _RATES.run(session, ids):
        rates[rate.zone_id].append((rate.up_to_kg, rate.price))
    views = [ZoneView(**zone._asdict(), prefixes=tuple(prefixes[zone.zone_id]), rates=tuple(rates[zone.zone_id])) for zone in zones]
    return sorted(views, key=lambda zone: (zone.rates[:1], zone.name_id, zone.zone_id))


def describe_rates(session: Session, outlet_id: int, cart_lines: Mapping[int, int]) -> list[ZonePrice]:
    """What the cart costs in each zone, before anything personal is asked. Items that cannot travel are not looked at."""
    kilograms = charged_kg(weigh(session, cart_lines).weight_g) if cart_lines else 1
    return [ZonePrice(zone, price_of(kilograms, zone.rates, zone.extra_kg_price)) for zone in list_zones(session, outlet_id)]


def weigh(session: Session, cart_lines: Mapping[int, int]) -> Load:
    """The packed weight of a cart. One statement."""
    return load_of(_WEIGHTS.run(session, {"variant_ids": list(cart_lines)}), cart_lines)


def load_of(offers: Any, cart_lines: Mapping[int, int]) -> Load:
    """The load of rows that carry `id`, `shipping_weight_g`, `travel_limit` and the names of variant and product."""
    weight_g, staying = 0, []
    for row in offers:
        weight_g += row.shipping_weight_g * cart_lines[row.id]
        if row.travel_limit is not TravelLimit.NONE:
            staying.append(StayingItem(row.id, row.name_id or row.name_en, row.name_en or row.name_id, row.travel_limit))
    return Load(weight_g, tuple(staying))


def view_of(zone: ShippingZone) -> ZoneView:
    """A zone whose areas and rates are loaded, as pages show it."""
    return ZoneView(
        zone_id=zone.id,
        code=zone.code,
        name_id=zone.name_id,
        name_en=zone.name_en,
        courier=zone.courier,
        days_min=zone.days_min,
        days_max=zone.days_max,
        prefixes=tuple(sorted(area.area_prefix for area in zone.areas)),
        rates=tuple(sorted((rate.up_to_kg, rate.price) for rate in zone.rates)),
        extra_kg_price=zone.extra_kg_price,
        is_active=zone.is_active,
    )


@dataclass(frozen=True, slots=True)
class CheckedDestination:
    """A destination whose village exists, with the texts that the order keeps."""

    village_code: str
    area_text: str
    street: str
    note: str
    postal_code: str


def check_destination(session: Session, destination: Destination) -> CheckedDestination:
    """What was typed, tidied; InvalidInput names the field: street, note, postal_code, village_code."""
    street, note = " ".join(destination.street.split()), " ".join(destination.note.split())
    if not 5 <= len(street) <= LONGEST_STREET or not street.isprintable():
        raise InvalidInput(N_("Please give the street and house number, 5 to 200 letters."), field="street")
    if len(note) > LONGEST_NOTE or not (note.isprintable() or not note):
        raise InvalidInput(N_("Please keep the landmark under 200 letters."), field="landmark")
    village = get_village(session, destination.village_code)
    postal_code = destination.postal_code.strip() or village.postal_code
    if postal_code and not _POSTAL_CODE.fullmatch(postal_code):
        raise InvalidInput(N_("A postal code has five digits."), field="postal_code")
    area_text = describe_areas(session, [village])[village.code]
    return CheckedDestination(village.code, area_text[:240], street, note, postal_code)


def insert_address(session: Session, order_id: int, where: CheckedDestination, price: ShippingQuote) -> None:
    """Remember where the order goes and what was said about it."""
    row = {
        "order_id": order_id,
        "street": where.street,
        "note": where.note,
        "village_code": where.village_code,
        "area_text": where.area_text,
        "postal_code": where.postal_code,
        "zone_id": price.zone_id,
        "zone_name_id": price.name_id,
        "zone_name_en": price.name_en,
        "courier": price.courier,
        "weight_g": price.weight_g,
        "charged_kg": price.charged_kg,
        "days_min": price.days_min,
        "days_max": price.days_max,
    }
    insert_rows(session, OrderAddress, [row])


def _quote_zone(zone: ShippingZone, load: Load) -> ShippingQuote:
    if load.staying:
        raise CannotTravel(load.staying)
    kilograms = charged_kg(load.weight_g)
    price = price_of(kilograms, sorted((rate.up_to_kg, rate.price) for rate in zone.rates), zone.extra_kg_price)
    if price is None:
        raise TooHeavy(field="fulfilment", kilograms=kilograms)
    return ShippingQuote(
        zone_id=zone.id,
        name_id=zone.name_id,
        name_en=zone.name_en or zone.name_id,
        courier=zone.courier,
        weight_g=load.weight_g,
        charged_kg=kilograms,
        price=price,
        days_min=zone.days_min,
        days_max=zone.days_max,
    )
