"""Telephone numbers: what people type turned into E.164."""

from __future__ import annotations

import re

from kernel.errors import N_, InvalidInput

_TYPED = re.compile(r"\+?[0-9(][0-9 ().\-]{5,28}", re.ASCII)


def parse_phone(text: str, *, field: str = "phone") -> str:
    """`0812-3456-7890`, `62812 3456 7890` or any number with `+` as E.164; a number without country is Indonesian."""
    import phonenumbers  # sixty modules with the numbers of the world, for who types one

    typed = " ".join(text.split())
    if _TYPED.fullmatch(typed):
        if typed.startswith("62"):
            typed = f"+{typed}"
        try:
            number = phonenumbers.parse(typed, "ID")
        except phonenumbers.NumberParseException:
            number = None
        if number is not None and phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise InvalidInput(N_("Type a complete phone number, such as 0812 3456 7890."), field=field)


def normalise_phone(text: str, *, field: str = "phone") -> str:
    """Like parse_phone, for a number nobody has to give: nothing typed stays empty."""
    return parse_phone(text, field=field) if text.strip() else ""
