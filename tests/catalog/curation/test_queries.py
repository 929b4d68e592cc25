"""Lists show what lies in the person's reach, in two statements each."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from catalog.curation import assessing, proposals, queries
from catalog.curation.assessing import Mark
from catalog.curation.deciding import decide
from catalog.curation.queries import SubmissionFilter
from catalog.curation.states import CurationState
from catalog.models.curation import SubmissionKind
from catalog.models.product import Product
from kernel import clock
from kernel.errors import NotFound
from kernel.people import GUEST, SYSTEM, Role
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_actor, make_maker
from tests.make_curation import Panel, approval, make_facts, make_panel, make_submission, score_all

EVERYTHING = SubmissionFilter()


@pytest.mark.parametrize("prefix", ["", "16", "16.12", "16.12.04", KARANG_AGUNG])
def test_a_reach_is_an_area_and_what_lies_below(session: Session, panel: Panel, prefix: str) -> None:
    make_submission(session, panel, CurationState.SUBMITTED)
    reader = make_actor(session, Role.OBSERVER, area_prefix=prefix)
    assert queries.list_submissions(session, reader, EVERYTHING).total == 1
    assert queries.list_submissions(session, panel.curator, SubmissionFilter(area=prefix)).total == 1


@pytest.mark.parametrize("prefix", ["1", "16.1", "16.121", "16.01", "16.12.0", "16.12.01", TALANG_BULANG, "16.12.04.200"])
def test_a_reach_is_nothing_beside_it(session: Session, panel: Panel, prefix: str) -> None:
    submission = make_submission(session, panel, CurationState.SUBMITTED)
    reader = make_actor(session, Role.OBSERVER, area_prefix=prefix)
    assert queries.list_submissions(session, reader, EVERYTHING).total == 0
    assert queries.list_submissions(session, panel.curator, SubmissionFilter(area=prefix)).total == 0
    with pytest.raises(NotFound):
        queries.get_submission(session, reader, submission.code)


def test_drafts_are_seen_by_those_who_propose_or_decide_there(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel)
    sees = {
        actor: queries.list_submissions(session, actor, EVERYTHING).total
        for actor in (panel.village, panel.curator, panel.assessors[0], make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16"))
    }
    assert list(sees.values()) == [1, 1, 0, 0]
    with pytest.raises(NotFound):
        queries.get_submission(session, panel.assessors[0], submission.code)
    for stranger in (GUEST, make_actor(session, Role.CASHIER), make_actor(session, Role.SHOPPER)):
        assert queries.list_submissions(session, stranger, EVERYTHING).total == 0


def test_filters_narrow_the_list(session: Session, panel: Panel) -> None:
    first = make_submission(session, panel, CurationState.SUBMITTED, name_id="Dodol 100% Nanas")
    second = proposals.propose_product(
        session, panel.curator, make_maker(session, village_code=BETUNG), make_facts(session, village_code=BETUNG)
    )

    def found(**wanted: object) -> list[str]:
        rows = queries.list_submissions(session, panel.curator, SubmissionFilter(**wanted)).rows  # type: ignore[arg-type]
        return [row.code for row in rows]

    assert found() == [second.code, first.code]
    assert found(oldest_first=True) == [first.code, second.code]
    assert found(states=frozenset({CurationState.DRAFT})) == [second.code]
    assert found(text="100% nan") == found(text=first.code.lower()) == [first.code]
    assert found(text="%") == [first.code]
    assert found(area=BETUNG) == found(mine=True) == [second.code]
    listed = queries.list_submissions(session, panel.curator, EVERYTHING).rows[1]
    assert found(maker=listed.product.maker.slug) == [first.code]
    assert found(kind=SubmissionKind.EDIT) == []
    assert (listed.village.name, listed.village.parent.name) == ("Karang Agung", "Abab")


def test_counts_name_every_state(session: Session, panel: Panel) -> None:
    make_submission(session, panel)
    make_submission(session, panel, CurationState.SUBMITTED)
    counts = queries.count_by_state(session, panel.curator)
    assert set(counts) == set(CurationState)
    assert (counts[CurationState.DRAFT], counts[CurationState.SUBMITTED], sum(counts.values())) == (1, 1, 2)
    assert sum(queries.count_by_state(session, panel.assessors[0]).values()) == 1


def test_an_assessors_queue_holds_what_waits_for_this_person(session: Session, panel: Panel) -> None:
    waiting, close = (make_submission(session, panel, CurationState.ASSESSMENT) for _each in range(2))
    make_submission(session, panel, CurationState.DESK_CHECK)
    one, other, _third = panel.assessors
    assert [row.code for row in queries.list_assessor_queue(session, one).rows] == [waiting.code, close.code]
    assessing.declare_conflict(session, one, close, "Sepupu.")
    assessing.score(session, one, waiting, {"finish": Mark(2)})
    assert [row.code for row in queries.list_assessor_queue(session, one).rows] == [waiting.code]
    score_all(session, panel, waiting, 80)
    assert queries.list_assessor_queue(session, one).total == 0
    assert queries.list_assessor_queue(session, other).total == 2
    assert queries.list_assessor_queue(session, panel.village).total == 0
    assert queries.list_assessor_queue(session, make_actor(session, Role.ASSESSOR, area_prefix="16.01")).total == 0


def test_what_runs_out_is_due_until_its_next_version_is_under_way(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 80, 80)
    decision = decide(session, panel.curator, submission, approval())
    assert queries.list_due_for_recuration(session, panel.curator).total == 0
    with time_machine.travel(clock.now() + timedelta(days=700)):
        due = queries.list_due_for_recuration(session, panel.curator)
        assert [row.code for row in due.rows] == [decision.code]
        assert due.rows[0].submission.product.maker.name
        assert queries.list_due_for_recuration(session, panel.curator, area=BETUNG).total == 0
        product = session.get_one(Product, submission.product_id)
        proposals.propose_edit(session, panel.village, product, kind=SubmissionKind.RECURATION)
        assert queries.list_due_for_recuration(session, panel.curator).total == 0
    assert [row.version for row in queries.list_versions(session, panel.curator, product)] == [2, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_two_statements_however_long_it_is(session: Session, count_statements: StatementCounter, count: int) -> None:
    panel = make_panel(session)
    for _each in range(count):
        make_submission(session, panel, CurationState.SUBMITTED)
    session.expire_all()
    for read in (
        lambda: queries.list_submissions(session, panel.curator, EVERYTHING),
        lambda: queries.list_submissions(session, SYSTEM, EVERYTHING),
        lambda: queries.list_assessor_queue(session, panel.assessors[0]),
        lambda: queries.list_due_for_recuration(session, panel.curator),
    ):
        with count_statements() as statements:
            for row in read().rows:
                assert row.product.maker.name
        assert len(statements) == 2
