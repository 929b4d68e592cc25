"""The desk looks at every gate before anybody scores, and never at its own proposals."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.curation import checking, proposals
from catalog.curation.states import Bar, Barred, CurationState, WrongStep
from catalog.models.curation import Gate, GateResult
from kernel import audit
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import Role
from tests.make import make_actor, make_maker
from tests.make_curation import Panel, make_facts, make_submission, pass_gates


def test_an_assessment_opens_when_every_gate_is_passed(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.DESK_CHECK)
    pass_gates(session, panel, submission)
    checking.record_gate(session, panel.curator, submission, Gate.SAMPLE_RECEIVED, GateResult.FAILED, remark="Belum dikirim.")
    with pytest.raises(checking.GatesOpen) as refusal:
        checking.open_assessment(session, panel.curator, submission)
    assert refusal.value.params == {"count": 1}
    checking.record_gate(session, panel.curator, submission, Gate.SAMPLE_RECEIVED, GateResult.PASSED, evidence="foto.jpg")
    assert checking.open_assessment(session, panel.curator, submission).state is CurationState.ASSESSMENT


def test_what_failed_says_why_and_the_audit_keeps_every_change(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.DESK_CHECK)
    with pytest.raises(InvalidInput):
        checking.record_gate(session, panel.curator, submission, Gate.NIB, GateResult.FAILED)
    with pytest.raises(InvalidInput):
        checking.record_gate(session, panel.curator, submission, Gate.NIB, GateResult.PENDING)
    checking.record_gate(session, panel.curator, submission, Gate.NIB, GateResult.FAILED, remark="Tidak ada.")
    checking.record_gate(session, panel.curator, submission, Gate.NIB, GateResult.PASSED)
    details = [row.details for row in audit.list_for(session, f"submission:{submission.code}") if row.action == "submission.gate"]
    assert [(row["from"], row["to"]) for row in details] == [("failed", "passed"), (None, "failed")]


def test_a_curator_who_proposed_leaves_it_to_another(session: Session, panel: Panel) -> None:
    submission = proposals.propose_product(session, panel.curator, make_maker(session), make_facts(session))
    proposals.submit(session, panel.curator, submission)
    with pytest.raises(Barred) as refusal:
        checking.take_up(session, panel.curator, submission)
    assert refusal.value.bar is Bar.AUTHOR
    assert checking.take_up(session, panel.second, submission).state is CurationState.DESK_CHECK


def test_a_curator_from_elsewhere_and_the_village_itself_check_nothing(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.SUBMITTED)
    for actor in (make_actor(session, Role.CURATOR, area_prefix="16.01"), panel.village, panel.assessors[0]):
        with pytest.raises(NotAllowed):
            checking.take_up(session, actor, submission)


def test_gates_are_recorded_at_the_desk_alone(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.SUBMITTED)
    with pytest.raises(WrongStep):
        checking.record_gate(session, panel.curator, submission, Gate.NIB, GateResult.PASSED)


def test_remarks_are_part_of_returning(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.SUBMITTED)
    with pytest.raises(InvalidInput):
        checking.return_for_changes(session, panel.curator, submission, " ")
    assert submission.state is CurationState.SUBMITTED
