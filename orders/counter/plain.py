"""For the page that needs no JavaScript and for paper sheets: tills a person may sell at, typed sales, what sells most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.barcodes import printable_number
from catalog.channels import may_be_on
from catalog.models.channel import Channel
from catalog.models.product import ListingState, Product, Variant
from catalog.models.stock import Outlet
from catalog.prices import current_price
from catalog.provenance.codes import read_code
from catalog.shelves import reach_of
from catalog.variants import find_variant_by_number
from kernel import clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.people import Actor, Permission
from orders.counter.devices import lock_till
from orders.counter.paper import PaperLine, PaperSale, find_typed, sell_on_paper
from orders.models.order import Order, OrderLine
from orders.models.shift import CounterSale, Shift
from orders.models.till import Till

#: What a sheet of paper has lines for.
MOST_SELLERS = 40
#: How far back one looks for what sells most.
LOOKED_BACK = timedelta(days=60)


class TypedBefore(Conflict):
    """The sheet's number was used."""

    message = N_("%(number)s was typed before: it is receipt %(receipt)s.")


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed sale as the page tells of it afterwards."""

    receipt_number: str
    token: str
    language: str
    total: int
    cash_given: int
    cash_change: int


@dataclass(frozen=True, slots=True)
class Seller:
    """A variant on a paper sheet."""

    code: str
    number: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    price: int


def list_tills(session: Session, actor: Actor) -> list[Till]:
    """Tills in use where the person may sell, with their outlets."""
    statement = (
        select(Till)
        .join(Outlet, Outlet.id == Till.outlet_id)
        .where(Till.is_active, Outlet.is_active, *reach_of(actor, Permission.SELL_AT_TILLS))
        .options(joinedload(Till.outlet))
        .order_by(Outlet.name, Till.number)
    )
    return list(session.scalars(statement))


def get_till(session: Session, actor: Actor, outlet: str, number: int) -> Till:
    """A till in use where the person may sell, with its outlet; NotFound elsewhere."""
    for till in list_tills(session, actor):
        if till.outlet.code == outlet and till.number == number:
            return till
    raise NotFound


def find_code(session: Session, typed: str, field: str) -> str:
    """The variant behind a typed code or number; InvalidInput when there is none."""
    variant = find_variant_by_number(session, typed)
    if variant is None:
        raise InvalidInput(N_("No product has the code %(code)s."), field=field, code=typed)
    return variant.code


def type_sheet_line(session: Session, actor: Actor, till: Till, sale: PaperSale, sheet: str) -> CounterSale:
    """A sale from a paper sheet: its number is used once on a day at a till. Raises TypedBefore and what `sell_on_paper` raises."""
    day = sale.sold_on or clock.today(till.outlet.zone)
    key = f"sheet-{day:%Y%m%d}-{sheet}"
    lock_till(session, till.id)
    known = find_typed(session, till.id, key)
    if known is not None:
        raise TypedBefore(field="sheet", number=sheet, receipt=known.receipt_number)
    note = " ".join(part for part in (sheet, sale.note) if part)
    return sell_on_paper(session, actor, till, replace(sale, key=key, note=note))


def find_typed_sale(session: Session, till: Till, receipt_number: str) -> Typed | None:
    """What was sold with this receipt number at the till."""
    statement = (
        select(CounterSale.receipt_number, Order.token, Order.language, Order.total, CounterSale.cash_given, CounterSale.cash_change)
        .join(Order, Order.id == CounterSale.order_id)
        .join(Shift, Shift.id == CounterSale.shift_id)
        .where(CounterSale.receipt_number == receipt_number, Shift.till_id == till.id)
    )
    row = session.execute(statement).one_or_none()
    return Typed(*row) if row else None


def list_best_sellers(session: Session, outlet: Outlet, today: date, limit: int = MOST_SELLERS) -> list[Seller]:
    """What the outlet's counters sold most of late, then what the shop sells most; with today's price."""
    sold = (
        select(OrderLine.variant_id, func.sum(OrderLine.quantity).label("units"))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.outlet_id == outlet.id, Order.placed_at >= clock.now() - LOOKED_BACK)
        .group_by(OrderLine.variant_id)
        .subquery()
    )
    statement = (
        select(Variant)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(sold, sold.c.variant_id == Variant.id)
        .where(Variant.is_active, Product.state == ListingState.LIVE, may_be_on(Channel.COUNTER, today))
        .options(selectinload(Variant.prices), joinedload(Variant.product))
        .order_by(func.coalesce(sold.c.units, 0).desc(), Product.popularity.desc(), Variant.id)
        .limit(limit)
    )
    found = []
    for variant in session.scalars(statement):
        price = current_price(variant.prices, today)
        if price is not None:
            names = (variant.product.name_id, variant.product.name_en, variant.name_id, variant.name_en)
            found.append(Seller(variant.code, printable_number(variant.gtin, variant.internal_number) or "", *names, price))
    return found


def typed_line(session: Session, typed: str, quantity: int, price: int | None, field: str) -> PaperLine:
    """A line as it was typed or scanned: by code, by any number of the variant, or by a label's symbol, which names the lot too."""
    scanned = read_code(typed)
    return PaperLine(find_code(session, scanned.number, field), quantity, lot=scanned.lot or None, unit_price=price)
