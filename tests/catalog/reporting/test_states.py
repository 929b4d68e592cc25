"""The table of a report's ways, pair by pair, written a second time by hand."""

from __future__ import annotations

from itertools import product

import pytest

from catalog.reporting.states import COUNTED, EDITABLE, WAYS, ReportAct, ReportState, WrongReportStep, list_ways, way_of
from kernel.people import Permission

S, A = ReportState, ReportAct
BY_HAND: dict[tuple[ReportState, ReportAct], tuple[ReportState, Permission]] = {
    (S.DRAFT, A.WRITE): (S.DRAFT, Permission.SEND_REPORTS),
    (S.DRAFT, A.SEND): (S.SENT, Permission.SEND_REPORTS),
    (S.RETURNED, A.WRITE): (S.RETURNED, Permission.SEND_REPORTS),
    (S.RETURNED, A.SEND): (S.SENT, Permission.SEND_REPORTS),
    (S.CORRECTING, A.WRITE): (S.CORRECTING, Permission.SEND_REPORTS),
    (S.CORRECTING, A.SEND): (S.SENT, Permission.SEND_REPORTS),
    (S.SENT, A.RETURN): (S.RETURNED, Permission.CHECK_REPORTS),
    (S.SENT, A.CHECK): (S.CHECKED, Permission.CHECK_REPORTS),
    (S.CHECKED, A.RETURN): (S.RETURNED, Permission.RECEIVE_REPORTS),
    (S.CHECKED, A.RECEIVE): (S.RECEIVED, Permission.RECEIVE_REPORTS),
    (S.CHECKED, A.CORRECT): (S.CORRECTING, Permission.SEND_REPORTS),
    (S.RECEIVED, A.CORRECT): (S.CORRECTING, Permission.SEND_REPORTS),
}


@pytest.mark.parametrize(("now", "act"), list(product(S, A)), ids=lambda value: value.value)
def test_every_act_in_every_state_goes_where_the_table_says_or_is_refused(now: ReportState, act: ReportAct) -> None:
    if (now, act) not in BY_HAND:
        with pytest.raises(WrongReportStep):
            way_of(act, now)
        return
    way = way_of(act, now)
    assert (way.after, way.permission) == BY_HAND[now, act]


def test_the_table_has_no_way_twice() -> None:
    ways = [(way.before, act) for act, rows in WAYS.items() for way in rows]
    assert len(ways) == len(set(ways)) == len(BY_HAND)


def test_whoever_sent_a_report_neither_checks_nor_receives_it_and_going_back_needs_a_word() -> None:
    for act, ways in WAYS.items():
        assert all(way.not_own == (act in {A.CHECK, A.RECEIVE}) for way in ways)
        assert all(way.needs_remarks == (act in {A.RETURN, A.CORRECT}) for way in ways)


def test_what_may_be_written_in_is_what_the_table_lets_write_in() -> None:
    assert {state for state in S if A.WRITE in dict(list_ways(state))} == EDITABLE
    assert {S.SENT, S.CHECKED, S.RECEIVED, S.CORRECTING} == COUNTED
