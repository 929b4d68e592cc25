"""From the database to search documents: live products with a current price, read in batches with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from catalog.channels import Paper, Requirement, goods_of, lacking, list_requirements, may_be_on
from catalog.models.area import Area
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.channel import Channel
from catalog.models.maker import Maker
from catalog.models.product import Category, Ingredient, ListingState, Price, Product, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from catalog.search.document import SearchDocument
from catalog.search.validity import HORIZON, Validity, write_claims
from kernel import clock

#: Products read at a time: the queries stay few and the memory small, for forty products or a million.
BATCH = 500

Papers = Mapping[int, Sequence[Validity]]
_TEXTS = ("summary", "description", "material", "technique", "design", "culture")
District = aliased(Area, name="district")
Regency = aliased(Area, name="regency")


def load_documents(session: Session, product_ids: Sequence[int]) -> list[SearchDocument]:
    """The documents of those among `product_ids` that buyers may see, by id. Whoever is missing must leave the index."""
    documents: list[SearchDocument] = []
    wanted = sorted(set(product_ids))
    for start in range(0, len(wanted), BATCH):
        chunk = wanted[start : start + BATCH]
        rows = session.execute(live_products().where(Product.id.in_(chunk)).order_by(Product.id)).all()
        documents += _documents(session, rows)
    return documents


def iterate_documents(session: Session) -> Iterator[SearchDocument]:
    """All documents by product id, streaming; the session may not change the catalogue meanwhile."""
    last = 0
    while True:
        statement = live_products().where(Product.id > last).order_by(Product.id).limit(BATCH)
        rows = session.execute(statement).all()
        if not rows:
            return
        last = rows[-1].Product.id
        yield from _documents(session, rows)
        session.expunge_all()


def count_live(session: Session) -> int:
    """How many products are live, priced or not: the length of the progress bar."""
    return session.scalar(select(func.count()).select_from(Product).where(Product.state == ListingState.LIVE)) or 0


def list_sellable(session: Session) -> set[int]:
    """Ids of all products that the index should hold: live, and with a current price."""
    live = set(session.scalars(select(Product.id).where(*_in_the_shop())))
    return live & lowest_prices(session, Product.state == ListingState.LIVE, clock.today()).keys()


def live_products() -> Select[Product, Maker, Category, Area, Area, Area]:
    """Product, maker, category, village, district and regency of every live product."""
    return (
        select(Product, Maker, Category, Area, District, Regency)
        .join(Maker, Maker.id == Product.maker_id)
        .join(Category, Category.id == Product.category_id)
        .join(Area, Area.code == Product.village_code)
        .outerjoin(District, District.code == Area.parent_code)
        .outerjoin(Regency, Regency.code == District.parent_code)
        .where(*_in_the_shop())
    )


def _in_the_shop() -> tuple[ColumnElement[bool], ...]:
    """Live, and with the papers that the web shop requires today."""
    return Product.state == ListingState.LIVE, Product.published_at.is_not(None), may_be_on(Channel.WEB, clock.today())


# Facts gathered for many products at once; `among` is a condition on Product.


def lowest_prices(session: Session, among: ColumnElement[bool], today: date) -> dict[int, int]:
    """Product id -> the lowest of its active variants' current prices. A later start wins over an earlier one."""
    statement = (
        select(Variant.product_id, Price.variant_id, Price.amount)
        .join(Variant, Variant.id == Price.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(among, Variant.is_active, Price.starts_on <= today, or_(Price.ends_on.is_(None), Price.ends_on >= today))
        .order_by(Price.variant_id, Price.starts_on)
    )
    current = {variant: (product, amount) for product, variant, amount in session.execute(statement)}
    lowest: dict[int, int] = {}
    for product, amount in current.values():
        lowest[product] = min(amount, lowest.get(product, amount))
    return lowest


def available_units(session: Session, among: ColumnElement[bool], today: date) -> dict[int, int]:
    """Product id -> units on hand and not held, in batches that may still be sold, at active outlets."""
    statement = (
        select(Variant.product_id, func.sum(StockLevel.on_hand - StockLevel.held))
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .where(among, Variant.is_active, Outlet.is_active, Batch.state == BatchState.OPEN, StockLevel.on_hand > StockLevel.held)
        .where(or_(Batch.best_before_on.is_(None), Batch.best_before_on >= today))
        .group_by(Variant.product_id)
    )
    return {product: int(units) for product, units in session.execute(statement)}


def list_papers(session: Session, products: Iterable[tuple[int, int]], today: date) -> dict[int, list[Validity]]:
    """Product id -> papers valid today or soon, its own and its maker's, for (product id, maker id) pairs."""
    pairs = list(products)
    near = (
        Certificate.valid_from_on <= today + HORIZON,
        or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= today),
    )
    columns = (Certificate.product_id, Certificate.maker_id, Certificate.kind, Certificate.valid_from_on, Certificate.valid_until_on)
    statement = select(*columns).where(*near)
    if len(pairs) <= BATCH:
        ids, makers = {product for product, _ in pairs}, {maker for _, maker in pairs}
        statement = statement.where(or_(Certificate.product_id.in_(ids), Certificate.maker_id.in_(makers)))
    own: dict[int, list[Validity]] = defaultdict(list)
    of_maker: dict[int, list[Validity]] = defaultdict(list)
    for product, maker, kind, starts, ends in session.execute(statement):
        if product is not None:
            own[product].append((kind.value, starts, ends))
        elif maker is not None:
            of_maker[maker].append((kind.value, starts, ends))
    return {product: own.get(product, []) + of_maker.get(maker, []) for product, maker in pairs}


def last_listed_days(requirements: Sequence[Requirement], products: Iterable[Product], papers: Papers, today: date) -> dict[int, date]:
    """Product id -> its last day in the web shop, where that is soon; the products are in the shop today."""
    found = {}
    for product in products:
        goods = goods_of(product)
        held = [Paper(CertificateKind(kind), starts, ends) for kind, starts, ends in papers[product.id]]
        ends_of = {ends for _, _, ends in papers[product.id] if ends is not None}
        changes = {day + timedelta(days=1) for day in ends_of} | {each.starts_on for each in requirements}
        for day in sorted(day for day in changes if today < day <= today + HORIZON):
            if lacking(requirements, goods, held, day):
                found[product.id] = day - timedelta(days=1)
                break
    return found


@dataclass(slots=True)
class _Facts:
    prices: Mapping[int, int]
    units: Mapping[int, int]
    certificates: Mapping[int, tuple[str, ...]]
    codes: Mapping[int, tuple[str, ...]]
    words_id: Mapping[int, list[str]]
    words_en: Mapping[int, list[str]]


def _documents(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[SearchDocument]:
    facts = _facts(session, rows)
    return [_document(row, facts) for row in rows if row.Product.id in facts.prices]


def _certificates(session: Session, rows: Sequence[Row[*tuple[Any, ...]]], today: date) -> dict[int, tuple[str, ...]]:
    papers = list_papers(session, ((row.Product.id, row.Product.maker_id) for row in rows), today)
    requirements = list_requirements(session, Channel.WEB)
    last_days = last_listed_days(requirements, (row.Product for row in rows), papers, today) if requirements else {}
    return {product: write_claims(held, today, last_days.get(product)) for product, held in papers.items()}


def _facts(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> _Facts:
    today = clock.today()
    ids = [row.Product.id for row in rows]
    among = Product.id.in_(ids)
    codes: dict[int, list[str]] = defaultdict(list)
    words_id: dict[int, list[str]] = defaultdict(list)
    words_en: dict[int, list[str]] = defaultdict(list)
    ingredients = select(Ingredient.product_id, Ingredient.name_id, Ingredient.name_en).where(Ingredient.product_id.in_(ids))
    for product, name_id, name_en in session.execute(ingredients.order_by(Ingredient.position)):
        words_id[product].append(name_id)
        words_en[product].append(name_en)
    variants = select(Variant).where(Variant.product_id.in_(ids), Variant.is_active).order_by(Variant.position)
    for variant in session.scalars(variants):
        codes[variant.product_id] += filter(None, (variant.code, variant.gtin, variant.internal_number))
        words_id[variant.product_id].append(variant.name_id)
        words_en[variant.product_id].append(variant.name_en)
    return _Facts(
        lowest_prices(session, among, today),
        available_units(session, among, today),
        _certificates(session, rows, today),
        {product: tuple(found) for product, found in codes.items()},
        words_id,
        words_en,
    )


def _document(row: Row[*tuple[Any, ...]], facts: _Facts) -> SearchDocument:
    product, maker, category, village = row.Product, row.Maker, row.Category, row.Area
    regency = row.regency
    return SearchDocument(
        product_id=product.id,
        slug=product.slug,
        name_id=product.name_id,
        name_en=product.name_en,
        text_id=_text(product, "id", facts.words_id.get(product.id, [])),
        text_en=_text(product, "en", facts.words_en.get(product.id, [])),
        maker=maker.name,
        maker_slug=maker.slug,
        village=village.name,
        village_code=village.code,
        district=row.district.name if row.district else "",
        district_code=row.district.code if row.district else "",
        regency=f"{regency.name} {regency.short_name}".strip() if regency else "",
        category=category.slug,
        category_names=f"{category.name_id}\n{category.name_en}",
        scheme=product.scheme.value,
        certificates=facts.certificates.get(product.id, ()),
        codes=facts.codes.get(product.id, ()),
        price=facts.prices[product.id],
        available=facts.units.get(product.id, 0),
        latitude=village.latitude,
        longitude=village.longitude,
        published_at=product.published_at,
        popularity=product.popularity,
    )


def _text(product: Product, language: str, words: Iterable[str]) -> str:
    """The readable texts of one language, one paragraph; a snippet is cut from it."""
    paragraphs = [getattr(product, f"{name}_{language}") for name in _TEXTS]
    listed = ", ".join(word for word in words if word)
    return " ".join(part for part in (*paragraphs, listed) if part)
