"""What was sold, as rows to sum: makers' goods from their books, the outlet's own from the stock movements that say so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from catalog.models.product import Product, Variant
from catalog.models.stock import MovementKind, StockLevel, StockMovement
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentSale
from orders.models.invoice import CreditNote, Invoice
from orders.models.order import Order, OrderLine
from orders.models.purchase import PurchaseOrder
from orders.models.refund import Refund
from orders.reports.scope import Scope

#: What a movement's reference begins with, before a paper's code -> its kind, and the papers with their orders.
#: A partner's goods come back with what it found on arrival, or with a credit note.
_PAPERS: dict[str, tuple[MovementKind, Select[str, Any]]] = {
    "order:": (MovementKind.SOLD, select(Order.code, Order.id.label("order_id"))),
    "refund:": (MovementKind.RETURNED, select(Refund.code, Refund.order_id)),
    "receipt:": (MovementKind.RETURNED, select(PurchaseOrder.code, PurchaseOrder.order_id)),
    "credit:": (
        MovementKind.RETURNED,
        select(CreditNote.code, PurchaseOrder.order_id).join(CreditNote.invoice).join(Invoice.purchase),
    ),
}


def sold_goods(scope: Scope, *, with_before: bool = True) -> Subquery:
    """One row per sale and per return (negative) in the period, and in the one before it.

    Columns: `is_now`, `day`, `at`, `outlet_id`, `order_id`, `line_id`, `level_id`, `quantity`, and in whole rupiah at the
    price on the shelf `gross`, `share` (the maker's), `commission` and `own` (goods that belong to the outlet):
    gross = share + commission + own. `at` is the moment in the books (docs/consignment.md).
    """
    own = (_own(scope, prefix, with_before) for prefix in _PAPERS)
    return union_all(_consigned(scope, with_before), *own).subquery("sold")


def _consigned(scope: Scope, with_before: bool) -> Select[*tuple[Any, ...]]:
    at, outlet_id = ConsignmentSale.booked_at, Agreement.outlet_id
    return (
        select(
            scope.is_now(at, outlet_id).label("is_now"),
            scope.day_of(at, outlet_id).label("day"),
            at.label("at"),
            outlet_id.label("outlet_id"),
            OrderLine.order_id.label("order_id"),
            ConsignmentSale.line_id.label("line_id"),
            ConsignmentSale.level_id.label("level_id"),
            ConsignmentSale.quantity.label("quantity"),
            ConsignmentSale.gross.label("gross"),
            ConsignmentSale.share.label("share"),
            ConsignmentSale.commission.label("commission"),
            literal(0).label("own"),
        )
        .join(Agreement, Agreement.id == ConsignmentSale.agreement_id)
        .join(OrderLine, OrderLine.id == ConsignmentSale.line_id)
        .where(scope.in_either(at, outlet_id) if with_before else scope.during(at, outlet_id))
    )


def _own(scope: Scope, prefix: str, with_before: bool) -> Select[*tuple[Any, ...]]:
    """Goods without an agreement leave no row in a maker's books.

    A receipt of the counter can have a variant on several lines, at several prices: its movements are taken at their average.
    """
    at, outlet_id, units = StockMovement.at, StockLevel.outlet_id, -StockMovement.on_hand_change
    kind, found = _PAPERS[prefix]
    paper = found.subquery()
    order_id = paper.c.order_id
    gross = units * _of_lines(func.sum(OrderLine.line_total), order_id) // _of_lines(func.sum(OrderLine.quantity), order_id)
    return (
        select(
            scope.is_now(at, outlet_id).label("is_now"),
            scope.day_of(at, outlet_id).label("day"),
            at.label("at"),
            outlet_id.label("outlet_id"),
            order_id.label("order_id"),
            _of_lines(func.min(OrderLine.id), order_id).label("line_id"),
            StockMovement.level_id.label("level_id"),
            units.label("quantity"),
            gross.label("gross"),
            literal(0).label("share"),
            literal(0).label("commission"),
            gross.label("own"),
        )
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .join(paper, paper.c.code == func.substr(StockMovement.reference, len(prefix) + 1))
        .where(
            StockLevel.agreement_id.is_(None),
            StockMovement.kind == kind,
            StockMovement.reference.startswith(prefix),
            scope.in_either(at, outlet_id) if with_before else scope.during(at, outlet_id),
        )
    )


def _of_lines(figure: Any, order_id: Any) -> Any:
    """A figure over the lines of an order that sold the variant of the outer row's level."""
    found = select(figure).where(OrderLine.order_id == order_id, OrderLine.variant_id == StockLevel.variant_id)
    return found.correlate_except(OrderLine).scalar_subquery()


def with_products(statement: Select[*tuple[Any, ...]], rows: Subquery) -> Select[*tuple[Any, ...]]:
    """Joined with the level, variant and product of each row."""
    return (
        statement.join(StockLevel, StockLevel.id == rows.c.level_id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
    )
