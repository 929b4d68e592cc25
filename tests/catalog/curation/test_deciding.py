"""A decision rests on gates, enough scorecards and somebody impartial; its figures are counted and its record stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import assessing, checking, content, deciding, proposals
from catalog.curation.deciding import Improvement, Verdict, decide
from catalog.curation.states import Barred, CurationState, WrongStep
from catalog.models.curation import CurationDecision, Gate, GateResult, ImprovementItem, Submission, SubmissionKind
from catalog.models.photo import Photo
from catalog.models.product import ListingState, Product, PublicationDecision
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import Role
from tests.make import make_actor, make_product
from tests.make_curation import Panel, approval, bring_to, make_submission, pass_gates, score_all

IMPROVE = Verdict(
    outcome=CurationState.IMPROVE, reason_en="Nearly there.", improvements=[Improvement(text="Tutup rapat.", criterion="packaging")]
)


def approved(session: Session, panel: Panel, *points: int) -> Product:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, *points)
    decide(session, panel.curator, submission, approval())
    return session.get_one(Product, submission.product_id)


def again(session: Session, panel: Panel, product: Product, *points: int) -> Submission:
    submission = proposals.propose_edit(session, panel.village, product, kind=SubmissionKind.RECURATION)
    bring_to(session, panel, submission, CurationState.ASSESSMENT)
    score_all(session, panel, submission, *points)
    return submission


@pytest.mark.parametrize(
    ("points", "stars"), [((59, 60), None), ((60, 60), 1), ((74, 75), 1), ((70, 80), 2), ((90, 90), 3), ((60, 80, 100), 2)]
)
def test_stars_are_counted_from_the_mean(session: Session, panel: Panel, points: tuple[int, ...], stars: int | None) -> None:
    with time_machine.travel("2026-11-22 03:00:00Z"):
        product = approved(session, panel, *points)
    decision = session.scalars(select(CurationDecision).where(CurationDecision.product_id == product.id)).one()
    assert (decision.stars, decision.score, decision.assessor_count) == (stars, 100 * sum(points) // len(points), len(points))
    assert (decision.year, decision.valid_until_on, product.state) == (2026, date(2028, 11, 22), ListingState.LIVE)


@pytest.mark.parametrize(("points", "needed"), [((), 2), ((80,), 2), ((60, 76), 3)])
def test_too_few_scorecards_or_too_far_apart_decide_nothing(session: Session, panel: Panel, points: tuple[int, ...], needed: int) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, *points)
    for verdict in (approval(), IMPROVE):
        with pytest.raises(deciding.MoreAssessors) as refusal:
            decide(session, panel.curator, submission, verdict)
        assert refusal.value.params == {"needed": needed, "count": len(points)}
    assert session.get_one(Product, submission.product_id).state is ListingState.DRAFT


def test_a_third_scorecard_settles_a_wide_spread(session: Session, panel: Panel) -> None:
    assert approved(session, panel, 60, 80, 70).state is ListingState.LIVE


@pytest.mark.parametrize(
    "verdict",
    [
        approval(reason_id="  "),
        approval(outcome=CurationState.DRAFT),
        replace(IMPROVE, improvements=()),
        replace(IMPROVE, improvements=[Improvement(text="Apa?", criterion="no-such")]),
        replace(IMPROVE, improvements=[Improvement(text="Apa?")]),
        replace(IMPROVE, improvements=[Improvement(text="Apa?", criterion="packaging", gate=Gate.NIB)]),
        replace(IMPROVE, improvements=[Improvement(text=" ", criterion="packaging")]),
    ],
    ids=["no reason", "no outcome", "no list", "no criterion", "no cause", "two causes", "no words"],
)
def test_a_verdict_is_whole_or_refused(session: Session, panel: Panel, verdict: Verdict) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 70, 80)
    with pytest.raises(InvalidInput):
        decide(session, panel.curator, submission, verdict)


def test_improvements_are_listed_with_their_cause(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 40, 50)
    decision = decide(session, panel.curator, submission, IMPROVE)
    item = session.scalars(select(ImprovementItem)).one()
    assert (item.decision_id, item.text, item.gate, item.done_at) == (decision.id, "Tutup rapat.", None, None)
    assert (submission.state, decision.stars, decision.valid_until_on) == (CurationState.IMPROVE, None, None)
    assert session.get_one(Product, submission.product_id).state is ListingState.DRAFT


def test_who_may_not_decide(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 70, 80)
    for actor in (panel.village, panel.assessors[0], make_actor(session, Role.CURATOR, area_prefix="16.01")):
        with pytest.raises(NotAllowed):
            decide(session, actor, submission, approval())
    assessing.declare_conflict(session, panel.curator, submission, "Tetangga dekat.")
    with pytest.raises(Barred):
        decide(session, panel.curator, submission, approval())
    decide(session, panel.second, submission, approval())


def test_an_approval_that_cannot_go_live_is_none(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 70, 80)
    photo = session.scalars(select(Photo).where(Photo.product_id == submission.product_id)).one()
    session.delete(photo)
    session.flush()
    with pytest.raises(InvalidInput, match="photo"):
        decide(session, panel.curator, submission, approval())


def test_nothing_is_decided_twice(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 70, 80)
    decide(session, panel.curator, submission, approval())
    for verdict in (approval(), IMPROVE):
        with pytest.raises(WrongStep):
            decide(session, panel.second, submission, verdict)


def test_more_stars_than_last_time_take_a_second_person(session: Session, panel: Panel) -> None:
    product = approved(session, panel, 60, 70)
    better = again(session, panel, product, 80, 80)
    assert deciding.needs_second_reviewer(session, better)
    with pytest.raises(deciding.SecondReviewer):
        decide(session, panel.curator, better, approval())
    deciding.endorse_upgrade(session, panel.curator, better)
    with pytest.raises(deciding.SecondReviewer):
        decide(session, panel.curator, better, approval())
    decision = decide(session, panel.second, better, approval())
    assert (decision.stars, decision.second_reviewer_id, decision.decided_by_id) == (2, panel.curator.user_id, panel.second.user_id)


def test_a_word_for_two_stars_is_none_for_three(session: Session, panel: Panel) -> None:
    better = again(session, panel, approved(session, panel, 60, 70), 85, 85)
    deciding.endorse_upgrade(session, panel.second, better)
    score_all(session, replace(panel, assessors=panel.assessors[::-1]), better, 100)
    with pytest.raises(deciding.SecondReviewer):
        decide(session, panel.curator, better, approval())


def test_as_many_or_fewer_stars_need_one_person(session: Session, panel: Panel) -> None:
    fewer = again(session, panel, approved(session, panel, 80, 80), 60, 60)
    with pytest.raises(InvalidInput):
        deciding.endorse_upgrade(session, panel.second, fewer)
    assert decide(session, panel.curator, fewer, approval()).stars == 1


def test_before_the_assessment_only_a_failed_gate_turns_down(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.DESK_CHECK)
    rejection = Verdict(outcome=CurationState.REJECTED, reason_id="Bukan pembuat, hanya mengemas ulang.")
    for verdict in (rejection, approval()):
        with pytest.raises(InvalidInput):
            decide(session, panel.curator, submission, verdict)
    checking.record_gate(session, panel.curator, submission, Gate.MAKER_NOT_RESELLER, GateResult.FAILED, remark="Mengemas ulang.")
    decision = decide(session, panel.curator, submission, rejection)
    assert (decision.outcome, decision.score, decision.stars_scale, submission.state) == (
        CurationState.REJECTED,
        None,
        3,
        CurationState.REJECTED,
    )


def test_an_edit_passes_the_gates_that_read_it(session: Session, panel: Panel) -> None:
    product = make_product(session)
    edit = proposals.propose_edit(session, panel.village, product, replace(products.facts_of(session, product), summary_id="Lain."))
    bring_to(session, panel, edit, CurationState.DESK_CHECK)
    with pytest.raises(checking.GatesOpen):
        decide(session, panel.curator, edit, approval())


def test_corrections_made_meanwhile_stay_and_a_collision_is_decided_by_a_person(session: Session, panel: Panel) -> None:
    product = make_product(session)
    before = products.facts_of(session, product)
    edit = proposals.propose_edit(session, panel.village, product, replace(before, summary_id="Dari desa."))
    bring_to(session, panel, edit, CurationState.DESK_CHECK)
    pass_gates(session, panel, edit)
    products.update_product(session, panel.curator, product, replace(before, summary_id="Dari kantor.", storage_id="Kering."))
    assert deciding.list_collisions(session, edit) == ["summary_id"]
    with pytest.raises(deciding.CorrectedMeanwhile) as refusal:
        decide(session, panel.curator, edit, approval())
    assert refusal.value.names == ["summary_id"]
    decide(session, panel.curator, edit, approval(), replaces_corrections=True)
    assert (product.summary_id, product.storage_id) == ("Dari desa.", "Kering.")
    assert content.load(edit.base).summary_id == "Renyah dan wangi kencur."


def test_every_live_product_of_curation_has_both_records(session: Session, panel: Panel) -> None:
    product = approved(session, panel, 60, 60)
    publication = session.scalars(select(PublicationDecision).where(PublicationDecision.product_id == product.id)).one()
    assert publication.actor_id == panel.curator.user_id
    linked = select(CurationDecision.publication_decision_id).where(CurationDecision.product_id == product.id)
    assert session.scalars(linked).one() == publication.id


@pytest.mark.parametrize("table", ["curation_decisions", "submission_steps"])
@pytest.mark.parametrize("change", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_keeps_decisions_and_steps_as_they_are(session: Session, panel: Panel, table: str, change: str) -> None:
    approved(session, panel, 60, 60)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(change.format(table=table)))
