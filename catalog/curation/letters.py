"""Letters about a submission: to everybody who signs in for the maker and to whoever sent it in; reminders go to the office as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from catalog.curation.states import OPEN, CurationState
from catalog.models.curation import CurationDecision, Submission
from catalog.models.product import Product
from kernel import audit, clock, outbox
from kernel.people import SYSTEM, Role, RoleGrant, User, covers

RETURNED = "mail.curation_returned"
DECIDED = "mail.curation_decided"
APPEAL_DECIDED = "mail.curation_appeal_decided"
RECURATION_DUE = "mail.curation_due"
#: How long before its last day a decision is called to mind.
REMIND_BEFORE = timedelta(days=90)

_PEOPLE = select(User.id, User.email, User.name, User.language).where(User.is_active).distinct()


def tell_maker(session: Session, kind: str, submission: Submission, *, about: str, decision: CurationDecision | None = None) -> int:
    """Queue the letter about one step for everybody on the maker's side; how many read it. `about` makes a second call harmless."""
    return _send(session, kind, submission, about, decision, session.execute(_makers_side(session, submission)))


def remind_due(session: Session, limit: int = 200) -> int:
    """Call to mind, once, that a decision runs out within 90 days; how many. Makers and office are told. For the worker."""
    today = clock.today()
    under_way = select(Submission.id).where(Submission.product_id == CurationDecision.product_id, Submission.state.in_(OPEN))
    due = (
        select(CurationDecision, Submission)
        .join(Submission, Submission.id == CurationDecision.submission_id)
        .where(
            CurationDecision.outcome == CurationState.APPROVED,
            CurationDecision.valid_until_on.between(today, today + REMIND_BEFORE),
            CurationDecision.round == Submission.round,
            Submission.state == CurationState.APPROVED,
            Submission.reminded_at.is_(None),
            ~under_way.correlate(CurationDecision).exists(),
        )
        .order_by(CurationDecision.valid_until_on, CurationDecision.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Submission)
    )
    rows = session.execute(due).all()
    for decision, submission in rows:
        makers_side = session.execute(_makers_side(session, submission)).all()
        told = _send(session, RECURATION_DUE, submission, decision.code, decision, makers_side)
        known = {row.id for row in makers_side}
        office = [row for row in _office_side(session, submission) if row.id not in known]
        told += _send(session, RECURATION_DUE, submission, decision.code, decision, office, proposes=False)
        submission.reminded_at = clock.now()
        audit.record(session, SYSTEM, "submission.remind", f"submission:{submission.code}", {"letters": told})
    session.flush()
    return len(rows)


def _makers_side(session: Session, submission: Submission) -> Select[int, str, str, str]:
    maker_id = session.scalars(select(Product.maker_id).where(Product.id == submission.product_id)).one()
    of_maker = and_(RoleGrant.role == Role.MAKER, RoleGrant.maker_id == maker_id)
    sender = submission.submitted_by_id or submission.proposed_by_id
    return _PEOPLE.outerjoin(RoleGrant, RoleGrant.user_id == User.id).where(or_(of_maker, User.id == sender)).order_by(User.id)


def _office_side(session: Session, submission: Submission) -> list[Row[int, str, str, str, str]]:
    """Curators whose area holds the village; administrators have no area of their own and are spared."""
    statement = select(User.id, User.email, User.name, User.language, RoleGrant.area_prefix).join(RoleGrant, RoleGrant.user_id == User.id)
    rows = session.execute(statement.where(User.is_active, RoleGrant.role == Role.CURATOR))
    return [row for row in rows if covers(row.area_prefix, submission.village_code)]


def _send(
    session: Session,
    kind: str,
    submission: Submission,
    about: str,
    decision: CurationDecision | None,
    people: Iterable[Row[*tuple[Any, ...]]],
    *,
    proposes: bool = True,
) -> int:
    sent = 0
    for person in people:
        payload = {
            "submission": submission.code,
            "decision": decision.code if decision else None,
            "remarks": submission.remarks if kind == RETURNED else None,
            # Who proposes reads another page than who decides.
            "proposes": proposes,
            "email": person.email,
            "name": person.name,
            "language": person.language,
        }
        outbox.enqueue(session, kind, f"{kind}:{submission.code}:{about}:{person.id}", payload)
        sent += 1
    return sent
