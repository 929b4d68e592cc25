"""The question every verb of the catalogue asks first: may this actor do this in this area?"""

from __future__ import annotations

from kernel.errors import NotAllowed
from kernel.people import Actor, Permission


def ensure_can(actor: Actor, permission: Permission, *area_codes: str) -> None:
    """NotAllowed unless `actor` holds `permission` in every one of the areas; without areas, anywhere at all."""
    if not actor.can(permission) or not all(actor.can(permission, area_code=code) for code in area_codes):
        raise NotAllowed
