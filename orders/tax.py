"""PPN inside a tax-included amount: rates with the day each began, and one rounding; pure, explained in docs/pricing.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

BPS = 10_000


@dataclass(frozen=True, slots=True)
class TaxRate:
    """`rate_bps` of `base_numerator/base_denominator` of the price before tax, from `starts_on` until the next one begins."""

    starts_on: date
    rate_bps: int
    base_numerator: int = 1
    base_denominator: int = 1


#: PMK 131/2024: 12 % of 11/12 of the price since 2025; UU 7/2021 (HPP) before. The newest first.
RATES = (
    TaxRate(date(2025, 1, 1), 1_200, 11, 12),
    TaxRate(date(2022, 4, 1), 1_100),
)


@dataclass(frozen=True, slots=True)
class ContainedTax:
    """What a tax-included `amount` consists of: `net` + `tax` = `amount`. `base` is the part of `net` that the rate applies to."""

    amount: int
    tax: int
    base: int
    rate: TaxRate

    @property
    def net(self) -> int:
        """The price before tax."""
        return self.amount - self.tax


def rate_on(day: date) -> TaxRate:
    """The rate of that day; ValueError before the first one we know."""
    for rate in RATES:
        if rate.starts_on <= day:
            return rate
    raise ValueError(f"no PPN rate is known for {day}")


def contained_tax(amount: int, rate: TaxRate) -> ContainedTax:
    """The tax inside `amount` whole rupiah, rounded once to the nearest rupiah, halves up."""
    if type(amount) is not int or amount < 0:
        raise ValueError(f"tax is contained in whole rupiah, not {amount!r}")
    part = rate.rate_bps * rate.base_numerator
    tax = _nearest(amount * part, BPS * rate.base_denominator + part)
    base = _nearest((amount - tax) * rate.base_numerator, rate.base_denominator)
    return ContainedTax(amount, tax, base, rate)


def _nearest(numerator: int, denominator: int) -> int:
    """A quotient of whole numbers as the nearest whole number, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)
