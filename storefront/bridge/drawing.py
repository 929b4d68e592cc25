"""Rows of a receipt, report or label as the bytes that a receipt printer understands (ESC/POS, written by python-escpos).

Codes are sent as pictures: the profiles of 58 mm printers list no command for QR symbols or bar codes. The paper is cut only
where the profile has a cutter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import segno
from escpos.capabilities import get_profile
from escpos.printer import Dummy
from PIL import Image

from catalog.barcodes import bars, modules, quiet_zone
from storefront.documents.columns import Row, Style, is_wide

#: python-escpos's profile where none is named: dots of a line and whether there is a cutter follow from it.
PROFILES = {32: "POS-5890", 42: "TM-T88II", 48: "TM-T20II"}
#: White squares around a QR symbol (ISO/IEC 18004), and the largest it is drawn, in dots (203 per inch: 30 mm).
QUIET, LARGEST_QR = 4, 240
#: Dots of an EAN symbol's narrowest bar, and its height (10 mm).
MODULE, BAR_HEIGHT = 2, 80
#: Lines between the print head and the edge where a receipt is torn off.
TEAR_OFF = 4


class Job:
    """What one job prints on paper of a width."""

    def __init__(self, profile: str) -> None:
        self.device = Dummy(profile=profile)
        self.dots = dots_of(profile)

    def bytes_of(self, rows: Sequence[Row], *, cut: bool, drawer: bool, copies: int = 1) -> bytes:
        """Everything that goes to the printer. The drawer springs open first: the cashier counts while it prints."""
        self.device.hw("INIT")
        if drawer:
            self.device.cashdraw(2)
        for _copy in range(copies if rows else 0):
            for row in rows:
                self._row(row)
            self._end(cut)
        return bytes(self.device.output)

    def _row(self, row: Row) -> None:
        if row.style is Style.QR:
            self._picture(draw_qr(row.text, self.dots))
        elif row.style is Style.BARS:
            self._picture(draw_bars(row.text))
            self.device.set(align="center")
            self.device.textln(row.text)
            self.device.set(align="left")
        else:
            self._text(row)

    def _text(self, row: Row) -> None:
        is_double = row.style is Style.DOUBLE
        is_strong = row.style is not Style.PLAIN
        if is_strong:
            self.device.set(bold=True, double_width=is_double, double_height=is_double, normal_textsize=not is_double)
        self.device.textln(in_ascii(row.text))
        if is_strong:
            self.device.set(bold=False, normal_textsize=True)

    def _picture(self, picture: Image.Image) -> None:
        ground = Image.new("1", (self.dots, picture.height), 1)
        ground.paste(picture, ((self.dots - picture.width) // 2, 0))
        self.device.image(ground, impl="bitImageRaster")

    def _end(self, cut: bool) -> None:
        if cut and has_cutter(self.device.profile):
            self.device.cut()
        else:
            self.device.print_and_feed(TEAR_OFF)


def profile_named(name: str) -> Any:
    """python-escpos's profile; KeyError for a name that it does not know."""
    return get_profile(name)


def dots_of(name: str) -> int:
    """Dots of one line: 384 on 58 mm paper, 512 or 576 on 80 mm."""
    return int(profile_named(name).profile_data["media"]["width"]["pixels"])


def has_cutter(profile: Any) -> bool:
    """Whether the printer can cut."""
    return bool(profile.supports("paperFullCut") or profile.supports("paperPartCut"))


def in_ascii(text: str) -> str:
    """`text` in the letters that every printer has, each as wide as before; `?` for what has no likeness."""
    return "".join(sign if sign.isascii() else _likeness(sign) for sign in text)


def _likeness(sign: str) -> str:
    width = 2 if is_wide(sign) else 1
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if part.isascii() and part.isprintable())
    return plain if len(plain) == width else "?" * width


def draw_qr(address: str, dots: int) -> Image.Image:
    """The symbol with its white border, its squares as large as the paper and our limit let them be."""
    symbol = segno.make_qr(address, error="m", boost_error=False)
    squares = len(symbol.matrix) + 2 * QUIET
    scale = max(2, min(dots, LARGEST_QR) // squares)
    picture = Image.new("1", (squares * scale, squares * scale), 1)
    for y, line in enumerate(symbol.matrix):
        for x, dark in enumerate(line):
            if dark:
                left, top = (x + QUIET) * scale, (y + QUIET) * scale
                picture.paste(0, (left, top, left + scale, top + scale))
    return picture


def draw_bars(number: str) -> Image.Image:
    """EAN-13 or EAN-8 with its quiet zones; ValueError for another number."""
    before, after = quiet_zone(number)
    picture = Image.new("1", ((before + len(modules(number)) + after) * MODULE, BAR_HEIGHT), 1)
    for at, width, _is_guard in bars(number):
        left = (before + at) * MODULE
        picture.paste(0, (left, 0, left + width * MODULE, BAR_HEIGHT))
    return picture
