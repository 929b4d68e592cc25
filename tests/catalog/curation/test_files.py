"""A submission's page shows each person what they may know, and offers what they can do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import appeals, assessing, proposals
from catalog.curation.assessing import Mark
from catalog.curation.deciding import decide
from catalog.curation.files import read_file
from catalog.curation.states import Act, CurationState
from catalog.models.curation import Gate
from kernel.people import SYSTEM, Role
from tests.conftest import StatementCounter
from tests.make import make_actor, make_maker, make_product
from tests.make_curation import Panel, approval, make_facts, make_submission, score_all

A = Act


@pytest.mark.parametrize(
    ("state", "village", "curator", "assessor"),
    [
        (CurationState.DRAFT, {A.SUBMIT, A.WITHDRAW}, {A.SUBMIT, A.WITHDRAW}, None),
        (CurationState.SUBMITTED, {A.WITHDRAW}, {A.WITHDRAW, A.TAKE_UP, A.RETURN}, set()),
        (
            CurationState.DESK_CHECK,
            {A.WITHDRAW},
            {A.WITHDRAW, A.RETURN, A.OPEN_ASSESSMENT, A.APPROVE_EDIT, A.ASK_IMPROVEMENT, A.REJECT},
            set(),
        ),
        (CurationState.ASSESSMENT, set(), {A.SCORE, A.APPROVE, A.ASK_IMPROVEMENT, A.REJECT}, {A.SCORE}),
    ],
)
def test_everybody_is_offered_what_they_can_do(
    session: Session, panel: Panel, state: CurationState, village: set[Act], curator: set[Act], assessor: set[Act] | None
) -> None:
    submission = make_submission(session, panel, state)
    assert read_file(session, panel.village, submission.code).acts == village
    assert read_file(session, panel.curator, submission.code).acts == curator
    if assessor is not None:
        assert read_file(session, panel.assessors[0], submission.code).acts == assessor
        assert read_file(session, make_actor(session, Role.OBSERVER, area_prefix="16"), submission.code).acts == set()


def test_who_wrote_in_it_is_offered_no_judgement(session: Session, panel: Panel) -> None:
    submission = proposals.propose_product(session, panel.curator, make_maker(session), make_facts(session))
    proposals.submit(session, panel.curator, submission)
    assert read_file(session, panel.curator, submission.code).acts == {Act.WITHDRAW}
    assert Act.TAKE_UP in read_file(session, panel.second, submission.code).acts


def test_nobody_scores_by_what_others_gave(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 70, 80)
    third = read_file(session, panel.assessors[2], submission.code)
    assert (third.sheets, third.my_sheet, third.result, third.failed) == ([], None, None, [])
    own = read_file(session, panel.assessors[0], submission.code)
    assert ([sheet.total for sheet in own.sheets], own.result) == ([7_000], None)
    office = read_file(session, panel.curator, submission.code)
    assert office.result is not None
    assert (office.result.mean, len(office.sheets), bool(office.failed)) == (7_500, 2, True)
    assessing.score(session, panel.second, submission, {"finish": Mark(1)})
    assert read_file(session, panel.second, submission.code).result is None
    decide(session, panel.curator, submission, approval())
    after = read_file(session, panel.assessors[2], submission.code)
    assert after.result is not None
    assert after.result.mean == 7_500
    assert read_file(session, panel.village, submission.code).result is None


def test_private_remarks_are_the_offices(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 70, 80)
    decide(session, panel.curator, submission, approval(private_remarks="Pemasok minyak perlu dilihat."))
    session.expunge_all()
    office = read_file(session, panel.curator, submission.code)
    assert (office.sees_private, office.decisions[0].private_remarks) == (True, "Pemasok minyak perlu dilihat.")
    session.expunge_all()
    village = read_file(session, panel.village, submission.code)
    assert (village.sees_private, village.decisions[0].reason_id) == (False, "Renyah, bersih, dan khas Karang Agung.")
    with pytest.raises(InvalidRequestError):
        _ = village.decisions[0].private_remarks


def test_a_file_shows_what_changed_and_what_is_missing(session: Session, panel: Panel) -> None:
    product = make_product(session)
    edit = proposals.propose_edit(
        session, panel.village, product, replace(products.facts_of(session, product), summary_id="Lain.", storage_en="Dry.")
    )
    file = read_file(session, panel.village, edit.code)
    assert (file.changes, file.base.summary_id, file.proposed.summary_id) == (
        ["summary_id", "storage_en"],
        "Renyah dan wangi kencur.",
        "Lain.",
    )
    assert (file.gates, len(file.gaps)) == (dict.fromkeys(Gate), 1)


def test_a_maker_reads_its_own(session: Session, panel: Panel) -> None:
    maker = make_maker(session)
    submission = make_submission(session, panel, CurationState.SUBMITTED, maker=maker)
    assert read_file(session, make_actor(session, Role.MAKER, maker_id=maker.id), submission.code).acts == {Act.WITHDRAW}


def test_a_file_takes_the_same_statements_however_full_it_is(session: Session, panel: Panel, count_statements: StatementCounter) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 50, 50)
    counts = []
    for step in range(2):
        session.expunge_all()
        with count_statements() as statements:
            read_file(session, panel.curator, submission.code)
        counts.append(len(statements))
        if step == 0:
            score_all(session, replace(panel, assessors=panel.assessors[::-1]), submission, 50)
            decide(session, panel.curator, submission, approval())
            appeals.appeal(session, panel.village, submission, "Kurang setuju.")
    assert counts == [18, 18]
    assert read_file(session, SYSTEM, submission.code).acts >= {Act.UPHOLD_APPEAL, Act.DISMISS_APPEAL}
