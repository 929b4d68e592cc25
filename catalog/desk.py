"""Reads for the office's pages: makers, products and stock, each only as far as the person's area or outlet reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from catalog.models.area import Area, AreaLevel
from catalog.models.certificate import Certificate
from catalog.models.maker import Maker
from catalog.models.product import Category, Ingredient, ListingState, Price, Product, PublicationDecision, Variant
from kernel.errors import NotFound
from kernel.paging import Page, escape_like, read_page
from kernel.people import Actor, Permission, User, covers

PAGE_SIZE = 30


class Lack(StrEnum):
    """What a product that is not withdrawn still needs."""

    PHOTO = "photo"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """What the list of products is narrowed to; empty means everything in reach."""

    state: ListingState | None = None
    lack: Lack | None = None
    #: An area code; its whole branch counts.
    area: str = ""
    maker: str = ""
    category: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueFigures:
    """What the dashboard says about the catalogue in reach."""

    makers: int
    drafts: int
    live: int
    withdrawn: int
    without_photo: int
    without_price: int


def below(column: InstrumentedAttribute[str], prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Whether the area code in `column` lies in one of the branches; no branch at all is nowhere."""
    if "" in prefixes:
        return true()
    return or_(False, *(or_(column == prefix, column.startswith(f"{prefix}.")) for prefix in prefixes))


def list_makers(session: Session, actor: Actor, *, text: str = "", area: str = "", page: int = 1) -> Page[Maker]:
    """Makers by name, with their villages."""
    statement = select(Maker).where(below(Maker.village_code, actor.area_prefixes(Permission.EDIT_MAKERS))).order_by(Maker.name, Maker.id)
    if text:
        statement = statement.where(_contains(text, Maker.name, Maker.slug))
    if area:
        statement = statement.where(below(Maker.village_code, [area]))
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=[joinedload(Maker.village).joinedload(Area.parent)])


def get_maker(session: Session, actor: Actor, slug: str) -> Maker:
    """A maker in reach, with village and photos; NotFound elsewhere."""
    maker = session.scalar(
        select(Maker).where(Maker.slug == slug).options(joinedload(Maker.village).joinedload(Area.parent), selectinload(Maker.photos))
    )
    if maker is None or not actor.can(Permission.EDIT_MAKERS, area_code=maker.village_code):
        raise NotFound
    return maker


def list_makers_to_choose(session: Session, actor: Actor, limit: int = 500) -> list[Maker]:
    """Makers in reach for a choice field."""
    statement = select(Maker).where(below(Maker.village_code, actor.area_prefixes(Permission.EDIT_PRODUCTS)))
    return list(session.scalars(statement.options(joinedload(Maker.village)).order_by(Maker.name, Maker.id).limit(limit)))


def list_products(session: Session, actor: Actor, wanted: ProductFilter, *, page: int = 1) -> Page[Product]:
    """Products, the latest changed first, with maker, village, photos and variants."""
    statement = (
        select(Product)
        .where(below(Product.village_code, actor.area_prefixes(Permission.EDIT_PRODUCTS)))
        .order_by(Product.updated_at.desc(), Product.id.desc())
    )
    if wanted.state is not None:
        statement = statement.where(Product.state == wanted.state)
    if wanted.lack is not None:
        statement = statement.where(Product.state != ListingState.WITHDRAWN, _lacks(wanted.lack))
    if wanted.category:
        statement = statement.where(Product.category_id.in_(select(Category.id).where(Category.slug == wanted.category)))
    if wanted.area:
        statement = statement.where(below(Product.village_code, [wanted.area]))
    if wanted.maker:
        statement = statement.where(Product.maker_id.in_(select(Maker.id).where(Maker.slug == wanted.maker)))
    if wanted.text:
        codes = select(Variant.product_id).where(
            or_(func.lower(Variant.code) == wanted.text.lower(), Variant.gtin == wanted.text, Variant.internal_number == wanted.text)
        )
        statement = statement.where(or_(_contains(wanted.text, Product.name_id, Product.name_en, Product.slug), Product.id.in_(codes)))
    options = [
        joinedload(Product.maker),
        joinedload(Product.village),
        selectinload(Product.photos),
        selectinload(Product.variants).selectinload(Variant.prices),
    ]
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=options)


def get_product(session: Session, actor: Actor, slug: str) -> Product:
    """A product in reach with everything the edit pages show; NotFound elsewhere."""
    product = session.scalar(
        select(Product)
        .where(Product.slug == slug)
        .options(
            joinedload(Product.maker).joinedload(Maker.village),
            joinedload(Product.category),
            joinedload(Product.village).joinedload(Area.parent),
            selectinload(Product.photos),
            selectinload(Product.certificates),
            selectinload(Product.ingredients).joinedload(Ingredient.origin),
            selectinload(Product.variants).selectinload(Variant.prices),
        )
        .execution_options(populate_existing=True)
    )
    if product is None or not actor.can(Permission.EDIT_PRODUCTS, area_code=product.village_code):
        raise NotFound
    return product


def get_variant(product: Product, code: str) -> Variant:
    """One of the product's variants (loaded), by its code."""
    found = next((variant for variant in product.variants if variant.code == code), None)
    if found is None:
        raise NotFound
    return found


def list_decisions(session: Session, product: Product) -> list[tuple[PublicationDecision, str]]:
    """Every decision about a product, the newest first, with the name of who took it."""
    statement = (
        select(PublicationDecision, func.coalesce(User.name, ""))
        .outerjoin(User, User.id == PublicationDecision.actor_id)
        .where(PublicationDecision.product_id == product.id)
        .order_by(PublicationDecision.decided_at.desc(), PublicationDecision.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def list_papers(session: Session, product: Product) -> list[Certificate]:
    """The papers of a product and of its maker, valid or not, the latest first."""
    statement = select(Certificate).where(or_(Certificate.product_id == product.id, Certificate.maker_id == product.maker_id))
    return list(session.scalars(statement.order_by(Certificate.kind, Certificate.valid_from_on.desc(), Certificate.id.desc())))


def list_villages_to_choose(session: Session, actor: Actor, permission: Permission, home: str, limit: int = 400) -> list[Area]:
    """Villages in reach to suggest in an area field: the home regency's when the reach is wider than a list can be."""
    prefixes = actor.area_prefixes(permission)
    branch = [home] if any(covers(prefix, home) for prefix in prefixes) else prefixes
    statement = select(Area).where(Area.level == AreaLevel.VILLAGE, below(Area.code, branch))
    return list(session.scalars(statement.options(joinedload(Area.parent)).order_by(Area.name, Area.code).limit(limit)))


def get_figures(session: Session, actor: Actor) -> CatalogueFigures:
    """Counts for the dashboard, in the actor's reach."""
    prefixes = actor.area_prefixes(Permission.EDIT_PRODUCTS)
    reach = below(Product.village_code, prefixes)
    rows = session.execute(select(Product.state, func.count()).where(reach).group_by(Product.state))
    states = {row[0]: row[1] for row in rows}
    listed = select(func.count()).select_from(Product).where(reach, Product.state != ListingState.WITHDRAWN)
    makers = select(func.count()).select_from(Maker).where(below(Maker.village_code, actor.area_prefixes(Permission.EDIT_MAKERS)))
    return CatalogueFigures(
        makers=session.scalar(makers) or 0,
        drafts=states.get(ListingState.DRAFT, 0),
        live=states.get(ListingState.LIVE, 0),
        withdrawn=states.get(ListingState.WITHDRAWN, 0),
        without_photo=session.scalar(listed.where(_lacks(Lack.PHOTO))) or 0,
        without_price=session.scalar(listed.where(_lacks(Lack.PRICE))) or 0,
    )


def _lacks(lack: Lack) -> ColumnElement[bool]:
    if lack is Lack.PHOTO:
        return ~Product.photos.any()
    return Product.id.not_in(select(Variant.product_id).join(Price, Price.variant_id == Variant.id))


def _contains(text: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    wanted = f"%{escape_like(text.strip().lower())}%"
    return or_(*(func.lower(column).like(wanted, escape="\\") for column in columns))
