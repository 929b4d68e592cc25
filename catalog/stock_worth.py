"""What missing goods are worth, and from where on one person may not take them out of the books alone (docs/permissions.md)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Price, Variant
from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import ApprovalNeeded


def check_worth(session: Session, outlet: Outlet, variant: Variant, missing: int) -> None:
    """Refuse with ApprovalNeeded when `missing` units are worth more, at the latest price, than the outlet's limit."""
    if missing <= 0:
        return
    latest = select(Price.amount).where(Price.variant_id == variant.id, Price.starts_on <= clock.today(outlet.zone))
    worth = missing * (session.scalar(latest.order_by(Price.starts_on.desc()).limit(1)) or 0)
    if worth > outlet.correction_limit:
        raise ApprovalNeeded(worth)
