"""What a decision asked a maker to improve: ticked off by a mentor or the office, and open again when it was not so."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.curation import ImprovementItem
from catalog.models.product import Product
from kernel import audit, clock
from kernel.errors import NotAllowed, NotFound
from kernel.people import Actor, Permission


def set_improved(session: Session, actor: Actor, code: str, *, is_done: bool) -> ImprovementItem:
    """Note that an item is done, or that it is not. NotFound where nobody of this reach may know of it; harmless twice."""
    item = session.scalar(select(ImprovementItem).where(ImprovementItem.code == code).with_for_update())
    if item is None:
        raise NotFound
    product = session.get_one(Product, item.product_id)
    if not actor.can(Permission.VIEW_CURATION, area_code=product.village_code):
        raise NotFound
    if not any(actor.can(each, area_code=product.village_code) for each in (Permission.MENTOR_MAKERS, Permission.DECIDE_CURATION)):
        raise NotAllowed
    if is_done != (item.done_at is not None):
        item.done_at, item.done_by_id = (clock.now(), actor.user_id) if is_done else (None, None)
        session.flush()
        act = "improvement.done" if is_done else "improvement.reopened"
        audit.record(session, actor, act, f"product:{product.slug}", {"item": item.code})
    return item
