"""The A4 page of the house: head with the songket band, parties, a table over as many pages as it needs, and a quiet foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from orders.queries import OutletView
from storefront.documents.paper import GOLD, INK, LINE, MAROON, SANS, SERIF, SOFT, Paper
from storefront.i18n import gettext as _
from storefront.templating import current_settings

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 20.0
INNER = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
#: Where the text of a page ends and its foot begins.
BOTTOM, FOOT = 272.0, 279.0
#: Height of the head on a following page.
SHORT_HEAD = 34.0


@dataclass(frozen=True, slots=True)
class Fact:
    """A word and what it says, in a party's block."""

    label: str
    text: str


def npwp_text(npwp: str) -> str:
    """Sixteen digits in groups of four; the older notation as it was typed."""
    return " ".join(npwp[at : at + 4] for at in range(0, 16, 4)) if len(npwp) == 16 and npwp.isdigit() else npwp


def seller_lines(outlet: OutletView) -> list[str]:
    """The operator as the law wants it on a receipt: name, address, phone, NPWP."""
    npwp = outlet.operator_npwp and f"NPWP {npwp_text(outlet.operator_npwp)}"
    return [line for line in (outlet.operator_name, outlet.address, outlet.phone, npwp) if line]


class Named(Protocol):
    """Whose paper it is: an outlet's name stands in the head."""

    @property
    def name(self) -> str: ...


class Sheet(Paper):
    """An A4 document of one or more pages about one order, or of several orders one after the other."""

    def __init__(self, title: str) -> None:
        super().__init__("A4", title, MARGIN)
        self.name = title

    def head(self, outlet: Named, code: str) -> float:
        """Open the first page about an order; the y where its text may begin."""
        self.add_page()
        self.mark(MARGIN, 16.5, 10)
        self.face(18, "B", MAROON, SERIF)
        self.say(MARGIN + 14, 15, current_settings().shop_name)
        self.face(9, colour=SOFT)
        self.say(MARGIN + 14, 23, outlet.name)
        self.face(20, colour=INK, family=SERIF)
        self.say(RIGHT - 90, 14.2, self.name, 90, "R")
        self.face(10.5, "B", SOFT)
        self.say(RIGHT - 90, 23, code, 90, "R")
        self.band(MARGIN, 32, INNER, 4)
        return 43

    def head_again(self, code: str) -> float:
        """Open a following page; the y where its text may begin."""
        self.add_page()
        self.mark(MARGIN, 14, 6)
        self.face(11, "B", MAROON, SERIF)
        self.say(MARGIN + 9, 14.4, current_settings().shop_name)
        self.face(9, colour=SOFT)
        self.say(RIGHT - 90, 15, f"{self.name} \u00b7 {code}", 90, "R")
        self.rule(MARGIN, 24, INNER, GOLD, 0.4)
        return SHORT_HEAD - 4

    def foot(self, text: str, number: int, count: int) -> None:
        """Close a page: what to do with the paper, and which page of how many."""
        self.rule(MARGIN, FOOT, INNER, LINE)
        self.face(7.5, colour=SOFT)
        self.say(MARGIN, FOOT + 1.8, text, INNER - 30)
        if count > 1:
            self.say(RIGHT - 30, FOOT + 1.8, _("Page %(number)s of %(count)s", number=number, count=count), 30, "R")

    def party(self, x: float, y: float, width: float, title: str, lines: Sequence[str]) -> float:
        """A block of lines below a small title, the first line stressed; the y below it."""
        y = self.overline(x, y, title)
        for number, line in enumerate(lines):
            self.face(9.5, "B" if number == 0 else "")
            y = self.tell(x, y, line, width)
        return y

    def facts(self, x: float, y: float, width: float, facts: Sequence[Fact]) -> float:
        """Words and what they say, one above the other; the y below them."""
        for fact in facts:
            y = self.overline(x, y, fact.label)
            self.face(9.5)
            y = self.tell(x, y, fact.text, width) + 1.6
        return y

    def overline(self, x: float, y: float, text: str) -> float:
        """A small quiet label; the y below it."""
        self.face(7.5, colour=SOFT, family=SANS)
        return self.say(x, y, text) + 0.3


def share_out(heights: Sequence[float], first: float, following: float, closing: float) -> list[list[int]]:
    """Rows by page: as many as fit into the room of the first and of each following page, and room for the closing block at the end.

    The last row goes along when the closing block needs a page of its own.
    """
    pages: list[list[int]] = [[]]
    used = 0.0
    for row, height in enumerate(heights):
        room = first if len(pages) == 1 else following
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += height
    room = first if len(pages) == 1 else following
    if used + closing > room:
        last = [pages[-1].pop()] if len(pages[-1]) > 1 else []
        pages.append(last)
    return pages
