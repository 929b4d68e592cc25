"""What every printed page of the house is made of: ink, type, the songket band, the QR symbol, and text a printer can set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from PIL import Image

Colour = tuple[int, int, int]

INK: Colour = (33, 26, 22)
SOFT: Colour = (94, 81, 71)
MAROON: Colour = (125, 26, 45)
GOLD: Colour = (184, 146, 63)
LINE: Colour = (227, 216, 197)
SUNKEN: Colour = (247, 241, 230)
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

#: Type: the built-in faces, which need no font file and cover Indonesian and English.
SANS, SERIF = "Helvetica", "Times"
#: Millimetres per typographic point.
POINT = 25.4 / 72
#: Pixels per module of the QR symbol, and white modules around it (ISO/IEC 18004 asks for four).
QR_SCALE, QUIET_ZONE = 6, 4
#: Marks that people and we ourselves type and that Latin-1 lacks.
_LIKE = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‑": "-", "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "…": "...", "•": "\u00b7", "€": "EUR"}
)
#: The gap in `250 g`, where no line may end.
_MEASURE = re.compile(r"(?<=\d) (?=(?:g|kg|ml|l|cm|m|%)\b)")


def printable(text: str) -> str:
    """`text` in the letters that the built-in faces have: typographic marks made plain, accents dropped where needed, else `?`."""
    kept = []
    for sign in unicodedata.normalize("NFC", text).translate(_LIKE):
        if sign.isspace():
            kept.append("\u00a0" if sign == "\u00a0" else " ")
        elif unicodedata.category(sign) in ("Cc", "Cf", "Mn"):
            continue  # control and direction marks could change what the line seems to say
        elif ord(sign) < 256:
            kept.append(sign)
        else:
            plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if ord(part) < 256)
            kept.append(plain or "?")
    return _MEASURE.sub("\u00a0", "".join(kept))


def qr_image(address: str) -> Image.Image:
    """The address as a QR symbol with its own white ground, one byte per pixel."""
    drawn = BytesIO()
    segno.make_qr(address, error="m", boost_error=False).save(drawn, kind="png", scale=QR_SCALE, border=QUIET_ZONE)
    drawn.seek(0)
    return Image.open(drawn).convert("L")


@lru_cache(maxsize=256)
def qr_modules(address: str) -> tuple[tuple[bool, ...], ...]:
    """The symbol's rows, True dark, without white around it."""
    return tuple(tuple(bool(module) for module in row) for row in segno.make_qr(address, error="m", boost_error=False).matrix)


@lru_cache(maxsize=256)
def _qr_dots(address: str) -> Image.Image:
    """The symbol with one pixel for each module: scaled up by the printer it stays sharp."""
    rows = qr_modules(address)
    picture = Image.new("L", (len(rows), len(rows)), 255)
    picture.putdata([0 if module else 255 for row in rows for module in row])
    return picture


class Paper(FPDF):
    """A document in the house's hand. All measures are millimetres; type sizes are points; `y` is the top of a line."""

    def __init__(self, size: str | tuple[float, float], title: str, margin: float) -> None:
        super().__init__(orientation="P", unit="mm", format=size)
        self.set_auto_page_break(False)
        self.set_margin(margin)
        self.c_margin = 0
        self.set_title(printable(title))
        self.set_creator("Etalase")

    def face(self, size: float, style: str = "", colour: Colour = INK, family: str = SANS) -> None:
        """Choose the type of what is said next."""
        self.set_font(family, style, size)
        self.set_text_color(*colour)

    def line_height(self, leading: float = 1.32) -> float:
        """The height of one line of the chosen type."""
        return float(self.font_size_pt) * POINT * leading

    def say(self, x: float, y: float, text: str, width: float = 0, align: str = "L") -> float:
        """One line at a place, `width` wide when aligned right or centred; the y below it."""
        height = self.line_height()
        self.set_xy(x, y)
        self.cell(
            width or self.get_string_width(printable(text)) + 1, height, printable(text), align=align, new_x=XPos.LEFT, new_y=YPos.NEXT
        )
        return y + height

    def split(self, text: str, width: float) -> list[str]:
        """`text` broken into lines that fit."""
        lines = self.multi_cell(width, self.line_height(), printable(text), align="L", dry_run=True, output="LINES")
        return [str(line) for line in lines] if isinstance(lines, Sequence) else []

    def tell(self, x: float, y: float, text: str, width: float, align: str = "L") -> float:
        """As many lines as the text needs; the y below them."""
        for line in self.split(text, width):
            y = self.say(x, y, line, width, align)
        return y

    def rule(self, x: float, y: float, width: float, colour: Colour = LINE, weight: float = 0.2) -> None:
        """A hairline."""
        self.set_draw_color(*colour)
        self.set_line_width(weight)
        self.line(x, y, x + width, y)

    def tint(self, x: float, y: float, width: float, height: float, colour: Colour = SUNKEN) -> None:
        """A filled ground."""
        self.set_fill_color(*colour)
        self.rect(x, y, width, height, style="F")

    def band(self, x: float, y: float, width: float, height: float, colour: Colour = GOLD, ground: Colour = WHITE) -> None:
        """The songket band: stepped lozenges between two threads, as many as fit, drawn as vectors."""
        unit = height / 12
        count = max(1, round(width / height))
        period = width / count
        self.tint(x, y, width, unit / 2, colour)
        self.tint(x, y + height - unit / 2, width, unit / 2, colour)
        for number in range(count):
            centre = x + period * (number + 0.5)
            self._lozenge(centre, y + height / 2, 5, unit, colour)
            self._lozenge(centre, y + height / 2, 3, unit, ground)
            self._lozenge(centre, y + height / 2, 1, unit, colour)
        for number in range(count + 1):
            edge = x + period * number
            for steps, top in ((3, y + unit), (1, y + 2 * unit), (1, y + 9 * unit), (3, y + 10 * unit)):
                left, right = max(x, edge - steps * unit / 2), min(x + width, edge + steps * unit / 2)
                self.tint(left, top, right - left, unit, colour)

    def mark(self, x: float, y: float, size: float, colour: Colour = MAROON) -> None:
        """The house's mark: one lozenge woven of steps."""
        unit = size / 11
        for steps, filling in ((6, colour), (4, WHITE), (2, colour)):
            self._lozenge(x + size / 2, y + size / 2, steps, unit, filling)

    def qr(self, right: float, y: float, size: float, address: str) -> None:
        """The symbol with its dark part `size` wide, below `y` and left of `right`; it opens the address when tapped on a screen."""
        picture = qr_image(address)
        quiet = size * QUIET_ZONE * QR_SCALE / (picture.width - 2 * QUIET_ZONE * QR_SCALE)
        self.image(picture, x=right - size - quiet, y=y - quiet, w=size + 2 * quiet, h=size + 2 * quiet, link=address)

    def symbol(self, x: float, y: float, module: float, address: str) -> float:
        """A QR symbol whose modules are `module` wide, its dark part from `x` and `y`; the width it took."""
        size = len(qr_modules(address)) * module
        self.image(_qr_dots(address), x=x, y=y, w=size, h=size)
        return size

    def _lozenge(self, x: float, y: float, steps: int, unit: float, colour: Colour) -> None:
        self.set_fill_color(*colour)
        for row in range(-steps + 1, steps):
            width = (2 * (steps - abs(row)) - 1) * unit
            self.rect(x - width / 2, y + (row - 0.5) * unit, width, unit * 1.02, style="F")
