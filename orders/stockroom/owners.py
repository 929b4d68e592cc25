"""Whose goods units become when they arrive at an outlet: the maker's agreement there, or the outlet's own."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet, StockLevel
from kernel.errors import N_, InvalidInput
from orders.consignment.agreements import NoAgreement, get_open_for
from orders.models.agreement import Agreement


def owner_at(session: Session, level: StockLevel, outlet: Outlet) -> int | None:
    """The agreement under which a level's goods stand at `outlet`: the same maker's there; None for an outlet's own goods."""
    if level.agreement_id is None:
        return None
    maker_id = session.scalars(select(Agreement.maker_id).where(Agreement.id == level.agreement_id)).one()
    try:
        return get_open_for(session, maker_id, outlet.id).id
    except NoAgreement:
        raise InvalidInput(N_("The maker has no agreement with the other outlet; these goods cannot be moved there.")) from None
