"""Whose product is proposed: the units a person may propose for, and registering one that the shop does not know yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from catalog import makers
from catalog.access import ensure_can
from catalog.curation.standing import in_the_name_of, may_propose
from catalog.desk import below
from catalog.makers import MakerFacts
from catalog.models.area import Area
from catalog.models.maker import Maker, MakerKind
from catalog.models.programme_office import MakerGuardian
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import parse_text
from kernel.people import Actor, Permission, Role
from kernel.phones import parse_phone

#: Units of pupils: a grown-up answers for them.
OF_PUPILS = frozenset({MakerKind.SCHOOL, MakerKind.CLASS})


@dataclass(frozen=True, slots=True)
class Guardian:
    """The grown-up behind a school or a class."""

    name: str
    phone: str


def list_units(session: Session, actor: Actor, limit: int = 400) -> list[Maker]:
    """The makers this person may propose for, by name: those of their area, and those they belong to. Village loaded."""
    own = [grant.maker_id for grant in actor.grants if grant.role is Role.MAKER and grant.maker_id is not None]
    reach = or_(below(Maker.village_code, actor.area_prefixes(Permission.PROPOSE_PRODUCTS)), Maker.id.in_(own))
    statement = select(Maker).where(reach).options(joinedload(Maker.village).joinedload(Area.parent))
    return list(session.scalars(statement.order_by(Maker.name, Maker.id).limit(limit)))


def get_unit(session: Session, actor: Actor, slug: str) -> Maker:
    """One of these; NotFound where this person proposes nothing."""
    found = session.scalar(select(Maker).where(Maker.slug == slug).options(joinedload(Maker.village)))
    if found is None or not may_propose(actor, found.id, found.village_code):
        raise NotFound
    return found


def register_unit(session: Session, actor: Actor, facts: MakerFacts, guardian: Guardian | None = None) -> Maker:
    """A unit of the proposer's area that is new to the shop. A school or a class names a guardian (InvalidInput)."""
    ensure_can(actor, Permission.PROPOSE_PRODUCTS, facts.village_code)
    named = _checked(guardian) if facts.kind in OF_PUPILS else None
    maker = makers.create_maker(session, in_the_name_of(actor), facts)
    if named is not None:
        session.add(MakerGuardian(maker_id=maker.id, name=named.name, phone=named.phone, updated_at=clock.now()))
        session.flush()
        audit.record(session, actor, "maker.guardian", f"maker:{maker.slug}")
    return maker


def find_guardian(session: Session, maker_id: int) -> MakerGuardian | None:
    """Whom to ask about a school's or a class's products; for those who decide and those who propose."""
    return session.scalar(select(MakerGuardian).where(MakerGuardian.maker_id == maker_id))


def _checked(guardian: Guardian | None) -> Guardian:
    if guardian is None or not guardian.name.strip():
        raise InvalidInput(N_("A school or a class names a grown-up whom we may ask."), field="guardian_name")
    return Guardian(
        parse_text(guardian.name, field="guardian_name", maximum=120, required=True), parse_phone(guardian.phone, field="guardian_phone")
    )
