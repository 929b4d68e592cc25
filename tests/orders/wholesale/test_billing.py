"""What a partner is billed: parts that add up to the rupiah, the cap on trading terms, stamp duty, ageing and reminders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput
from orders.discounts import shares_of
from orders.wholesale import billing
from orders.wholesale.billing import BilledLine, OrderedLine

DAY = date(2026, 11, 30)
lines = st.lists(st.tuples(st.integers(1, 90_000), st.integers(1, 5_000)), min_size=1, max_size=6)


def _terms_by_line(totals: list[int], rate: int) -> list[int]:
    """As an order that is placed spreads them."""
    return shares_of(totals, billing.terms_of(sum(totals), rate))


@given(lines, st.integers(0, billing.LARGEST_TERMS_BPS), st.integers(0, 500_000), st.data())
def test_what_is_kept_and_what_is_rejected_are_the_whole_order(
    priced: list[tuple[int, int]], rate: int, freight: int, data: st.DataObject
) -> None:
    shares = _terms_by_line([price * quantity for price, quantity in priced], rate)
    ordered = [
        OrderedLine(number, quantity, price, share) for number, ((price, quantity), share) in enumerate(zip(priced, shares, strict=True))
    ]
    kept, credited = [], []
    for line in ordered:
        units = data.draw(st.integers(0, line.quantity))
        later = data.draw(st.integers(0, units))
        kept.append(billing.bill_kept(line, units))
        credited.append(billing.credit_units(line, units, later))
        assert credited[-1].amount + billing.bill_kept(line, units - later).amount == kept[-1].amount
        assert 0 <= kept[-1].discount <= kept[-1].gross
    sums = billing.sum_up(kept, freight)
    assert sums.total == sums.goods - sums.terms + sums.freight
    whole = billing.sum_up([billing.bill_kept(line, line.quantity) for line in ordered], freight)
    assert whole.terms == billing.terms_of(whole.goods, rate)
    assert sums.total <= whole.total


@pytest.mark.parametrize("rate", [-1, 1_501, 10_000])
def test_trading_terms_above_fifteen_percent_are_refused(rate: int) -> None:
    with pytest.raises(InvalidInput):
        billing.terms_of(1_000_000, rate)


def test_trading_terms_are_rounded_once_for_all_lines() -> None:
    assert _terms_by_line([333, 333, 334], 1_500) == [49, 50, 51]
    assert billing.terms_of(1_000, 1_500) == 150


def test_freight_is_owed_only_when_something_was_kept() -> None:
    assert billing.sum_up([BilledLine(1, 0, 10_000, 0)], 75_000).total == 0
    assert billing.sum_up([BilledLine(1, 1, 10_000, 0)], 75_000).total == 85_000


def test_the_stamp_has_a_place_above_five_million_and_not_at_it() -> None:
    assert not billing.sum_up([BilledLine(1, 1, 5_000_000, 0)], 0).needs_stamp
    assert billing.sum_up([BilledLine(1, 1, 5_000_001, 0)], 0).needs_stamp


def test_ppn_is_inside_the_total_and_only_for_a_registered_seller() -> None:
    assert billing.tax_inside(1_110_000, is_taxable=False, on=DAY) is None
    tax = billing.tax_inside(1_110_000, is_taxable=True, on=DAY)
    assert tax is not None
    assert (tax.net, tax.tax) == (1_000_000, 110_000)


@pytest.mark.parametrize(("late", "age"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)])
def test_an_invoice_ages_by_days_after_its_due_day(late: int, age: int) -> None:
    assert billing.age_of(DAY - timedelta(days=late), DAY) == age


@pytest.mark.parametrize(("late", "step"), [(-4, None), (-3, -3), (0, -3), (1, 1), (6, 1), (7, 7), (20, 14), (400, 30)])
def test_the_reminder_of_a_day_is_the_latest_one_whose_time_has_come(late: int, step: int | None) -> None:
    assert billing.reminder_due(DAY - timedelta(days=late), DAY) == step


def test_an_invoice_is_due_so_many_days_after_its_day() -> None:
    assert billing.due_day(DAY, 14) == date(2026, 12, 14)
