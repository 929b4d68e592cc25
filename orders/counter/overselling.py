"""Units that a counter sold although the books did not have them: one incident each, and what ends it (docs/stock.md)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel.errors import N_, Conflict
from orders.models.shift import CounterIncident


class StillMissing(Conflict):
    """The books still need the allowance."""

    message = N_("The books are still short of these units. Count the shelf, receive the goods, or refund or move the order it hits first.")


def lock_level_of(session: Session, incident: CounterIncident) -> None:
    """Take the level's row before the incident's: everybody takes stock first."""
    raise NotImplementedError


def settle_level(session: Session, incident: CounterIncident) -> None:
    """Take the incident's quantity off the level's allowance; StillMissing when the books would not hold without it."""
    raise NotImplementedError
