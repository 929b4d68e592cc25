"""Scoring: one scorecard per assessor and round, blind until the decision; conflicts of interest; what they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.curation import scorecard
from catalog.curation.criteria import get_set
from catalog.curation.scorecard import Marks, Result
from catalog.curation.standing import ensure_may, ensure_state, has_conflict, lock_submission, subject_of
from catalog.curation.states import Act, CurationState
from catalog.models.curation import Assessment, AssessorConflict, CriteriaSet, ScoreSheet, Submission
from catalog.models.product import Product
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed
from kernel.parsing import parse_text
from kernel.people import Actor, Permission, User

NOTE_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What an assessor says about one criterion: the level from 1, what was seen, and the name of a private file the caller stored."""

    level: int
    note: str = ""
    evidence: str = ""


def score(session: Session, actor: Actor, submission: Submission, marks: Mapping[str, Mark], *, finish: bool = False) -> ScoreSheet:
    """Keep marks by criterion key; those left out stay as they were. With `finish` the scorecard counts and stands.

    Raises MarksMissing when it shall be finished and a criterion has no level, Conflict once it is finished.
    """
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.SCORE, submission)
    ensure_state(submission, CurationState.ASSESSMENT)
    if actor.user_id is None or submission.criteria_set_id is None:
        raise NotAllowed
    criteria_set = get_set(session, submission.criteria_set_id)
    sheet = _open_sheet(session, submission, actor.user_id)
    _keep(sheet, criteria_set, marks)
    if finish:
        sheet.total = scorecard.total_of(criteria_set.card, marks_of(criteria_set, sheet))
        sheet.finished_at = clock.now()
        audit.record(session, actor, "submission.score", subject_of(submission), {"round": submission.round})
    session.flush()
    return sheet


def declare_conflict(
    session: Session, actor: Actor, submission: Submission, reason: str, *, person: User | None = None
) -> AssessorConflict:
    """Say that oneself, or (as whoever decides) `person`, is too close to this maker. Scores of theirs that wait no longer count."""
    submission = lock_submission(session, submission.id)
    user_id = person.id if person else actor.user_id
    wanted = Permission.VIEW_CURATION if user_id == actor.user_id else Permission.DECIDE_CURATION
    if user_id is None or not actor.can(wanted, area_code=submission.village_code):
        raise NotAllowed
    maker_id = session.scalars(select(Product.maker_id).where(Product.id == submission.product_id)).one()
    if has_conflict(session, user_id, maker_id):
        raise Conflict(N_("This conflict of interest is known already."))
    conflict = AssessorConflict(
        maker_id=maker_id,
        user_id=user_id,
        reason=parse_text(reason, field="reason", maximum=240, required=True),
        declared_by_id=actor.user_id,
        declared_at=clock.now(),
    )
    session.add(conflict)
    session.flush()
    _void_sheets(session, maker_id, user_id)
    audit.record(session, actor, "submission.conflict", subject_of(submission), {"person": user_id, "reason": conflict.reason})
    return conflict


def end_conflict(session: Session, actor: Actor, submission: Submission, conflict: AssessorConflict) -> None:
    """Lift a conflict of interest that no longer stands; nobody does so for themselves. What was voided stays so."""
    if not actor.can(Permission.DECIDE_CURATION, area_code=submission.village_code) or actor.user_id == conflict.user_id:
        raise NotAllowed
    maker_id = session.scalars(select(Product.maker_id).where(Product.id == submission.product_id)).one()
    if conflict.maker_id != maker_id or conflict.ended_at is not None:
        raise Conflict
    conflict.ended_at, conflict.ended_by_id = clock.now(), actor.user_id
    session.flush()
    audit.record(session, actor, "submission.conflict_ended", subject_of(submission), {"person": conflict.user_id})


def list_finished(session: Session, submission: Submission) -> list[ScoreSheet]:
    """The scorecards of the present round that count, marks and assessor loaded, in the order they were finished. Two statements."""
    statement = (
        select(ScoreSheet)
        .where(
            ScoreSheet.submission_id == submission.id,
            ScoreSheet.round == submission.round,
            ScoreSheet.finished_at.is_not(None),
            ScoreSheet.voided_at.is_(None),
        )
        .order_by(ScoreSheet.finished_at, ScoreSheet.id)
        .options(selectinload(ScoreSheet.assessments), joinedload(ScoreSheet.assessor))
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def marks_of(criteria_set: CriteriaSet, sheet: ScoreSheet) -> dict[str, int]:
    """Levels by criterion key, as the arithmetic wants them."""
    keys = {criterion.id: criterion.key for criterion in criteria_set.criteria}
    return {keys[row.criterion_id]: row.level for row in sheet.assessments}


def summarise(criteria_set: CriteriaSet, sheets: Sequence[ScoreSheet]) -> Result:
    """The same from what is loaded."""
    return scorecard.result_of(criteria_set.card, _all_marks(criteria_set, sheets), criteria_set.rules)


def list_failed(criteria_set: CriteriaSet, sheets: Sequence[ScoreSheet]) -> list[str]:
    """Keys of criteria that ask for an improvement, the costliest first."""
    return scorecard.list_failed(criteria_set.card, _all_marks(criteria_set, sheets))


def _all_marks(criteria_set: CriteriaSet, sheets: Sequence[ScoreSheet]) -> list[Marks]:
    return [marks_of(criteria_set, sheet) for sheet in sheets]


def _open_sheet(session: Session, submission: Submission, user_id: int) -> ScoreSheet:
    statement = (
        select(ScoreSheet)
        .where(ScoreSheet.submission_id == submission.id, ScoreSheet.round == submission.round, ScoreSheet.assessor_id == user_id)
        .options(selectinload(ScoreSheet.assessments))
        .execution_options(populate_existing=True)
    )
    sheet = session.scalar(statement)
    if sheet is None:
        sheet = ScoreSheet(submission_id=submission.id, round=submission.round, assessor_id=user_id, started_at=clock.now(), assessments=[])
        session.add(sheet)
    elif sheet.finished_at is not None or sheet.voided_at is not None:
        raise Conflict(N_("Your scorecard is finished and can no longer be changed."))
    return sheet


def _keep(sheet: ScoreSheet, criteria_set: CriteriaSet, marks: Mapping[str, Mark]) -> None:
    criteria = {criterion.key: criterion for criterion in criteria_set.criteria}
    kept = {row.criterion_id: row for row in sheet.assessments}
    for key, mark in marks.items():
        criterion = criteria.get(key)
        if criterion is None or type(mark.level) is not int or not 1 <= mark.level <= len(criterion.levels):
            raise InvalidInput(N_("Please choose one of the levels."), field=key)
        row = kept.get(criterion.id)
        if row is None:
            row = Assessment(criterion_id=criterion.id)
            sheet.assessments.append(row)
        row.level = mark.level
        row.note = parse_text(mark.note, field=key, maximum=NOTE_LENGTH)
        row.evidence = parse_text(mark.evidence, field=key, maximum=80) or row.evidence or ""
        row.assessed_at = clock.now()


def _void_sheets(session: Session, maker_id: int, user_id: int) -> None:
    """Scorecards and endorsements of this person on what is still being assessed of this maker."""
    waiting = (
        select(Submission.id)
        .join(Product, Product.id == Submission.product_id)
        .where(Product.maker_id == maker_id, Submission.state == CurationState.ASSESSMENT)
    )
    session.execute(
        update(ScoreSheet)
        .where(ScoreSheet.assessor_id == user_id, ScoreSheet.voided_at.is_(None), ScoreSheet.submission_id.in_(waiting))
        .values(voided_at=clock.now())
    )
    session.execute(
        update(Submission)
        .where(Submission.id.in_(waiting), Submission.endorsed_by_id == user_id)
        .values(endorsed_by_id=None, endorsed_stars=None)
    )
