"""What a counter sale adds to its order's page: receipt number, tenders and change, and where every item comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog.models.maker import Maker
from catalog.models.product import ListingState, Product
from catalog.models.stock import Batch, Outlet, StockLevel
from kernel.people import User
from orders.gateways import PaymentMethod
from orders.models.order import OrderAllocation, OrderLine
from orders.models.payment import Payment
from orders.models.shift import CounterSale, Shift
from orders.models.till import Till
from orders.states import PaymentState


@dataclass(frozen=True, slots=True)
class Tender:
    """A part of the total and how it was paid; whole rupiah."""

    method: PaymentMethod
    amount: int


@dataclass(frozen=True, slots=True)
class Lot:
    """A batch that units of a line were taken from."""

    lot_code: str
    best_before_on: date | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item comes from, as far as there are pages about it."""

    maker_slug: str
    village_code: str
    #: Whether the product can still be looked at.
    is_live: bool


@dataclass(frozen=True, slots=True)
class SoldView:
    """The till's side of an order."""

    receipt_number: str
    sold_at: datetime
    till: str
    cashier: str
    tenders: tuple[Tender, ...]
    cash_given: int
    cash_change: int
    #: The part of the order's discount that is no voucher's.
    counter_discount: int
    #: What the outlet wants to say below its receipts.
    footer: str
    #: Lots by the line's id.
    lots: dict[int, tuple[Lot, ...]]
    #: Origins by the product's slug.
    origins: dict[str, Origin]

    @property
    def rounding(self) -> int:
        """What rounding of cash added; negative: took off."""
        cash = sum(tender.amount for tender in self.tenders if tender.method is PaymentMethod.CASH)
        return self.cash_given - self.cash_change - cash if cash else 0


def find_sold(session: Session, order_id: int) -> SoldView | None:
    """The counter's side of the order, in four statements; None for an order that no counter made, after one."""
    row = session.execute(
        select(CounterSale, Till.name, User.name, Outlet.receipt_footer)
        .join(Shift, Shift.id == CounterSale.shift_id)
        .join(Till, Till.id == Shift.till_id)
        .join(Outlet, Outlet.id == Till.outlet_id)
        .outerjoin(User, User.id == CounterSale.cashier_id)
        .where(CounterSale.order_id == order_id)
    ).one_or_none()
    if row is None:
        return None
    sale, till, cashier, footer = row
    slugs = session.scalars(select(OrderLine.product_slug).where(OrderLine.order_id == order_id)).all()
    return SoldView(
        receipt_number=sale.receipt_number,
        sold_at=sale.sold_at,
        till=till,
        cashier=cashier or "",
        tenders=_tenders(session, order_id),
        cash_given=sale.cash_given,
        cash_change=sale.cash_change,
        counter_discount=sale.counter_discount,
        footer=footer,
        lots=_lots(session, order_id),
        origins=_origins(session, set(slugs)),
    )


def find_receipt_number(session: Session, order_id: int) -> str:
    """The number that was printed on the receipt; empty for an order that no counter made."""
    return session.scalar(select(CounterSale.receipt_number).where(CounterSale.order_id == order_id)) or ""


def _tenders(session: Session, order_id: int) -> tuple[Tender, ...]:
    paid = (PaymentState.PAID, PaymentState.RETURNED)
    statement = select(Payment.method, Payment.amount).where(Payment.order_id == order_id, Payment.state.in_(paid))
    return tuple(Tender(method, amount) for method, amount in session.execute(statement.order_by(Payment.attempt)))


def _lots(session: Session, order_id: int) -> dict[int, tuple[Lot, ...]]:
    statement = (
        select(OrderAllocation.line_id, Batch.lot_code, Batch.best_before_on)
        .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
        .join(StockLevel, StockLevel.id == OrderAllocation.level_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderAllocation.id)
    )
    found: dict[int, tuple[Lot, ...]] = {}
    for line_id, lot_code, best_before_on in session.execute(statement):
        found[line_id] = (*found.get(line_id, ()), Lot(lot_code, best_before_on))
    return found


def _origins(session: Session, slugs: Collection[str]) -> dict[str, Origin]:
    statement = select(Product).where(Product.slug.in_(slugs)).options(joinedload(Product.maker).load_only(Maker.slug))
    return {
        product.slug: Origin(product.maker.slug, product.village_code, product.state is ListingState.LIVE)
        for product in session.scalars(statement)
    }
