"""EAN-13 and EAN-8 as bars: which modules are dark, and how a label reader sees the number (GS1 General Specifications 5.2). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from catalog.gtin import check_digit

#: White modules that must stay free left and right of an EAN-13 and of an EAN-8.
QUIET_13, QUIET_8 = (11, 7), (7, 7)
_GUARD, _CENTRE = "101", "01010"
#: Set A (odd parity) of the digits 0 to 9; B is C mirrored, and C is A with dark and light exchanged.
_A = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_SWAP = str.maketrans("01", "10")
_C = tuple(pattern.translate(_SWAP) for pattern in _A)
_B = tuple(pattern[::-1] for pattern in _C)
#: The first digit of an EAN-13 is said by which of the left six digits use set B.
_PARITIES = ("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA")


def modules(number: str) -> str:
    """The symbol of an 8 or 13 digit number as 67 or 95 modules, `1` dark; ValueError for any other text or a wrong check digit."""
    if not (number.isascii() and number.isdigit() and len(number) in (8, 13)):
        raise ValueError(f"{number!r} has no EAN symbol")
    if number[-1] != str(check_digit(number[:-1])):
        raise ValueError(f"{number} has a wrong check digit")
    if len(number) == 8:
        left = "".join(_A[int(digit)] for digit in number[:4])
        right = "".join(_C[int(digit)] for digit in number[4:])
    else:
        sets = {"A": _A, "B": _B}
        parities = _PARITIES[int(number[0])]
        left = "".join(sets[parity][int(digit)] for parity, digit in zip(parities, number[1:7], strict=True))
        right = "".join(_C[int(digit)] for digit in number[7:])
    return f"{_GUARD}{left}{_CENTRE}{right}{_GUARD}"


def quiet_zone(number: str) -> tuple[int, int]:
    """White modules before and after the symbol."""
    return QUIET_8 if len(number) == 8 else QUIET_13


def bars(number: str) -> Iterator[tuple[int, int, bool]]:
    """(first module, width in modules, is a guard bar) of every dark bar, from the left; guard bars are drawn longer."""
    pattern = modules(number)
    middle = len(pattern) // 2
    at = 0
    for sign, group in groupby(pattern):
        width = len(list(group))
        if sign == "1":
            yield at, width, at < 3 or at >= len(pattern) - 3 or abs(at - middle) <= 2
        at += width


def printable_number(gtin: str | None, internal_number: str | None) -> str | None:
    """Which number of a variant can stand on a label: its GTIN with 8 or 13 digits, else our own; a case number cannot."""
    if gtin is not None and len(gtin) in (8, 13):
        return gtin
    return internal_number
