"""The home page in three statements: shelves, outlets, collections and the map's villages; featured products; selected villages."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from catalog.models.product import Category, Product, Variant
from catalog.models.programme import ProgrammeStatus
from catalog.models.stock import StockLevel
from catalog.queries.cards import LIVE, list_cards
from catalog.queries.json_rows import Statement, Subquery, read_rows, rows_of
from catalog.queries.parts import outlets_subquery, read_outlets
from catalog.queries.points import Around, Neighbour, below, points_subquery, read_points
from catalog.queries.prepared import prepared
from catalog.queries.programme import count_from, takes_part
from catalog.queries.small_numbers import protect
from catalog.queries.views import CategoryView, Figures, HomePage, OutletView, VillagePoint
from catalog.queries.villages import list_villages
from catalog.queries.window import collections_subquery, featured_cards, read_collections
from kernel.locales import pick

FEATURED = 8
#: More than the page shows: it prefers those with a picture.
VILLAGES = 18
SELECTED_STATUSES = (ProgrammeStatus.SELECTED, ProgrammeStatus.CURATED, ProgrammeStatus.LAUNCHED)


def get_home_page(session: Session, area_prefix: str, year: int, language: str, today: date) -> HomePage:
    """Everything the home page of the shop of `area_prefix` shows. Three statements."""
    row = session.execute(_window(today, area_prefix.count(".")), {"area": area_prefix, "year": year}).one()
    categories = _read_categories(row.categories, language)
    points = read_points(row.points, language)
    return HomePage(
        categories=categories,
        featured=tuple(list_cards(session, _featured(today), language)),
        villages=tuple(list_villages(session, area_prefix, year, language, statuses=SELECTED_STATUSES, limit=VILLAGES)),
        figures=_figures(points, categories),
        outlets=read_outlets(row.outlets),
        collections=read_collections(row.collections, language),
        village_points=points,
    )


def list_categories(session: Session, language: str) -> tuple[CategoryView, ...]:
    """The shelves in their order, with how many live products stand on each. One statement."""
    return _read_categories(session.scalar(_shelves()), language)


def list_outlets(session: Session) -> tuple[OutletView, ...]:
    """The active outlets, the home regency's first. One statement."""
    return read_outlets(session.scalar(_outlets()))


@prepared
def _window(today: date, depth: int) -> Statement:
    return select(
        _categories().label("categories"),
        outlets_subquery().label("outlets"),
        collections_subquery(today).label("collections"),
        points_subquery(below(bindparam("area"), depth, Neighbour, Around)).label("points"),
    )


@prepared
def _shelves() -> Statement:
    return select(_categories())


@prepared
def _outlets() -> Statement:
    return select(outlets_subquery())


def _categories() -> Subquery:
    count = select(func.count()).where(Product.category_id == Category.id, LIVE).correlate(Category).scalar_subquery()
    return rows_of(
        id=Category.id,
        position=Category.position,
        slug=Category.slug,
        name_id=Category.name_id,
        name_en=Category.name_en,
        product_count=count,
    ).scalar_subquery()


def _read_categories(value: object, language: str) -> tuple[CategoryView, ...]:
    return tuple(
        CategoryView(row["slug"], pick(language, row["name_id"], row["name_en"]), row["product_count"])
        for row in read_rows(value, sort_by="position")
    )


@prepared
def _featured(today: date) -> Statement:
    """Those the home page features, of which a unit is free somewhere."""
    on_shelf = (
        select(StockLevel.id)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .where(Variant.product_id == Product.id, StockLevel.on_hand > StockLevel.held)
        .correlate(Product)
        .exists()
    )
    return featured_cards(on_shelf, FEATURED, today)


def _figures(points: tuple[VillagePoint, ...], categories: tuple[CategoryView, ...]) -> Figures:
    villages = [point for point in points if takes_part(point)]
    return Figures(
        villages=len(villages),
        mapped=count_from(villages, ProgrammeStatus.MAPPED),
        selected=count_from(villages, ProgrammeStatus.SELECTED),
        districts=len({point.district_code for point in villages}),
        makers=protect(sum(point.maker_count for point in points)),
        products=sum(category.product_count for category in categories),
    )
