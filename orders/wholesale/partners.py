"""Partners: a company applies, the office decides, and sets what it may owe and on which terms (docs/wholesale.md)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.areas import parse_area_code
from catalog.models.area import Area
from catalog.models.stock import Outlet
from catalog.readiness.profiles import list_profiles
from catalog.shelves import reach_of
from kernel import accounts, audit, clock, outbox
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.money import LARGEST_AMOUNT
from kernel.paging import Page, escape_like, read_page
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission
from kernel.phones import normalise_phone
from orders.models.partner import PaperKind, Partner, PartnerBuyer, PartnerGroup, PartnerKind, PartnerPaper, PartnerState
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.billing import LARGEST_TERMS_BPS
from orders.wholesale.company_numbers import parse_nib, parse_npwp

PAGE_SIZE = 30
LONGEST_TERM_DAYS = 180
MESSAGE_LENGTH = 2_000

MAIL_RECEIVED = "mail.partner_received"
MAIL_DECIDED = "mail.partner_decided"

#: From which states a decision leads where.
DECISIONS: dict[PartnerState, frozenset[PartnerState]] = {
    PartnerState.APPROVED: frozenset({PartnerState.APPLIED, PartnerState.REFUSED, PartnerState.SUSPENDED}),
    PartnerState.REFUSED: frozenset({PartnerState.APPLIED}),
    PartnerState.SUSPENDED: frozenset({PartnerState.APPROVED}),
    PartnerState.CLOSED: frozenset({PartnerState.APPROVED, PartnerState.SUSPENDED, PartnerState.REFUSED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFacts:
    """What a company says about itself; numbers and phone as people write them."""

    kind: PartnerKind
    name: str
    legal_name: str
    npwp: str = ""
    nib: str = ""
    is_pkp: bool = False
    address: str
    area_code: str
    contact_name: str
    contact_email: str
    contact_phone: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerTerms:
    """What the seller agreed with a partner. Whole rupiah, days, basis points."""

    group_code: str
    profile_key: str = ""
    credit_limit: int = 0
    payment_days: int = 0
    trading_terms_bps: int = 0


def apply(
    session: Session, actor: Actor, outlet: Outlet, facts: PartnerFacts, *, token: str, language: str, is_sample: bool = False
) -> Partner:
    """A company wants to buy from a seller. `token` comes from the form: sent twice, it is one application.

    Raises InvalidInput.
    """
    facts = _checked(session, facts)
    row = {
        **asdict(facts),
        "code": make_code(),
        "token": parse_text(token, field="token", maximum=40, required=True),
        "outlet_id": outlet.id,
        "group_id": None,
        "state": PartnerState.APPLIED,
        "language": language,
        "profile_key": "",
        "credit_limit": 0,
        "payment_days": 0,
        "trading_terms_bps": 0,
        "applied_at": clock.now(),
        "applied_by_id": actor.user_id,
        "decided_at": None,
        "decided_by_id": None,
        "decision_note": "",
        "is_sample": is_sample,
    }
    insert_new(session, Partner, [row])
    partner = session.scalars(select(Partner).where(Partner.token == row["token"])).one()
    if partner.code == row["code"]:
        audit.record(session, actor, "partner.applied", subject_of(partner), {"name": partner.name})
        _mail(session, MAIL_RECEIVED, partner, partner.token)
    return partner


def decide(session: Session, actor: Actor, partner_id: int, state: PartnerState, note: str = "") -> Partner:
    """Approve, refuse, suspend or close. An approved partner has terms first (`set_terms`). Harmless when it is so already.

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
    _mail(session, MAIL_DECIDED, partner, f"{partner.code}:{state.value}:{partner.decided_at.isoformat()}")
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
    _change(session, actor, partner, "partner.terms", wanted)
    return partner


def add_paper(session: Session, actor: Actor, partner_id: int, kind: PaperKind, number: str, valid_until_on: object = None) -> PartnerPaper:
    """A paper the office has compared with the original."""
    partner = lock_partner(session, partner_id)
    ensure_may_manage(session, actor, partner.outlet_id)
    kind = parse_choice(PaperKind, kind, field="kind")
    number = parse_text(number, field="number", maximum=60, required=True)
    if kind is PaperKind.NPWP:
        number = parse_npwp(number, field="number")
    elif kind is PaperKind.NIB:
        number = parse_nib(number, field="number")
    moment = clock.now()
    row = {
        "partner_id": partner.id,
        "kind": kind,
        "number": number,
        "valid_until_on": valid_until_on,
        "checked_by_id": actor.user_id,
        "checked_at": moment,
        "created_at": moment,
    }
    ids = insert_new(session, PartnerPaper, [row])
    if not ids:
        raise InvalidInput(N_("This paper is on the list already."), field="number")
    audit.record(session, actor, "partner.paper", subject_of(partner), {"kind": kind.value, "number": number})
    return session.get_one(PartnerPaper, ids[0])


# Reads for the office.

_LOADED = (joinedload(Partner.outlet), joinedload(Partner.group), joinedload(Partner.area))


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
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_LOADED)


def get_partner(session: Session, actor: Actor, code: str) -> Partner:
    """A partner of a seller in reach with branches, buyers and papers; NotFound elsewhere."""
    statement = (
        select(Partner)
        .join(Outlet, Outlet.id == Partner.outlet_id)
        .where(Partner.code == code.strip().upper(), *reach_of(actor, Permission.MANAGE_WHOLESALE))
        .options(
            *_LOADED,
            selectinload(Partner.branches),
            selectinload(Partner.buyers).joinedload(PartnerBuyer.user),
            selectinload(Partner.papers),
        )
    )
    partner = session.scalar(statement)
    if partner is None:
        raise NotFound
    return partner


def get_application(session: Session, token: str) -> Partner:
    """The application its writer's link opens; NotFound otherwise."""
    partner = session.scalar(select(Partner).where(Partner.token == token).options(*_LOADED))
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


def _change(session: Session, actor: Actor, partner: Partner, action: str, wanted: dict[str, object]) -> None:
    changed = {name: {"from": getattr(partner, name), "to": value} for name, value in wanted.items() if getattr(partner, name) != value}
    for name, value in wanted.items():
        setattr(partner, name, value)
    session.flush()
    if changed:
        audit.record(session, actor, action, subject_of(partner), changed)


def _mail(session: Session, kind: str, partner: Partner, key: str) -> None:
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


def _checked(session: Session, facts: PartnerFacts) -> PartnerFacts:
    area_code = parse_area_code(facts.area_code, field="area_code")
    if session.get(Area, area_code) is None:
        raise InvalidInput(N_("Please choose one of the options."), field="area_code")
    npwp = parse_npwp(facts.npwp) if facts.npwp.strip() else ""
    if facts.is_pkp and not npwp:
        raise InvalidInput(N_("A company that is registered for PPN has a taxpayer number."), field="npwp")
    phone = normalise_phone(facts.contact_phone)
    if not phone:
        raise InvalidInput(N_("Please fill this in."), field="contact_phone")
    email = _email(facts.contact_email)
    return replace(
        facts,
        kind=parse_choice(PartnerKind, facts.kind, field="kind"),
        name=parse_text(facts.name, field="name", maximum=120, required=True),
        legal_name=parse_text(facts.legal_name, field="legal_name", maximum=160, required=True),
        npwp=npwp,
        nib=parse_nib(facts.nib) if facts.nib.strip() else "",
        address=parse_text(facts.address, field="address", maximum=240, required=True),
        area_code=area_code,
        contact_name=parse_text(facts.contact_name, field="contact_name", maximum=120, required=True),
        contact_email=email,
        contact_phone=phone,
        message=parse_text(facts.message, field="message", maximum=MESSAGE_LENGTH),
    )


def _email(text: str) -> str:
    try:
        return accounts.fold_email(text)
    except InvalidInput as refusal:
        refusal.field = "contact_email"
        raise
