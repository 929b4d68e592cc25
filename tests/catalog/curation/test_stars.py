"""Stars are shown with their scheme and year, until their day, and never beyond."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from catalog.curation import stars
from catalog.curation.deciding import decide
from catalog.curation.states import CurationState
from catalog.models.curation import CurationDecision
from catalog.models.product import ListingState, Product
from kernel import clock
from tests.conftest import StatementCounter
from tests.make_curation import Panel, approval, make_submission, score_all


def starred(session: Session, panel: Panel, points: int = 80) -> CurationDecision:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, points, points)
    return decide(session, panel.curator, submission, approval(summary_en="Crisp."))


def test_stars_count_until_their_last_day(session: Session, panel: Panel, count_statements: StatementCounter) -> None:
    decision, plain = starred(session, panel), starred(session, panel, 40)
    last = decision.valid_until_on
    assert last is not None
    wanted = [decision.product_id, plain.product_id]
    with count_statements() as statements:
        shown = stars.list_stars_of(session, wanted, last)
    assert len(statements) == 1
    assert shown == {decision.product_id: stars.Stars("regency_curation", 2026, 2, 3, last, "", "Crisp.")}
    assert stars.list_stars_of(session, wanted, last + timedelta(days=1)) == stars.list_stars_of(session, []) == {}


def test_what_ran_out_is_marked_once_and_stays_in_the_shop(session: Session, panel: Panel) -> None:
    decision = starred(session, panel)
    assert stars.expire_due(session) == 0
    with time_machine.travel(clock.now() + timedelta(days=800)):
        assert [stars.expire_due(session), stars.expire_due(session)] == [1, 0]
    from catalog.models.curation import Submission

    assert session.get_one(Submission, decision.submission_id).state is CurationState.EXPIRED
    assert session.get_one(Product, decision.product_id).state is ListingState.LIVE


@pytest.mark.parametrize(
    ("before", "now", "upgrade"),
    [((1, 3), (2, 3), True), ((2, 3), (2, 3), False), ((3, 5), (2, 3), True), ((4, 5), (2, 3), False), ((None, 3), (1, 3), True)],
)
def test_upgrades_are_compared_across_scales(before: tuple[int | None, int], now: tuple[int, int], upgrade: bool) -> None:
    assert stars.is_upgrade(CurationDecision(stars=before[0], stars_scale=before[1], score=5_000), *now) is upgrade


def test_first_stars_are_no_upgrade() -> None:
    assert not stars.is_upgrade(None, 3, 3)
    assert not stars.is_upgrade(CurationDecision(stars=None, stars_scale=3, score=None), 3, 3)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 22), 24, date(2028, 11, 22)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_on_a_day_that_exists(day: date, months: int, then: date) -> None:
    assert stars.months_after(day, months) == then
