"""Whose goods units become when they arrive at an outlet: the maker's agreement there, or the outlet's own."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet, StockLevel
from kernel import clock
from kernel.errors import N_, InvalidInput
from orders.models.agreement import Agreement


def owner_at(session: Session, level: StockLevel, outlet: Outlet) -> int | None:
    """The agreement under which a level's goods stand at `outlet`: the same maker's there; None for an outlet's own goods."""
    if level.agreement_id is None:
        return None
    maker_id = session.scalars(select(Agreement.maker_id).where(Agreement.id == level.agreement_id)).one()
    today = clock.today(outlet.zone)
    found = session.scalar(
        select(Agreement.id).where(
            Agreement.maker_id == maker_id, Agreement.outlet_id == outlet.id, or_(Agreement.ends_on.is_(None), Agreement.ends_on >= today)
        )
    )
    if found is None:
        raise InvalidInput(N_("The maker has no agreement with the other outlet; these goods cannot be moved there."))
    return found
