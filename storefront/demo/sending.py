"""Where the demo's outlet sends goods: invented prices of an invented courier, by regency, province and island group."""

from __future__ import annotations

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.people import Actor
from orders.zones import ZoneFacts, save_zone

_COURIER = "Kurir Contoh"

ZONES = (
    ZoneFacts(
        name_id="Dalam PALI",
        name_en="Within PALI",
        courier="Kurir koperasi (contoh)",
        days_min=1,
        days_max=2,
        prefixes=("16.12",),
        rates=((1, 10_000), (3, 15_000), (10, 30_000)),
        extra_kg_price=3_000,
    ),
    ZoneFacts(
        name_id="Sumatera Selatan",
        name_en="South Sumatra",
        courier=_COURIER,
        days_min=2,
        days_max=4,
        prefixes=("16",),
        rates=((1, 14_000), (3, 32_000), (5, 48_000), (10, 85_000)),
        extra_kg_price=8_000,
    ),
    ZoneFacts(
        name_id="Sumatera lainnya",
        name_en="Rest of Sumatra",
        courier=_COURIER,
        days_min=3,
        days_max=6,
        prefixes=("1", "2"),
        rates=((1, 24_000), (3, 62_000), (5, 98_000), (10, 185_000)),
        extra_kg_price=18_000,
    ),
    ZoneFacts(
        name_id="Jawa",
        name_en="Java",
        courier=_COURIER,
        days_min=3,
        days_max=5,
        prefixes=("3",),
        rates=((1, 26_000), (3, 68_000), (5, 108_000), (10, 205_000)),
        extra_kg_price=20_000,
    ),
    ZoneFacts(
        name_id="Bali, Nusa Tenggara, Kalimantan, Sulawesi",
        name_en="Bali, Nusa Tenggara, Kalimantan, Sulawesi",
        courier=_COURIER,
        days_min=5,
        days_max=9,
        prefixes=("5", "6", "7"),
        rates=((1, 48_000), (3, 132_000), (5, 215_000), (10, 420_000)),
        extra_kg_price=42_000,
    ),
    ZoneFacts(
        name_id="Maluku dan Papua",
        name_en="Maluku and Papua",
        courier=_COURIER,
        days_min=7,
        days_max=14,
        prefixes=("8", "9"),
        rates=((1, 85_000), (3, 240_000), (5, 395_000)),
    ),
)


def create_zones(session: Session, actor: Actor, outlet: Outlet) -> None:
    """All of Indonesia in six zones; the last one takes at most five kilograms."""
    for facts in ZONES:
        save_zone(session, actor, outlet.id, facts)
