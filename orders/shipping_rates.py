"""Which zone a place belongs to and what a weight costs there: pure rules, explained in docs/shipping.md."""

from __future__ import annotations

from collections.abc import Sequence

GRAMS_PER_KG = 1_000
#: A rate: the heaviest whole kilogram it covers, and its price in whole rupiah.
Rate = tuple[int, int]


def prefixes_of(area_code: str) -> tuple[str, ...]:
    """Every prefix a zone may name for this place, the longest first; the first digit is the island group, "" is everywhere.

    16.12.01.2001 gives itself, 16.12.01, 16.12, 16, 1 and the empty prefix.
    """
    parts = area_code.split(".") if area_code else []
    codes = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return (*codes, *(code[:1] for code in codes[-1:]), "")


def charged_kg(weight_g: int) -> int:
    """The weight that is paid for: every begun kilogram counts. 1,000 g is 1 kg, 1,001 g is 2 kg."""
    if type(weight_g) is not int or weight_g < 1:
        raise ValueError(f"a weight is a whole number of grams above zero, not {weight_g!r}")
    return -(-weight_g // GRAMS_PER_KG)


def price_of(kilograms: int, rates: Sequence[Rate], extra_kg_price: int | None) -> int | None:
    """What so many whole kilograms cost by the table (ascending); None when that is too heavy for it."""
    for up_to_kg, price in rates:
        if kilograms <= up_to_kg:
            return price
    if not rates or extra_kg_price is None:
        return None
    heaviest, price = rates[-1]
    return price + (kilograms - heaviest) * extra_kg_price
