"""Which office is in charge of a village, how it is called, and which schemes it runs; changed by an administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog.access import ensure_can
from catalog.models.area import Area, AreaLevel
from catalog.models.programme import Scheme
from catalog.models.programme_office import ProgrammeOffice
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor, Permission
from kernel.phones import normalise_phone

_LENGTHS = {"name_id": 160, "name_en": 160, "address": 240, "head_name": 120, "head_title_id": 120, "head_title_en": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFacts:
    """What an administrator types about an office. Without a scheme it runs all of them."""

    area_code: str
    name_id: str
    name_en: str = ""
    address: str = ""
    phone: str = ""
    head_name: str = ""
    head_title_id: str = ""
    head_title_en: str = ""
    schemes: Sequence[Scheme] = ()


def list_offices(session: Session) -> list[ProgrammeOffice]:
    """Every office with its area, by code."""
    return list(session.scalars(select(ProgrammeOffice).options(joinedload(ProgrammeOffice.area)).order_by(ProgrammeOffice.area_code)))


def find_office_for(session: Session, area_code: str) -> ProgrammeOffice | None:
    """The office in charge of an area: its own, the regency's, or the province's. One statement."""
    covering = [area_code[:length] for length in (2, 5, 8, 13) if length <= len(area_code)]
    statement = select(ProgrammeOffice).where(ProgrammeOffice.area_code.in_(covering))
    return max(session.scalars(statement), key=lambda office: len(office.area_code), default=None)


def get_office(session: Session, area_code: str) -> ProgrammeOffice:
    """The office of exactly this area; NotFound otherwise."""
    found = session.scalar(select(ProgrammeOffice).where(ProgrammeOffice.area_code == area_code).options(joinedload(ProgrammeOffice.area)))
    if found is None:
        raise NotFound
    return found


def list_schemes_for(session: Session, area_code: str) -> list[Scheme]:
    """The schemes that a proposal from this area can belong to."""
    office = find_office_for(session, area_code)
    return [scheme for scheme in Scheme if office is None or scheme.value in office.schemes]


def save_office(session: Session, actor: Actor, facts: OfficeFacts, *, is_sample: bool = False) -> ProgrammeOffice:
    """A new office for an area, or other facts about the one it has; a regency or province each has one."""
    ensure_can(actor, Permission.MANAGE_PEOPLE, "")
    facts = _checked(session, facts)
    office = session.scalar(select(ProgrammeOffice).where(ProgrammeOffice.area_code == facts.area_code).with_for_update())
    values = asdict(facts) | {"schemes": [scheme.value for scheme in facts.schemes]}
    if office is None:
        office = ProgrammeOffice(**values, is_sample=is_sample, updated_at=clock.now())
        session.add(office)
        changed = sorted(values)
    else:
        changed = [name for name, value in values.items() if getattr(office, name) != value]
        for name in changed:
            setattr(office, name, values[name])
        office.updated_at = clock.now()
    session.flush()
    if changed:
        audit.record(session, actor, "programme_office.save", f"programme_office:{office.area_code}", {"changed": changed})
    return office


def facts_of(office: ProgrammeOffice) -> OfficeFacts:
    """What is known of an office, to show in a form."""
    values = {field.name: getattr(office, field.name) for field in fields(OfficeFacts)}
    return OfficeFacts(**values | {"schemes": [Scheme(value) for value in office.schemes]})


def _checked(session: Session, facts: OfficeFacts) -> OfficeFacts:
    area = session.get(Area, facts.area_code)
    if area is None or area.level not in (AreaLevel.REGENCY, AreaLevel.PROVINCE):
        raise InvalidInput(N_("Choose a regency or a province."), field="area_code")
    texts = {
        name: parse_text(getattr(facts, name), field=name, maximum=most, required=name == "name_id") for name, most in _LENGTHS.items()
    }
    schemes = {parse_choice(Scheme, scheme, field="schemes") for scheme in facts.schemes} or set(Scheme)
    return replace(facts, **texts, phone=normalise_phone(facts.phone), schemes=[scheme for scheme in Scheme if scheme in schemes])
