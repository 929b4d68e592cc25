"""Rows of columns on a PDF as wide as receipt paper: what a receipt printer would print, for a printer behind any other program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storefront.documents.columns import Row, Style
from storefront.documents.paper import BLACK, Paper, qr_image

#: Millimetres of the paper by what may be asked for as `?paper=`, and its columns: a character is 1.5 mm wide.
PAPERS = {"58mm": (58.0, 32), "80mm": (80.0, 48)}
CHARACTER = 1.5
#: Type size at which Courier's characters, 0.6 em wide, are as wide as that.
SIZE = CHARACTER / 0.6 / 25.4 * 72
LINE, DOUBLE_LINE, QR_SIZE = 3.5, 7.0, 30.0
ABOVE, BELOW = 3.0, 12.0


def columns_of(paper: str) -> int:
    """How many characters stand on a line of the paper; KeyError for a paper that there is none of."""
    return PAPERS[paper][1]


def draw_rows(rows: Sequence[Row], paper: str, title: str, language: str, made_at: datetime) -> bytes:
    """One page, as long as it needs."""
    width, columns = PAPERS[paper]
    length = ABOVE + sum(_height(row) for row in rows) + BELOW
    roll = Paper((width, length), title, 0)
    roll.set_lang(language)
    roll.set_creation_date(made_at)
    roll.add_page()
    left, y = (width - columns * CHARACTER) / 2, ABOVE
    for row in rows:
        if row.style is Style.QR:
            roll.image(qr_image(row.text), x=(width - QR_SIZE) / 2, y=y, w=QR_SIZE, h=QR_SIZE, link=row.text)
        else:
            is_double = row.style is Style.DOUBLE
            roll.face(SIZE * 2 if is_double else SIZE, "" if row.style is Style.PLAIN else "B", BLACK, "Courier")
            roll.say(left, y, row.text)
        y += _height(row)
    return bytes(roll.output())


def _height(row: Row) -> float:
    return {Style.DOUBLE: DOUBLE_LINE, Style.QR: QR_SIZE}.get(row.style, LINE)
