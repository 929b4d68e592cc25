"""Money is whole rupiah: nothing else gets in, nothing is rounded in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import LARGEST_AMOUNT, from_minor_units, share_of, to_minor_units


@pytest.mark.parametrize("value", [1.0, True, "1", None])
def test_an_amount_that_is_not_a_whole_number_is_refused(value: object) -> None:
    for ask in (lambda: share_of(value, 100), lambda: to_minor_units(value, "stripe"), lambda: from_minor_units(value, "stripe")):  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            ask()


@pytest.mark.parametrize(
    ("amount", "rate_bps", "share"),
    [(100_000, 1_500, 15_000), (0, 5_000, 0), (1, 5_000, 1), (1, 4_999, 0), (-1, 5_000, -1), (33_333, 1_500, 5_000), (0, 1_500, 0)],
)
def test_a_share_is_rounded_half_away_from_zero(amount: int, rate_bps: int, share: int) -> None:
    assert share_of(amount, rate_bps) == share


@pytest.mark.parametrize(("rupiah", "minor"), [(1, 100), (999, 99_900), (15_000, 1_500_000), (10_000_000, 1_000_000_000)])
def test_stripe_counts_rupiah_in_hundredths(rupiah: int, minor: int) -> None:
    assert to_minor_units(rupiah, "stripe") == minor
    assert from_minor_units(minor, "stripe") == rupiah


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from(["stripe", "qris", "xendit", "midtrans"]))
def test_an_amount_comes_back_from_a_gateway_unchanged(rupiah: int, gateway: str) -> None:
    assert from_minor_units(to_minor_units(rupiah, gateway), gateway) == rupiah


def test_a_fraction_of_a_rupiah_from_a_gateway_is_refused() -> None:
    with pytest.raises(ValueError, match="whole amount"):
        from_minor_units(1_500_050, "stripe")


@pytest.mark.parametrize("gateway", ["qris", "xendit", "midtrans"])
def test_the_other_gateways_count_whole_rupiah(gateway: str) -> None:
    assert to_minor_units(15_000, gateway) == 15_000


def test_the_largest_amount_is_ten_milliards() -> None:
    assert LARGEST_AMOUNT == 10_000_000_000
