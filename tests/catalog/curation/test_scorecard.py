"""The arithmetic of scorecards, by examples and by properties that hold for every card."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.curation import defaults
from catalog.curation.scorecard import (
    WHOLE,
    Block,
    Line,
    MarksMissing,
    Result,
    Rules,
    check_card,
    check_rules,
    list_failed,
    result_of,
    stars_for,
    total_of,
    weight_of,
)
from kernel.errors import InvalidInput

RULES = Rules(thresholds=(6_000, 7_500, 9_000))
HALVES = (
    Line("taste", Block.QUALITY, 5_000, (0, 5_000, 10_000)),
    Line("story", Block.MARKET, 3_000, (0, 3_333, 6_667, 10_000)),
    Line("hands", Block.PRODUCTION, 2_000, (0, 5_000, 10_000)),
)
BEST, WORST = {"taste": 3, "story": 4, "hands": 3}, {"taste": 1, "story": 1, "hands": 1}


def test_the_best_is_a_hundred_points_and_the_worst_none() -> None:
    assert (total_of(HALVES, BEST), total_of(HALVES, WORST)) == (10_000, 0)


def test_a_third_of_a_weight_is_rounded_once() -> None:
    assert total_of(HALVES, WORST | {"story": 2}) == 1_000  # 999.9 hundredths


@pytest.mark.parametrize("missing", ["taste", "story", "hands"])
def test_a_scorecard_with_a_gap_has_no_total(missing: str) -> None:
    with pytest.raises(MarksMissing) as refusal:
        total_of(HALVES, {key: level for key, level in BEST.items() if key != missing})
    assert (refusal.value.params, refusal.value.field) == ({"count": 1}, missing)


@pytest.mark.parametrize("level", [0, 4, -1])
def test_a_level_that_does_not_exist_is_a_gap(level: int) -> None:
    with pytest.raises(MarksMissing):
        total_of(HALVES, BEST | {"taste": level})


@pytest.mark.parametrize(("mean", "stars"), [(0, 0), (5_999, 0), (6_000, 1), (7_499, 1), (7_500, 2), (8_999, 2), (9_000, 3), (10_000, 3)])
def test_stars_begin_exactly_at_their_threshold(mean: int, stars: int) -> None:
    assert stars_for(mean, RULES.thresholds) == stars


@pytest.mark.parametrize(("apart", "needed"), [(1_499, 2), (1_500, 2), (1_501, 3)])
def test_over_fifteen_points_apart_a_third_assessor_is_asked(apart: int, needed: int) -> None:
    card = (Line("only", Block.QUALITY, WHOLE, (0, 5_000, 5_000 + apart, WHOLE)),)
    two = result_of(card, [{"only": 2}, {"only": 3}], RULES)
    assert (two.spread, two.needed, two.is_enough) == (apart, needed, needed == 2)
    assert result_of(card, [{"only": 2}, {"only": 3}, {"only": 3}], RULES).is_enough


def test_nobody_scored_yet() -> None:
    nothing = result_of(HALVES, [], RULES)
    assert nothing == Result(totals=(), mean=0, spread=0, stars=0, needed=2)
    assert not nothing.is_enough


def test_what_failed_is_named_the_costliest_first() -> None:
    sheets = [BEST | {"taste": 1, "hands": 1}, BEST | {"taste": 2, "hands": 1}]
    assert list_failed(HALVES, sheets) == ["taste", "hands"]
    assert list_failed(HALVES, [BEST]) == list_failed(HALVES, []) == []


def test_half_of_a_weight_is_enough_and_a_hundredth_less_has_failed() -> None:
    card = (Line("only", Block.QUALITY, WHOLE, (0, 4_999, 5_000, WHOLE)),)
    assert list_failed(card, [{"only": 2}]) == ["only"]
    assert list_failed(card, [{"only": 3}]) == []


def test_what_was_lost_counts_not_the_weight() -> None:
    card = (Line("heavy", Block.QUALITY, 5_500, (0, 4_000, WHOLE)), Line("light", Block.MARKET, 4_500, (0, 4_000, WHOLE)))
    assert list_failed(card, [{"heavy": 2, "light": 1}]) == ["light", "heavy"]


@pytest.mark.parametrize(
    "card",
    [
        HALVES[:2],
        (*HALVES, Line("nothing", Block.QUALITY, 0, (0, 5_000, 10_000))),
        (*HALVES[:2], Line("taste", Block.QUALITY, 2_000, (0, 5_000, 10_000))),
        (Line("x", Block.QUALITY, WHOLE, (0, 10_000)),),
        (Line("x", Block.QUALITY, WHOLE, (0, 5_000, 9_999)),),
        (Line("x", Block.QUALITY, WHOLE, (0, 5_000, 5_000, 10_000)),),
        (Line("x", Block.QUALITY, WHOLE, (-1, 5_000, 10_000)),),
        (Line("x", Block.QUALITY, WHOLE, (0, 1, 2, 3, 10_000)),),
        (Line("x", Block.QUALITY, WHOLE + 1, (0, 5_000, 10_000)), Line("y", Block.QUALITY, -1, (0, 5_000, 10_000))),
        (),
    ],
)
def test_a_card_that_does_not_add_up_is_refused(card: tuple[Line, ...]) -> None:
    with pytest.raises(InvalidInput):
        check_card(card)


@pytest.mark.parametrize(
    "rules", [Rules(()), Rules((0,)), Rules((7_500, 6_000)), Rules((10_001,)), Rules((6_000,), 0), Rules((6_000,), 2, -1)]
)
def test_rules_that_make_no_sense_are_refused(rules: Rules) -> None:
    with pytest.raises(InvalidInput):
        check_rules(rules)


@pytest.mark.parametrize("rules", [Rules((1,)), Rules((WHOLE,)), Rules((6_000,), 1, 0)])
def test_rules_at_the_edge_are_good(rules: Rules) -> None:
    check_rules(rules)


def test_two_assessors_at_most_fifteen_points_apart_are_asked_for() -> None:
    assert Rules((6_000,)) == Rules(thresholds=(6_000,), fewest_assessors=2, widest_spread=1_500)


def test_the_default_criteria_weigh_35_25_and_40() -> None:
    card = [Line(each.key, each.block, each.weight_bps, defaults.SHARES[len(each.levels)]) for each in defaults.CRITERIA]
    check_card(card)
    check_rules(defaults.RULES)
    assert [weight_of(card, block) for block in Block] == [3_500, 2_500, 4_000]


# For every card and every scorecard.


@st.composite
def cards(draw: st.DrawFn) -> list[Line]:
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), min_size=0, max_size=7)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    return [
        Line(
            f"c{number}",
            draw(st.sampled_from(Block)),
            weight,
            (*sorted(draw(st.sets(st.integers(0, WHOLE - 1), min_size=2, max_size=3))), WHOLE),
        )
        for number, weight in enumerate(weights)
    ]


@st.composite
def scored(draw: st.DrawFn) -> tuple[list[Line], list[dict[str, int]]]:
    card = draw(cards())
    sheet = st.fixed_dictionaries({line.key: st.integers(1, len(line.shares_bps)) for line in card})
    return card, draw(st.lists(sheet, min_size=1, max_size=5))


@settings(max_examples=40)
@given(scored())
def test_the_mean_is_the_exact_one_rounded_and_lies_between_the_totals(given_case: tuple[list[Line], list[dict[str, int]]]) -> None:
    card, sheets = given_case
    check_card(card)
    result = result_of(card, sheets, RULES)
    exact = sum(Fraction(line.weight_bps * line.shares_bps[sheet[line.key] - 1], WHOLE) for sheet in sheets for line in card) / len(sheets)
    assert abs(result.mean - exact) <= Fraction(1, 2)
    assert 0 <= min(result.totals) <= result.mean <= max(result.totals) <= WHOLE
    assert result.spread == max(result.totals) - min(result.totals)
    assert result.stars == sum(result.mean >= threshold for threshold in RULES.thresholds)
    assert all(type(value) is int for value in (*result.totals, result.mean, result.spread))


@settings(max_examples=40)
@given(scored())
def test_the_order_of_assessors_and_criteria_changes_nothing(given_case: tuple[list[Line], list[dict[str, int]]]) -> None:
    card, sheets = given_case
    one, other = result_of(card, sheets, RULES), result_of(card[::-1], sheets[::-1], RULES)
    assert (one.mean, one.spread, one.stars, one.needed) == (other.mean, other.spread, other.stars, other.needed)


@settings(max_examples=40)
@given(scored(), st.data())
def test_a_higher_level_never_lowers_a_total(given_case: tuple[list[Line], list[dict[str, int]]], data: st.DataObject) -> None:
    card, sheets = given_case
    line = data.draw(st.sampled_from(card))
    raised = sheets[0] | {line.key: len(line.shares_bps)}
    assert total_of(card, raised) >= total_of(card, sheets[0])
