"""Text in columns of one width, as receipt printers set it: measured, wrapped, paired with an amount, centred; pure.

static/counter/columns.js does the same in the browser; tests/storefront/documents/receipt_cases.json holds both to one outcome.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from kernel import clock

#: Characters of font A on one line: 58 mm paper, 80 mm paper of older printers, 80 mm paper.
WIDTHS = (32, 42, 48)


class Style(StrEnum):
    """How a row is set."""

    PLAIN = "plain"
    STRONG = "strong"
    #: Twice as wide and high: its text may take half of the columns.
    DOUBLE = "double"
    #: The text is an address; it is printed as a QR symbol.
    QR = "qr"
    #: The text is an 8 or 13 digit number; it is printed as EAN bars.
    BARS = "bars"


class Row(NamedTuple):
    """One line on the paper."""

    style: Style
    text: str


#: Marks that people type and that printers lack. `printable` in paper.py does this for the built-in faces of a PDF.
_LIKE = str.maketrans(
    {
        "–": "-", "—": "-", "−": "-", "‑": "-", "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "…": "...",
        "•": "-", "·": "-", "×": "x", "€": "EUR", "½": "1/2", "¼": "1/4", "¾": "3/4", "\u00a0": " ", "\u202f": " ",
    }
)  # fmt: skip
#: Letters that take two columns, first and last code points: East Asian wide ones (UAX #11) and pictures.
_WIDE = (
    (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
)  # fmt: skip
#: Control and direction marks could change what a line seems to say; accents that stand alone take no column.
_UNSEEN = ("Cc", "Cf", "Mn")


def clean(text: str) -> str:
    """`text` with typographic marks made plain, unseen signs dropped and white space single."""
    signs = unicodedata.normalize("NFC", text).translate(_LIKE)
    return " ".join("".join(" " if sign.isspace() else sign for sign in signs if sign.isspace() or _is_seen(sign)).split())


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _UNSEEN


def is_wide(sign: str) -> bool:
    """Whether the letter takes two columns."""
    point = ord(sign)
    return point >= _WIDE[0][0] and any(first <= point <= last for first, last in _WIDE)


def width_of(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if is_wide(sign) else 1 for sign in text)


def wrap(text: str, columns: int) -> list[str]:
    """Lines that fit, broken between words; a word that fits on no line is broken too."""
    lines: list[str] = []
    line = ""
    for each in clean(text).split(" "):
        word = each
        if line and width_of(line) + 1 + width_of(word) <= columns:
            line += f" {word}"
            continue
        if line:
            lines.append(line)
        while width_of(word) > columns:
            head = _beginning(word, columns)
            lines.append(head)
            word = word[len(head) :]
        line = word
    return [*lines, line] if line else lines


def _beginning(word: str, columns: int) -> str:
    """As much of a word as fits, at least one letter."""
    used, count = 0, 0
    for sign in word:
        used += 2 if is_wide(sign) else 1
        if used > columns and count:
            break
        count += 1
    return word[:count]


def pair(left: str, right: str, columns: int, style: Style = Style.PLAIN) -> list[Row]:
    """Words on the left and an amount on the right of their last line; a line of its own for the amount when it does not fit."""
    right = clean(right)
    lines = wrap(left, columns) or [""]
    if width_of(lines[-1]) + 1 + width_of(right) > columns:
        narrow = wrap(left, max(1, columns - width_of(right) - 1))
        lines = narrow if len(narrow) <= len(lines) + 1 else [*lines, ""]
    gap = columns - width_of(lines[-1]) - width_of(right)
    return [*(Row(style, line) for line in lines[:-1]), Row(style, lines[-1] + " " * max(1, gap) + right)]


def centred(text: str, columns: int, style: Style = Style.PLAIN) -> list[Row]:
    """As many lines as the text needs, each in the middle."""
    return [Row(style, " " * ((columns - width_of(line)) // 2) + line) for line in wrap(text, columns)]


def told(text: str, columns: int, indent: int = 0, style: Style = Style.PLAIN) -> list[Row]:
    """As many lines as the text needs, from the left."""
    return [Row(style, " " * indent + line) for line in wrap(text, columns - indent)]


def large(text: str, columns: int) -> list[Row]:
    """Centred and twice as large, or strong where that does not fit on one line."""
    half = columns // 2
    return centred(text, half, Style.DOUBLE) if width_of(clean(text)) <= half else centred(text, columns, Style.STRONG)


def large_pair(left: str, right: str, columns: int) -> list[Row]:
    """Words and an amount twice as large, or strong where that does not fit on one line."""
    half = columns // 2
    fits = width_of(clean(left)) + 1 + width_of(clean(right)) <= half
    return pair(left, right, half, Style.DOUBLE) if fits else pair(left, right, columns, Style.STRONG)


def rule(columns: int, sign: str = "-") -> Row:
    """A line across the paper."""
    return Row(Style.PLAIN, sign * columns)


def figure(amount: int) -> str:
    """`1.250.000`: Indonesian notation in both languages, as on the price tag."""
    return f"{'-' if amount < 0 else ''}{abs(amount):,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """`Rp1.250.000`."""
    return f"{'-' if amount < 0 else ''}Rp{figure(abs(amount))}"


def stamp(moment: str, zone: str, language: str) -> str:
    """`22/11/2026 14.30 WITA` of an ISO moment, on the wall clock of the zone."""
    at = clock.local(datetime.fromisoformat(moment), zone)
    return f"{at:%d/%m/%Y} {at:%H}{'.' if language == 'id' else ':'}{at:%M} {zone}"
