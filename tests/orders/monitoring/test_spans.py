"""Which days a dashboard looks at, and which it compares them with."""

from __future__ import annotations

from datetime import date

import pytest

from orders.monitoring.spans import SpanChoice, choose_span

S = SpanChoice


@pytest.mark.parametrize(
    ("choice", "today", "now", "before"),
    [
        (S.THIS_MONTH, (2026, 3, 31), ((2026, 3, 1), (2026, 3, 31)), ((2026, 2, 1), (2026, 2, 28))),
        (S.THIS_MONTH, (2026, 1, 5), ((2026, 1, 1), (2026, 1, 5)), ((2025, 12, 1), (2025, 12, 5))),
        (S.LAST_MONTH, (2026, 1, 5), ((2025, 12, 1), (2025, 12, 31)), ((2025, 11, 1), (2025, 11, 30))),
        (S.THIS_QUARTER, (2026, 5, 10), ((2026, 4, 1), (2026, 5, 10)), ((2026, 1, 1), (2026, 2, 9))),
        (S.LAST_QUARTER, (2026, 11, 30), ((2026, 7, 1), (2026, 9, 30)), ((2026, 4, 1), (2026, 6, 30))),
        (S.LAST_QUARTER, (2024, 5, 1), ((2024, 1, 1), (2024, 3, 31)), ((2023, 10, 1), (2023, 12, 31))),
        (S.THIS_YEAR, (2024, 12, 31), ((2024, 1, 1), (2024, 12, 31)), ((2023, 1, 1), (2023, 12, 31))),
    ],
)
def test_a_span_and_the_one_before_it(
    choice: SpanChoice, today: tuple[int, int, int], now: tuple[tuple[int, int, int], ...], before: tuple[tuple[int, int, int], ...]
) -> None:
    span = choose_span(choice, date(*today))
    assert (span.now.first, span.now.last) == tuple(date(*each) for each in now)
    assert (span.before.first, span.before.last) == tuple(date(*each) for each in before)
