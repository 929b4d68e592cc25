"""Partners: the office decides about a company, corrects it, and sets what it may owe and on which terms (docs/wholesale.md)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.stock import Outlet
from catalog.readiness.profiles import list_profiles
from catalog.shelves import reach_of
from kernel import audit, clock, outbox
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.money import LARGEST_AMOUNT
from kernel.paging import Page, escape_like, read_page
from kernel.parsing import check_range, parse_text
from kernel.people import Actor, Permission
from orders.models.partner import Partner, PartnerBuyer, PartnerGroup, PartnerPaper, PartnerState
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.billing import LARGEST_TERMS_BPS
from orders.wholesale.company_facts import MESSAGE_LENGTH, PartnerFacts, checked_facts

PAGE_SIZE = 30
LONGEST_TERM_DAYS = 180

MAIL_DECIDED = "mail.partner_decided"

#: From which states a decision leads where.
DECISIONS: dict[PartnerState, frozenset[PartnerState]] = {
    PartnerState.APPROVED: frozenset({PartnerState.APPLIED, PartnerState.ASKED, PartnerState.REFUSED, PartnerState.SUSPENDED}),
    PartnerState.ASKED: frozenset({PartnerState.APPLIED}),
    PartnerState.REFUSED: frozenset({PartnerState.APPLIED, PartnerState.ASKED}),
    PartnerState.SUSPENDED: frozenset({PartnerState.APPROVED}),
    PartnerState.CLOSED: frozenset({PartnerState.APPROVED, PartnerState.SUSPENDED, PartnerState.REFUSED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerTerms:
    """What the seller agreed with a partner. Whole rupiah, days, basis points."""

    group_code: str
    profile_key: str = ""
    credit_limit: int = 0
    payment_days: int = 0
    trading_terms_bps: int = 0


def decide(session: Session, actor: Actor, partner_id: int, state: PartnerState, note: str = "") -> Partner:
    """Approve, ask for more, refuse, suspend or close. An approved partner has terms first (`set_terms`). Harmless when it is so already.

    Raises NotAllowed, InvalidInput and Conflict.
    """
    partner = lock_partner(session, partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    note = parse_text(note, field="note", maximum=MESSAGE_LENGTH, required=state is not PartnerState.APPROVED)
    if partner.state is state:
        return partner
    if partner.state not in DECISIONS.get(state, frozenset()):
        raise Conflict
    if state is PartnerState.APPROVED and partner.group_id is None:
        raise InvalidInput(N_("Choose a group for the partner first: it says which offers and prices they see."), field="group")
    partner.state = state
    partner.decided_at, partner.decided_by_id, partner.decision_note = clock.now(), actor.user_id, note
    session.flush()
    audit.record(session, actor, f"partner.{state.value}", subject_of(partner), {"note": note})
    mail_partner(session, MAIL_DECIDED, partner, f"{partner.code}:{state.value}:{partner.decided_at.isoformat()}")
    return partner


def set_terms(session: Session, actor: Actor, partner_id: int, terms: PartnerTerms) -> Partner:
    """The group, the chain's readiness profile, credit, term and trading terms, from now on. Raises NotAllowed and InvalidInput."""
    partner = lock_partner(session, partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    group = session.scalar(select(PartnerGroup).where(PartnerGroup.code == terms.group_code, PartnerGroup.outlet_id == partner.outlet_id))
    if group is None:
        raise InvalidInput(N_("Please choose one of the options."), field="group")
    if terms.profile_key and terms.profile_key not in {profile.key for profile in list_profiles(session)}:
        raise InvalidInput(N_("Please choose one of the options."), field="profile")
    check_range(terms.credit_limit, 0, LARGEST_AMOUNT, "credit_limit")
    check_range(terms.payment_days, 0, LONGEST_TERM_DAYS, "payment_days")
    if not 0 <= terms.trading_terms_bps <= LARGEST_TERMS_BPS:
        raise InvalidInput(N_("Trading terms take at most 15% (Permendag 23/2021)."), field="trading_terms")
    wanted = {
        "group_id": group.id,
        "profile_key": terms.profile_key,
        "credit_limit": terms.credit_limit,
        "payment_days": terms.payment_days,
        "trading_terms_bps": terms.trading_terms_bps,
    }
    change_partner(session, actor, partner, "partner.terms", wanted)
    return partner


def correct_company(session: Session, actor: Actor, partner_id: int, facts: PartnerFacts) -> Partner:
    """The office corrects what a company says about itself, from now on: issued invoices keep the buyer they were issued to.

    Raises NotAllowed and InvalidInput.
    """
    partner = lock_partner(session, partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    change_partner(session, actor, partner, "partner.corrected", asdict(checked_facts(session, facts)))
    return partner


# Reads for the office.

LOADED = (joinedload(Partner.outlet), joinedload(Partner.group), joinedload(Partner.area))


def list_partners(session: Session, actor: Actor, *, state: PartnerState | None = None, text: str = "", page: int = 1) -> Page[Partner]:
    """Partners of the sellers in reach, the newest application first."""
    statement = (
        select(Partner)
        .join(Outlet, Outlet.id == Partner.outlet_id)
        .where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
        .order_by(Partner.applied_at.desc(), Partner.id.desc())
    )
    if state is not None:
        statement = statement.where(Partner.state == state)
    if text:
        wanted = f"%{escape_like(text.strip())}%"
        statement = statement.where(Partner.name.ilike(wanted, escape="\\") | Partner.legal_name.ilike(wanted, escape="\\"))
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=LOADED)


def get_partner(session: Session, actor: Actor, code: str) -> Partner:
    """A partner of a seller in reach with branches, buyers and papers; NotFound elsewhere."""
    statement = (
        select(Partner)
        .join(Outlet, Outlet.id == Partner.outlet_id)
        .where(Partner.code == code.strip().upper(), *reach_of(actor, Permission.MANAGE_WHOLESALE))
        .options(
            *LOADED,
            selectinload(Partner.branches),
            selectinload(Partner.buyers).joinedload(PartnerBuyer.user),
            selectinload(Partner.papers).joinedload(PartnerPaper.scan),
        )
    )
    partner = session.scalar(statement)
    if partner is None:
        raise NotFound
    return partner


def lock_partner(session: Session, partner_id: int) -> Partner:
    """The partner, read anew with its row locked until the commit; NotFound otherwise."""
    partner = session.scalar(select(Partner).where(Partner.id == partner_id).with_for_update().execution_options(populate_existing=True))
    if partner is None:
        raise NotFound
    return partner


def subject_of(partner: Partner) -> str:
    """How the audit names a partner."""
    return f"partner:{partner.code}"


def change_partner(session: Session, actor: Actor, partner: Partner, action: str, wanted: dict[str, object]) -> None:
    """Write what differs, and note each value before and after."""
    changed = {name: {"from": getattr(partner, name), "to": value} for name, value in wanted.items() if getattr(partner, name) != value}
    for name, value in wanted.items():
        setattr(partner, name, value)
    session.flush()
    if changed:
        audit.record(session, actor, action, subject_of(partner), changed)


def mail_partner(session: Session, kind: str, partner: Partner, key: str) -> None:
    """A letter to the company's contact, once for each key."""
    payload = {
        "email": partner.contact_email,
        "language": partner.language,
        "name": partner.contact_name,
        "company": partner.name,
        "state": partner.state.value,
        "note": partner.decision_note,
        "token": partner.token,
    }
    outbox.enqueue(session, kind, f"{kind}:{key}", payload)
