"""Applications: a company wants to buy by the case, sees by its link where that stands, and answers what the office asks."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.parsing import parse_text
from kernel.people import Actor
from orders.models.partner import Partner, PartnerPaper, PartnerState
from orders.wholesale.company_facts import PartnerFacts, checked_facts
from orders.wholesale.partners import LOADED, change_partner, mail_partner, subject_of

MAIL_RECEIVED = "mail.partner_received"

#: While the office has not decided, whoever holds the application's link may correct it and hand in papers.
UNDECIDED = frozenset({PartnerState.APPLIED, PartnerState.ASKED})


def apply(
    session: Session, actor: Actor, outlet: Outlet, facts: PartnerFacts, *, token: str, language: str, is_sample: bool = False
) -> Partner:
    """A company wants to buy from a seller. `token` comes from the form: sent twice, it is one application.

    Raises InvalidInput.
    """
    facts = checked_facts(session, facts)
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
        mail_partner(session, MAIL_RECEIVED, partner, partner.token)
    return partner


def answer(session: Session, actor: Actor, token: str, facts: PartnerFacts) -> Partner:
    """Whoever holds the link corrects the application; what the office asked counts as answered.

    Raises NotFound, Conflict and InvalidInput.
    """
    partner = lock_application(session, token)
    facts = checked_facts(session, facts)
    change_partner(session, actor, partner, "partner.answered", asdict(facts) | {"state": PartnerState.APPLIED})
    return partner


def lock_application(session: Session, token: str) -> Partner:
    """The undecided application behind a link, locked until the commit; NotFound without one, Conflict when it is decided."""
    statement = select(Partner).where(Partner.token == token).with_for_update().execution_options(populate_existing=True)
    partner = session.scalar(statement)
    if partner is None:
        raise NotFound
    if partner.state not in UNDECIDED:
        raise Conflict(N_("The office has decided about this application already."))
    return partner


def get_application(session: Session, token: str) -> Partner:
    """The application its writer's link opens; NotFound otherwise."""
    partner = session.scalar(
        select(Partner).where(Partner.token == token).options(*LOADED, selectinload(Partner.papers).joinedload(PartnerPaper.scan))
    )
    if partner is None:
        raise NotFound
    return partner
