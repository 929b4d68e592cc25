"""The maker page in two statements, and the maker cards that village pages show."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate
from catalog.models.maker import Maker, MakerKind
from catalog.models.photo import Photo
from catalog.models.product import Product
from catalog.queries import parts
from catalog.queries.cards import LIVE, list_cards, popular_cards
from catalog.queries.json_rows import Row, Statement, Subquery, read_rows, rows_of
from catalog.queries.points import places_subquery
from catalog.queries.prepared import prepared
from catalog.queries.views import MakerCard, MakerPage, Picture
from catalog.slugs import is_slug
from kernel.errors import N_, NotFound
from kernel.locales import pick

#: More products than any real maker has; keeps a damaged import from filling a page.
MOST_PRODUCTS = 60


def get_maker_page(session: Session, slug: str, language: str, today: date) -> MakerPage:
    """A maker with its live products; NotFound when nobody has this slug. Two statements."""
    row = session.execute(_by_slug(today), {"slug": slug}).one_or_none() if is_slug(slug) else None
    if row is None:
        raise NotFound(N_("We could not find this maker."))
    maker: Maker = row.Maker
    pictures = parts.read_pictures(row.pictures, language, maker.name)
    products = list_cards(session, _products_of(today), language, maker_id=maker.id)
    place = parts.read_place(row)
    card = MakerCard(
        slug=maker.slug,
        name=maker.name,
        kind=maker.kind,
        village_code=maker.village_code,
        village_name=place.name,
        story=pick(language, maker.story_id, maker.story_en),
        founded_year=maker.founded_year,
        people_count=maker.people_count,
        public_phone=maker.phone if maker.is_phone_public else "",
        picture=pictures[0] if pictures else None,
        product_count=len(products),
        is_sample=maker.is_sample,
    )
    return MakerPage(
        maker=card,
        place=place,
        pictures=pictures,
        claims=parts.read_claims(row.claims),
        products=tuple(products),
        places=row.places,
    )


@prepared
def _by_slug(today: date) -> Statement:
    statement = select(
        Maker,
        *parts.PLACE_COLUMNS,
        parts.pictures_subquery(Photo.maker_id == Maker.id).label("pictures"),
        parts.claims_subquery(Certificate.maker_id == Maker.id, today).label("claims"),
        places_subquery().label("places"),
    )
    return parts.join_place(statement, Maker.village_code).where(Maker.slug == bindparam("slug"))


@prepared
def _products_of(today: date) -> Statement:
    return popular_cards(Product.maker_id == bindparam("maker_id"), MOST_PRODUCTS, today)


def makers_subquery() -> Subquery:
    """The makers of the village in the enclosing statement, each with its first photo's columns (or nulls)."""
    first = (
        select(Photo.id).where(Photo.maker_id == Maker.id).order_by(Photo.position, Photo.id).limit(1).correlate(Maker).scalar_subquery()
    )
    products = select(func.count()).where(Product.maker_id == Maker.id, LIVE).correlate(Maker).scalar_subquery()
    return (
        rows_of(
            id=Maker.id,
            slug=Maker.slug,
            name=Maker.name,
            kind=Maker.kind,
            village_code=Maker.village_code,
            story_id=Maker.story_id,
            story_en=Maker.story_en,
            founded_year=Maker.founded_year,
            people_count=Maker.people_count,
            phone=Maker.phone,
            is_phone_public=Maker.is_phone_public,
            is_sample=Maker.is_sample,
            product_count=products,
            photo=Photo.name,
            width=Photo.width,
            height=Photo.height,
            alt_id=Photo.alt_id,
            alt_en=Photo.alt_en,
        )
        .select_from(Maker)
        .outerjoin(Photo, Photo.id == first)
        .where(Maker.village_code == parts.Village.code)
        .correlate(parts.Village)
        .scalar_subquery()
    )


def read_makers(value: object, language: str, village_name: str) -> tuple[MakerCard, ...]:
    """Maker cards, those with most products first."""
    cards = [_card(row, language, village_name) for row in read_rows(value)]
    return tuple(sorted(cards, key=lambda card: -card.product_count))


def _card(row: Row, language: str, village_name: str) -> MakerCard:
    alt = pick(language, row["alt_id"] or "", row["alt_en"] or "") or row["name"]
    return MakerCard(
        slug=row["slug"],
        name=row["name"],
        kind=MakerKind(row["kind"]),
        village_code=row["village_code"],
        village_name=village_name,
        story=pick(language, row["story_id"], row["story_en"]),
        founded_year=row["founded_year"],
        people_count=row["people_count"],
        public_phone=row["phone"] if row["is_phone_public"] else "",
        picture=Picture(row["photo"], row["width"], row["height"], alt) if row["photo"] else None,
        product_count=row["product_count"],
        is_sample=bool(row["is_sample"]),
    )
