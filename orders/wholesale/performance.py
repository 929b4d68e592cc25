"""How well orders are filled, by partner and by maker: fill rate, late, rejected; counted from what was settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import clock
from kernel.people import Actor, Permission
from orders.models.order import OrderLine
from orders.models.partner import Partner
from orders.models.purchase import Dispatch, GoodsReceipt, PurchaseOrder, PurchaseShare, ReceiptLine

#: How far the figures look back.
PERIOD = timedelta(days=365)


@dataclass(slots=True)
class Performance:
    """Units of settled orders with one partner, or of one maker. Rates are basis points, None before the first order."""

    name: str
    code: str
    orders: int = 0
    late: int = 0
    ordered: int = 0
    kept: int = 0
    rejected: int = 0

    @property
    def fill_bps(self) -> int | None:
        """Units kept of units ordered."""
        return self.kept * 10_000 // self.ordered if self.ordered else None

    @property
    def late_bps(self) -> int | None:
        """Orders that left after the promised day."""
        return self.late * 10_000 // self.orders if self.orders else None

    @property
    def rejected_bps(self) -> int | None:
        """Units rejected of units ordered."""
        return self.rejected * 10_000 // self.ordered if self.ordered else None


def by_partner(session: Session, actor: Actor) -> list[Performance]:
    """Each partner of the sellers in reach, by name."""
    return _count(session, actor, by_maker=False)


def by_maker(session: Session, actor: Actor) -> list[Performance]:
    """Each maker that supplied partners of the sellers in reach, by name."""
    return _count(session, actor, by_maker=True)


def _count(session: Session, actor: Actor, *, by_maker: bool) -> list[Performance]:
    rejected = ReceiptLine.agreed_short + ReceiptLine.agreed_damaged + ReceiptLine.agreed_short_dated
    counted = (
        select(
            ReceiptLine.order_line_id,
            func.sum(ReceiptLine.delivered - rejected).label("kept"),
            func.sum(rejected).label("rejected"),
        )
        .group_by(ReceiptLine.order_line_id)
        .subquery()
    )
    who = (Maker.name, Maker.slug) if by_maker else (Partner.name, Partner.code)
    zero = func.coalesce
    statement = (
        select(
            *who,
            PurchaseOrder.id,
            PurchaseOrder.promised_on,
            Outlet.zone,
            Dispatch.dispatched_at,
            func.sum(OrderLine.quantity),
            func.sum(zero(counted.c.kept, 0)),
            func.sum(zero(counted.c.rejected, 0)),
        )
        .select_from(PurchaseOrder)
        .join(GoodsReceipt, GoodsReceipt.purchase_id == PurchaseOrder.id)
        .join(Dispatch, Dispatch.purchase_id == PurchaseOrder.id)
        .join(Outlet, Outlet.id == PurchaseOrder.outlet_id)
        .join(Partner, Partner.id == PurchaseOrder.partner_id)
        .join(PurchaseShare, PurchaseShare.purchase_id == PurchaseOrder.id)
        .join(Maker, Maker.id == PurchaseShare.maker_id)
        .join(OrderLine, OrderLine.id == PurchaseShare.order_line_id)
        .outerjoin(counted, counted.c.order_line_id == OrderLine.id)
        .where(
            GoodsReceipt.settled_at.is_not(None),
            PurchaseOrder.created_at > clock.now() - PERIOD,
            *reach_of(actor, Permission.MANAGE_WHOLESALE),
        )
        .group_by(*who, PurchaseOrder.id, PurchaseOrder.promised_on, Outlet.zone, Dispatch.dispatched_at)
        .order_by(who[0], PurchaseOrder.id)
    )
    found: dict[str, Performance] = {}
    for name, code, _id, promised_on, zone, left_at, ordered, kept, gone in session.execute(statement):
        row = found.setdefault(code, Performance(name, code))
        row.orders += 1
        row.late += _is_late(promised_on, left_at, zone)
        row.ordered += int(ordered)
        row.kept += int(kept)
        row.rejected += int(gone)
    return list(found.values())


def _is_late(promised_on: date | None, left_at: datetime, zone: str) -> bool:
    return promised_on is not None and clock.local(left_at, zone).date() > promised_on
