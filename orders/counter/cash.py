"""What happens at a drawer beside sales: cash put in or taken out, openings without a sale, carts given up (docs/tills.md)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from orders.counter.bodies import CartCancelled, CashMoved, DrawerOpened
from orders.models.shift import CashMove
from orders.models.till import TillEntry


def move_cash(session: Session, entry: TillEntry, body: CashMoved) -> CashMove:
    """Cash into or out of the drawer. More out than the outlet's limit without a supervisor opens an incident."""
    raise NotImplementedError


def note_drawer(session: Session, entry: TillEntry, body: DrawerOpened) -> None:
    """The drawer was opened without a sale: in the shift's report, and an incident when it happens too often."""
    raise NotImplementedError


def note_cancelled(session: Session, entry: TillEntry, body: CartCancelled) -> None:
    """Goods were scanned and not bought: in the shift's report; after a payment had begun only with a supervisor, else an incident."""
    raise NotImplementedError
