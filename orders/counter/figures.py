"""The figures of a shift: one calculation for the X report in its midst and the Z report at its end (docs/tills.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from orders.models.shift import Shift


@dataclass(frozen=True, slots=True)
class TenderFigures:
    """One way of paying, whole rupiah. Of cash: what went into and out of the drawer, rounded to coins."""

    method: str
    #: What sales brought and what returns took.
    sold: int
    returned: int
    receipts: int
    #: What should be there: for cash with the float and what was put in or taken out.
    expected: int
    #: None: nobody counted it (yet).
    counted: int | None

    @property
    def difference(self) -> int | None:
        """Counted less expected: negative when something is missing."""
        return None if self.counted is None else self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a manager wants to see by name: a discount, another price, a return, cash out, a drawer, a cart given up."""

    kind: str
    at: datetime
    cashier: str
    supervisor: str
    reason: str
    amount: int


@dataclass(frozen=True, slots=True)
class Share:
    """A maker's or a cashier's part of the sales, returns taken off."""

    name: str
    units: int
    amount: int


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """Everything an X or Z report says in numbers."""

    tenders: tuple[TenderFigures, ...]
    opening_float: int
    cash_in: int
    cash_out: int
    #: Totals of receipts, what rounding of cash added (negative: took), and of what was taken off.
    receipts: int
    sold: int
    rounding: int
    discount: int
    counter_discount: int
    returns: int
    returned: int
    cancelled_carts: int
    cancelled_lines: int
    cancelled_amount: int
    drawer_openings: int
    price_changes: int
    hand_overs: int
    by_maker: tuple[Share, ...]
    by_cashier: tuple[Share, ...]
    acts: tuple[Act, ...]
    #: 0: not closed yet.
    version: int
    is_provisional: bool
    note: str


def figures_of(session: Session, shift: Shift) -> ShiftFigures:
    """The figures as they are now. Only reads; for a closed shift they equal its last closing (I5)."""
    raise NotImplementedError
