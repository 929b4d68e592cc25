"""What a role's scope is called: the name of the area, the outlet or the maker behind its key."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.areas import describe_areas
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.stock import Outlet

#: Area prefix, outlet id, maker id, as on a grant.
Scope = tuple[str, int | None, int | None]


def describe_scopes(session: Session, scopes: Iterable[Scope], language: str) -> dict[Scope, str]:
    """Each scope in words; a scope without limits is left out. At most four statements however many there are."""
    wanted = set(scopes)
    areas = session.scalars(select(Area).where(Area.code.in_({area for area, _outlet, _maker in wanted if area}))).all()
    area_names = describe_areas(session, areas, language) if areas else {}
    outlets = dict(_names(session, Outlet, {outlet for _area, outlet, _maker in wanted if outlet is not None}))
    makers = dict(_names(session, Maker, {maker for _area, _outlet, maker in wanted if maker is not None}))
    found = {}
    for scope in wanted:
        area, outlet, maker = scope
        parts = [area_names.get(area, area) if area else "", outlets.get(outlet or 0, ""), makers.get(maker or 0, "")]
        if text := ", ".join(part for part in parts if part):
            found[scope] = text
    return found


def _names(session: Session, model: type[Outlet] | type[Maker], ids: set[int]) -> list[tuple[int, str]]:
    if not ids:
        return []
    return [(row[0], row[1]) for row in session.execute(select(model.id, model.name).where(model.id.in_(ids)))]
