"""What an outlet's counters sold on a business day: by way to pay and by maker, with what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from orders.counter.queries import Money
from orders.gateways import PaymentMethod
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundLine
from orders.models.shift import CounterReturn, CounterSale
from orders.refund_states import RefundWay
from orders.states import PaymentState


@dataclass(frozen=True, slots=True)
class MakerDay:
    """What counters sold of one maker's goods on a day, returns taken off."""

    slug: str
    name: str
    quantity: int
    #: Whole rupiah at the prices on the receipts, and what buyers paid after discounts.
    gross: int
    paid: int


@dataclass(frozen=True, slots=True)
class DayTotals:
    """An outlet's counters on one business day."""

    day: date
    sales: int
    total: int
    discounts: int
    by_method: dict[PaymentMethod, Money]
    #: What came back: in cash from a drawer, and by transfer.
    returned: dict[RefundWay, Money]
    makers: list[MakerDay]

    @property
    def kept(self) -> int:
        """The total less what came back."""
        return self.total - sum(money.amount for money in self.returned.values())


def sum_day(session: Session, outlet: Outlet, day: date) -> DayTotals:
    """What the outlet's counters sold on a business day; four statements."""
    of_day = (CounterSale.business_date == day, Order.outlet_id == outlet.id)
    totals = select(func.count(), func.coalesce(func.sum(Order.total), 0), func.coalesce(func.sum(Order.discount_total), 0))
    sales, total, discounts = session.execute(totals.join(CounterSale, CounterSale.order_id == Order.id).where(*of_day)).one()
    by_method = (
        select(Payment.method, func.count(), func.sum(Payment.amount))
        .join(Order, Order.id == Payment.order_id)
        .join(CounterSale, CounterSale.order_id == Order.id)
        .where(Payment.state == PaymentState.PAID, *of_day)
        .group_by(Payment.method)
    )
    returned = (
        select(Refund.way, func.count(), func.sum(Refund.amount))
        .join(CounterReturn, CounterReturn.refund_id == Refund.id)
        .join(Order, Order.id == Refund.order_id)
        .where(CounterReturn.business_date == day, Order.outlet_id == outlet.id)
        .group_by(Refund.way)
    )
    return DayTotals(
        day=day,
        sales=int(sales),
        total=int(total),
        discounts=int(discounts),
        by_method={method: Money(count, int(amount)) for method, count, amount in session.execute(by_method)},
        returned={way: Money(count, int(amount)) for way, count, amount in session.execute(returned)},
        makers=_makers_of_day(session, outlet, day),
    )


def _makers_of_day(session: Session, outlet: Outlet, day: date) -> list[MakerDay]:
    """Sold and brought back, by maker; returns count on the day on which they came."""
    sold = _lines(OrderLine.quantity, OrderLine.line_total, OrderLine.line_total - OrderLine.discount)
    sold = sold.join(Order, Order.id == OrderLine.order_id).join(CounterSale, CounterSale.order_id == Order.id)
    sold = sold.where(CounterSale.business_date == day, Order.outlet_id == outlet.id)
    back = _lines(-RefundLine.quantity, -(RefundLine.amount + RefundLine.discount), -RefundLine.amount)
    back = back.join(RefundLine, RefundLine.line_id == OrderLine.id).join(CounterReturn, CounterReturn.refund_id == RefundLine.refund_id)
    back = back.join(Order, Order.id == OrderLine.order_id)
    back = back.where(CounterReturn.business_date == day, Order.outlet_id == outlet.id)
    both = sold.union_all(back).subquery("both")
    statement = (
        select(Maker.slug, Maker.name, *(func.sum(both.c[name]) for name in ("quantity", "gross", "paid")))
        .join(Maker, Maker.id == both.c.maker_id)
        .group_by(Maker.id)
    )
    rows = [MakerDay(slug, name, int(quantity), int(gross), int(paid)) for slug, name, quantity, gross, paid in session.execute(statement)]
    return sorted(rows, key=lambda row: (-row.gross, row.name))


def _lines(quantity: Any, gross: Any, paid: Any) -> Any:
    columns = (Product.maker_id, quantity.label("quantity"), gross.label("gross"), paid.label("paid"))
    return (
        select(*columns)
        .select_from(OrderLine)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
    )
