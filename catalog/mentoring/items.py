"""Action items: what is to be done for a maker, by whom and until when; done with what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation import improving
from catalog.mentoring.reach import ensure_mentors
from catalog.models.curation import ImprovementItem
from catalog.models.maker import Maker
from catalog.models.mentoring import ActionItem, ItemOwner, Visit
from catalog.models.product import Product
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor, Permission

LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What is to be done. With `improvement` (a code) it is that improvement of a decision, and `text` may be empty."""

    owner: ItemOwner
    due_on: date
    text: str = ""
    improvement: str = ""


def add_item(
    session: Session, actor: Actor, maker: Maker, facts: ItemFacts, *, visit: Visit | None = None, is_sample: bool = False
) -> ActionItem:
    """One more thing to do for `maker`; an improvement is taken up once."""
    ensure_mentors(actor, maker.village_code)
    improvement = _improvement(session, maker, facts.improvement) if facts.improvement else None
    text = parse_text(facts.text or (improvement.text if improvement else ""), field="text", maximum=LONGEST, required=True)
    item = ActionItem(
        maker_id=maker.id,
        visit_id=visit.id if visit else None,
        improvement_id=improvement.id if improvement else None,
        text=text,
        owner=parse_choice(ItemOwner, facts.owner, field="owner"),
        due_on=facts.due_on,
        is_sample=is_sample,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    session.add(item)
    session.flush()
    audit.record(session, actor, "action_item.create", f"maker:{maker.slug}", {"item": item.code, "due_on": facts.due_on.isoformat()})
    return item


def finish(session: Session, actor: Actor, code: str, result: str, evidence: str = "") -> ActionItem:
    """Note that it is done and what shows it; the improvement behind it is then done too. Harmless twice."""
    item, maker = get_item(session, actor, code)
    ensure_mentors(actor, maker.village_code)
    if item.done_at is not None:
        return item
    item.result = parse_text(result, field="result", maximum=LONGEST, required=True)
    item.evidence = evidence or item.evidence
    item.done_at, item.done_by_id = clock.now(), actor.user_id
    session.flush()
    _set_improved(session, actor, item, is_done=True)
    audit.record(session, actor, "action_item.done", f"maker:{maker.slug}", {"item": item.code, "remarks": item.result})
    return item


def reopen(session: Session, actor: Actor, code: str) -> ActionItem:
    """It was not done after all; what was noted about it stays until it is done anew."""
    item, maker = get_item(session, actor, code)
    ensure_mentors(actor, maker.village_code)
    if item.done_at is None:
        return item
    item.done_at, item.done_by_id = None, None
    session.flush()
    _set_improved(session, actor, item, is_done=False)
    audit.record(session, actor, "action_item.reopened", f"maker:{maker.slug}", {"item": item.code})
    return item


def get_item(session: Session, actor: Actor, code: str) -> tuple[ActionItem, Maker]:
    """An item in reach with its maker; NotFound elsewhere."""
    item = session.scalar(select(ActionItem).where(ActionItem.code == code.strip().upper()).with_for_update())
    if item is None:
        raise NotFound
    maker = session.get_one(Maker, item.maker_id)
    if not actor.can(Permission.VIEW_CURATION, area_code=maker.village_code):
        raise NotFound
    return item, maker


def _improvement(session: Session, maker: Maker, code: str) -> ImprovementItem:
    found = session.scalar(
        select(ImprovementItem)
        .join(Product, Product.id == ImprovementItem.product_id)
        .where(ImprovementItem.code == code, Product.maker_id == maker.id)
    )
    if found is None:
        raise InvalidInput(N_("Please choose one from the list."), field="improvement")
    if session.scalar(select(ActionItem.id).where(ActionItem.improvement_id == found.id, ActionItem.done_at.is_(None)).limit(1)):
        raise InvalidInput(N_("This improvement is an action item already."), field="improvement")
    return found


def _set_improved(session: Session, actor: Actor, item: ActionItem, *, is_done: bool) -> None:
    if item.improvement_id is not None:
        code = session.scalars(select(ImprovementItem.code).where(ImprovementItem.id == item.improvement_id)).one()
        improving.set_improved(session, actor, code, is_done=is_done)
