"""The desk: take a submission up, record its gates, return it with remarks, or open its assessment."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation import letters
from catalog.curation.criteria import freeze, need_current_set
from catalog.curation.standing import ensure_may, ensure_state, lock_submission, subject_of, take_step
from catalog.curation.states import Act, CurationState
from catalog.models.curation import Gate, GateCheck, GateResult, Submission
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor

REMARK_LENGTH = 2_000


class GatesOpen(Conflict):
    """A gate has not been passed."""

    message = N_("%(count)s of the gates are not passed yet.")


def take_up(session: Session, actor: Actor, submission: Submission) -> Submission:
    """Begin the desk check of what was sent."""
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.TAKE_UP, submission)
    take_step(session, actor, submission, Act.TAKE_UP, CurationState.DESK_CHECK)
    return submission


def record_gate(
    session: Session, actor: Actor, submission: Submission, gate: Gate, result: GateResult, *, remark: str = "", evidence: str = ""
) -> GateCheck:
    """What was found at one gate, new or corrected, during the desk check. A gate that is not passed needs a remark.

    `evidence` is the name of a private file that the caller stored.
    """
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.OPEN_ASSESSMENT, submission)
    ensure_state(submission, CurationState.DESK_CHECK)
    gate, result = parse_choice(Gate, gate, field="gate"), parse_choice(GateResult, result, field="result")
    if result is GateResult.PENDING:
        raise InvalidInput(N_("Please choose one of the options."), field="result")
    remark = parse_text(remark, field="remark", maximum=REMARK_LENGTH, required=result is GateResult.FAILED)
    check = session.scalar(select(GateCheck).where(GateCheck.submission_id == submission.id, GateCheck.gate == gate))
    before = check.result.value if check else None
    if check is None:
        check = GateCheck(submission_id=submission.id, gate=gate)
        session.add(check)
    check.result, check.remark = result, remark
    check.evidence = parse_text(evidence, field="evidence", maximum=80) or check.evidence or ""
    check.checked_by_id, check.checked_at = actor.user_id, clock.now()
    session.flush()
    details = {"gate": gate.value, "from": before, "to": result.value, "remark": remark}
    audit.record(session, actor, "submission.gate", subject_of(submission), details)
    return check


def return_for_changes(session: Session, actor: Actor, submission: Submission, remarks: str) -> Submission:
    """Give it back with what has to change, in words for the maker's side."""
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.RETURN, submission)
    submission.remarks = parse_text(remarks, field="remarks", maximum=REMARK_LENGTH, required=True)
    submission.returned = submission.content
    step = take_step(session, actor, submission, Act.RETURN, CurationState.RETURNED, remarks=submission.remarks)
    letters.tell_maker(session, letters.RETURNED, submission, about=str(step.id))
    return submission


def open_assessment(session: Session, actor: Actor, submission: Submission) -> Submission:
    """Let the assessors begin, by the criteria in force now; from here on the text stands still. GatesOpen unless all are passed."""
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.OPEN_ASSESSMENT, submission)
    ensure_state(submission, CurationState.DESK_CHECK)
    ensure_gates(session, submission, frozenset(Gate))
    criteria_set = need_current_set(session)
    freeze(session, criteria_set)
    submission.criteria_set_id = criteria_set.id
    take_step(session, actor, submission, Act.OPEN_ASSESSMENT, CurationState.ASSESSMENT)
    return submission


def list_gates(session: Session, submission: Submission) -> dict[Gate, GateResult]:
    """Every gate with what was found; what nobody looked at is pending."""
    rows = session.execute(select(GateCheck.gate, GateCheck.result).where(GateCheck.submission_id == submission.id))
    found = {row[0]: row[1] for row in rows}
    return {gate: found.get(gate, GateResult.PENDING) for gate in Gate}


def ensure_gates(session: Session, submission: Submission, wanted: frozenset[Gate]) -> None:
    """GatesOpen unless every gate in `wanted` is passed."""
    gates = list_gates(session, submission)
    if missing := [gate for gate in Gate if gate in wanted and gates[gate] is not GateResult.PASSED]:
        raise GatesOpen(count=len(missing))
