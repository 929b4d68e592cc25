"""What makers have to prepare for partners: their own share of each order, and the pool they share it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from kernel import clock
from kernel.locales import pick
from orders.models.offer import Offer, OfferSource
from orders.models.purchase import Carton, PurchaseLine, PurchaseOrder, PurchaseShare
from orders.wholesale.capacity import Capacity, map_capacity
from orders.wholesale.capacity_shares import months_between
from orders.wholesale.states import PurchaseState

#: Orders that have left are shown for their history, so many of them.
MOST_DONE = 20
CALENDAR_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Task:
    """A maker's part of one order. Who the buyer is and what it pays stays with the seller."""

    purchase_code: str
    state: PurchaseState
    name: str
    cases: int
    units_per_case: int
    to_make: int
    packed: int
    promised_on: date | None
    #: Cases of the whole line, and how many makers share it.
    pool_cases: int
    pool_makers: int

    @property
    def units(self) -> int:
        """All units of the maker's part."""
        return self.cases * self.units_per_case

    @property
    def missing(self) -> int:
        """Cases that have not been packed at the seller's yet."""
        return max(0, self.cases - self.packed)

    @property
    def is_done(self) -> bool:
        """Everything of this maker is packed, or has left."""
        return self.missing == 0 or self.state is not PurchaseState.PREPARING


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a maker's calendar for one of its variants: own figures, and those of all makers of the offer together."""

    month_on: date
    own: Capacity
    pool: Capacity


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One variant that fills an offer."""

    source_id: int
    name: str
    units_per_case: int
    makers: int
    months: tuple[Month, ...]


def list_tasks(session: Session, maker_id: int, language: str) -> list[Task]:
    """What the maker has to prepare, the earliest promise first, then what is done; three statements."""
    packed = select(Carton.order_line_id, func.count(Carton.id).label("cartons")).group_by(Carton.order_line_id).subquery()
    pool = (
        select(PurchaseShare.purchase_line_id, func.count(PurchaseShare.id).label("makers"))
        .group_by(PurchaseShare.purchase_line_id)
        .subquery()
    )
    statement = (
        select(
            PurchaseShare,
            PurchaseOrder.code,
            PurchaseOrder.state,
            PurchaseOrder.promised_on,
            PurchaseLine.cases,
            PurchaseLine.units_per_case,
            Product.name_id,
            Product.name_en,
            Variant.name_id,
            Variant.name_en,
            func.coalesce(packed.c.cartons, 0),
            pool.c.makers,
        )
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseShare.purchase_id)
        .join(PurchaseLine, PurchaseLine.id == PurchaseShare.purchase_line_id)
        .join(Variant, Variant.id == PurchaseShare.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(pool, pool.c.purchase_line_id == PurchaseShare.purchase_line_id)
        .outerjoin(packed, packed.c.order_line_id == PurchaseShare.order_line_id)
        .where(PurchaseShare.maker_id == maker_id, PurchaseOrder.state != PurchaseState.CANCELLED)
        .order_by(PurchaseOrder.state != PurchaseState.PREPARING, PurchaseOrder.promised_on, PurchaseShare.id.desc())
        .limit(100)
    )
    tasks = [
        Task(
            purchase_code=code,
            state=state,
            name=pick(language, f"{name_id}, {pack_id}", f"{name_en or name_id}, {pack_en or pack_id}"),
            cases=share.cases,
            units_per_case=units,
            to_make=share.to_make,
            packed=int(cartons),
            promised_on=promised_on,
            pool_cases=cases,
            pool_makers=int(makers),
        )
        for share, code, state, promised_on, cases, units, name_id, name_en, pack_id, pack_en, cartons, makers in session.execute(statement)
    ]
    done = [task for task in tasks if task.is_done][:MOST_DONE]
    return [task for task in tasks if not task.is_done] + done


def list_calendar(session: Session, maker_id: int, language: str) -> list[CalendarRow]:
    """The maker's months from this one on, beside the pool of each offer; four statements."""
    statement = (
        select(OfferSource, Offer.units_per_case, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en)
        .join(Offer, Offer.id == OfferSource.offer_id)
        .join(Variant, Variant.id == OfferSource.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.maker_id == maker_id, OfferSource.is_active)
        .order_by(OfferSource.id)
    )
    own = session.execute(statement).all()
    if not own:
        return []
    offers = [row[0].offer_id for row in own]
    mates: dict[int, list[int]] = {}
    same = select(OfferSource.offer_id, OfferSource.id).where(OfferSource.offer_id.in_(offers), OfferSource.is_active)
    for offer_id, source_id in session.execute(same):
        mates.setdefault(offer_id, []).append(source_id)
    today = clock.today()
    last = date(today.year + (today.month + CALENDAR_MONTHS - 2) // 12, (today.month + CALENDAR_MONTHS - 2) % 12 + 1, 1)
    months = months_between(today, last)
    calendar = map_capacity(session, [source_id for each in mates.values() for source_id in each], months)
    rows = []
    for source, units, name_id, name_en, pack_id, pack_en in own:
        pool = mates[source.offer_id]
        rows.append(
            CalendarRow(
                source_id=source.id,
                name=pick(language, f"{name_id}, {pack_id}", f"{name_en or name_id}, {pack_en or pack_id}"),
                units_per_case=units,
                makers=len(pool),
                months=tuple(Month(month, calendar[source.id, month], _together(calendar, pool, month)) for month in months),
            )
        )
    return rows


def _together(calendar: dict[tuple[int, date], Capacity], source_ids: list[int], month: date) -> Capacity:
    parts = [calendar[source_id, month] for source_id in source_ids]
    return Capacity(sum(part.quantity for part in parts), sum(part.taken for part in parts))
