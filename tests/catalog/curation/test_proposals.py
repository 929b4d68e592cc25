"""Whoever knows a product proposes it, for their own area, and what is live waits for the decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import checking, content, proposals
from catalog.curation.deciding import Improvement, Verdict, decide
from catalog.curation.states import CurationState, WrongStep
from catalog.models.curation import Gate, GateResult, Submission, SubmissionAuthor, SubmissionKind
from catalog.models.product import ListingState, Product
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.inserts import insert_rows
from kernel.people import Actor, Role
from tests.make import BETUNG, TALANG_BULANG, make_actor, make_maker, make_product
from tests.make_curation import Panel, bring_to, make_facts, make_submission, pass_gates


def test_a_village_officer_proposes_for_the_own_village_alone(session: Session, panel: Panel) -> None:
    with pytest.raises(NotAllowed):
        proposals.propose_product(session, panel.village, make_maker(session, village_code=BETUNG), make_facts(session, village_code=None))
    with pytest.raises(NotAllowed):
        proposals.propose_product(session, panel.village, make_maker(session), make_facts(session, village_code=TALANG_BULANG))
    submission = proposals.propose_product(session, panel.village, make_maker(session), make_facts(session))
    product = session.get_one(Product, submission.product_id)
    assert (submission.version, submission.kind, product.state) == (1, SubmissionKind.NEW, ListingState.DRAFT)


@pytest.mark.parametrize("role", [Role.MENTOR, Role.ASSESSOR, Role.PROVINCE_OFFICER, Role.OBSERVER])
def test_who_only_reads_or_judges_proposes_nothing(session: Session, panel: Panel, role: Role) -> None:
    with pytest.raises(NotAllowed):
        proposals.propose_product(session, make_actor(session, role, area_prefix="16.12"), make_maker(session), make_facts(session))


def test_a_maker_proposes_its_own_products_and_nobody_elses(session: Session, panel: Panel) -> None:
    maker = make_maker(session)
    actor = make_actor(session, Role.MAKER, maker_id=maker.id)
    proposals.submit(session, actor, proposals.propose_product(session, actor, maker, make_facts(session)))
    with pytest.raises(NotAllowed):
        proposals.propose_product(session, actor, make_maker(session), make_facts(session))


def test_an_edit_leaves_what_is_live_alone(session: Session, panel: Panel) -> None:
    product = make_product(session)
    edit = proposals.propose_edit(session, panel.village, product)
    assert edit.kind is SubmissionKind.EDIT
    with pytest.raises(InvalidInput):
        proposals.submit(session, panel.village, edit)
    proposals.edit_submission(session, panel.village, edit, replace(content.load(edit.content), summary_id="Lain sekali."))
    proposals.submit(session, panel.village, edit)
    session.refresh(product)
    assert (product.summary_id, edit.state) == ("Renyah dan wangi kencur.", CurationState.SUBMITTED)


def test_one_version_at_a_time(session: Session, panel: Panel) -> None:
    product = make_product(session)
    first = proposals.propose_edit(session, panel.village, product)
    with pytest.raises(Conflict):
        proposals.propose_edit(session, panel.curator, product)
    proposals.withdraw_submission(session, panel.village, first, "Salah ketik.")
    assert proposals.propose_edit(session, panel.curator, product).version == 2


def test_the_database_itself_keeps_to_one_version_under_way(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel)
    names = {column.name for column in Submission.__table__.columns} - {"id", "code"}
    row = {name: getattr(submission, name) for name in names} | {"version": 2, "state": CurationState.ASSESSMENT, "code": "SECOND22"}
    with pytest.raises(IntegrityError), session.begin_nested():
        insert_rows(session, Submission, [row])


def test_what_was_turned_down_is_not_typed_anew(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.DESK_CHECK, description_id="Tulisan panjang.")
    checking.record_gate(session, panel.curator, submission, Gate.NIB, GateResult.FAILED, remark="Belum punya NIB.")
    verdict = Verdict(
        outcome=CurationState.IMPROVE, reason_id="NIB dahulu.", improvements=[Improvement(text="Urus NIB di OSS.", gate=Gate.NIB)]
    )
    decide(session, panel.curator, submission, verdict)
    again = proposals.propose_edit(session, panel.village, session.get_one(Product, submission.product_id))
    assert (again.version, again.kind, content.load(again.content).description_id) == (2, SubmissionKind.NEW, "Tulisan panjang.")


def test_a_text_without_words_stays_at_home(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, summary_id="")
    with pytest.raises(InvalidInput) as refusal:
        proposals.submit(session, panel.village, submission)
    assert refusal.value.field == "summary_id"


def test_what_the_office_has_is_not_written_in(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.SUBMITTED)
    with pytest.raises(WrongStep):
        proposals.edit_submission(session, panel.village, submission, make_facts(session))
    with pytest.raises(WrongStep):
        proposals.submit(session, panel.village, submission)


def test_a_changed_text_passes_the_gates_that_read_it_again(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.DESK_CHECK)
    pass_gates(session, panel, submission)
    checking.return_for_changes(session, panel.curator, submission, "Kurang jelas.")
    proposals.submit(session, panel.village, submission)
    assert set(checking.list_gates(session, submission).values()) == {GateResult.PASSED}
    checking.return_for_changes(session, panel.curator, submission, "Masih kurang jelas.")
    proposals.edit_submission(session, panel.village, submission, replace(content.load(submission.content), summary_id="Lebih jelas."))
    proposals.submit(session, panel.village, submission)
    found = checking.list_gates(session, submission)
    assert {gate for gate, result in found.items() if result is GateResult.PENDING} == proposals.TEXT_GATES


def test_everybody_who_wrote_is_remembered_once(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel)
    for actor in (panel.curator, panel.village, panel.curator):
        proposals.edit_submission(session, actor, submission, make_facts(session))
    bring_to(session, panel, submission, CurationState.SUBMITTED)
    wrote = session.scalars(select(SubmissionAuthor.user_id).where(SubmissionAuthor.submission_id == submission.id)).all()
    assert sorted(wrote) == sorted(ids(panel.village, panel.curator))


def test_a_recuration_looks_again_at_what_is_live(session: Session, panel: Panel) -> None:
    product = make_product(session)
    again = proposals.propose_edit(session, panel.village, product, kind=SubmissionKind.RECURATION)
    proposals.submit(session, panel.village, again)
    assert content.load(again.content) == products.facts_of(session, product)


def test_gaps_name_what_an_approval_still_lacks(session: Session, panel: Panel) -> None:
    bare = proposals.propose_product(session, panel.village, make_maker(session), make_facts(session))
    assert len(proposals.list_gaps(session, bare)) == 2
    assert proposals.list_gaps(session, make_submission(session, panel)) == []


def ids(*actors: Actor) -> list[int | None]:
    return [actor.user_id for actor in actors]
