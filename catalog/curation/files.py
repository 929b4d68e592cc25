"""One submission with everything that belongs to it, and only what this person may know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from catalog.curation import assessing, content, proposals, standing
from catalog.curation.criteria import find_current_set, get_set
from catalog.curation.queries import get_submission
from catalog.curation.scorecard import Result
from catalog.curation.states import Act, CurationState
from catalog.models.curation import (
    Appeal,
    AssessorConflict,
    CriteriaSet,
    CurationDecision,
    Gate,
    GateCheck,
    ImprovementItem,
    ScoreSheet,
    Submission,
    SubmissionStep,
)
from catalog.products import ProductFacts
from kernel.people import Actor, Permission


@dataclass(frozen=True, slots=True)
class SubmissionFile:
    """What the page of one submission shows."""

    submission: Submission
    proposed: ProductFacts
    #: What the product said when this version began, and the fields that differ.
    base: ProductFacts
    changes: list[str]
    #: What was returned last, and what was changed since; None when nothing was.
    returned: ProductFacts | None
    changes_since: list[str]
    #: Every gate in order; None: nobody looked yet.
    gates: dict[Gate, GateCheck | None]
    #: What approval lacks besides (msgids).
    gaps: list[str]
    steps: Sequence[SubmissionStep]
    #: The latest first. `private_remarks` may be read only where `sees_private` is true; anything else fails.
    decisions: Sequence[CurationDecision]
    improvements: Sequence[ImprovementItem]
    appeals: Sequence[Appeal]
    criteria_set: CriteriaSet | None
    #: Scorecards of the present round this person may see: the own one always, others' after the decision, all for who decides.
    sheets: Sequence[ScoreSheet]
    my_sheet: ScoreSheet | None
    #: None while it must not be known.
    result: Result | None
    #: Keys of criteria that ask for an improvement; empty while the result must not be known.
    failed: list[str]
    #: Standing conflicts of interest with the maker, for whoever decides.
    conflicts: Sequence[AssessorConflict]
    #: What this person can do now.
    acts: frozenset[Act]
    sees_private: bool


def read_file(session: Session, actor: Actor, code: str) -> SubmissionFile:
    """Everything about a submission in reach; NotFound elsewhere. A fixed number of statements, whatever it holds."""
    submission = get_submission(session, actor, code)
    village = submission.village_code
    decides = actor.can(Permission.DECIDE_CURATION, area_code=village)
    proposed, base = content.load(submission.content), content.load(submission.base)
    returned = content.load(submission.returned) if submission.returned else None
    checks = {check.gate: check for check in session.scalars(_checks_of(submission))}
    criteria_set = get_set(session, submission.criteria_set_id) if submission.criteria_set_id else find_current_set(session)
    sheets = session.scalars(_sheets_of(submission)).all()
    mine = next((sheet for sheet in sheets if sheet.assessor_id == actor.user_id), None)
    sees_scores = _sees_scores(actor, submission, decides, mine)
    counted = [sheet for sheet in sheets if sheet.finished_at is not None and sheet.voided_at is None] if sees_scores else []
    has_result = bool(counted) and criteria_set is not None
    return SubmissionFile(
        submission=submission,
        proposed=proposed,
        base=base,
        changes=content.list_changes(base, proposed),
        returned=returned,
        changes_since=content.list_changes(returned, proposed) if returned else [],
        gates={gate: checks.get(gate) for gate in Gate},
        gaps=proposals.list_gaps(session, submission),
        steps=session.scalars(_steps_of(submission)).all(),
        decisions=session.scalars(_decisions_of(submission, decides)).all(),
        improvements=session.scalars(_improvements_of(submission)).all(),
        appeals=session.scalars(select(Appeal).where(Appeal.submission_id == submission.id)).all(),
        criteria_set=criteria_set,
        sheets=sheets if sees_scores else [mine] if mine else [],
        my_sheet=mine,
        result=assessing.summarise(criteria_set, counted) if has_result and criteria_set else None,
        failed=assessing.list_failed(criteria_set, counted) if has_result and criteria_set else [],
        conflicts=session.scalars(_conflicts_with(submission)).all() if decides else [],
        acts=standing.list_allowed(session, actor, submission),
        sees_private=decides,
    )


def _sees_scores(actor: Actor, submission: Submission, decides: bool, mine: ScoreSheet | None) -> bool:
    """Nobody who is still scoring sees what others gave; assessors see it after the decision."""
    if submission.state is CurationState.ASSESSMENT:
        return decides and (mine is None or mine.finished_at is not None or mine.voided_at is not None)
    return decides or actor.can(Permission.ASSESS_PRODUCTS, area_code=submission.village_code)


def _checks_of(submission: Submission) -> Select[GateCheck]:
    return select(GateCheck).where(GateCheck.submission_id == submission.id).options(joinedload(GateCheck.checked_by))


def _sheets_of(submission: Submission) -> Select[ScoreSheet]:
    statement = select(ScoreSheet).where(ScoreSheet.submission_id == submission.id, ScoreSheet.round == submission.round)
    loaded = statement.options(joinedload(ScoreSheet.assessor), selectinload(ScoreSheet.assessments))
    return loaded.order_by(ScoreSheet.id).execution_options(populate_existing=True)


def _steps_of(submission: Submission) -> Select[SubmissionStep]:
    return select(SubmissionStep).where(SubmissionStep.submission_id == submission.id).order_by(SubmissionStep.id.desc())


def _decisions_of(submission: Submission, decides: bool) -> Select[CurationDecision]:
    statement = select(CurationDecision).where(CurationDecision.submission_id == submission.id).order_by(CurationDecision.id.desc())
    statement = statement.options(joinedload(CurationDecision.decided_by)).execution_options(populate_existing=True)
    return statement if decides else statement.options(defer(CurationDecision.private_remarks, raiseload=True))


def _improvements_of(submission: Submission) -> Select[ImprovementItem]:
    return (
        select(ImprovementItem)
        .join(CurationDecision, CurationDecision.id == ImprovementItem.decision_id)
        .where(CurationDecision.submission_id == submission.id)
        .order_by(ImprovementItem.decision_id.desc(), ImprovementItem.position)
        .options(joinedload(ImprovementItem.criterion))
    )


def _conflicts_with(submission: Submission) -> Select[AssessorConflict]:
    return (
        select(AssessorConflict)
        .where(AssessorConflict.maker_id == submission.product.maker_id, AssessorConflict.ended_at.is_(None))
        .order_by(AssessorConflict.id)
        .options(joinedload(AssessorConflict.user))
    )
