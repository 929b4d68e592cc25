"""What people type turned into values: whole numbers, rupiah and dates, each refused with a sentence that says how to write it."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from kernel.errors import N_, InvalidInput
from kernel.money import LARGEST_AMOUNT

_Choice = TypeVar("_Choice", bound=StrEnum)

_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_NEGATIVE = re.compile(r"[-−][0-9]+([.,][0-9]+)?", re.ASCII)
#: `25000`, `25.000`, `Rp25.000`, `Rp 25.000`, and the endings people add by habit: `,00` and `,-`.
_RUPIAH = re.compile(r"(?:rp\.?\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,18})(?:,00|,-)?", re.ASCII | re.IGNORECASE)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
#: No date of ours lies outside.
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_LOCAL_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)


def parse_whole_number(text: str, minimum: int, maximum: int, field: str) -> int:
    """`text` as an integer between `minimum` and `maximum`; InvalidInput naming `field` otherwise.

    Only the digits 0 to 9 count: `1.5`, `1e9`, `NaN` and full-width digits are refused, never guessed.
    """
    stripped = text.strip()
    if _NEGATIVE.fullmatch(stripped):
        raise InvalidInput(N_("This must be at least %(minimum)s."), field=field, minimum=minimum)
    if not stripped.isascii() or not stripped.isdigit():
        raise InvalidInput(N_("Type a whole number with the digits 0 to 9."), field=field)
    if not _WHOLE.fullmatch(stripped):
        raise InvalidInput(N_("This must be at most %(maximum)s."), field=field, maximum=maximum)
    return check_range(int(stripped), minimum, maximum, field)


def check_range(value: int, minimum: int, maximum: int, field: str) -> int:
    """`value` when it is a whole number inside the bounds; InvalidInput naming `field` otherwise."""
    if type(value) is not int:
        raise InvalidInput(N_("Type a whole number with the digits 0 to 9."), field=field)
    if value < minimum:
        raise InvalidInput(N_("This must be at least %(minimum)s."), field=field, minimum=minimum)
    if value > maximum:
        raise InvalidInput(N_("This must be at most %(maximum)s."), field=field, maximum=maximum)
    return value


def parse_rupiah(text: str, *, field: str = "price", minimum: int = 0, maximum: int = LARGEST_AMOUNT) -> int:
    """`25000`, `25.000` or `Rp 25.000` as whole rupiah. A comma never separates thousands here: `25,000` is refused."""
    stripped = text.strip()
    if _NEGATIVE.fullmatch(stripped):
        raise InvalidInput(N_("This must be at least %(minimum)s."), field=field, minimum=minimum)
    found = _RUPIAH.fullmatch(stripped.replace("\N{NO-BREAK SPACE}", " "))
    if not found:
        raise InvalidInput(N_("Type the amount in whole rupiah, such as 25.000."), field=field)
    return check_range(int(found[1].replace(".", "")), minimum, maximum, field)


def parse_date(text: str, *, field: str) -> date:
    """`2026-11-21` (what a date field sends) or `21/11/2026` (what people write) as a date."""
    stripped = text.strip()
    iso, local = _ISO_DATE.fullmatch(stripped), _LOCAL_DATE.fullmatch(stripped)
    parts = (iso[1], iso[2], iso[3]) if iso else (local[3], local[2], local[1]) if local else None
    try:
        if parts is None:
            raise ValueError
        value = date(*map(int, parts))
    except ValueError:
        raise InvalidInput(N_("Type the date as day/month/year, such as 21/11/2026."), field=field) from None
    if not EARLIEST <= value <= LATEST:
        raise InvalidInput(N_("This date is too far away; please check the year."), field=field)
    return value


def parse_choice(choices: type[_Choice], text: str, *, field: str) -> _Choice:
    """The member of a StrEnum that a select or radio field sent; InvalidInput for anything else."""
    try:
        return choices(text)
    except ValueError:
        raise InvalidInput(N_("Please choose one of the options."), field=field) from None


def parse_text(text: str, *, field: str, maximum: int, required: bool = False) -> str:
    """`text` without surrounding space and control characters; InvalidInput when it is too long, or empty and required."""
    cleaned = text.strip()
    if not cleaned.isprintable():
        cleaned = "".join(c for c in cleaned if c in "\n\t" or c.isprintable())
    if required and not cleaned:
        raise InvalidInput(N_("Please fill this in."), field=field)
    if len(cleaned) > maximum:
        raise InvalidInput(N_("This may have at most %(maximum)s characters."), field=field, maximum=maximum)
    return cleaned
