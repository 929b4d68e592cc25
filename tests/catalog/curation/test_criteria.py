"""Criteria are data in versions: the latest that was opened counts, and one that was used stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.curation import criteria, defaults
from catalog.curation.criteria import DEFAULT
from catalog.curation.scorecard import Block, Rules, weight_of
from catalog.curation.states import CurationState
from catalog.models.curation import CriteriaSet
from kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.make import make_actor
from tests.make_curation import Panel, make_submission

FIVE_STARS = replace(DEFAULT, rules=Rules((3_000, 5_000, 7_000, 8_000, 9_000), 3, 1_000), valid_months=36)


def test_an_office_without_criteria_gets_the_default_ones_at_first_use(session: Session) -> None:
    assert criteria.find_current_set(session) is None
    made = criteria.need_current_set(session)
    assert (made.scheme, made.year, made.version, made.valid_months) == ("regency_curation", 2026, 1, 24)
    assert [weight_of(made.card, block) for block in Block] == [3_500, 2_500, 4_000]
    assert criteria.need_current_set(session).id == made.id
    assert session.scalar(select(func.count()).select_from(CriteriaSet)) == 1


def test_everything_is_described_in_both_languages(session: Session) -> None:
    for criterion in criteria.need_current_set(session).criteria:
        assert all((criterion.name_id, criterion.name_en, criterion.evidence_id, criterion.evidence_en))
        assert all(level.words_id and level.words_en and level.words_id != level.words_en for level in criterion.levels)


def test_a_new_version_counts_once_it_is_opened(session: Session) -> None:
    actor = make_actor(session)
    first = criteria.need_current_set(session)
    second = criteria.create_set(session, actor, 2026, FIVE_STARS)
    assert (second.version, criteria.need_current_set(session).id) == (2, first.id)
    criteria.open_set(session, actor, second)
    now = criteria.need_current_set(session)
    assert (now.id, len(now.star_thresholds), now.fewest_assessors) == (second.id, 5, 3)
    with pytest.raises(Conflict):
        criteria.open_set(session, actor, second)


def test_what_products_were_scored_by_never_changes(session: Session, panel: Panel) -> None:
    actor, used = make_actor(session), criteria.need_current_set(session)
    criteria.change_set(session, actor, used, replace(DEFAULT, valid_months=12))
    make_submission(session, panel, CurationState.ASSESSMENT)
    with pytest.raises(Conflict):
        criteria.change_set(session, actor, used, FIVE_STARS)
    assert (used.valid_months, len(used.card)) == (12, 17)


def test_what_is_being_scored_keeps_its_own_criteria(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    actor = make_actor(session)
    criteria.open_set(session, actor, criteria.create_set(session, actor, 2026, FIVE_STARS))
    assert submission.criteria_set_id != criteria.need_current_set(session).id


@pytest.mark.parametrize(
    "data",
    [
        replace(DEFAULT, criteria=defaults.CRITERIA[:-1]),
        replace(DEFAULT, rules=Rules((9_000, 6_000))),
        replace(DEFAULT, name=("Kurasi", " ")),
        replace(DEFAULT, shares_bps={"finish": (0, 100, 50, 10_000)}),
        replace(DEFAULT, valid_months=0),
    ],
    ids=["weights", "thresholds", "a language", "levels", "months"],
)
def test_criteria_that_do_not_add_up_are_refused(session: Session, data: criteria.SetData) -> None:
    with pytest.raises(InvalidInput):
        criteria.create_set(session, make_actor(session), 2026, data)


def test_one_regency_does_not_change_the_criteria_of_all(session: Session, panel: Panel) -> None:
    with pytest.raises(NotAllowed):
        criteria.create_set(session, panel.curator, 2026, DEFAULT)
