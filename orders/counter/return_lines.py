"""Which units of a receipt come back with a return, out of which lot, and how much was paid for them (docs/tills.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from catalog.models.stock import Batch, StockLevel
from catalog.stock_locks import Allocation
from kernel.errors import N_, DomainError
from orders.discounts import share_of_units
from orders.models.order import OrderAllocation, OrderLine
from orders.models.refund import Refund, RefundLine
from orders.refund_amounts import Past, TooManyUnits
from orders.refund_states import RefundState
from orders.refunds import Taken, shrink

if TYPE_CHECKING:
    from orders.counter.bodies import ReturnLine


class TooMuchBack(DomainError):
    """More money than was paid for these units."""

    message = N_("More would be paid back than was paid for these goods.")


@dataclass(slots=True)
class _Held:
    """Units of one lot that a line was given and that have not come back."""

    row: OrderAllocation
    lot: str
    left: int


@dataclass(slots=True)
class _Sold:
    """A line of the receipt, what came back of it before, and what comes back now."""

    line: OrderLine
    code: str
    gone: int
    given: int
    held: list[_Held]
    units: int = 0
    amount: int = 0
    is_fit: bool = True

    @property
    def left(self) -> int:
        """Units that can still come back."""
        return self.line.quantity - self.gone - self.units

    @property
    def unit_paid(self) -> float:
        """Roughly what one unit cost; tells lines of one variant apart whose prices differ."""
        return (self.line.line_total - self.line.discount) / self.line.quantity

    def paid_for(self, before: int, units: int) -> int:
        """What was paid for `units` after `before` others of this line."""
        return self.line.unit_price * units - share_of_units(self.line.discount, self.line.quantity, before, units)

    def row(self) -> dict[str, Any]:
        """For the refund's line. Lots may have been priced one by one: a rupiah a unit either way is rounding."""
        listed = self.line.unit_price * self.units
        most = min(self.paid_for(self.gone, self.units) + self.units, self.line.line_total - self.line.discount - self.given, listed)
        if not 0 <= self.amount <= most:
            raise TooMuchBack
        facts = {"line_id": self.line.id, "quantity": self.units, "amount": self.amount}
        return facts | {"discount": listed - self.amount, "back_to_stock": self.is_fit}


@dataclass(slots=True)
class Picked:
    """The rows of a refund's lines, and the units by level: fit for sale, and not."""

    rows: list[dict[str, Any]]
    taken: Taken = field(default_factory=lambda: ([], []))


def pick_lines(session: Session, order_id: int, past: Past, wanted: Sequence[ReturnLine]) -> Picked:
    """Take what comes back out of a receipt's lines and lots. Raises TooManyUnits and TooMuchBack."""
    sold = _read_sold(session, order_id, past)
    taken: Taken = ([], [])
    for part in wanted:
        for each, held, units in _pick(sold, part):
            taken[0 if part.is_fit else 1].append(Allocation(held.row.level_id, each.line.variant_id, units))
            shrink(session, held.row, units)
    session.flush()
    return Picked([each.row() for each in sold if each.units], taken)


def _pick(sold: Sequence[_Sold], part: ReturnLine) -> list[tuple[_Sold, _Held, int]]:
    """Units of the scanned lot first; any other lot of the variant when the receipt has no more of that one."""
    unit_amount = part.amount / part.quantity
    mine = sorted((each for each in sold if each.code == part.variant), key=lambda each: abs(each.unit_paid - unit_amount))
    found: list[tuple[_Sold, _Held, int]] = []
    missing = part.quantity
    for same_lot in (True, False):
        for each in mine:
            for held in each.held:
                fits = part.lot in (None, held.lot) if same_lot else True
                units = min(missing, each.left, held.left) if fits else 0
                if units:
                    found.append((each, held, units))
                    each.units += units
                    held.left -= units
                    missing -= units
    if missing:
        raise TooManyUnits(field="lines", left=part.quantity - missing)
    _spread(found, part)
    return found


def _spread(found: Sequence[tuple[_Sold, _Held, int]], part: ReturnLine) -> None:
    """The part's amount over the lines that it was taken from: each what was paid there, the last what is left."""
    rest = part.amount
    for number, (each, _held, units) in enumerate(found, start=1):
        share = rest if number == len(found) else min(rest, each.paid_for(each.gone, units))
        each.amount += share
        each.is_fit &= part.is_fit
        rest -= share


def _read_sold(session: Session, order_id: int, past: Past) -> list[_Sold]:
    given = session.execute(
        select(RefundLine.line_id, func.sum(RefundLine.amount))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.order_id == order_id, Refund.state != RefundState.REJECTED)
        .group_by(RefundLine.line_id)
    )
    given_of = {line_id: int(amount) for line_id, amount in given}
    lines = session.execute(
        select(OrderLine, Variant.code)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.position)
    ).all()
    sold = {line.id: _Sold(line, code, past.units.get(line.id, 0), given_of.get(line.id, 0), []) for line, code in lines}
    held = session.execute(
        select(OrderAllocation, Batch.lot_code)
        .join(StockLevel, StockLevel.id == OrderAllocation.level_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(OrderAllocation.line_id.in_(sold))
        .order_by(OrderAllocation.id)
        .execution_options(populate_existing=True)
    )
    for row, lot in held:
        sold[row.line_id].held.append(_Held(row, lot, row.quantity))
    return list(sold.values())
