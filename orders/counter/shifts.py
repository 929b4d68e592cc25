"""Shifts: opening with a float, handing over, the blind count at the end, and restating when an entry comes late (docs/tills.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from kernel.people import Actor
from orders.counter.bodies import HandedOver, ShiftClosed, ShiftOpened
from orders.counter.figures import figures_of
from orders.models.shift import Shift, ShiftClosing
from orders.models.till import TillEntry

__all__ = ["close_forgotten_shift", "close_shift", "figures_of", "find_shift_of", "hand_over_shift", "open_shift", "restate"]


def open_shift(session: Session, entry: TillEntry, body: ShiftOpened) -> Shift:
    """A drawer with its float begins to sell. An older open shift of the till is over then, uncounted, with an incident.

    A stand-in that an earlier entry of the same shift had opened gets its float and number.
    """
    raise NotImplementedError


def find_shift_of(session: Session, entry: TillEntry) -> Shift:
    """The shift that an entry belongs to, locked until the commit; its till and outlet are loaded. Call it before any stock row.

    When the opening entry has not come, a stand-in without float is opened, with an incident. `entry` must be in the database.
    """
    raise NotImplementedError


def hand_over_shift(session: Session, entry: TillEntry, body: HandedOver) -> Shift:
    """Another person sells from now on."""
    raise NotImplementedError


def close_shift(session: Session, entry: TillEntry, body: ShiftClosed) -> ShiftClosing:
    """The blind count. While earlier entries of the device are still on their way the closing is provisional."""
    raise NotImplementedError


def close_forgotten_shift(
    session: Session, actor: Actor, code: str, counted: Mapping[str, int], denominations: Sequence[Sequence[int]] = (), note: str = ""
) -> ShiftClosing:
    """A manager ends a shift whose till cannot, with what they counted."""
    raise NotImplementedError


def restate(session: Session, shift: Shift, note: str) -> ShiftClosing | None:
    """Call it after an entry was applied to a shift from `find_shift_of`: adds the next closing when it was closed, else does nothing.

    `note` says what came late, for example "1 sale of 12.500 came late".
    """
    raise NotImplementedError
