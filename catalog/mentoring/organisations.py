"""Supporting organisations, whom to talk to there, and makers who were referred to them with what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.access import ensure_can
from catalog.mentoring.events import is_seen
from catalog.mentoring.reach import ensure_mentors
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.mentoring import OrganisationContact, OrganisationKind, Referral, ReferralState, SupportingOrganisation
from kernel import audit, clock
from kernel.accounts import fold_email
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor, Permission
from kernel.phones import normalise_phone

MOST_CONTACTS = 5
#: What a referral may become; nothing follows an end.
NEXT: dict[ReferralState, frozenset[ReferralState]] = {
    ReferralState.SENT: frozenset({ReferralState.ACCEPTED, ReferralState.DECLINED}),
    ReferralState.ACCEPTED: frozenset({ReferralState.COMPLETED, ReferralState.DECLINED}),
    ReferralState.DECLINED: frozenset(),
    ReferralState.COMPLETED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Somebody to talk to."""

    name: str
    duty: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """What the directory says about an organisation."""

    kind: OrganisationKind
    name: str
    area_code: str
    helps_with: str = ""
    address: str = ""
    is_active: bool = True
    contacts: Sequence[ContactFacts] = ()


def save_organisation(
    session: Session, actor: Actor, facts: OrganisationFacts, organisation: SupportingOrganisation | None = None, *, is_sample: bool = False
) -> SupportingOrganisation:
    """A new one, or the known one corrected; its contacts are replaced as a whole."""
    ensure_can(actor, Permission.MENTOR_MAKERS, facts.area_code)
    if organisation is not None:
        ensure_can(actor, Permission.MENTOR_MAKERS, organisation.area_code)
    if session.get(Area, facts.area_code) is None:
        raise InvalidInput(N_("Please choose one from the list."), field="area")
    values = {
        "kind": parse_choice(OrganisationKind, facts.kind, field="kind"),
        "name": parse_text(facts.name, field="name", maximum=120, required=True),
        "helps_with": parse_text(facts.helps_with, field="helps_with", maximum=500),
        "address": parse_text(facts.address, field="address", maximum=240),
        "area_code": facts.area_code,
        "is_active": facts.is_active,
    }
    act = "organisation.update" if organisation else "organisation.create"
    if organisation is None:
        organisation = SupportingOrganisation(created_at=clock.now(), is_sample=is_sample, contacts=[])
        session.add(organisation)
    for name, value in values.items():
        setattr(organisation, name, value)
    organisation.contacts[:] = [_contact(each) for each in facts.contacts[:MOST_CONTACTS]]
    session.flush()
    audit.record(session, actor, act, f"organisation:{organisation.code}")
    return organisation


def get_organisation(session: Session, actor: Actor, code: str) -> SupportingOrganisation:
    """An organisation of this person's area or of one around it, contacts loaded; NotFound elsewhere."""
    found = session.scalar(
        select(SupportingOrganisation)
        .where(SupportingOrganisation.code == code.strip().upper())
        .options(selectinload(SupportingOrganisation.contacts))
    )
    if found is None or not is_seen(actor, found.area_code):
        raise NotFound
    return found


def list_organisations(session: Session, actor: Actor, *, only_active: bool = False) -> list[SupportingOrganisation]:
    """Those that help in this person's area, by kind and name, contacts loaded."""
    statement = select(SupportingOrganisation).options(selectinload(SupportingOrganisation.contacts))
    if only_active:
        statement = statement.where(SupportingOrganisation.is_active)
    rows = session.scalars(statement.order_by(SupportingOrganisation.kind, SupportingOrganisation.name, SupportingOrganisation.id))
    return [row for row in rows if is_seen(actor, row.area_code)]


def refer(
    session: Session, actor: Actor, maker: Maker, organisation: SupportingOrganisation, purpose: str, day: date, *, is_sample: bool = False
) -> Referral:
    """Send a maker to an organisation."""
    ensure_mentors(actor, maker.village_code)
    if not organisation.is_active:
        raise InvalidInput(N_("This organisation does not help any more."), field="organisation")
    made = Referral(
        organisation_id=organisation.id,
        maker_id=maker.id,
        purpose=parse_text(purpose, field="purpose", maximum=240, required=True),
        state=ReferralState.SENT,
        sent_by_id=actor.user_id,
        sent_on=day,
        changed_at=clock.now(),
        is_sample=is_sample,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "referral.create", f"maker:{maker.slug}", {"organisation": organisation.name, "referral": made.code})
    return made


def note_result(session: Session, actor: Actor, code: str, state: ReferralState, result: str = "") -> Referral:
    """What the organisation answered. Conflict when the referral cannot become that."""
    found = get_referral(session, actor, code, for_update=True)
    ensure_mentors(actor, found.maker.village_code)
    state = parse_choice(ReferralState, state, field="state")
    if state not in NEXT[found.state]:
        raise Conflict(N_("This referral has ended already, or this answer does not follow the last one."))
    before, found.state = found.state, state
    found.result = parse_text(result, field="result", maximum=500, required=state is not ReferralState.ACCEPTED)
    found.changed_at = clock.now()
    session.flush()
    said = {"from": before.value, "to": state.value, "referral": found.code, "organisation": found.organisation.name}
    audit.record(session, actor, "referral.result", f"maker:{found.maker.slug}", said)
    return found


def get_referral(session: Session, actor: Actor, code: str, *, for_update: bool = False) -> Referral:
    """A referral of a maker in reach, with both sides; NotFound elsewhere."""
    statement = select(Referral).where(Referral.code == code.strip().upper())
    statement = statement.options(joinedload(Referral.maker), joinedload(Referral.organisation))
    found = session.scalar(statement.with_for_update(of=Referral) if for_update else statement)
    if found is None or not actor.can(Permission.VIEW_CURATION, area_code=found.maker.village_code):
        raise NotFound
    return found


def _contact(facts: ContactFacts) -> OrganisationContact:
    return OrganisationContact(
        name=parse_text(facts.name, field="contacts", maximum=120, required=True),
        duty=parse_text(facts.duty, field="contacts", maximum=120),
        phone=normalise_phone(facts.phone, field="contacts") if facts.phone else "",
        email=fold_email(facts.email) if facts.email else "",
    )
