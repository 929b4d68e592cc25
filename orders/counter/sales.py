"""Counter sales: what a till says was sold becomes an order, its lines, payments, stock, makers' credit and a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from kernel.people import Actor
from orders.models.shift import CounterSale
from orders.models.till import Till, TillEntry

if TYPE_CHECKING:  # pydantic is loaded when the first entry comes, not with every web worker
    from orders.counter.bodies import Sale


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a paper sales sheet, or of the page without JavaScript. Without a price today's is taken."""

    variant_code: str
    quantity: int
    lot: str | None = None
    unit_price: int | None = None


@dataclass(frozen=True, slots=True)
class PaperSale:
    """A sale that no device wrote down. `key` is the form's own unguessable token: the same key is the same sale.

    `sold_on` is a past day written on the sheet (None: now). `method` is cash, qris, card or transfer; `given` is the cash that
    the buyer handed over (None: exactly what is due).
    """

    key: str
    lines: Sequence[PaperLine]
    method: str = "cash"
    reference: str = ""
    given: int | None = None
    discount: int = 0
    reason: str = ""
    note: str = ""
    phone: str = ""
    language: str = "id"
    sold_on: date | None = None


def record_sale(session: Session, entry: TillEntry, body: Sale, phone: str = "") -> CounterSale:
    """Record a sale that has happened: never refused for stock, price, permission or expiry, those open incidents.

    Raises entries.NotUnderstood when it makes no sense: an unknown variant or person, sums that do not add up, a receipt number
    that was used. After a refusal the caller rolls back to its savepoint.
    """
    raise NotImplementedError


def sell_on_paper(session: Session, actor: Actor, till: Till, sale_input: PaperSale) -> CounterSale:
    """Record a sale from a paper sheet or the plain page: the same path, with an entry that the server writes.

    The shift is the one open on the till (`shifts.find_open`). Raises NotAllowed, InvalidInput, NotFound for a variant,
    NoOpenShift.
    """
    raise NotImplementedError
