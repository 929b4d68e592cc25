"""What a partner is billed: trading terms within their cap, the tax inside, the place for stamp duty, ageing; pure (docs/invoices.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.errors import N_, InvalidInput
from kernel.money import share_of
from orders.discounts import share_of_units
from orders.tax import ContainedTax, contained_tax, rate_on

#: Permendag 23/2021 art. 11: trading terms, what a retailer takes off for its own services, are at most 15 % in all (docs/wholesale.md).
LARGEST_TERMS_BPS = 1_500
#: UU 10/2020: a document that states more than this carries a stamp of Rp10.000.
STAMP_ABOVE, STAMP_DUTY = 5_000_000, 10_000
#: Days after the due day on which an unpaid invoice is spoken of; -3 is before it.
REMINDER_DAYS = (-3, 1, 7, 14, 30)
#: Ageing by days overdue: not yet due, then up to each of these, then beyond.
AGES = (0, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class BilledLine:
    """Units of one order line that the partner kept: `amount` = price × quantity − `discount`, its part of the trading terms."""

    line_id: int
    quantity: int
    unit_price: int
    discount: int

    @property
    def gross(self) -> int:
        """Before trading terms."""
        return self.unit_price * self.quantity

    @property
    def amount(self) -> int:
        """What is owed for it."""
        return self.gross - self.discount


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """An order line as it was placed, with its part of the trading terms."""

    line_id: int
    quantity: int
    unit_price: int
    discount: int


@dataclass(frozen=True, slots=True)
class InvoiceSums:
    """`total` = `goods` − `terms` + `freight`, the lines printed above it; whole rupiah."""

    goods: int
    terms: int
    freight: int
    total: int

    @property
    def needs_stamp(self) -> bool:
        """Whether the paper has a place for the stamp."""
        return self.total > STAMP_ABOVE


def check_terms(rate_bps: int) -> int:
    """The rate of all trading terms together; InvalidInput above the cap."""
    if type(rate_bps) is not int or not 0 <= rate_bps <= LARGEST_TERMS_BPS:
        raise InvalidInput(N_("Trading terms take at most 15% (Permendag 23/2021)."), field="terms")
    return rate_bps


def terms_of(goods: int, rate_bps: int) -> int:
    """What trading terms take off goods: rounded once to the whole rupiah, halves up."""
    return share_of(goods, check_terms(rate_bps))


def bill_kept(line: OrderedLine, kept: int) -> BilledLine:
    """The units that were kept, with their part of the line's trading terms; the rest belongs to what was rejected."""
    return BilledLine(line.line_id, kept, line.unit_price, share_of_units(line.discount, line.quantity, 0, kept))


def credit_units(line: OrderedLine, kept: int, units: int) -> BilledLine:
    """`units` of `kept` ones taken back later: amounts that leave exactly what `bill_kept` says of the others."""
    left = kept - units
    return BilledLine(line.line_id, units, line.unit_price, share_of_units(line.discount, line.quantity, left, units))


def sum_up(lines: Iterable[BilledLine], freight: int) -> InvoiceSums:
    """Goods, trading terms and freight of what was kept; freight is owed once anything was kept."""
    kept = list(lines)
    goods, terms = sum(line.gross for line in kept), sum(line.discount for line in kept)
    freight = freight if goods else 0
    return InvoiceSums(goods, terms, freight, goods - terms + freight)


def tax_inside(total: int, *, is_taxable: bool, on: date) -> ContainedTax | None:
    """PPN inside the total by the rate of a day, where the seller is registered (PKP)."""
    return contained_tax(total, rate_on(on)) if is_taxable else None


def due_day(issued_on: date, payment_days: int) -> date:
    """The last day to pay; paid on that day it is in time."""
    return issued_on + timedelta(days=payment_days)


def days_overdue(due_on: date, today: date) -> int:
    """0 while it is not due."""
    return max(0, (today - due_on).days)


def age_of(due_on: date, today: date) -> int:
    """Which column of the ageing table: 0 is not due yet, 1 up to 30 days, … 4 beyond 90."""
    late = days_overdue(due_on, today)
    return next((number for number, limit in enumerate(AGES) if late <= limit), len(AGES))


def reminder_due(due_on: date, today: date) -> int | None:
    """The latest reminder whose day has come; earlier ones that nobody sent are not caught up with."""
    return next((days for days in reversed(REMINDER_DAYS) if today >= due_on + timedelta(days=days)), None)
