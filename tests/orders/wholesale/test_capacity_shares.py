"""Months of an order: from today's to that of its day, and whole cases of each."""

from __future__ import annotations

from datetime import date

import pytest

from orders.wholesale.capacity_shares import months_between


@pytest.mark.parametrize(
    ("today", "until", "months"),
    [
        (date(2026, 11, 30), date(2026, 11, 30), [date(2026, 11, 1)]),
        (date(2026, 11, 30), date(2027, 1, 5), [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]),
        (date(2026, 12, 5), date(2026, 11, 1), [date(2026, 12, 1)]),
    ],
)
def test_goods_may_be_made_from_now_until_they_leave(today: date, until: date, months: list[date]) -> None:
    assert months_between(today, until) == months


def test_nobody_promises_beyond_half_a_year() -> None:
    assert len(months_between(date(2026, 1, 1), date(2028, 1, 1))) == 6
