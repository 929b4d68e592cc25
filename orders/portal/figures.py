"""Reads for the makers' portal: everything is found through the maker, in few statements whatever the number of goods."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from kernel import clock
from kernel.errors import NotFound
from kernel.paging import Page
from orders.consignment import agreements
from orders.consignment.periods import midnight, next_settlement
from orders.models.agreement import Agreement, AgreementTerms
from orders.models.consignment import ConsignmentAccount, ConsignmentEntry, ConsignmentSale
from orders.models.delivery import Delivery, DeliveryState
from orders.models.maker_payout import MakerPayout, PayoutBatch, PayoutState
from orders.models.stockroom import PullOut, PullOutState

PAGE_SIZE = 50
#: Lots are called expiring this long before best-before, or as long as the terms say when that is more.
EXPIRING_DAYS = 30


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet where a maker's goods stand, under which agreement, and how the two are even."""

    agreement_id: int
    code: str
    outlet_id: int
    outlet_code: str
    outlet_name: str
    outlet_phone: str
    zone: str
    is_open: bool
    owed: int
    on_hand: int
    #: An approved payout that is not paid yet.
    on_its_way: int
    terms: AgreementTerms
    #: When the next statement is due; None on call.
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Sold:
    """Units and whole rupiah, returns taken off."""

    units: int = 0
    gross: int = 0
    share: int = 0


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """What was sold of one variant."""

    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    units: int
    gross: int
    share: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Units of one variant and lot at one outlet."""

    level_id: int
    agreement_id: int
    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    variant_code: str
    lot_code: str
    best_before_on: date | None
    state: BatchState
    on_hand: int
    held: int

    @property
    def free(self) -> int:
        """Units that nobody was promised."""
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class Paper:
    """A delivery or pull-out that is not finished; `kind` is `delivery` or `pull_out`."""

    kind: str
    code: str
    outlet_id: int
    state: str
    on: date | None


def list_places(session: Session, maker_id: int) -> list[Place]:
    """Every agreement of a maker by outlet, with what is owed and on hand; two statements."""
    owed = _sum(ConsignmentEntry.amount, ConsignmentEntry.agreement_id, ConsignmentEntry.account == ConsignmentAccount.OWED)
    on_hand = _sum(StockLevel.on_hand, StockLevel.agreement_id)
    approved = select(PayoutBatch.id).where(PayoutBatch.state == PayoutState.APPROVED)
    on_its_way = _sum(MakerPayout.amount, MakerPayout.agreement_id, MakerPayout.settled_at.is_(None), MakerPayout.batch_id.in_(approved))
    statement = (
        select(Agreement, Outlet, owed, on_hand, on_its_way)
        .join(Outlet, Outlet.id == Agreement.outlet_id)
        .where(Agreement.maker_id == maker_id)
        .order_by(Outlet.name, Agreement.id)
    )
    rows = session.execute(statement).all()
    versions = agreements.list_terms(session, [row[0].id for row in rows])
    return [_place(agreement, outlet, versions[agreement.id], tuple(map(int, sums))) for agreement, outlet, *sums in rows]


def get_place(places: Sequence[Place], code: str) -> Place:
    """The agreement with this code among a maker's; NotFound for anybody else's."""
    found = next((place for place in places if place.code == code), None)
    if found is None:
        raise NotFound
    return found


def sold_today_and_since(session: Session, agreement_ids: Collection[int], today: date, first: date, zone: str) -> tuple[Sold, Sold]:
    """What was sold today, and from `first` to today, on the clock of `zone`; one statement."""
    day, month, end = (midnight(each, zone) for each in (today, first, today + timedelta(days=1)))
    columns = (ConsignmentSale.quantity, ConsignmentSale.gross, ConsignmentSale.share)
    todays = [func.coalesce(func.sum(case((ConsignmentSale.occurred_at >= day, column), else_=0)), 0) for column in columns]
    months = [func.coalesce(func.sum(column), 0) for column in columns]
    row = session.execute(select(*todays, *months).where(*_during(agreement_ids, month, end))).one()
    figures = list(map(int, row))
    return Sold(*figures[:3]), Sold(*figures[3:])


def sold_by_day(session: Session, agreement_ids: Collection[int], days: Sequence[date], zone: str) -> dict[date, Sold]:
    """What was sold on each of `days` (one after the other, the oldest first); one statement, one row a day."""
    edges = [midnight(day, zone) for day in days] + [midnight(days[-1] + timedelta(days=1), zone)]
    number = case(*((ConsignmentSale.occurred_at < edge, place) for place, edge in enumerate(edges[1:])), else_=len(days))
    rows = (
        select(number.label("number"), ConsignmentSale.quantity, ConsignmentSale.gross, ConsignmentSale.share)
        .where(*_during(agreement_ids, edges[0], edges[-1]))
        .subquery()
    )
    statement = select(rows.c.number, func.sum(rows.c.quantity), func.sum(rows.c.gross), func.sum(rows.c.share)).group_by(rows.c.number)
    return dict.fromkeys(days, Sold()) | {days[row[0]]: Sold(*map(int, row[1:])) for row in session.execute(statement)}


def list_sold_products(
    session: Session, agreement_ids: Collection[int], from_at: datetime, until_at: datetime, page: int = 1
) -> Page[SoldProduct]:
    """What was sold by variant in a span, what earned most first."""
    columns = ("quantity", "gross", "share")
    by_level = (
        select(ConsignmentSale.level_id, *(func.sum(getattr(ConsignmentSale, name)).label(name) for name in columns))
        .where(*_during(agreement_ids, from_at, until_at))
        .group_by(ConsignmentSale.level_id)
        .subquery()
    )
    sums = (
        select(StockLevel.variant_id, *(func.sum(by_level.c[name]).label(name) for name in columns))
        .join(by_level, by_level.c.level_id == StockLevel.id)
        .group_by(StockLevel.variant_id)
        .subquery()
    )
    total = session.scalar(select(func.count()).select_from(sums)) or 0
    statement = (
        select(Product.slug, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en, *(sums.c[name] for name in columns))
        .join(Variant, Variant.product_id == Product.id)
        .join(sums, sums.c.variant_id == Variant.id)
        .order_by(sums.c.share.desc(), Product.name_id, Variant.id)
    )
    rows = session.execute(_slice(statement, page)).all()
    return Page([SoldProduct(*row[:5], *map(int, row[5:])) for row in rows], total, page, PAGE_SIZE)


def list_lots(session: Session, agreement_ids: Collection[int], page: int = 1) -> Page[Lot]:
    """What stands under some agreements, what expires first in front."""
    condition = StockLevel.agreement_id.in_(agreement_ids), StockLevel.on_hand > 0
    total = session.scalar(select(func.count()).select_from(StockLevel).where(*condition)) or 0
    rows = session.execute(_slice(_lots().where(*condition), page)).all()
    return Page([Lot(*row) for row in rows], total, page, PAGE_SIZE)


def list_expiring(session: Session, places: Sequence[Place], limit: int = 5) -> list[Lot]:
    """Lots that have to leave a shelf soon, or should have; one statement, none without a shelf."""
    windows = [
        and_(StockLevel.agreement_id == place.agreement_id, Batch.best_before_on <= clock.today(place.zone) + _window(place))
        for place in places
        if place.on_hand
    ]
    if not windows:
        return []
    statement = _lots().where(StockLevel.on_hand > 0, or_(*windows)).limit(limit)
    return [Lot(*row) for row in session.execute(statement)]


def list_open_papers(session: Session, maker_id: int, limit: int = 20) -> list[Paper]:
    """Deliveries on their way or waiting for the maker's word, and pull-outs to collect; one statement."""
    under_way = (DeliveryState.ANNOUNCED, DeliveryState.BROUGHT, DeliveryState.COUNTED)
    brought = select(
        literal("delivery").label("kind"),
        Delivery.code.label("code"),
        Delivery.outlet_id.label("outlet_id"),
        type_coerce(Delivery.state, String).label("state"),
        Delivery.expected_on.label("day"),
    ).where(Delivery.maker_id == maker_id, Delivery.state.in_(under_way))
    taken = select(literal("pull_out"), PullOut.code, PullOut.outlet_id, type_coerce(PullOut.state, String), PullOut.collect_by_on).where(
        PullOut.maker_id == maker_id, PullOut.state == PullOutState.ANNOUNCED
    )
    both = union_all(brought, taken).subquery()
    # Counted ones wait for the maker, so they come first.
    waits = case((both.c.state == DeliveryState.COUNTED.value, 0), else_=1)
    return [Paper(*row) for row in session.execute(select(both).order_by(waits, both.c.day, both.c.code).limit(limit))]


def _place(agreement: Agreement, outlet: Outlet, versions: list[AgreementTerms], sums: tuple[int, ...]) -> Place:
    today = clock.today(outlet.zone)
    terms = agreements.pick_terms(versions, today)
    is_over = agreement.ends_on is not None and agreement.ends_on <= today
    return Place(
        agreement_id=agreement.id,
        code=agreement.code,
        outlet_id=outlet.id,
        outlet_code=outlet.code,
        outlet_name=outlet.name,
        outlet_phone=outlet.phone,
        zone=outlet.zone,
        is_open=outlet.is_active and not is_over and versions[0].starts_on <= today,
        owed=-sums[0],
        on_hand=sums[1],
        on_its_way=sums[2],
        terms=terms,
        next_on=next_settlement(terms.rhythm, terms.rhythm_day, versions[0].starts_on, today),
    )


def _sum(amount: Any, agreement_id: Any, *conditions: ColumnElement[bool]) -> Any:
    """The sum of a column over the rows of the agreement of the outer row."""
    inner = select(func.coalesce(func.sum(amount), 0)).where(agreement_id == Agreement.id, *conditions)
    return inner.correlate(Agreement).scalar_subquery()


def _during(agreement_ids: Collection[int], from_at: datetime, until_at: datetime) -> list[ColumnElement[bool]]:
    """A fact is booked when it happened or later: the index on booked_at leaves out what lies before."""
    return [
        ConsignmentSale.agreement_id.in_(agreement_ids),
        ConsignmentSale.booked_at >= from_at,
        ConsignmentSale.occurred_at >= from_at,
        ConsignmentSale.occurred_at < until_at,
    ]


def _window(place: Place) -> timedelta:
    return timedelta(days=max(EXPIRING_DAYS, place.terms.pull_out_days))


def _lots() -> Select[*tuple[Any, ...]]:
    return (
        select(
            StockLevel.id,
            StockLevel.agreement_id,
            Product.slug,
            Product.name_id,
            Product.name_en,
            Variant.name_id,
            Variant.name_en,
            Variant.code,
            Batch.lot_code,
            Batch.best_before_on,
            Batch.state,
            StockLevel.on_hand,
            StockLevel.held,
        )
        .select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .order_by(Batch.best_before_on.is_(None), Batch.best_before_on, Product.name_id, StockLevel.id)
    )


def _slice(statement: Select[*tuple[Any, ...]], page: int) -> Select[*tuple[Any, ...]]:
    return statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
