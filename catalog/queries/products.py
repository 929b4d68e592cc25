"""The product page in two statements: the product with its children and the villages of its map, and more of the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from catalog.curation.stars import read_stars, stars_subquery
from catalog.models.area import Area, AreaLevel
from catalog.models.certificate import CertificateKind
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Category, HalalState, Ingredient, Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from catalog.queries import parts
from catalog.queries.cards import LIVE, certificates_of_product, ranked_cards, read_card
from catalog.queries.json_rows import Statement, Subquery, read_rows, rows_of
from catalog.queries.points import places_subquery
from catalog.queries.prepared import prepared
from catalog.queries.views import BatchView, Claim, IngredientView, MakerCard, ProductCard, ProductPage
from catalog.slugs import is_slug
from kernel.errors import N_, NotFound
from kernel.locales import pick

#: How many other products one page offers, per kind.
MORE = 4

Origin = aliased(Area, name="origin")
OriginParent = aliased(Area, name="origin_parent")


def get_product_page(session: Session, slug: str, language: str, today: date) -> ProductPage:
    """Everything the page of one live product says; NotFound for others. Two statements."""
    row = session.execute(_statement(today), {"slug": slug}).one_or_none() if is_slug(slug) else None
    if row is None:
        raise NotFound(N_("This product is not here (any more)."))
    product: Product = row.Product
    maker: Maker = row.Maker
    name = pick(language, product.name_id, product.name_en)
    place = parts.read_place(row)
    claims = parts.read_claims(row.claims)
    from_maker, from_village = _list_more(session, product, language, today)
    return ProductPage(
        product_id=product.id,
        slug=product.slug,
        name=name,
        summary=pick(language, product.summary_id, product.summary_en),
        description=pick(language, product.description_id, product.description_en),
        material=pick(language, product.material_id, product.material_en),
        technique=pick(language, product.technique_id, product.technique_en),
        design=pick(language, product.design_id, product.design_en),
        culture=pick(language, product.culture_id, product.culture_en),
        storage=pick(language, product.storage_id, product.storage_en),
        shelf_life_days=product.shelf_life_days,
        allergens=tuple(product.allergens),
        halal=read_halal(product.halal_state, claims),
        travel_limit=product.travel_limit,
        scheme=product.scheme,
        category_slug=row.category_slug,
        category_name=pick(language, row.category_id, row.category_en),
        maker=read_maker(maker, row, language),
        place=place,
        pictures=parts.read_pictures(row.pictures, language, name),
        variants=parts.read_variants(row.variants, language),
        ingredients=read_ingredients(row.ingredients, language),
        batches=_batches(row.batches),
        claims=claims,
        outlets=parts.read_outlets(row.outlets),
        more_from_maker=from_maker,
        more_from_village=from_village,
        places=row.places,
        stars=read_stars(row.stars, today),
        is_sample=product.is_sample,
    )


@prepared
def _statement(today: date) -> Statement:
    statement = (
        select(
            Product,
            Maker,
            *parts.PLACE_COLUMNS,
            Category.slug.label("category_slug"),
            Category.name_id.label("category_id"),
            Category.name_en.label("category_en"),
            parts.pictures_subquery(Photo.product_id == Product.id).label("pictures"),
            parts.first_picture_subquery(Photo.maker_id == Product.maker_id).label("maker_pictures"),
            parts.variants_subquery(Variant.product_id == Product.id, today).label("variants"),
            parts.claims_subquery(certificates_of_product(), today).label("claims"),
            ingredients_subquery().label("ingredients"),
            _batches_subquery(today).label("batches"),
            parts.outlets_subquery().label("outlets"),
            places_subquery().label("places"),
            stars_subquery().label("stars"),
        )
        .join(Maker, Maker.id == Product.maker_id)
        .join(Category, Category.id == Product.category_id)
        .where(LIVE, Product.slug == bindparam("slug"))
    )
    return parts.join_place(statement, Product.village_code)


def ingredients_subquery() -> Subquery:
    """What the product of the enclosing statement is made of, with where each thing comes from."""
    return (
        rows_of(
            id=Ingredient.id,
            position=Ingredient.position,
            name_id=Ingredient.name_id,
            name_en=Ingredient.name_en,
            share_bps=Ingredient.share_bps,
            origin_code=Origin.code,
            origin_level=Origin.level,
            origin_kind=Origin.kind,
            origin_name=Origin.name,
            origin_short_name=Origin.short_name,
            parent_name=OriginParent.name,
        )
        .select_from(Ingredient)
        .outerjoin(Origin, Origin.code == Ingredient.origin_code)
        .outerjoin(OriginParent, OriginParent.code == Origin.parent_code)
        .where(Ingredient.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )


def read_ingredients(value: object, language: str) -> tuple[IngredientView, ...]:
    """The ingredients in their order."""
    return tuple(
        IngredientView(
            name=pick(language, row["name_id"], row["name_en"]),
            origin=name_origin(row),
            origin_village_code=row["origin_code"] if row["origin_level"] == AreaLevel.VILLAGE else None,
            share_bps=row["share_bps"],
        )
        for row in read_rows(value, sort_by="position")
    )


def name_origin(row: dict[str, Any]) -> str:
    """`Desa Betung, Kec. Abab`, `Kec. Abab`, or the regency's or province's own name; of a row with the columns of an origin."""
    name = row["origin_short_name"] or row["origin_name"] or ""
    if row["origin_level"] == AreaLevel.VILLAGE:
        return f"{(row['origin_kind'] or '').capitalize()} {name}, Kec. {row['parent_name']}".strip()
    return f"Kec. {name}" if row["origin_level"] == AreaLevel.DISTRICT else name


def _batches_subquery(today: date) -> Subquery:
    """Lots with free units on active shelves, past ones left out."""
    return (
        rows_of(
            id=Batch.id,
            lot_code=Batch.lot_code,
            produced_on=Batch.produced_on,
            best_before_on=Batch.best_before_on,
            available=StockLevel.on_hand - StockLevel.held,
        )
        .select_from(Batch)
        .join(StockLevel, StockLevel.batch_id == Batch.id)
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .where(Batch.product_id == Product.id, Outlet.is_active, StockLevel.on_hand > StockLevel.held, parts.not_past(today))
        .correlate(Product)
        .scalar_subquery()
    )


def _batches(value: object) -> tuple[BatchView, ...]:
    """Lots with their units summed over variants and outlets, the one that goes first in front."""
    lots: dict[int, BatchView] = {}
    for row in read_rows(value):
        known = lots.get(row["id"])
        lots[row["id"]] = (
            replace(known, available=known.available + row["available"])
            if known
            else BatchView(
                lot_code=row["lot_code"],
                produced_on=parts.read_day(row["produced_on"]),
                best_before_on=parts.read_day(row["best_before_on"]),
                available=row["available"],
            )
        )
    return tuple(sorted(lots.values(), key=lambda lot: (lot.best_before_on or date.max, lot.lot_code)))


def read_halal(state: HalalState, claims: tuple[Claim, ...]) -> HalalState:
    """What may be said: `certified` needs a certificate that is valid today."""
    if state is HalalState.CERTIFIED and all(claim.kind is not CertificateKind.HALAL for claim in claims):
        return HalalState.NOT_YET
    return state


def read_maker(maker: Maker, row: Any, language: str) -> MakerCard:
    """The maker of one result row that has `maker_pictures` and the columns of a place."""
    pictures = parts.read_pictures(row.maker_pictures, language, maker.name)
    return MakerCard(
        slug=maker.slug,
        name=maker.name,
        kind=maker.kind,
        village_code=maker.village_code,
        village_name=row.place_name if row.place_code == maker.village_code else "",
        story=pick(language, maker.story_id, maker.story_en),
        founded_year=maker.founded_year,
        people_count=maker.people_count,
        public_phone=maker.phone if maker.is_phone_public else "",
        picture=pictures[0] if pictures else None,
        product_count=0,
        is_sample=maker.is_sample,
    )


def _list_more(session: Session, product: Product, language: str, today: date) -> tuple[tuple[ProductCard, ...], tuple[ProductCard, ...]]:
    """Others of the same maker, and others of the same village by other makers; the popular ones first."""
    mine: list[ProductCard] = []
    near: list[ProductCard] = []
    here = {"product_id": product.id, "maker_id": product.maker_id, "village_code": product.village_code}
    for row in session.execute(_more(today), here):
        (mine if row.maker_id == product.maker_id else near).append(read_card(row, language))
    return tuple(mine[:MORE]), tuple(near[:MORE])


@prepared
def _more(today: date) -> Statement:
    maker_id: BindParameter[int] = bindparam("maker_id")
    village_code: BindParameter[str] = bindparam("village_code")
    alike = or_(Product.maker_id == maker_id, Product.village_code == village_code)
    order = (Product.maker_id != maker_id, Product.popularity.desc(), Product.id)
    return ranked_cards(and_(Product.id != bindparam("product_id"), alike), order, 4 * MORE, today)
