"""The numbers an Indonesian company goes by: NPWP (taxpayer) and NIB (business). Pure arithmetic."""

from __future__ import annotations

import re

from kernel.errors import N_, InvalidInput

_SPACING = re.compile(r"[\s.\-]")


def parse_npwp(text: str, *, field: str = "npwp") -> str:
    """The taxpayer number as digits: 15 as before July 2024, or 16 since (PMK 112/2022). InvalidInput otherwise.

    Of the 15 digits the ninth is a check digit (Luhn). A company's 16 are a zero and its 15; a person's are the 16 of the identity card.
    """
    digits = _digits(text)
    if len(digits) not in (15, 16):
        raise InvalidInput(N_("A taxpayer number (NPWP) has 15 or 16 digits."), field=field)
    old = digits if len(digits) == 15 else digits[1:] if digits[0] == "0" else ""
    if (old and not _passes_luhn(old[:9])) or len(set(digits)) == 1:
        raise InvalidInput(N_("This taxpayer number (NPWP) has a mistyped digit; please compare it with the card."), field=field)
    return digits


def parse_nib(text: str, *, field: str = "nib") -> str:
    """The 13 digits of a business number; InvalidInput otherwise."""
    digits = _digits(text)
    if len(digits) != 13:
        raise InvalidInput(N_("A business number (NIB) has 13 digits."), field=field)
    return digits


def _digits(text: str) -> str:
    tidy = _SPACING.sub("", text)
    return tidy if tidy.isascii() and tidy.isdigit() else ""


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
