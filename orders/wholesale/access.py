"""Who may look after a seller's wholesale business, and which records lie in their reach."""

from __future__ import annotations

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.errors import NotAllowed
from kernel.people import Actor, Permission


def ensure_may_manage(session: Session, actor: Actor, outlet_id: int) -> Outlet:
    """The seller, when `actor` may manage its wholesale business; NotAllowed otherwise."""
    outlet = session.get_one(Outlet, outlet_id)
    if not actor.can(Permission.MANAGE_WHOLESALE, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    return outlet
