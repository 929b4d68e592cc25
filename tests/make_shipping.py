"""Zones and orders that are sent, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.people import SYSTEM
from orders.models.order import Order
from orders.models.shipping import ShippingZone
from orders.parcels import ParcelFacts
from orders.shipping import Destination
from orders.zones import ZoneFacts, save_zone
from tests.make import BETUNG
from tests.make_orders import pay, place
from tests.make_stock import Goods

PARCEL = ParcelFacts("Kurir Contoh", "CTH123456789", 1_200)


def facts(**changes: Any) -> ZoneFacts:
    """PALI: 10.000 for the first kilogram, 15.000 up to three, 4.000 for each further one."""
    values: dict[str, Any] = {
        "name_id": "Dalam PALI",
        "name_en": "Within PALI",
        "courier": "Kurir Contoh",
        "days_min": 1,
        "days_max": 2,
        "prefixes": ("16.12",),
        "rates": ((1, 10_000), (3, 15_000)),
        "extra_kg_price": 4_000,
    }
    return ZoneFacts(**(values | changes))


def make_zone(session: Session, outlet: Outlet, **changes: Any) -> ShippingZone:
    """A zone of the outlet."""
    return save_zone(session, SYSTEM, outlet.id, facts(**changes))


def destination(**changes: str) -> Destination:
    """A house in Betung."""
    return Destination(**({"village_code": BETUNG, "street": "Jalan Contoh 12", "note": "Rumah biru di samping masjid"} | changes))


def place_sent(session: Session, *goods: Goods, **changes: Any) -> Order:
    """An order that is sent to Betung."""
    return place(session, *goods, **({"destination": destination()} | changes))


def paid_sent(session: Session, *goods: Goods, **changes: Any) -> Order:
    """The same, paid."""
    order = place_sent(session, *goods, **changes)
    pay(session, order)
    return order
