"""How often each product is shown: cards on pages noted in a spool, counted per day by the worker, told per village and maker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from catalog.channels import may_be_on
from catalog.desk import below
from catalog.models.area import Area
from catalog.models.channel import Channel
from catalog.models.collection import Exposure, FeaturedProduct, ShownPlace
from catalog.models.maker import Maker
from catalog.models.product import ListingState, Product, Variant
from catalog.models.stock import StockLevel
from catalog.rotation import choose_next
from kernel import clock, spool
from kernel.inserts import insert_new, insert_rows
from kernel.people import Actor, Permission

SPOOL = spool.Spool("shown.jsonl")
#: Products that the home page features on a day, and those that step in when one of them is sold out.
FEATURED, SPARES = 8, 8
#: A report can look back this far.
KEPT_DAYS = 400
_MOST_IDS = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """How often the live products of one village or maker were shown in a period."""

    key: str
    name: str
    products: int
    home: int
    found: int
    collection: int

    @property
    def total(self) -> int:
        """All places together."""
        return self.home + self.found + self.collection


# Noting and counting.


def note(folder: Path, place: ShownPlace, product_ids: Sequence[int]) -> None:
    """Note that cards were shown, without anything about the visitor. Never raises and never touches the database."""
    if product_ids:
        SPOOL.note(folder, {"day": clock.today().isoformat(), "place": place.value, "ids": list(product_ids[:_MOST_IDS])})


def collect(session: Session, files: Iterable[Path]) -> int:
    """Add what the files noted to the days' counts; how many (product, place, day). The caller commits, then discards them."""
    counts: Counter[tuple[date, int, ShownPlace]] = Counter()
    for path in files:
        for fact in spool.read_lines(path):
            counts.update(_facts(fact))
    known = set(session.scalars(select(Product.id).where(Product.id.in_({product_id for _day, product_id, _place in counts}))))
    for (day, product_id, place), times in sorted(counts.items()):
        if product_id in known:
            _add(session, day, product_id, place, times)
    return len(counts)


def add_counts(session: Session, day: date, place: ShownPlace, counts: Mapping[int, int]) -> None:
    """Add to the counts of one day and place: product id -> times."""
    for product_id, times in counts.items():
        _add(session, day, product_id, place, times)


def forget_old(session: Session) -> None:
    """Drop counts and featured days that no report looks at any more."""
    oldest = clock.today() - timedelta(days=KEPT_DAYS)
    session.execute(delete(Exposure).where(Exposure.day_on < oldest))
    session.execute(delete(FeaturedProduct).where(FeaturedProduct.day_on < oldest))


def _facts(fact: Any) -> list[tuple[date, int, ShownPlace]]:
    try:
        day, place = date.fromisoformat(fact["day"]), ShownPlace(fact["place"])
        return [(day, int(product_id), place) for product_id in fact["ids"][:_MOST_IDS]]
    except (ValueError, KeyError, TypeError):
        return []


def _add(session: Session, day: date, product_id: int, place: ShownPlace, times: int) -> None:
    row = {"day_on": day, "product_id": product_id, "place": place, "times": times}
    if insert_new(session, Exposure, [row]):
        return
    chosen = (Exposure.day_on == day, Exposure.product_id == product_id, Exposure.place == place)
    session.execute(update(Exposure).where(*chosen).values(times=Exposure.times + times).execution_options(synchronize_session=False))


# What the home page features.


def has_featured(session: Session, day: date) -> bool:
    """Whether it is settled what the home page features on `day`."""
    return session.scalar(select(FeaturedProduct.id).where(FeaturedProduct.day_on == day).limit(1)) is not None


def choose_featured(session: Session, day: date) -> list[int]:
    """Settle what the home page features on `day`: of what can be bought, those that wait longest. Spares go on waiting."""
    if has_featured(session, day):
        return []
    last = select(FeaturedProduct.product_id, func.max(FeaturedProduct.id).label("number")).where(FeaturedProduct.is_spare.is_(False))
    latest = last.group_by(FeaturedProduct.product_id).subquery()
    free = (
        select(StockLevel.id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .where(Variant.product_id == Product.id, StockLevel.on_hand > StockLevel.held)
        .exists()
    )
    statement = select(Product.id, latest.c.number).outerjoin(latest, latest.c.product_id == Product.id)
    rows = session.execute(statement.where(Product.state == ListingState.LIVE, may_be_on(Channel.WEB, day), Product.photos.any(), free))
    chosen = choose_next([(row[0], row[1]) for row in rows], FEATURED + SPARES)
    insert_rows(
        session,
        FeaturedProduct,
        [{"day_on": day, "position": at, "is_spare": at >= FEATURED, "product_id": product_id} for at, product_id in enumerate(chosen)],
    )
    return chosen[:FEATURED]


# The report.


def report_by_maker(session: Session, actor: Actor, since: date) -> list[Shown]:
    """Every maker with live products in reach, the least shown per product first."""
    statement = _report(actor, since, Maker.slug, Maker.name).join(Maker, Maker.id == Product.maker_id)
    return _read(session, statement.group_by(Maker.slug, Maker.name))


def report_by_village(session: Session, actor: Actor, since: date) -> list[Shown]:
    """Every village with live products in reach, the least shown per product first."""
    statement = _report(actor, since, Area.code, Area.name).join(Area, Area.code == Product.village_code)
    return _read(session, statement.group_by(Area.code, Area.name))


def _report(actor: Actor, since: date, key: Any, name: Any) -> Select[Any]:
    sums = (
        select(
            Exposure.product_id,
            func.sum(Exposure.times).filter(Exposure.place == ShownPlace.HOME).label("home"),
            func.sum(Exposure.times).filter(Exposure.place.in_((ShownPlace.LIST, ShownPlace.SEARCH))).label("found"),
            func.sum(Exposure.times).filter(Exposure.place == ShownPlace.COLLECTION).label("collection"),
        )
        .where(Exposure.day_on >= since)
        .group_by(Exposure.product_id)
        .subquery()
    )
    columns: list[Any] = [
        key,
        name,
        func.count(Product.id),
        func.coalesce(func.sum(sums.c.home), 0),
        func.coalesce(func.sum(sums.c.found), 0),
        func.coalesce(func.sum(sums.c.collection), 0),
    ]
    statement: Any = select(*columns).select_from(Product).outerjoin(sums, sums.c.product_id == Product.id)
    found: Select[Any] = statement.where(
        Product.state == ListingState.LIVE, below(Product.village_code, actor.area_prefixes(Permission.VIEW_REPORTS))
    )
    return found


def _read(session: Session, statement: Select[Any]) -> list[Shown]:
    rows = [Shown(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5])) for row in session.execute(statement)]
    return sorted(rows, key=lambda row: (row.total / row.products, row.name))
