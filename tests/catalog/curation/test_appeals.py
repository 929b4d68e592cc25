"""A decision can be appealed against once; somebody else answers, and nothing gets worse by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from catalog.curation import appeals, assessing, checking, proposals
from catalog.curation.deciding import Improvement, MoreAssessors, Verdict, decide
from catalog.curation.states import Barred, CurationState, WrongStep
from catalog.models.curation import AppealState, Gate, GateResult, Submission
from catalog.models.product import ListingState, Product
from kernel import clock
from kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.make_curation import Panel, approval, make_submission, pass_gates, score_all

REJECTION = Verdict(outcome=CurationState.REJECTED, reason_id="Belum layak.")


def decided(session: Session, panel: Panel, verdict: Verdict, *points: int) -> Submission:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, *points)
    decide(session, panel.curator, submission, verdict)
    return submission


def test_an_upheld_appeal_begins_another_round_with_fresh_scorecards(session: Session, panel: Panel) -> None:
    submission = decided(session, panel, REJECTION, 50, 50)
    appeals.appeal(session, panel.village, submission, "Contohnya rusak di jalan.")
    with pytest.raises(Barred):
        appeals.decide_appeal(session, panel.curator, submission, upholds=True, answer="Benar.")
    made = appeals.decide_appeal(session, panel.second, submission, upholds=True, answer="Benar, contoh baru sudah diterima.")
    assert (made.state, submission.state, submission.round) == (AppealState.UPHELD, CurationState.ASSESSMENT, 2)
    assert assessing.list_finished(session, submission) == []
    with pytest.raises(MoreAssessors):
        decide(session, panel.second, submission, approval())
    score_all(session, panel, submission, 80, 80)
    assert decide(session, panel.second, submission, approval()).stars == 2
    assert session.get_one(Product, submission.product_id).state is ListingState.LIVE


def test_a_dismissed_appeal_leaves_the_decision_and_there_is_no_second(session: Session, panel: Panel) -> None:
    submission = decided(session, panel, REJECTION, 50, 50)
    appeals.appeal(session, panel.village, submission, "Kurang setuju.")
    made = appeals.decide_appeal(session, panel.second, submission, upholds=False, answer="Nilainya sudah benar.")
    assert (made.state, submission.state, submission.round) == (AppealState.DISMISSED, CurationState.REJECTED, 1)
    with pytest.raises(Conflict):
        appeals.appeal(session, panel.village, submission, "Tetap kurang setuju.")


def test_an_appeal_never_makes_it_worse(session: Session, panel: Panel) -> None:
    submission = decided(session, panel, approval(), 75, 75)
    appeals.appeal(session, panel.village, submission, "Seharusnya tiga bintang.")
    assert session.get_one(Product, submission.product_id).state is ListingState.LIVE
    appeals.decide_appeal(session, panel.second, submission, upholds=True, answer="Dinilai lagi.")
    score_all(session, panel, submission, 60, 60)
    with pytest.raises(InvalidInput):
        decide(session, panel.curator, submission, REJECTION)
    assert decide(session, panel.curator, submission, approval()).stars == 2


def test_what_a_gate_turned_down_goes_back_to_the_desk(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.DESK_CHECK)
    checking.record_gate(session, panel.curator, submission, Gate.NIB, GateResult.FAILED, remark="Tidak ada.")
    decide(session, panel.curator, submission, REJECTION)
    appeals.appeal(session, panel.village, submission, "NIB sudah terbit.")
    appeals.decide_appeal(session, panel.second, submission, upholds=True, answer="Sudah dilihat.")
    assert submission.state is CurationState.DESK_CHECK
    pass_gates(session, panel, submission)
    with pytest.raises(InvalidInput):
        decide(session, panel.curator, submission, approval())
    assert checking.open_assessment(session, panel.curator, submission).state is CurationState.ASSESSMENT


def test_an_appeal_comes_in_time_from_the_makers_side_with_grounds(session: Session, panel: Panel) -> None:
    submission = decided(session, panel, REJECTION, 50, 50)
    with pytest.raises(NotAllowed):
        appeals.appeal(session, panel.assessors[0], submission, "Bukan urusan saya.")
    with pytest.raises(InvalidInput):
        appeals.appeal(session, panel.village, submission, " ")
    with time_machine.travel(clock.now() + appeals.TIME_TO_APPEAL + timedelta(seconds=5)), pytest.raises(Conflict):
        appeals.appeal(session, panel.village, submission, "Terlambat.")


def test_work_goes_on_in_the_later_version(session: Session, panel: Panel) -> None:
    improve = Verdict(
        outcome=CurationState.IMPROVE, reason_id="Hampir.", improvements=[Improvement(text="Kemasan.", criterion="packaging")]
    )
    submission = decided(session, panel, improve, 50, 50)
    proposals.propose_edit(session, panel.village, session.get_one(Product, submission.product_id))
    with pytest.raises(Conflict):
        appeals.appeal(session, panel.village, submission, "Dua-duanya.")


def test_what_was_not_decided_is_not_appealed_against(session: Session, panel: Panel) -> None:
    with pytest.raises(WrongStep):
        appeals.appeal(session, panel.village, make_submission(session, panel, CurationState.SUBMITTED), "Lama sekali.")
