"""Rounding of cash to the smallest coin in use; nothing else is ever rounded (docs/pricing.md, Permendag 35/2013 art. 6)."""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST_COIN = 100


@dataclass(frozen=True, slots=True)
class CashAmount:
    """`amount` is what is owed, `cash` what changes hands; `rounding` is cash − amount, shown as its own line."""

    amount: int
    cash: int

    @property
    def rounding(self) -> int:
        """Negative when the buyer pays less than is owed."""
        return self.cash - self.amount


def round_cash(amount: int) -> CashAmount:
    """The nearest Rp100, exact halves in the buyer's favour: less to pay, and for a refund (negative) more to receive."""
    if type(amount) is not int:
        raise TypeError("cash is rounded from whole rupiah")
    return CashAmount(amount, (amount + SMALLEST_COIN // 2 - 1) // SMALLEST_COIN * SMALLEST_COIN)
