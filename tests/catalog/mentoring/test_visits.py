"""Visits and what is to be done: sent once however often, in reach only, done with what shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.mentoring import assignments, items, queries, visits
from catalog.mentoring.items import ItemFacts
from catalog.mentoring.visits import VisitFacts
from catalog.models.maker import Maker
from catalog.models.mentoring import ItemOwner, Visit
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Actor, Grant, Role
from tests.conftest import StatementCounter
from tests.make import KARANG_AGUNG, TALANG_BULANG, make_actor, make_maker, make_user
from tests.make_curation import make_improvement

TODAY = clock.today()
DAY = timedelta(days=1)
FACTS = VisitFacts(token="a" * 32, visited_on=TODAY, seen="Dapur bersih, label belum lengkap.", place="Dapur", next_on=TODAY + 30 * DAY)


@pytest.fixture
def maker(session: Session) -> Maker:
    return make_maker(session, village_code=TALANG_BULANG)


@pytest.fixture
def mentor(session: Session, maker: Maker) -> Actor:
    return make_actor(session, Role.MENTOR, area_prefix="16.12.01")


def test_a_form_that_is_sent_twice_is_one_visit(session: Session, maker: Maker, mentor: Actor) -> None:
    first, is_new = visits.record_visit(session, mentor, maker, FACTS, ["a.jpg"])
    again, is_new_again = visits.record_visit(session, mentor, maker, replace(FACTS, seen="Lain"), ["b.jpg"])
    assert (is_new, is_new_again, first.id) == (True, False, again.id)
    read = queries.get_visit(session, mentor, first.code)
    assert (read.seen, [photo.name for photo in read.photos]) == (FACTS.seen, ["a.jpg"])
    assert [entry.action for entry in audit.list_for(session, f"maker:{maker.slug}")] == ["visit.record"]


def test_nobody_gets_at_anothers_form(session: Session, maker: Maker, mentor: Actor) -> None:
    visits.record_visit(session, mentor, maker, FACTS)
    with pytest.raises(InvalidInput):
        visits.record_visit(session, make_actor(session, Role.MENTOR, area_prefix="16.12.01"), maker, FACTS)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"token": "x"}, None),
        ({"token": "<script>alert(1)</script>"}, None),
        ({"visited_on": TODAY + DAY}, "visited_on"),
        ({"next_on": TODAY - DAY}, "next_on"),
        ({"latitude": -3.2}, "latitude"),
        ({"latitude": -93.2, "longitude": 103.9}, "latitude"),
        ({"seen": "  "}, "seen"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    session: Session, maker: Maker, mentor: Actor, changes: dict[str, object], field: str | None
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        visits.record_visit(session, mentor, maker, replace(FACTS, **changes))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_mentor_sees_and_writes_only_in_their_area(session: Session, mentor: Actor, maker: Maker) -> None:
    abab = make_maker(session, village_code=KARANG_AGUNG)
    made, _ = visits.record_visit(session, SYSTEM, abab, FACTS)
    with pytest.raises(NotFound):
        visits.record_visit(session, mentor, abab, replace(FACTS, token="b" * 32))
    with pytest.raises(NotFound):
        queries.get_visit(session, mentor, made.code)
    assert queries.list_visits(session, mentor).total == 0
    province = make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16")
    assert queries.list_visits(session, province).total == 1
    observer = make_actor(session, Role.OBSERVER, area_prefix="16.12")
    assert queries.get_visit(session, observer, made.code).code == made.code
    with pytest.raises(NotAllowed):
        visits.record_visit(session, observer, abab, replace(FACTS, token="c" * 32))
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_an_improvement_that_was_taken_up_is_done_with_its_item(session: Session) -> None:
    improvement, maker = make_improvement(session)
    mentor = make_actor(session, Role.MENTOR, area_prefix="16.12.04")
    assert [each.code for each in queries.list_improvements_to_take_up(session, maker)] == [improvement.code]
    item = items.add_item(session, mentor, maker, ItemFacts(owner=ItemOwner.MAKER, due_on=TODAY + DAY, improvement=improvement.code))
    assert item.text == improvement.text
    assert queries.list_improvements_to_take_up(session, maker) == []
    with pytest.raises(InvalidInput):
        items.add_item(session, mentor, maker, ItemFacts(owner=ItemOwner.MAKER, due_on=TODAY, improvement=improvement.code))
    items.finish(session, mentor, item.code, "Label baru dicetak", "bukti.jpg")
    session.refresh(improvement)
    assert improvement.done_at is not None
    items.reopen(session, mentor, item.code)
    session.refresh(improvement)
    assert improvement.done_at is None


def test_items_are_listed_by_their_day_and_done_with_a_result(session: Session, maker: Maker, mentor: Actor) -> None:
    late = items.add_item(session, mentor, maker, ItemFacts(owner=ItemOwner.MAKER, due_on=TODAY - DAY, text="Perbaiki label"))
    soon = items.add_item(session, mentor, maker, ItemFacts(owner=ItemOwner.MENTOR, due_on=TODAY, text="Bawa contoh"))
    assert [each.code for each in queries.list_items(session, mentor, TODAY).rows] == [late.code, soon.code]
    assert [each.code for each in queries.list_items(session, mentor, TODAY, show="overdue").rows] == [late.code]
    with pytest.raises(InvalidInput):
        items.finish(session, mentor, late.code, " ")
    items.finish(session, mentor, late.code, "Sudah")
    items.finish(session, mentor, late.code, "Sudah lagi")
    (done,) = queries.list_items(session, mentor, TODAY, show="done").rows
    assert (done.code, done.result) == (late.code, "Sudah")
    progress = queries.get_progress(session, maker, TODAY)
    assert (progress.open, progress.overdue, progress.done, progress.done_share) == (1, 0, 1, 50)


def test_progress_counts_visits_by_month(session: Session, maker: Maker, mentor: Actor) -> None:
    for number, back in enumerate((0, 1, 40, 400)):
        visits.record_visit(session, mentor, maker, replace(FACTS, token=f"{number}" * 20, visited_on=TODAY - back * DAY))
    months = dict(queries.get_progress(session, maker, TODAY).months)
    assert len(months) == 12
    assert sum(months.values()) == 3
    assert queries.count_mentoring(session, mentor, TODAY).visits == 2


def test_a_planned_visit_stays_on_the_list_until_somebody_went(session: Session, maker: Maker, mentor: Actor) -> None:
    other = make_maker(session, village_code=TALANG_BULANG)

    def went(unit: Maker | str, back: int, next_in: int, token: str) -> Visit:
        day = TODAY - back * DAY
        return visits.record_visit(session, mentor, unit, replace(FACTS, token=token * 20, visited_on=day, next_on=day + next_in * DAY))[0]

    went(maker, 40, 45, "a")
    missed = went(other, 40, 30, "b")
    long_ago = went(TALANG_BULANG, 200, 30, "c")
    coming = went(maker, 10, 12, "d")
    assert [visit.code for visit in queries.list_planned(session, mentor, TODAY)] == [missed.code, coming.code]
    assert queries.count_mentoring(session, mentor, TODAY).planned_visits == 2
    assert queries.list_planned(session, make_actor(session, Role.MENTOR, area_prefix="16.12.04"), TODAY) == []
    visits.record_visit(session, mentor, other, replace(FACTS, token="e" * 20, next_on=None))
    again = went(TALANG_BULANG, 5, 20, "f")
    assert [visit.code for visit in queries.list_planned(session, mentor, TODAY)] == [coming.code, again.code]
    assert long_ago.next_on is not None


def test_only_a_mentor_of_the_area_is_assigned_and_only_once(session: Session, maker: Maker) -> None:
    here = make_user(session, Grant(Role.MENTOR, area_prefix="16.12.01"))
    there = make_user(session, Grant(Role.MENTOR, area_prefix="16.12.04"))
    curator = make_actor(session, Role.CURATOR, area_prefix="16.12")
    made = assignments.assign(session, curator, here, maker, TODAY)
    with pytest.raises(InvalidInput):
        assignments.assign(session, curator, there, maker, TODAY)
    with pytest.raises(Conflict):
        assignments.assign(session, curator, here, maker, TODAY)
    with pytest.raises(NotAllowed):
        assignments.assign(session, make_actor(session, Role.MENTOR, area_prefix="16.12"), here, TALANG_BULANG, TODAY)
    assignments.assign(session, curator, here, TALANG_BULANG, TODAY)
    assert {user.id for user in assignments.list_mentors(session, curator)} >= {here.id, there.id}
    assignments.end(session, curator, made.code, TODAY)
    assert len(queries.list_assignments(session, curator, TODAY + DAY)) == 1
    assert [each.code for each in queries.list_assignments(session, curator, TODAY + DAY, ended=True)] == [made.code]


def test_lists_take_a_fixed_number_of_statements(session: Session, maker: Maker, mentor: Actor, count_statements: StatementCounter) -> None:
    counts = []
    for more in (1, 4):
        for number in range(more):
            visits.record_visit(session, mentor, maker, replace(FACTS, token=f"{more}{number}" * 10), [f"{more}{number}.jpg"])
            items.add_item(session, mentor, maker, ItemFacts(owner=ItemOwner.MAKER, due_on=TODAY, text="Sesuatu"))
        session.expunge_all()
        with count_statements() as statements:
            queries.list_visits(session, mentor)
            queries.list_items(session, mentor, TODAY)
            queries.list_units(session, mentor, TODAY)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
