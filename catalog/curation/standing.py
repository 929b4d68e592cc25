"""Who may take which step on a submission, and the taking of it: the row locked, the state changed, the step and the audit written."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.curation import content
from catalog.curation.states import STEPS as TABLE
from catalog.curation.states import Act, Bar, Barred, CurationState, WrongStep, check_step, list_acts
from catalog.models.curation import (
    Appeal,
    AppealState,
    AssessorConflict,
    CurationDecision,
    Submission,
    SubmissionAuthor,
    SubmissionStep,
)
from catalog.models.product import Product
from kernel import audit, clock
from kernel.errors import NotAllowed, NotFound
from kernel.inserts import insert_new
from kernel.people import Actor, Permission, Role


def lock_submission(session: Session, submission_id: int) -> Submission:
    """The row as it is now, nobody else's to change until the transaction ends."""
    statement = select(Submission).where(Submission.id == submission_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def subject_of(submission: Submission) -> str:
    """What the audit calls a submission."""
    return f"submission:{submission.code}"


def in_the_name_of(actor: Actor) -> Actor:
    """`actor` for the catalogue's verbs, once curation has answered whether they may: a village proposes without EDIT_PRODUCTS."""
    return replace(actor, system=True)


def belongs_to(actor: Actor, maker_id: int) -> bool:
    """Whether the person has the role of this maker."""
    return any(grant.role is Role.MAKER and grant.maker_id == maker_id for grant in actor.grants)


def may_propose(actor: Actor, maker_id: int, *area_codes: str) -> bool:
    """Whoever proposes for the area, or the maker itself for its own products."""
    if belongs_to(actor, maker_id):
        return True
    return all(actor.can(Permission.PROPOSE_PRODUCTS, area_code=code) for code in area_codes)


def bars_of(session: Session, actor: Actor, submission: Submission) -> frozenset[Bar]:
    """What keeps this person from acting on this submission, whatever their roles. The system is never barred. Four statements."""
    if actor.user_id is None:
        return frozenset()
    maker_id = session.scalars(select(Product.maker_id).where(Product.id == submission.product_id)).one()
    bars = set()
    wrote = select(SubmissionAuthor.id).where(SubmissionAuthor.submission_id == submission.id, SubmissionAuthor.user_id == actor.user_id)
    if session.scalar(wrote) is not None:
        bars.add(Bar.AUTHOR)
    if belongs_to(actor, maker_id) or has_conflict(session, actor.user_id, maker_id):
        bars.add(Bar.CONFLICT)
    appealed = (
        select(Appeal.id)
        .join(CurationDecision, CurationDecision.id == Appeal.decision_id)
        .where(
            Appeal.submission_id == submission.id,
            Appeal.state == AppealState.OPEN,
            or_(CurationDecision.decided_by_id == actor.user_id, CurationDecision.second_reviewer_id == actor.user_id),
        )
    )
    if session.scalar(appealed) is not None:
        bars.add(Bar.DECIDER)
    return frozenset(bars)


def has_conflict(session: Session, user_id: int, maker_id: int) -> bool:
    """Whether a conflict of interest stands between a person and a maker."""
    standing = select(AssessorConflict.id).where(
        AssessorConflict.maker_id == maker_id, AssessorConflict.user_id == user_id, AssessorConflict.ended_at.is_(None)
    )
    return session.scalar(standing) is not None


def ensure_may(session: Session, actor: Actor, act: Act, submission: Submission) -> None:
    """NotAllowed without the permission where the product is made (now and as proposed), Barred when somebody else must do it."""
    product = session.get_one(Product, submission.product_id)
    if not _is_permitted(actor, act, product, submission):
        raise NotAllowed
    barred = TABLE[act].bars & bars_of(session, actor, submission) if TABLE[act].bars else frozenset()
    for bar in Bar:
        if bar in barred:
            raise Barred(bar)


def list_allowed(session: Session, actor: Actor, submission: Submission) -> frozenset[Act]:
    """The acts that this person can do now: what a page offers. The submission's product is loaded or known; five statements at most."""
    product = session.get_one(Product, submission.product_id)
    acts = [act for act in list_acts(submission.state) if _is_permitted(actor, act, product, submission)]
    bars = bars_of(session, actor, submission) if any(TABLE[act].bars for act in acts) else frozenset()
    return frozenset(act for act in acts if not TABLE[act].bars & bars)


def take_step(
    session: Session, actor: Actor, submission: Submission, act: Act, then: CurationState, *, remarks: str = ""
) -> SubmissionStep:
    """Bring a locked submission to `then`, on record. Whether `actor` may is asked before; WrongStep when the table has no such way."""
    check_step(act, submission.state, then)
    now, before = clock.now(), submission.state
    submission.state, submission.changed_at = then, now
    step = SubmissionStep(
        submission_id=submission.id,
        act=act.value,
        from_state=before,
        to_state=then,
        remarks=remarks,
        content_digest=content.digest_of(submission.content),
        actor_id=actor.user_id,
        actor_name=actor.name,
        at=now,
    )
    session.add(step)
    session.flush()
    audit.record(session, actor, f"submission.{act.value}", subject_of(submission), {"from": before.value, "to": then.value})
    return step


def note_author(session: Session, actor: Actor, submission: Submission) -> None:
    """Remember that this person wrote in it; the first time counts."""
    if actor.user_id is not None:
        row = {"submission_id": submission.id, "user_id": actor.user_id, "first_at": clock.now()}
        insert_new(session, SubmissionAuthor, [row])


def ensure_state(submission: Submission, *states: CurationState) -> None:
    """WrongStep unless it is in one of `states`."""
    if submission.state not in states:
        raise WrongStep


def _is_permitted(actor: Actor, act: Act, product: Product, submission: Submission) -> bool:
    permission = TABLE[act].permission
    if permission is None:
        return actor.system
    areas = (product.village_code, submission.village_code)
    if permission is Permission.PROPOSE_PRODUCTS:
        return may_propose(actor, product.maker_id, *areas)
    return all(actor.can(permission, area_code=code) for code in areas)
