"""Goods of a receipt that come back at the counter: the refund that it is, cash out of the drawer, goods on the shelf (docs/tills.md)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel.errors import N_, Conflict
from orders.counter.bodies import Return
from orders.models.shift import CounterReturn
from orders.models.till import TillEntry


class SaleMissing(Conflict):
    """The return came before its sale, which may still be on its way: it is applied when the sale comes."""

    message = N_("The sale %(receipt)s has not arrived yet.")


def record_return(session: Session, entry: TillEntry, body: Return) -> CounterReturn:
    """Pay back what was paid for units of an earlier receipt of this outlet.

    Raises SaleMissing, TooManyUnits, InvalidInput: such an entry is refused, kept, and tried again by `decide_entry`.
    """
    raise NotImplementedError


def list_waiting(session: Session, receipt: str) -> list[TillEntry]:
    """Returns that were refused because this sale had not arrived: try them again once it has."""
    raise NotImplementedError
