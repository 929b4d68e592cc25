"""What people type into the cells of a spreadsheet, as values (pure): amounts, quantities, dates, yes and no."""

from __future__ import annotations

import re
from datetime import date

from catalog.models.product import Unit
from kernel.errors import N_, InvalidInput
from kernel.parsing import parse_date

#: Groups of three digits parted by points or by commas (never by both), then perhaps cents that are nothing.
_GROUPED = re.compile(
    r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,15})(?:[.,]0{1,2}|,-)?", re.ASCII
)
_RUPIAH = re.compile(r"(?:rp|idr)\.? *", re.IGNORECASE)
_QUANTITY = re.compile(r"([0-9]+(?:[.,][0-9]+)*) *([a-z]*)\.?", re.ASCII | re.IGNORECASE)
_DECIMAL = re.compile(r"([0-9]{1,6})[.,]([0-9]{1,2})", re.ASCII)
_WORD_DATE = re.compile(r"(?:[a-z']+, *)?([0-9]{1,2})[ \-/.]+([a-z]+)\.?[ \-/.]+([0-9]{4})", re.IGNORECASE)
_MONTHS = (
    ("jan", "januari", "january"),
    ("feb", "peb", "februari", "pebruari", "february"),
    ("mar", "mrt", "maret", "march"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("agu", "agt", "ags", "agust", "agustus", "aug", "august"),
    ("sep", "sept", "september"),
    ("okt", "oct", "oktober", "october"),
    ("nov", "nop", "november", "nopember"),
    ("des", "dec", "desember", "december"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
#: What a pack says -> the unit it is kept in, and how many of it one is.
_UNITS: dict[str, tuple[Unit, int]] = {
    **dict.fromkeys(("g", "gr", "gram", "grams", "gm"), (Unit.GRAM, 1)),
    **dict.fromkeys(("kg", "kilo", "kilogram"), (Unit.GRAM, 1000)),
    **dict.fromkeys(("ml", "mililiter", "millilitre", "milliliter", "cc"), (Unit.MILLILITRE, 1)),
    **dict.fromkeys(("l", "lt", "ltr", "liter", "litre"), (Unit.MILLILITRE, 1000)),
    **dict.fromkeys(
        ("pcs", "pc", "piece", "pieces", "buah", "bh", "biji", "butir", "lembar", "helai", "potong", "unit", "pasang", "set"),
        (Unit.PIECE, 1),
    ),
}
_YES = frozenset({"ya", "y", "yes", "iya", "benar", "true", "1", "v", "x", "ada", "aktif"})
_NO = frozenset({"tidak", "tdk", "t", "no", "n", "bukan", "false", "0", "belum", "nonaktif"})


def read_amount(text: str, field: str) -> int:
    """`Rp 15.000`, `15,000`, `15000.00` or `15.000,-` as whole rupiah: three digits after a sign are thousands, one or two are cents."""
    typed = _RUPIAH.sub("", text.replace("\N{NO-BREAK SPACE}", " ").strip(), count=1).strip()
    found = _GROUPED.fullmatch(typed)
    if not found:
        raise InvalidInput(N_("Type the amount in whole rupiah, such as 25.000."), field=field)
    return int(re.sub(r"[., ]", "", found[1]))


def read_whole(text: str, field: str) -> int:
    """A whole number, with or without signs between the thousands."""
    found = _GROUPED.fullmatch(text.replace("\N{NO-BREAK SPACE}", " ").strip())
    if not found:
        raise InvalidInput(N_("Type a whole number with the digits 0 to 9."), field=field)
    return int(re.sub(r"[., ]", "", found[1]))


def read_quantity(text: str, field: str) -> tuple[int, Unit | None]:
    """`250`, `250 gr`, `1,5 kg` or `1 liter` as a number of grams, millilitres or pieces; the unit is None when nothing was said."""
    found = _QUANTITY.fullmatch(text.strip())
    if not found or (found[2] and found[2].lower() not in _UNITS):
        raise InvalidInput(N_("Type the quantity with its unit, such as 250 g, 1 kg, 600 ml or 1 piece."), field=field)
    unit, factor = _UNITS[found[2].lower()] if found[2] else (None, 1)
    decimal = _DECIMAL.fullmatch(found[1])
    if decimal:
        thousandths = int(decimal[1]) * 1000 + int(decimal[2].ljust(3, "0"))
        if thousandths * factor % 1000:
            raise InvalidInput(N_("Type a whole number with the digits 0 to 9."), field=field)
        return thousandths * factor // 1000, unit
    return read_whole(found[1], field) * factor, unit


def read_unit(text: str, field: str) -> Unit:
    """`gram`, `ml` or `buah` as a unit we keep; a kilogram or litre belongs beside its number."""
    found = _UNITS.get(text.strip().lower().rstrip("."))
    if found is None or found[1] != 1:
        raise InvalidInput(N_("Type the quantity with its unit, such as 250 g, 1 kg, 600 ml or 1 piece."), field=field)
    return found[0]


def read_weight(text: str, field: str) -> int:
    """Grams: `300`, `300 g` or `1,2 kg`."""
    grams, unit = read_quantity(text, field)
    if unit not in (None, Unit.GRAM):
        raise InvalidInput(N_("Type the weight in grams, such as 300."), field=field)
    return grams


def read_day(text: str, field: str) -> date:
    """`2026-11-21`, `21/11/2026`, `21 November 2026`, `Sabtu, 21 Nop 2026` or `21-Nov-2026`. The day always comes before the month."""
    typed = text.strip().removesuffix(" 00:00:00").strip()
    words = _WORD_DATE.fullmatch(typed)
    if words and (month := _MONTH_NUMBERS.get(words[2].lower())):
        typed = f"{words[3]}-{month}-{words[1]}"
    return parse_date(typed, field=field)


def read_flag(text: str, field: str) -> bool:
    """`ya`, `tidak`, `yes`, `no`, `1`, `0` and the like."""
    word = text.strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise InvalidInput(N_("Type yes or no."), field=field)
