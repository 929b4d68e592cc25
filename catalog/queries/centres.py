"""The middle of a district, from which the product list can measure distance, in one statement."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.models.area import Area


def find_centre(session: Session, code: str) -> tuple[float, float] | None:
    """Mean (latitude, longitude) of a district's villages, or a village's own; None for a code without coordinates."""
    statement = select(Area.latitude, Area.longitude).where(or_(Area.parent_code == code, Area.code == code), Area.latitude.is_not(None))
    places = [(latitude, longitude) for latitude, longitude in session.execute(statement) if latitude is not None and longitude is not None]
    if not places:
        return None
    return sum(place[0] for place in places) / len(places), sum(place[1] for place in places) / len(places)
