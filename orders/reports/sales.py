"""Sales by day and by maker, village, district, category, channel and way to pay, each beside the period before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, func, literal, select, type_coerce
from sqlalchemy.orm import Session, aliased

from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.product import Category, Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from orders.gateways import PaymentMethod
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from orders.reports.facts import sold_goods, with_products
from orders.reports.scope import Scope
from orders.states import PaymentState

#: Key of orders that were paid in several ways, until they are spread.
SPLIT = "split"
_AMOUNTS = ("quantity", "gross", "share", "commission", "own")
#: Rows fetched at once when they are streamed.
_AT_ONCE = 500


class Grouping(StrEnum):
    """By what sales are added up."""

    MAKER = "maker"
    VILLAGE = "village"
    DISTRICT = "district"
    CATEGORY = "category"
    CHANNEL = "channel"
    PAYMENT = "payment"


@dataclass(slots=True)
class Sums:
    """Units and whole rupiah at the price on the shelf, returns taken off: gross = share + commission + own."""

    quantity: int = 0
    gross: int = 0
    share: int = 0
    commission: int = 0
    own: int = 0

    def add(self, other: Sums) -> None:
        """Count another's sums in."""
        for name in _AMOUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Sales:
    """A period's sums, those of the one before, and the sums of every day or month."""

    now: Sums = field(default_factory=Sums)
    before: Sums = field(default_factory=Sums)
    buckets: dict[date, Sums] = field(default_factory=dict)


@dataclass(slots=True)
class GroupRow:
    """One maker, village, … with its sums; `key` is a slug, an area code or an enum's value."""

    key: str
    name_id: str
    name_en: str
    now: Sums = field(default_factory=Sums)
    before: Sums = field(default_factory=Sums)


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One sale or return as the export of raw lines has it: nothing about the buyer."""

    at: datetime
    zone: str
    outlet: str
    order_code: str
    channel: str
    #: The ways in which the order was paid, as enum values; several for a split payment.
    methods: tuple[str, ...]
    variant_code: str
    name_id: str
    name_en: str
    maker: str
    village: str
    lot_code: str
    quantity: int
    unit_price: int
    gross: int
    share: int
    commission: int
    own: int


def sum_sales(session: Session, scope: Scope) -> Sales:
    """Everything sold, by day or month."""
    sold = sold_goods(scope)
    statement = select(sold.c.is_now, sold.c.day, *_sums(sold)).group_by(sold.c.is_now, sold.c.day)
    found = Sales(buckets={bucket: Sums() for bucket in scope.period.buckets()})
    for is_now, day, *amounts in session.execute(statement):
        sums = Sums(*map(int, amounts))
        (found.now if is_now else found.before).add(sums)
        if is_now:
            found.buckets[scope.period.bucket(day)].add(sums)
    return found


def count_orders(session: Session, scope: Scope) -> tuple[int, int]:
    """From how many orders goods were taken home, in the period and before."""
    sold = sold_goods(scope)
    statement = select(sold.c.is_now, func.count(sold.c.order_id.distinct())).where(sold.c.quantity > 0).group_by(sold.c.is_now)
    counts = {int(is_now): int(count) for is_now, count in session.execute(statement)}
    return counts.get(1, 0), counts.get(0, 0)


def group_sales(session: Session, scope: Scope, grouping: Grouping) -> list[GroupRow]:
    """Sums by group, the largest first."""
    sold = sold_goods(scope)
    key, name_id, name_en, statement = _grouped(grouping, sold)
    columns = (key, name_id, name_en, sold.c.is_now)
    rows: dict[str, GroupRow] = {}
    for found_key, in_indonesian, in_english, is_now, *amounts in session.execute(
        statement.add_columns(*columns, *_sums(sold)).group_by(*columns)
    ):
        row = rows.setdefault(str(found_key or ""), GroupRow(str(found_key or ""), in_indonesian or "", in_english or ""))
        (row.now if is_now else row.before).add(Sums(*map(int, amounts)))
    if grouping is Grouping.PAYMENT:
        _spread_split(session, scope, rows)
    return sorted(rows.values(), key=lambda row: (-row.now.gross, -row.before.gross, row.name_id, row.key))


def count_lines(session: Session, scope: Scope) -> int:
    """How many sales and returns the period has."""
    return session.scalar(select(func.count()).select_from(sold_goods(scope, with_before=False))) or 0


def list_lines(session: Session, scope: Scope, limit: int) -> list[SaleLine]:
    """The newest ones."""
    return [_line(row) for row in session.execute(_lines(scope, newest_first=True).limit(limit))]


def stream_lines(session: Session, scope: Scope) -> Iterator[SaleLine]:
    """All of them in order, some hundreds in memory at a time."""
    for row in session.execute(_lines(scope), execution_options={"yield_per": _AT_ONCE}):
        yield _line(row)


def _line(row: Any) -> SaleLine:
    values = list(row)
    values[4:6] = values[4].value, _ordered(values[5] or "")
    return SaleLine(*values)


def _lines(scope: Scope, *, newest_first: bool = False) -> Select[*tuple[Any, ...]]:
    sold, village = sold_goods(scope, with_before=False), aliased(Area)
    columns = (
        *(sold.c.at, Outlet.zone, Outlet.name, Order.code, Order.channel, _methods_of(sold.c.order_id), Variant.code),
        *(Product.name_id, Product.name_en, Maker.name, village.name, Batch.lot_code, sold.c.quantity, OrderLine.unit_price),
        *(sold.c.gross, sold.c.share, sold.c.commission, sold.c.own),
    )
    statement = (
        with_products(select(*columns).select_from(sold), sold)
        .join(Maker, Maker.id == Product.maker_id)
        .join(village, village.code == Product.village_code)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .join(OrderLine, OrderLine.id == sold.c.line_id)
        .join(Order, Order.id == sold.c.order_id)
        .join(Outlet, Outlet.id == sold.c.outlet_id)
    )
    order = (sold.c.at, sold.c.line_id, sold.c.level_id, sold.c.quantity)
    return statement.order_by(*(column.desc() for column in order)) if newest_first else statement.order_by(*order)


def _sums(sold: Any) -> list[ColumnElement[int]]:
    return [func.sum(sold.c[name]).label(name) for name in _AMOUNTS]


def _methods_of(order_id: ColumnElement[int]) -> ColumnElement[Any]:
    """How an order was paid: the names of its paid payments, joined; a counter's payment can be split."""
    paid = select(func.aggregate_strings(type_coerce(Payment.method, String), "+"))
    return paid.where(Payment.order_id == order_id, Payment.state == PaymentState.PAID).scalar_subquery()


def _method_of(order_id: ColumnElement[int]) -> ColumnElement[Any]:
    """The one way in which an order was paid; SPLIT for several."""
    method = type_coerce(Payment.method, String)
    paid = select(case((func.count(method.distinct()) > 1, SPLIT), else_=func.min(method)))
    return paid.where(Payment.order_id == order_id, Payment.state == PaymentState.PAID).scalar_subquery()


def _ordered(joined: str) -> tuple[str, ...]:
    found = set(joined.split("+"))
    return tuple(method.value for method in PaymentMethod if method.value in found)


def _spread_split(session: Session, scope: Scope, rows: dict[str, GroupRow]) -> None:
    """Put the goods of split payments to their ways to pay, each order's by what each way brought, to the rupiah."""
    if rows.pop(SPLIT, None) is None:
        return
    sold = sold_goods(scope)
    method = type_coerce(Payment.method, String)
    split = select(Payment.order_id).where(Payment.state == PaymentState.PAID).group_by(Payment.order_id)
    split = split.having(func.count(method.distinct()) > 1)
    statement = (
        select(sold.c.order_id, sold.c.is_now, *_sums(sold)).where(sold.c.order_id.in_(split)).group_by(sold.c.order_id, sold.c.is_now)
    )
    found = session.execute(statement).all()
    weights: dict[int, dict[str, int]] = {}
    ids = sorted({row[0] for row in found})
    for start in range(0, len(ids), _AT_ONCE):
        paid = select(Payment.order_id, method, func.sum(Payment.amount)).where(
            Payment.order_id.in_(ids[start : start + _AT_ONCE]), Payment.state == PaymentState.PAID
        )
        for order_id, name, amount in session.execute(paid.group_by(Payment.order_id, method).order_by(Payment.order_id, method)):
            weights.setdefault(order_id, {})[name] = int(amount)
    for order_id, is_now, *amounts in found:
        parts = [_share(int(amount), list(weights[order_id].values())) for amount in amounts]
        for place, name in enumerate(weights[order_id]):
            row = rows.setdefault(name, GroupRow(name, "", ""))
            (row.now if is_now else row.before).add(Sums(*(part[place] for part in parts)))


def _share(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` cut in proportion; what rounding leaves goes to the last, so that the parts add up."""
    whole, parts = sum(weights), []
    for weight in weights[:-1]:
        parts.append(round(amount * weight / whole))
    return [*parts, amount - sum(parts)]


def _grouped(grouping: Grouping, sold: Any) -> tuple[Any, Any, Any, Select[*tuple[Any, ...]]]:
    """Key, names, and the statement that has them."""
    empty, statement = literal(""), select().select_from(sold)
    if grouping in (Grouping.CHANNEL, Grouping.PAYMENT):
        key = Order.channel if grouping is Grouping.CHANNEL else _method_of(sold.c.order_id)
        return key, empty, empty, statement.join(Order, Order.id == sold.c.order_id)
    statement = with_products(statement, sold)
    if grouping is Grouping.MAKER:
        return Maker.slug, Maker.name, Maker.name, statement.join(Maker, Maker.id == Product.maker_id)
    if grouping is Grouping.CATEGORY:
        return Category.slug, Category.name_id, Category.name_en, statement.join(Category, Category.id == Product.category_id)
    area = aliased(Area)
    statement = statement.join(area, area.code == Product.village_code)
    if grouping is Grouping.DISTRICT:
        district = aliased(Area)
        return district.code, district.name, district.name, statement.join(district, district.code == area.parent_code)
    return area.code, area.name, area.name, statement
