"""The table of steps, pair by pair, written a second time by hand; and who may take which."""

from __future__ import annotations

from itertools import product

import pytest

from catalog.curation.states import (
    EDITABLE,
    OPEN,
    OUTCOMES,
    STEPS,
    UNSENT,
    Act,
    Bar,
    CurationState,
    WrongStep,
    acts_between,
    check_step,
    list_acts,
)
from kernel.people import Permission

S = CurationState
WAYS: dict[tuple[CurationState, CurationState], set[Act]] = {
    (S.DRAFT, S.SUBMITTED): {Act.SUBMIT},
    (S.DRAFT, S.WITHDRAWN): {Act.WITHDRAW},
    (S.SUBMITTED, S.DESK_CHECK): {Act.TAKE_UP},
    (S.SUBMITTED, S.RETURNED): {Act.RETURN},
    (S.SUBMITTED, S.WITHDRAWN): {Act.WITHDRAW},
    (S.DESK_CHECK, S.RETURNED): {Act.RETURN},
    (S.DESK_CHECK, S.ASSESSMENT): {Act.OPEN_ASSESSMENT},
    (S.DESK_CHECK, S.APPROVED): {Act.APPROVE_EDIT},
    (S.DESK_CHECK, S.IMPROVE): {Act.ASK_IMPROVEMENT},
    (S.DESK_CHECK, S.REJECTED): {Act.REJECT},
    (S.DESK_CHECK, S.WITHDRAWN): {Act.WITHDRAW},
    (S.RETURNED, S.SUBMITTED): {Act.SUBMIT},
    (S.RETURNED, S.WITHDRAWN): {Act.WITHDRAW},
    (S.ASSESSMENT, S.ASSESSMENT): {Act.SCORE},
    (S.ASSESSMENT, S.APPROVED): {Act.APPROVE},
    (S.ASSESSMENT, S.IMPROVE): {Act.ASK_IMPROVEMENT},
    (S.ASSESSMENT, S.REJECTED): {Act.REJECT},
    (S.APPROVED, S.APPEALED): {Act.APPEAL},
    (S.APPROVED, S.EXPIRED): {Act.EXPIRE},
    (S.APPROVED, S.SUPERSEDED): {Act.SUPERSEDE},
    (S.IMPROVE, S.APPEALED): {Act.APPEAL},
    (S.REJECTED, S.APPEALED): {Act.APPEAL},
    (S.APPEALED, S.DESK_CHECK): {Act.UPHOLD_APPEAL},
    (S.APPEALED, S.ASSESSMENT): {Act.UPHOLD_APPEAL},
    (S.APPEALED, S.APPROVED): {Act.DISMISS_APPEAL},
    (S.APPEALED, S.IMPROVE): {Act.DISMISS_APPEAL},
    (S.APPEALED, S.REJECTED): {Act.DISMISS_APPEAL},
    (S.EXPIRED, S.SUPERSEDED): {Act.SUPERSEDE},
}


def test_every_pair_of_states_has_exactly_the_ways_named_here() -> None:
    found = {pair: set(acts_between(*pair)) for pair in product(S, S)}
    assert {pair: acts for pair, acts in found.items() if acts} == WAYS


def test_every_other_act_between_every_other_pair_is_refused() -> None:
    allowed = 0
    for (now, then), act in product(product(S, S), Act):
        if act in WAYS.get((now, then), set()):
            check_step(act, now, then)
            allowed += 1
        else:
            with pytest.raises(WrongStep):
                check_step(act, now, then)
    assert allowed == len(WAYS)


def test_nothing_goes_live_but_by_a_decision() -> None:
    into_approved = {act for act, step in STEPS.items() if S.APPROVED in step.tos}
    assert into_approved == {Act.APPROVE, Act.APPROVE_EDIT, Act.DISMISS_APPEAL}
    assert all(STEPS[act].permission is Permission.DECIDE_CURATION for act in into_approved)


def test_who_proposes_or_is_close_never_judges() -> None:
    judging = {act for act, step in STEPS.items() if step.permission in {Permission.DECIDE_CURATION, Permission.ASSESS_PRODUCTS}}
    assert judging == {act for act, step in STEPS.items() if {Bar.AUTHOR, Bar.CONFLICT} <= step.bars}
    assert {act for act, step in STEPS.items() if Bar.DECIDER in step.bars} == {Act.UPHOLD_APPEAL, Act.DISMISS_APPEAL}


def test_proposers_only_propose_take_back_and_appeal() -> None:
    assert {act for act, step in STEPS.items() if step.permission is Permission.PROPOSE_PRODUCTS} == {Act.SUBMIT, Act.WITHDRAW, Act.APPEAL}
    assert {act for act, step in STEPS.items() if step.permission is None} == {Act.EXPIRE, Act.SUPERSEDE}


def test_the_ends_are_ends_and_the_rest_is_under_way() -> None:
    assert {state for state in S if not list_acts(state)} == {S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED}
    assert {*OPEN, *OUTCOMES, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED} == set(S)
    assert {S.DRAFT, S.RETURNED} == EDITABLE < OPEN
    assert {S.DRAFT, S.WITHDRAWN} == UNSENT
