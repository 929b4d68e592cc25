"""Integer rupiah: a rate of an amount, and the one table that converts to a gateway's unit (docs/pricing.md)."""

from __future__ import annotations

#: What one rupiah is in the unit a gateway expects. Stripe counts IDR in hundredths although nobody writes sen:
#: Rp15.000 is 1500000 there (stripe-ios PR 3756); the IDR entry is absent from Stripe's zero-decimal list.
MINOR_UNITS_PER_RUPIAH = {"stripe": 100, "qris": 1, "xendit": 1, "midtrans": 1}

#: The largest amount one line or order may reach; keeps every sum far inside 64 bits and refuses typing accidents.
LARGEST_AMOUNT = 10_000_000_000


def share_of(amount: int, rate_bps: int) -> int:
    """`rate_bps` basis points of `amount`, rounded half away from zero to whole rupiah (docs/pricing.md)."""
    rounded = (abs(_whole(amount)) * rate_bps + 5_000) // 10_000
    return rounded if amount >= 0 else -rounded


def to_minor_units(rupiah: int, gateway: str) -> int:
    """Whole rupiah in the integer unit of `gateway`; KeyError for a gateway without an entry in the table."""
    return _whole(rupiah) * MINOR_UNITS_PER_RUPIAH[gateway]


def from_minor_units(amount: int, gateway: str) -> int:
    """A gateway's integer amount in whole rupiah; ValueError when it holds a fraction of a rupiah."""
    rupiah, fraction = divmod(_whole(amount), MINOR_UNITS_PER_RUPIAH[gateway])
    if fraction:
        raise ValueError(f"{amount} of {gateway} is not a whole amount of rupiah")
    return rupiah


def _whole(amount: int) -> int:
    if type(amount) is not int:
        raise TypeError(f"an amount is whole rupiah, not {type(amount).__name__}")
    return amount
