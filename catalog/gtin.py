"""Barcode numbers: GTINs issued by GS1 and our own internal numbers in the restricted range 2xx. Pure arithmetic."""

from __future__ import annotations

from kernel.errors import N_, InvalidInput

#: Prefixes of a 13-digit number that GS1 leaves to shops for use inside (GS1 General Specifications, restricted circulation).
_RESTRICTED = ("02", "04", "2")
#: Our own range inside 2xx. Scales print weights and prices under 20-29 elsewhere, so ours keeps to one prefix.
_INTERNAL_PREFIX = "200"
LARGEST_SEQUENCE = 999_999_999


def check_digit(digits: str) -> int:
    """The GS1 check digit for `digits` (all digits but the last): weights 3, 1, 3 … from the right, complement to ten."""
    total = sum(int(digit) * (1 if position % 2 else 3) for position, digit in enumerate(reversed(digits)))
    return -total % 10


def parse_gtin(text: str, *, field: str = "gtin") -> str:
    """A typed or scanned GTIN-8, -12, -13 or -14 in its canonical form (8, 13 or 14 digits); InvalidInput otherwise.

    A GTIN-12 and a padded GTIN-14 name the same goods as a GTIN-13, so one form is stored and compared.
    """
    digits = _digits(text, field)
    if digits[-1] != str(check_digit(digits[:-1])):
        raise InvalidInput(N_("The last digit does not fit: please compare the barcode number with the pack."), field=field)
    number = canonical(digits)
    if is_restricted(number):
        raise InvalidInput(N_("Numbers beginning with 02, 04 or 2 are for use inside one shop; leave this empty instead."), field=field)
    return number


def _digits(text: str, field: str) -> str:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit():
        raise InvalidInput(N_("Type the barcode number with the digits 0 to 9 only, without spaces."), field=field)
    if len(digits) not in (8, 12, 13, 14):
        raise InvalidInput(N_("A barcode number has 8, 12, 13 or 14 digits; this one has %(count)s."), field=field, count=len(digits))
    return digits


def canonical(digits: str) -> str:
    """8 to 14 digits as they are kept: 8, 13 or 14, without the zeros that only fill up."""
    padded = digits.zfill(14)
    if padded.startswith("000000"):
        return padded[6:]
    return padded.removeprefix("0")


def is_restricted(canonical: str) -> bool:
    """Whether a canonical number belongs to a range for use inside one shop, and so is no GTIN."""
    if len(canonical) == 8:
        return canonical[0] in "02"
    return (canonical[1:] if len(canonical) == 14 else canonical).startswith(_RESTRICTED)


def make_internal_number(sequence: int) -> str:
    """Our 13-digit number for the `sequence`-th unbarcoded variant; ValueError outside 1 to 999,999,999."""
    if not 1 <= sequence <= LARGEST_SEQUENCE:
        raise ValueError(f"no internal number for {sequence}")
    digits = f"{_INTERNAL_PREFIX}{sequence:09d}"
    return f"{digits}{check_digit(digits)}"


def is_internal_number(text: str) -> bool:
    """Whether `text` is one of our own numbers with a right check digit."""
    return (
        len(text) == 13
        and text.isascii()
        and text.isdigit()
        and text.startswith(_INTERNAL_PREFIX)
        and text[-1] == str(check_digit(text[:-1]))
    )
