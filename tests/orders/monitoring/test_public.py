"""Small numbers in public: never fewer than three makers alone, and never by taking the others from the whole."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from orders.models.order import Channel
from orders.monitoring.figures import AreaFigures
from orders.monitoring.public import protect_figures
from orders.reports.period import Period

MONTH = Period(date(2026, 9, 1), date(2026, 9, 30))


def area(code: str, makers: int, gross: int) -> AreaFigures:
    """A district in which so many makers sold."""
    figures = AreaFigures(code, code)
    figures.now.active_makers = makers
    figures.now.sales[Channel.WEB] = gross if makers else 0
    return figures


@given(some.lists(some.tuples(some.integers(0, 6), some.integers(1, 10**9)), max_size=8))
def test_nobodys_sales_can_be_read_or_reckoned(rows: list[tuple[int, int]]) -> None:
    parts = [area(f"16.12.{number:02d}", makers, gross) for number, (makers, gross) in enumerate(rows)]
    shown = protect_figures(MONTH, parts)
    makers = {part.code: part.now.active_makers for part in parts}
    for code, sales in shown.district_sales.items():
        assert sales is None or makers[code] == 0 or makers[code] >= 3
    hidden = [makers[code] for code, sales in shown.district_sales.items() if sales is None]
    if shown.sales is not None and hidden:
        # What is missing is the whole minus what is shown: it must belong to three makers or more.
        assert sum(hidden) >= 3
        assert len(hidden) > 1
    if shown.sales is None:
        assert all(sales is None for sales in shown.district_sales.values())


def test_a_whole_of_two_makers_is_few() -> None:
    shown = protect_figures(MONTH, [area("a", 1, 5_000), area("b", 1, 7_000)])
    assert (shown.sales, shown.makers_who_sold, set(shown.district_sales.values())) == (None, None, {None})


def test_one_hidden_district_takes_the_next_smallest_along() -> None:
    shown = protect_figures(MONTH, [area("a", 2, 5_000), area("b", 9, 90_000), area("c", 4, 40_000), area("d", 0, 0)])
    assert shown.district_sales == {"a": None, "b": 90_000, "c": None, "d": 0}
    assert (shown.sales, shown.makers_who_sold) == (135_000, 15)
