"""What a village could make: written down, corrected, taken off the list; and the photos, files and notes that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import get_village
from catalog.mapping.likeness import likeness_of
from catalog.models.mapping import Evidence, EvidenceKind, PotentialProduct
from catalog.models.programme import Scheme
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor, Permission, covers
from kernel.phones import normalise_phone

#: More say that a village has not chosen yet, or that somebody plays.
MOST_POTENTIALS, MOST_EVIDENCE = 20, 20


@dataclass(frozen=True, slots=True)
class PotentialFacts:
    """What is written down about a potential product, as it was typed."""

    name_id: str
    name_en: str = ""
    scheme: Scheme = Scheme.OVOP
    unit_name: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What shows it: `file_name` is that of a stored photo or file, empty for a note."""

    kind: EvidenceKind
    source: str
    seen_on: date
    note: str = ""
    file_name: str = ""


def add_potential(session: Session, actor: Actor, village_code: str, facts: PotentialFacts, *, is_sample: bool = False) -> PotentialProduct:
    """Write down something a village could make."""
    ensure_can(actor, Permission.MAP_VILLAGES, village_code)
    village = get_village(session, village_code)
    standing = (PotentialProduct.village_code == village_code, PotentialProduct.removed_at.is_(None))
    if (session.scalar(select(func.count()).where(*standing)) or 0) >= MOST_POTENTIALS:
        raise InvalidInput(N_("A village has at most %(maximum)s of them; take one off first."), maximum=MOST_POTENTIALS)
    now = clock.now()
    potential = PotentialProduct(
        village_code=village.code, is_sample=is_sample, created_by_id=actor.user_id, created_at=now, updated_at=now, evidence=[]
    )
    _fill(potential, facts)
    session.add(potential)
    session.flush()
    audit.record(session, actor, "potential.add", f"area:{village_code}", {"potential": potential.code, "name": potential.name_id})
    return potential


def update_potential(session: Session, actor: Actor, potential: PotentialProduct, facts: PotentialFacts) -> PotentialProduct:
    """Correct it."""
    ensure_can(actor, Permission.MAP_VILLAGES, potential.village_code)
    before = potential.name_id
    _fill(potential, facts)
    potential.updated_at = clock.now()
    session.flush()
    details = {"potential": potential.code, "from": before, "to": potential.name_id}
    audit.record(session, actor, "potential.update", f"area:{potential.village_code}", details)
    return potential


def remove_potential(session: Session, actor: Actor, potential: PotentialProduct) -> None:
    """Take it off the list; it is kept with its evidence, and `restore_potential` brings it back."""
    ensure_can(actor, Permission.MAP_VILLAGES, potential.village_code)
    potential.removed_at = clock.now()
    session.flush()
    audit.record(
        session, actor, "potential.remove", f"area:{potential.village_code}", {"potential": potential.code, "name": potential.name_id}
    )


def restore_potential(session: Session, actor: Actor, potential: PotentialProduct) -> None:
    """Put it on the list again."""
    ensure_can(actor, Permission.MAP_VILLAGES, potential.village_code)
    potential.removed_at = None
    session.flush()
    audit.record(
        session, actor, "potential.restore", f"area:{potential.village_code}", {"potential": potential.code, "name": potential.name_id}
    )


def add_evidence(session: Session, actor: Actor, potential: PotentialProduct, facts: EvidenceFacts, *, is_sample: bool = False) -> Evidence:
    """Show that it is made there."""
    ensure_can(actor, Permission.MAP_VILLAGES, potential.village_code)
    if (session.scalar(select(func.count()).where(Evidence.potential_id == potential.id)) or 0) >= MOST_EVIDENCE:
        raise InvalidInput(N_("There are at most %(maximum)s pieces of evidence; remove one first."), maximum=MOST_EVIDENCE)
    kind = parse_choice(EvidenceKind, facts.kind, field="kind")
    if facts.seen_on > clock.today():
        raise InvalidInput(N_("This day has not come yet."), field="seen_on")
    note = parse_text(facts.note, field="note", maximum=2_000, required=kind is EvidenceKind.NOTE)
    evidence = Evidence(
        potential_id=potential.id,
        kind=kind,
        source=parse_text(facts.source, field="source", maximum=160, required=True),
        seen_on=facts.seen_on,
        note=note,
        file_name=facts.file_name,
        is_sample=is_sample,
        added_by_id=actor.user_id,
        added_at=clock.now(),
    )
    session.add(evidence)
    session.flush()
    details = {"potential": potential.code, "evidence": evidence.code, "kind": kind.value, "source": evidence.source}
    audit.record(session, actor, "evidence.add", f"area:{potential.village_code}", details)
    return evidence


def remove_evidence(session: Session, actor: Actor, evidence: Evidence, village_code: str) -> str:
    """Take a piece of evidence away; the name of its file, to be deleted once the transaction is committed."""
    ensure_can(actor, Permission.MAP_VILLAGES, village_code)
    name = evidence.file_name
    session.delete(evidence)
    session.flush()
    audit.record(session, actor, "evidence.remove", f"area:{village_code}", {"evidence": evidence.code, "source": evidence.source})
    return name


def get_potential(session: Session, actor: Actor, code: str, permission: Permission = Permission.VIEW_PROGRAMME) -> PotentialProduct:
    """A potential product in reach; NotFound elsewhere."""
    potential = session.scalar(select(PotentialProduct).where(PotentialProduct.code == code.upper()))
    if potential is None or not _reaches(actor, permission, potential.village_code):
        raise NotFound
    return potential


def get_evidence(
    session: Session, actor: Actor, code: str, permission: Permission = Permission.VIEW_PROGRAMME
) -> tuple[Evidence, PotentialProduct]:
    """A piece of evidence in reach with what it is about; NotFound elsewhere."""
    statement = select(Evidence, PotentialProduct).join(PotentialProduct, PotentialProduct.id == Evidence.potential_id)
    row = session.execute(statement.where(Evidence.code == code.upper())).one_or_none()
    if row is None or not _reaches(actor, permission, row[1].village_code):
        raise NotFound
    return row[0], row[1]


def _reaches(actor: Actor, permission: Permission, village_code: str) -> bool:
    return any(covers(prefix, village_code) for prefix in actor.area_prefixes(permission))


def _fill(potential: PotentialProduct, facts: PotentialFacts) -> None:
    scheme = parse_choice(Scheme, facts.scheme, field="scheme")
    unit = parse_text(facts.unit_name, field="unit_name", maximum=120)
    if scheme is not Scheme.OVOP and not unit:
        raise InvalidInput(N_("Name the community, school or class."), field="unit_name")
    if scheme in (Scheme.OSOP, Scheme.ONE_CLASS) and not facts.contact_name.strip():
        raise InvalidInput(N_("A school needs somebody to ask: a guardian or a teacher."), field="contact_name")
    potential.scheme, potential.unit_name = scheme, unit
    potential.name_id = parse_text(facts.name_id, field="name_id", maximum=120, required=True)
    potential.name_en = parse_text(facts.name_en, field="name_en", maximum=120)
    potential.contact_name = parse_text(facts.contact_name, field="contact_name", maximum=120)
    potential.contact_phone = normalise_phone(facts.contact_phone, field="contact_phone")
    potential.note = parse_text(facts.note, field="note", maximum=2_000)
    potential.likeness = likeness_of(potential.name_id)
