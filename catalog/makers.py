"""Makers: register a village business, group, school or class, and correct what is known of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import get_village
from catalog.models.maker import Maker, MakerKind
from catalog.models.product import Product
from catalog.search.queue import mark_many
from catalog.slugs import make_slug
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission
from kernel.phones import normalise_phone

STORY_LENGTH = 4_000
OLDEST_YEAR = 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerFacts:
    """What people say about a maker. `phone` may be written in any usual way; it is kept as E.164."""

    name: str
    kind: MakerKind
    village_code: str
    story_id: str = ""
    story_en: str = ""
    founded_year: int | None = None
    people_count: int | None = None
    phone: str = ""
    is_phone_public: bool = False


def create_maker(session: Session, actor: Actor, facts: MakerFacts, *, is_sample: bool = False) -> Maker:
    """A new maker in a village that `actor` may edit."""
    facts = check_facts(session, facts)
    ensure_can(actor, Permission.EDIT_MAKERS, facts.village_code)
    moment = clock.now()
    maker = Maker(
        **asdict(facts), slug=make_slug(session, Maker.slug, facts.name, "maker"), is_sample=is_sample, created_at=moment, updated_at=moment
    )
    session.add(maker)
    session.flush()
    audit.record(session, actor, "maker.create", f"maker:{maker.slug}")
    return maker


def update_maker(session: Session, actor: Actor, maker: Maker, facts: MakerFacts) -> Maker:
    """Correct a maker. The address of its page stays. Its products are indexed again, because they carry its name."""
    facts = check_facts(session, facts)
    ensure_can(actor, Permission.EDIT_MAKERS, maker.village_code, facts.village_code)
    changed = [field.name for field in fields(MakerFacts) if getattr(maker, field.name) != getattr(facts, field.name)]
    if not changed:
        return maker
    for name in changed:
        setattr(maker, name, getattr(facts, name))
    maker.updated_at = clock.now()
    if "village_code" in changed:
        session.flush()
        session.expire(maker, ["village"])
    mark_many(session, session.scalars(select(Product.id).where(Product.maker_id == maker.id)))
    audit.record(session, actor, "maker.update", f"maker:{maker.slug}", {"changed": changed})
    return maker


def facts_of(maker: Maker) -> MakerFacts:
    """What is known of a maker, to show in a form or to change with dataclasses.replace."""
    return MakerFacts(**{field.name: getattr(maker, field.name) for field in fields(MakerFacts)})


def check_facts(session: Session, facts: MakerFacts) -> MakerFacts:
    """`facts` tidied; InvalidInput naming the field otherwise. Nothing is written."""
    year = clock.today().year
    if facts.founded_year is not None:
        check_range(facts.founded_year, OLDEST_YEAR, year, "founded_year")
    if facts.people_count is not None:
        check_range(facts.people_count, 1, 10_000, "people_count")
    phone = normalise_phone(facts.phone)
    if facts.is_phone_public and not phone:
        raise InvalidInput(N_("Type the phone number that buyers may see."), field="phone")
    return replace(
        facts,
        name=parse_text(facts.name, field="name", maximum=120, required=True),
        kind=parse_choice(MakerKind, facts.kind, field="kind"),
        village_code=get_village(session, facts.village_code).code,
        story_id=parse_text(facts.story_id, field="story_id", maximum=STORY_LENGTH),
        story_en=parse_text(facts.story_en, field="story_en", maximum=STORY_LENGTH),
        phone=phone,
    )
