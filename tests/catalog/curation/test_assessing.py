"""Each assessor fills in one scorecard, alone, and nobody who is too close to the maker."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.curation import assessing, criteria
from catalog.curation.assessing import Mark
from catalog.curation.scorecard import MarksMissing
from catalog.curation.states import Bar, Barred, CurationState, WrongStep
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role, User
from tests.make import make_actor, make_maker
from tests.make_curation import Panel, make_submission, marks_worth, score_all


def test_marks_are_kept_until_the_scorecard_is_finished(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    assessor = panel.assessors[0]
    first = assessing.score(session, assessor, submission, {"finish": Mark(2, "Agak keras.", "foto.jpg")})
    with pytest.raises(MarksMissing):
        assessing.score(session, assessor, submission, {"finish": Mark(3)}, finish=True)
    rest = marks_worth(criteria.need_current_set(session), 100)
    sheet = assessing.score(session, assessor, submission, rest, finish=True)
    assert (sheet.id, sheet.total, len(sheet.assessments)) == (first.id, 10_000, 17)
    with pytest.raises(Conflict):
        assessing.score(session, assessor, submission, {"finish": Mark(1)})


@pytest.mark.parametrize("marks", [{"finish": Mark(0)}, {"finish": Mark(5)}, {"unknown": Mark(1)}, {"finish": Mark(True)}])
def test_a_level_that_does_not_exist_is_refused(session: Session, panel: Panel, marks: dict[str, Mark]) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    with pytest.raises(InvalidInput):
        assessing.score(session, panel.assessors[0], submission, marks)


def test_only_an_unfinished_scorecard_does_not_count(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 70, 80)
    assessing.score(session, panel.assessors[2], submission, {"finish": Mark(1)})
    result = assessing.summarise(criteria.get_set(session, submission.criteria_set_id or 0), assessing.list_finished(session, submission))
    assert (len(result.totals), result.mean, result.spread, result.stars) == (2, 7_500, 1_000, 2)


def test_who_may_not_score(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    for actor in (panel.village, make_actor(session, Role.ASSESSOR, area_prefix="16.01"), make_actor(session, Role.OBSERVER), SYSTEM):
        with pytest.raises(NotAllowed):
            assessing.score(session, actor, submission, {"finish": Mark(1)})
    with pytest.raises(WrongStep):
        assessing.score(session, panel.assessors[0], make_submission(session, panel, CurationState.DESK_CHECK), {})


def test_a_declared_conflict_bars_from_everything_of_the_maker_and_voids_what_was_scored(session: Session, panel: Panel) -> None:
    maker = make_maker(session)
    submission = make_submission(session, panel, CurationState.ASSESSMENT, maker=maker)
    other = make_submission(session, panel, CurationState.ASSESSMENT, maker=maker)
    score_all(session, panel, submission, 80, 80)
    score_all(session, panel, other, 80)
    conflict = assessing.declare_conflict(session, panel.assessors[0], submission, "Pembuatnya bibi saya.")
    assert [len(assessing.list_finished(session, each)) for each in (submission, other)] == [1, 0]
    with pytest.raises(Barred) as refusal:
        assessing.score(session, panel.assessors[0], make_submission(session, panel, CurationState.ASSESSMENT, maker=maker), {})
    assert refusal.value.bar is Bar.CONFLICT
    with pytest.raises(Conflict):
        assessing.declare_conflict(session, panel.assessors[0], submission, "Sekali lagi.")
    with pytest.raises(NotAllowed):
        assessing.end_conflict(session, panel.assessors[0], submission, conflict)
    assessing.end_conflict(session, panel.curator, submission, conflict)
    assessing.score(session, panel.assessors[0], make_submission(session, panel, CurationState.ASSESSMENT, maker=maker), {})


def test_a_conflict_of_somebody_else_is_the_offices_to_declare(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    person = session.get_one(User, panel.assessors[1].user_id)
    with pytest.raises(NotAllowed):
        assessing.declare_conflict(session, panel.assessors[0], submission, "Ia iparnya.", person=person)
    assert assessing.declare_conflict(session, panel.curator, submission, "Ia iparnya.", person=person).user_id == person.id


def test_an_assessor_who_is_also_the_maker_scores_elsewhere(session: Session, panel: Panel) -> None:
    from dataclasses import replace

    from kernel.people import Grant

    maker = make_maker(session)
    both = replace(panel.assessors[0], grants=(*panel.assessors[0].grants, Grant(Role.MAKER, maker_id=maker.id)))
    with pytest.raises(Barred):
        assessing.score(session, both, make_submission(session, panel, CurationState.ASSESSMENT, maker=maker), {})
    assessing.score(session, both, make_submission(session, panel, CurationState.ASSESSMENT), {})
