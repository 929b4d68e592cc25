"""Dividing cases among makers: never above capacity, the same every time, totals that match, one batch to a carton."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.wholesale.allocation import Carton, Lot, NotEnoughCases, Source, allocate, number_cartons, whole_cases


@st.composite
def pools(draw: st.DrawFn) -> list[Source]:
    """One to six makers with up to three lots each."""
    sources = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        lots = tuple(Lot(number * 10 + place, cases) for place, cases in enumerate(draw(st.lists(st.integers(1, 30), max_size=3))))
        makeable, weight, given_before = draw(st.integers(0, 60)), draw(st.integers(0, 80)), draw(st.integers(0, 200))
        sources.append(Source(number, lots, makeable, weight, given_before))
    return sources


@settings(max_examples=300)
@given(pools(), st.data())
def test_whatever_is_divided_adds_up_stays_within_capacity_and_comes_out_the_same(sources: list[Source], data: st.DataObject) -> None:
    capacity = sum(source.capacity for source in sources)
    if capacity == 0:
        with pytest.raises(NotEnoughCases):
            allocate(1, sources)
        return
    wanted = data.draw(st.integers(1, capacity))
    shares = allocate(wanted, sources)
    by_variant = {source.variant_id: source for source in sources}
    assert sum(share.cases for share in shares) == wanted
    for share in shares:
        source = by_variant[share.variant_id]
        assert 0 < share.cases <= source.capacity
        assert 0 <= share.to_make <= source.makeable
        free = {lot.level_id: lot.cases for lot in source.lots}
        assert all(0 < lot.cases <= free[lot.level_id] for lot in share.lots)
    assert allocate(wanted, data.draw(st.permutations(sources))) == shares


@settings(max_examples=200)
@given(pools(), st.data())
def test_nobody_with_room_left_is_behind_somebody_who_got_more(sources: list[Source], data: st.DataObject) -> None:
    capacity = sum(source.capacity for source in sources)
    if not capacity:
        return
    shares = {share.variant_id: share.cases for share in allocate(data.draw(st.integers(1, capacity)), sources)}

    def had(source: Source, cases: int) -> Fraction:
        return Fraction(source.given + cases, max(1, source.weight))

    for one in sources:
        got = shares.get(one.variant_id, 0)
        if got == one.capacity:
            continue
        for other in sources:
            if theirs := shares.get(other.variant_id, 0):
                assert had(other, theirs) <= had(one, got + 1)


@settings(max_examples=200)
@given(pools(), st.data())
def test_every_carton_holds_units_of_exactly_one_batch_and_none_is_lost(sources: list[Source], data: st.DataObject) -> None:
    on_shelf = sum(lot.cases for source in sources for lot in source.lots)
    if not on_shelf:
        return
    shares = allocate(data.draw(st.integers(1, on_shelf)), [Source(s.variant_id, s.lots, 0, s.weight, s.given) for s in sources])
    cartons = number_cartons([(share.variant_id, lot.level_id, 24, lot.cases) for share in shares for lot in share.lots])
    assert [carton.number for carton in cartons] == list(range(1, sum(share.cases for share in shares) + 1))
    for share in shares:
        for lot in share.lots:
            assert sum(carton.level_id == lot.level_id for carton in cartons) == lot.cases
    owner = {lot.level_id: source.variant_id for source in sources for lot in source.lots}
    assert all(owner[carton.level_id] == carton.variant_id and carton.units == 24 for carton in cartons)


def test_the_maker_who_had_the_least_for_its_capacity_is_next() -> None:
    small, large, new = Source(1, makeable=50, weight=10), Source(2, makeable=50, weight=30), Source(3, makeable=50, weight=10, given=100)
    assert {share.variant_id: share.cases for share in allocate(40, [small, large, new])} == {1: 10, 2: 30}


def test_stock_leaves_before_anything_is_made_and_the_first_lot_first() -> None:
    (share,) = allocate(7, [Source(1, (Lot(11, 3), Lot(12, 2)), makeable=9)])
    assert (share.lots, share.to_make) == ((Lot(11, 3), Lot(12, 2)), 2)


def test_what_fills_no_case_stays_on_the_shelf() -> None:
    assert whole_cases([(1, 50), (2, 23), (3, 24)], 24) == (Lot(1, 2), Lot(3, 1))


def test_more_than_all_can_supply_is_refused_with_what_there_is() -> None:
    with pytest.raises(NotEnoughCases) as refusal:
        allocate(11, [Source(1, makeable=4), Source(2, (Lot(1, 6),))])
    assert (refusal.value.available, refusal.value.wanted) == (10, 11)


def test_cartons_are_numbered_on_from_those_that_are_packed() -> None:
    assert number_cartons([(1, 11, 24, 2)], first=5) == (Carton(5, 1, 11, 24), Carton(6, 1, 11, 24))
