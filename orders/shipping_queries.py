"""How an order travels, as its buyer and the staff see it: the frozen address and the parcels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.locales import pick
from orders.models.shipping import OrderAddress, Parcel


@dataclass(frozen=True, slots=True)
class ParcelView:
    """One parcel on its way, or there."""

    parcel_id: int
    position: int
    courier: str
    tracking_number: str
    weight_g: int | None
    shipped_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShippingView:
    """Where an order goes, as it was when it was placed. Texts are empty once the buyer was forgotten."""

    street: str
    note: str
    area_text: str
    postal_code: str
    village_code: str | None
    zone_id: int | None
    zone_name: str
    courier: str
    weight_g: int
    charged_kg: int
    days_min: int
    days_max: int
    parcels: tuple[ParcelView, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it is written on a label, below the name; empty lines left out."""
        place = " ".join(part for part in (self.area_text, self.postal_code) if part)
        return tuple(line for line in (self.street, self.note, place) if line)


def find_shipping(session: Session, order_id: int, language: str) -> ShippingView | None:
    """The order's address and parcels; None when it is collected. Two statements."""
    address = session.scalar(select(OrderAddress).where(OrderAddress.order_id == order_id).execution_options(populate_existing=True))
    if address is None:
        return None
    parcels = session.scalars(
        select(Parcel).where(Parcel.order_id == order_id).order_by(Parcel.position).execution_options(populate_existing=True)
    )
    return ShippingView(
        street=address.street,
        note=address.note,
        area_text=address.area_text,
        postal_code=address.postal_code,
        village_code=address.village_code,
        zone_id=address.zone_id,
        zone_name=pick(language, address.zone_name_id, address.zone_name_en),
        courier=address.courier,
        weight_g=address.weight_g,
        charged_kg=address.charged_kg,
        days_min=address.days_min,
        days_max=address.days_max,
        parcels=tuple(
            ParcelView(
                parcel_id=parcel.id,
                position=parcel.position,
                courier=parcel.courier,
                tracking_number=parcel.tracking_number,
                weight_g=parcel.weight_g,
                shipped_at=parcel.shipped_at,
                delivered_at=parcel.delivered_at,
            )
            for parcel in parcels
        ),
    )
