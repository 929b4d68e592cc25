"""Appeals: the maker's side asks for another look at a decision, once; somebody else than before answers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from catalog.curation import letters
from catalog.curation.standing import ensure_may, ensure_state, lock_submission, take_step
from catalog.curation.states import OUTCOMES, Act, CurationState
from catalog.models.curation import Appeal, AppealState, CurationDecision, Submission
from catalog.models.product import Product
from kernel import clock
from kernel.errors import N_, Conflict
from kernel.parsing import parse_text
from kernel.people import Actor

#: From the decision on.
TIME_TO_APPEAL = timedelta(days=30)
TEXT_LENGTH = 2_000


def appeal(session: Session, actor: Actor, submission: Submission, grounds: str) -> Appeal:
    """Ask for another look at the latest decision about the latest version, within 30 days, once per decision."""
    session.execute(select(Product.id).where(Product.id == submission.product_id).with_for_update())
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.APPEAL, submission)
    ensure_state(submission, *OUTCOMES)
    latest = select(func.max(Submission.version)).where(Submission.product_id == submission.product_id)
    if session.scalar(latest) != submission.version:
        raise Conflict(N_("A later version of this product exists; work goes on there."))
    decision = _decision_of(session, submission)
    if session.scalar(select(exists().where(Appeal.submission_id == submission.id))):
        raise Conflict(N_("There was an appeal already; its answer stands."))
    if clock.now() > decision.decided_at + TIME_TO_APPEAL:
        raise Conflict(N_("The time to appeal, 30 days, is over. Propose a new version instead."))
    made = Appeal(
        submission_id=submission.id,
        decision_id=decision.id,
        grounds=parse_text(grounds, field="grounds", maximum=TEXT_LENGTH, required=True),
        state=AppealState.OPEN,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    session.add(made)
    take_step(session, actor, submission, Act.APPEAL, CurationState.APPEALED, remarks=made.grounds)
    return made


def decide_appeal(session: Session, actor: Actor, submission: Submission, *, upholds: bool, answer: str) -> Appeal:
    """Answer with reasons, as somebody who did not take the decision. Upheld: another round, with fresh scorecards."""
    submission = lock_submission(session, submission.id)
    act = Act.UPHOLD_APPEAL if upholds else Act.DISMISS_APPEAL
    ensure_may(session, actor, act, submission)
    ensure_state(submission, CurationState.APPEALED)
    found = session.scalars(select(Appeal).where(Appeal.submission_id == submission.id, Appeal.state == AppealState.OPEN)).one()
    decision = session.get_one(CurationDecision, found.decision_id)
    found.answer = parse_text(answer, field="answer", maximum=TEXT_LENGTH, required=True)
    found.state = AppealState.UPHELD if upholds else AppealState.DISMISSED
    found.decided_by_id, found.decided_at = actor.user_id, clock.now()
    then = decision.outcome
    if upholds:
        then = CurationState.DESK_CHECK if decision.score is None else CurationState.ASSESSMENT
        if decision.outcome is CurationState.APPROVED:
            submission.base = submission.content  # this text is live already
        submission.round += 1
        submission.endorsed_by_id = submission.endorsed_stars = None
    take_step(session, actor, submission, act, then, remarks=found.answer)
    letters.tell_maker(session, letters.APPEAL_DECIDED, submission, about=decision.code, decision=decision)
    return found


def _decision_of(session: Session, submission: Submission) -> CurationDecision:
    statement = select(CurationDecision).where(CurationDecision.submission_id == submission.id, CurationDecision.round == submission.round)
    return session.scalars(statement).one()
