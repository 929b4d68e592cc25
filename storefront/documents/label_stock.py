"""Kinds of labels and the paper they are printed on; known to forms without loading what draws them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: One dot of a 203 dpi printer.
DOT = 25.4 / 203


class LabelKind(StrEnum):
    """A price tag goes on the pack and names its lot; a shelf label stands in front of it, with the price large."""

    TAG = "tag"
    SHELF = "shelf"


class PackKind(StrEnum):
    """A pack label says what the law wants of food; a story card stands beside the goods, a sign at the village's entrance."""

    PACK = "pack"
    CARD = "card"
    SIGN = "sign"


#: Printers of labels set so many dots to an inch.
RESOLUTIONS = (203, 300)


@dataclass(frozen=True, slots=True)
class Stock:
    """A kind of paper: the label's size, how they lie on a page, and how many dots a module may take at most."""

    width: float
    height: float
    columns: int = 1
    rows: int = 1
    left: float = 0.0
    top: float = 0.0
    across: float = 0.0
    down: float = 0.0
    dots: int = 2
    is_sheet: bool = False


#: By what the form sends. Sheets: 3×8 (70×37 mm), 5×13 (38.1×21.2 mm), 2×4 (99.1×67.7 mm), as they are sold; four A6 cards.
STOCKS: dict[str, Stock] = {
    "40x30": Stock(40, 30),
    "50x30": Stock(50, 30, dots=3),
    "a4-24": Stock(70, 37, 3, 8, 0, 0.5, 70, 37, dots=3, is_sheet=True),
    "a4-65": Stock(38.1, 21.2, 5, 13, 4.75, 10.7, 40.6, 21.2, is_sheet=True),
    "58x60": Stock(58, 60, dots=4),
    "a4-8": Stock(99.1, 67.7, 2, 4, 4.65, 13.1, 101.6, 67.7, dots=4, is_sheet=True),
    "a4-4": Stock(105, 148.5, 2, 2, 0, 0, 105, 148.5, dots=12, is_sheet=True),
    "a4-1": Stock(210, 297, 1, 1, dots=24, is_sheet=True),
}
#: Papers on which a kind has room for what it must say.
FITTING = {
    LabelKind.TAG: ("40x30", "50x30", "58x60", "a4-24", "a4-65"),
    LabelKind.SHELF: ("40x30", "50x30", "58x60", "a4-24", "a4-65"),
    PackKind.PACK: ("40x30", "50x30", "58x60", "a4-24", "a4-8"),
    PackKind.CARD: ("a4-4",),
    PackKind.SIGN: ("a4-1", "a4-4"),
}
