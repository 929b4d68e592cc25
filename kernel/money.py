"""Integer rupiah: the frozen Money value, and the one table that converts to a gateway's unit (docs/pricing.md)."""

from __future__ import annotations

from dataclasses import dataclass

#: What one rupiah is in the unit a gateway expects. Stripe counts IDR in hundredths although nobody writes sen:
#: Rp15.000 is 1500000 there (stripe-ios PR 3756); the IDR entry is absent from Stripe's zero-decimal list.
MINOR_UNITS_PER_RUPIAH = {"stripe": 100, "qris": 1, "xendit": 1, "midtrans": 1}

#: The largest amount one line or order may reach; keeps every sum far inside 64 bits and refuses typing accidents.
LARGEST_AMOUNT = 10_000_000_000


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of whole rupiah. Refuses floats and booleans; adds and compares only with Money; never rounds silently."""

    rupiah: int

    def __post_init__(self) -> None:
        if type(self.rupiah) is not int:
            raise TypeError(f"Money takes whole rupiah as int, not {type(self.rupiah).__name__}")

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.rupiah + other.rupiah)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.rupiah - other.rupiah)

    def __neg__(self) -> Money:
        return Money(-self.rupiah)

    def __mul__(self, quantity: int) -> Money:
        if type(quantity) is not int:
            raise TypeError("Money is multiplied by whole quantities only; rates go through share()")
        return Money(self.rupiah * quantity)

    def __bool__(self) -> bool:
        return self.rupiah != 0

    def share(self, rate_bps: int) -> Money:
        """`rate_bps` basis points of this amount, rounded half away from zero to whole rupiah (docs/pricing.md)."""
        scaled = abs(self.rupiah) * rate_bps
        rounded = (scaled + 5_000) // 10_000
        return Money(rounded if self.rupiah >= 0 else -rounded)


def to_minor_units(rupiah: int, gateway: str) -> int:
    """Whole rupiah in the integer unit of `gateway`; KeyError for a gateway without an entry in the table."""
    return Money(rupiah).rupiah * MINOR_UNITS_PER_RUPIAH[gateway]


def from_minor_units(amount: int, gateway: str) -> int:
    """A gateway's integer amount in whole rupiah; ValueError when it holds a fraction of a rupiah."""
    rupiah, fraction = divmod(Money(amount).rupiah, MINOR_UNITS_PER_RUPIAH[gateway])
    if fraction:
        raise ValueError(f"{amount} of {gateway} is not a whole amount of rupiah")
    return rupiah
