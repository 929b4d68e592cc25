"""What staff decide about sending: the zones of an outlet, their areas and their weight table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, selectinload

from catalog.areas import is_area_code
from catalog.models.area import Area
from catalog.models.stock import Outlet
from kernel import audit
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.inserts import insert_rows
from kernel.money import LARGEST_AMOUNT
from kernel.parsing import parse_text
from kernel.people import Actor, Permission
from orders.models.shipping import OrderAddress, ShippingRate, ShippingZone, ZoneArea
from orders.shipping import ZoneView, view_of

#: How people write "everywhere".
EVERYWHERE = "*"
MOST_PREFIXES, MOST_RATES, HEAVIEST_KG, MOST_DAYS = 600, 20, 1_000, 90
_ISLANDS = re.compile(r"[1-9]", re.ASCII)


class PrefixTaken(Conflict):
    """Another zone of the outlet names the same area."""

    message = N_("%(prefix)s belongs to the zone “%(zone)s” already. An area can be in one zone only.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFacts:
    """What people say about a zone. `prefixes` are area codes, one digit for an island group, "" for everywhere."""

    name_id: str
    name_en: str = ""
    courier: str
    days_min: int
    days_max: int
    prefixes: tuple[str, ...]
    #: (up to kg, price in whole rupiah).
    rates: tuple[tuple[int, int], ...]
    extra_kg_price: int | None = None
    is_active: bool = True


def parse_prefixes(text: str) -> tuple[str, ...]:
    """Area codes as people type them, between spaces, commas or lines; `*` is everywhere. Each once."""
    words = re.split(r"[\s,;]+", text.strip())
    return tuple(dict.fromkeys("" if word == EVERYWHERE else word for word in words if word))


def save_zone(session: Session, actor: Actor, outlet_id: int, facts: ZoneFacts, zone_id: int | None = None) -> ShippingZone:
    """Make a zone, or change all of the one with `zone_id`. Orders placed before keep what they were told.

    Raises InvalidInput naming the field, PrefixTaken, NotAllowed, NotFound.
    """
    outlet = _lock_outlet(session, actor, outlet_id)
    facts = _checked(session, facts)
    _check_free(session, outlet_id, facts.prefixes, zone_id)
    if zone_id is None:
        zone = ShippingZone(outlet_id=outlet.id)
        session.add(zone)
    else:
        zone = _get(session, outlet_id, zone_id)
    for name in ("name_id", "name_en", "courier", "days_min", "days_max", "extra_kg_price", "is_active"):
        setattr(zone, name, getattr(facts, name))
    session.flush()
    _replace(session, zone, facts)
    details = {"zone": zone.name_id, "rates": [list(rate) for rate in facts.rates], "areas": len(facts.prefixes)}
    audit.record(session, actor, "shipping.zone", f"outlet:{outlet.code}", details)
    return zone


def remove_zone(session: Session, actor: Actor, outlet_id: int, zone_id: int) -> None:
    """Send nothing there any more. A zone that orders refer to stays in the books, switched off and without areas."""
    outlet = _lock_outlet(session, actor, outlet_id)
    zone = _get(session, outlet_id, zone_id)
    name = zone.name_id
    is_used = session.scalar(select(exists().where(OrderAddress.zone_id == zone.id)))
    session.execute(delete(ZoneArea).where(ZoneArea.zone_id == zone.id))
    if is_used:
        zone.is_active = False
    else:
        session.execute(delete(ShippingRate).where(ShippingRate.zone_id == zone.id))
        session.execute(delete(ShippingZone).where(ShippingZone.id == zone.id))
        session.expunge(zone)
    session.flush()
    audit.record(session, actor, "shipping.zone_removed", f"outlet:{outlet.code}", {"zone": name})


def get_zone(session: Session, outlet_id: int, code: str) -> ZoneView:
    """One zone with areas and table; NotFound when it is not this outlet's."""
    zone_id = session.scalar(select(ShippingZone.id).where(ShippingZone.code == code, ShippingZone.outlet_id == outlet_id))
    return view_of(_get(session, outlet_id, zone_id or 0, loaded=True))


def _get(session: Session, outlet_id: int, zone_id: int, *, loaded: bool = False) -> ShippingZone:
    statement = select(ShippingZone).where(ShippingZone.id == zone_id, ShippingZone.outlet_id == outlet_id)
    if loaded:
        statement = statement.options(selectinload(ShippingZone.areas), selectinload(ShippingZone.rates))
    zone = session.scalar(statement.execution_options(populate_existing=True))
    if zone is None:
        raise NotFound
    return zone


def _lock_outlet(session: Session, actor: Actor, outlet_id: int) -> Outlet:
    """Zones of one outlet are changed by one person at a time, so that what is compared stays true."""
    outlet = session.scalar(select(Outlet).where(Outlet.id == outlet_id).with_for_update())
    if outlet is None:
        raise NotFound
    if not actor.can(Permission.MANAGE_SHIPPING, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    return outlet


def _check_free(session: Session, outlet_id: int, prefixes: Sequence[str], zone_id: int | None) -> None:
    statement = (
        select(ZoneArea.area_prefix, ShippingZone.name_id)
        .join(ShippingZone, ShippingZone.id == ZoneArea.zone_id)
        .where(ZoneArea.outlet_id == outlet_id, ZoneArea.area_prefix.in_(prefixes), ZoneArea.zone_id != (zone_id or 0))
        .order_by(ZoneArea.area_prefix)
    )
    if (taken := session.execute(statement.limit(1)).one_or_none()) is not None:
        raise PrefixTaken(field="prefixes", prefix=taken.area_prefix or EVERYWHERE, zone=taken.name_id)


def _replace(session: Session, zone: ShippingZone, facts: ZoneFacts) -> None:
    session.execute(delete(ZoneArea).where(ZoneArea.zone_id == zone.id))
    session.execute(delete(ShippingRate).where(ShippingRate.zone_id == zone.id))
    areas = [{"zone_id": zone.id, "outlet_id": zone.outlet_id, "area_prefix": prefix} for prefix in facts.prefixes]
    insert_rows(session, ZoneArea, areas)
    insert_rows(session, ShippingRate, [{"zone_id": zone.id, "up_to_kg": kg, "price": price} for kg, price in facts.rates])
    session.expire(zone, ["areas", "rates"])


def _checked(session: Session, facts: ZoneFacts) -> ZoneFacts:
    if not 0 <= facts.days_min <= facts.days_max <= MOST_DAYS:
        raise InvalidInput(
            N_("The longest duration cannot be shorter than the shortest, and at most %(most)s days."), field="days_max", most=MOST_DAYS
        )
    return ZoneFacts(
        name_id=parse_text(facts.name_id, field="name_id", maximum=80, required=True),
        name_en=parse_text(facts.name_en, field="name_en", maximum=80),
        courier=parse_text(facts.courier, field="courier", maximum=60, required=True),
        days_min=facts.days_min,
        days_max=facts.days_max,
        prefixes=_checked_prefixes(session, facts.prefixes),
        rates=_checked_rates(facts.rates),
        extra_kg_price=_checked_price(facts.extra_kg_price, "extra_kg_price") if facts.extra_kg_price is not None else None,
        is_active=facts.is_active,
    )


def _checked_prefixes(session: Session, prefixes: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(prefixes))
    if not 1 <= len(wanted) <= MOST_PREFIXES:
        raise InvalidInput(N_("Please name 1 to %(most)s areas."), field="prefixes", most=MOST_PREFIXES)
    codes = {prefix for prefix in wanted if prefix and not _ISLANDS.fullmatch(prefix)}
    known = set(session.scalars(select(Area.code).where(Area.code.in_([code for code in codes if is_area_code(code)]))))
    if unknown := sorted(codes - known):
        raise InvalidInput(
            N_("There is no area with the code %(code)s. Use codes such as 16.12, one digit for islands, or *."),
            field="prefixes",
            code=unknown[0],
        )
    return wanted


def _checked_rates(rates: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found = tuple(sorted(rates))
    if not 1 <= len(found) <= MOST_RATES:
        raise InvalidInput(N_("Please fill in at least one weight with its price."), field="rates")
    weights = [kilograms for kilograms, _price in found]
    if any(not 1 <= kilograms <= HEAVIEST_KG for kilograms in weights):
        raise InvalidInput(N_("A weight is 1 to %(heaviest)s whole kilograms."), field="rates", heaviest=HEAVIEST_KG)
    if len(set(weights)) != len(weights):
        raise InvalidInput(N_("Each weight can stand in the table once."), field="rates")
    prices = [_checked_price(price, "rates") for _kilograms, price in found]
    if prices != sorted(prices):
        raise InvalidInput(N_("A heavier parcel cannot cost less than a lighter one. Please check the prices."), field="rates")
    return found


def _checked_price(price: int, field: str) -> int:
    if type(price) is not int or not 0 <= price <= LARGEST_AMOUNT // 100:
        raise InvalidInput(N_("Please check this price."), field=field)
    return price
