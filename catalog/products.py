"""Products: describe one, correct it, put it live with a reason and take it away again."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.access import ensure_can
from catalog.areas import get_village
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import (
    Category,
    HalalState,
    Ingredient,
    ListingState,
    Price,
    Product,
    PublicationDecision,
    TravelLimit,
    Variant,
)
from catalog.models.programme import Scheme
from catalog.search.queue import mark_dirty
from catalog.slugs import make_slug
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.inserts import insert_returning_ids, known_object
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission

#: The words of `Product.allergens` and how they are called: what a label must name (BPOM 31/2018, art. 49 and annex).
ALLERGENS: dict[str, str] = {
    "gluten": N_("Cereals with gluten"),
    "crustaceans": N_("Crustaceans"),
    "molluscs": N_("Molluscs"),
    "fish": N_("Fish"),
    "eggs": N_("Eggs"),
    "milk": N_("Milk"),
    "peanuts": N_("Peanuts"),
    "soy": N_("Soy"),
    "tree_nuts": N_("Tree nuts"),
    "sesame": N_("Sesame"),
    "sulphites": N_("Sulphites"),
}
_LENGTHS = {"name": 120, "summary": 240, "description": 5_000, "storage": 240}
_UNIQUENESS = ("material", "technique", "design", "culture")
_TEXTS = {**_LENGTHS, **dict.fromkeys(_UNIQUENESS, 2_000)}
MOST_INGREDIENTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientFacts:
    """One ingredient; `origin_code` is the area it comes from, `share_bps` its share of the whole in basis points."""

    name_id: str
    name_en: str = ""
    origin_code: str | None = None
    share_bps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """What people say about a product. Every text may be missing in one language; `allergens` are words of ALLERGENS."""

    category_id: int
    #: Where it is made; None is the maker's village.
    village_code: str | None = None
    scheme: Scheme = Scheme.OVOP
    name_id: str = ""
    name_en: str = ""
    summary_id: str = ""
    summary_en: str = ""
    description_id: str = ""
    description_en: str = ""
    material_id: str = ""
    material_en: str = ""
    technique_id: str = ""
    technique_en: str = ""
    design_id: str = ""
    design_en: str = ""
    culture_id: str = ""
    culture_en: str = ""
    storage_id: str = ""
    storage_en: str = ""
    shelf_life_days: int | None = None
    allergens: tuple[str, ...] = ()
    halal_state: HalalState = HalalState.NOT_YET
    #: Anything but NONE: it is collected only.
    travel_limit: TravelLimit = TravelLimit.NONE
    ingredients: tuple[IngredientFacts, ...] = ()


_COLUMNS = tuple(field.name for field in fields(ProductFacts) if field.name not in {"ingredients", "allergens"})


def create_product(session: Session, actor: Actor, maker: Maker, facts: ProductFacts, *, is_sample: bool = False) -> Product:
    """A new draft of `maker`; buyers see nothing of it before publish_product."""
    facts = check_facts(session, facts, maker.village_code)
    ensure_can(actor, Permission.EDIT_PRODUCTS, maker.village_code, facts.village_code or "")
    moment = clock.now()
    row: dict[str, Any] = {name: getattr(facts, name) for name in _COLUMNS}
    row |= {
        "allergens": list(facts.allergens),
        "slug": make_slug(session, Product.slug, facts.name_id or facts.name_en, "product"),
        "maker_id": maker.id,
        "state": ListingState.DRAFT,
        "popularity": 0,
        "is_sample": is_sample,
        "published_at": None,
        "created_at": moment,
        "updated_at": moment,
    }
    # A plain row costs a third of a flush, and an import makes tens of thousands.
    product = known_object(Product, row | {"id": insert_returning_ids(session, Product, [row])[0]})
    session.add(product)
    if facts.ingredients:
        _replace_ingredients(session, product, facts.ingredients)
    audit.record(session, actor, "product.create", f"product:{product.slug}")
    return product


def update_product(session: Session, actor: Actor, product: Product, facts: ProductFacts) -> Product:
    """Correct a product, live or not. The address of its page stays. Ingredients are replaced as a whole."""
    maker_village = session.scalars(select(Maker.village_code).where(Maker.id == product.maker_id)).one()
    facts = check_facts(session, facts, maker_village)
    ensure_can(actor, Permission.EDIT_PRODUCTS, product.village_code, facts.village_code or "")
    before = facts_of(session, product)
    changed = [field.name for field in fields(ProductFacts) if getattr(before, field.name) != getattr(facts, field.name)]
    if not changed:
        return product
    for name in changed:
        if name == "ingredients":
            _replace_ingredients(session, product, facts.ingredients)
        else:
            setattr(product, name, list(facts.allergens) if name == "allergens" else getattr(facts, name))
    session.flush()
    session.expire(product, ["category", "village"])
    touch_product(session, product)
    audit.record(session, actor, "product.update", f"product:{product.slug}", {"changed": changed})
    return product


def facts_of(session: Session, product: Product) -> ProductFacts:
    """What is known of a product, to show in a form or to change with dataclasses.replace. One statement for the ingredients."""
    rows = session.scalars(select(Ingredient).where(Ingredient.product_id == product.id).order_by(Ingredient.position))
    ingredients = tuple(
        IngredientFacts(name_id=row.name_id, name_en=row.name_en, origin_code=row.origin_code, share_bps=row.share_bps) for row in rows
    )
    values = {name: getattr(product, name) for name in _COLUMNS}
    return ProductFacts(**values, allergens=tuple(product.allergens), ingredients=ingredients)


def touch_product(session: Session, product: Product) -> None:
    """Say that something about `product` changed: its page is newer now, and the search has to read it again.

    A draft is in no index and was in none; it comes in with the decision that makes it live.
    """
    product.updated_at = clock.now()
    if product.state is not ListingState.DRAFT:
        mark_dirty(session, product.id)


def get_product(session: Session, slug: str) -> Product:
    """The product with everything the office edits loaded; NotFound otherwise. Whether buyers may see it is not asked."""
    statement = (
        select(Product)
        .where(Product.slug == slug)
        .options(
            joinedload(Product.maker),
            joinedload(Product.category),
            joinedload(Product.village),
            selectinload(Product.variants).selectinload(Variant.prices),
            selectinload(Product.ingredients),
            selectinload(Product.photos),
            selectinload(Product.certificates),
        )
    )
    product = session.scalar(statement)
    if product is None:
        raise NotFound(N_("There is no product at this address."))
    return product


# Going live and leaving.


def list_missing(session: Session, product: Product, day: date | None = None) -> list[str]:
    """Messages (msgids) about what `product` still lacks before it can go live; empty when it is ready."""
    day = day or clock.today()
    missing = []
    if not (product.name_id or product.name_en) or not any(
        (product.summary_id, product.summary_en, product.description_id, product.description_en)
    ):
        missing.append(N_("Write a name, and a summary or a description, in at least one language."))
    if not has_price(session, product.id, day):
        missing.append(N_("Add at least one active variant that has a price today."))
    if not session.scalar(select(exists().where(Photo.product_id == product.id))):
        missing.append(N_("Add a photo."))
    return missing


def has_price(session: Session, product_id: int, day: date, *, besides: int | None = None) -> bool:
    """Whether any active variant, `besides` the one with that id, has a price on `day`."""
    found = exists().where(
        Variant.product_id == product_id,
        Variant.is_active,
        Variant.id != (besides or 0),
        Price.variant_id == Variant.id,
        Price.starts_on <= day,
        or_(Price.ends_on.is_(None), Price.ends_on >= day),
    )
    return bool(session.scalar(select(found)))


def publish_product(session: Session, actor: Actor, product: Product, reason: str, *, is_sample: bool = False) -> PublicationDecision:
    """Put `product` live with a reasoned decision. InvalidInput with the first thing that is missing, Conflict when it is live."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS, product.village_code)
    reason = parse_text(reason, field="reason", maximum=500, required=True)
    if product.state is ListingState.LIVE:
        raise Conflict(N_("This product is live already."))
    missing = list_missing(session, product)
    if missing:
        raise InvalidInput(missing[0])
    product.published_at = product.published_at or clock.now()
    return _decide(session, actor, product, ListingState.LIVE, reason, is_sample)


def withdraw_product(session: Session, actor: Actor, product: Product, reason: str) -> PublicationDecision:
    """Take a live product out of the shop with a reasoned decision; orders already placed are not touched."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS, product.village_code)
    reason = parse_text(reason, field="reason", maximum=500, required=True)
    if product.state is not ListingState.LIVE:
        raise Conflict(N_("This product is not live."))
    return _decide(session, actor, product, ListingState.WITHDRAWN, reason, is_sample=False)


def renew_publication(session: Session, actor: Actor, product: Product, reason: str) -> PublicationDecision:
    """A decision record for a live product that stays live with another text; Conflict when it is not live."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS, product.village_code)
    reason = parse_text(reason, field="reason", maximum=500, required=True)
    if product.state is not ListingState.LIVE:
        raise Conflict(N_("This product is not live."))
    return _decide(session, actor, product, ListingState.LIVE, reason, is_sample=product.is_sample)


def _decide(session: Session, actor: Actor, product: Product, state: ListingState, reason: str, is_sample: bool) -> PublicationDecision:
    decision = PublicationDecision(
        product_id=product.id, state=state, reason=reason, actor_id=actor.user_id, is_sample=is_sample, decided_at=clock.now()
    )
    session.add(decision)
    product.state = state
    touch_product(session, product)
    session.flush()
    audit.record(session, actor, f"product.{state.value}", f"product:{product.slug}", {"reason": reason})
    return decision


# What was typed, checked.


def check_facts(session: Session, facts: ProductFacts, maker_village: str) -> ProductFacts:
    """`facts` tidied, the village filled in; InvalidInput naming the field otherwise. Nothing is written."""
    texts: dict[str, Any] = {
        f"{name}_{language}": parse_text(getattr(facts, f"{name}_{language}"), field=f"{name}_{language}", maximum=maximum)
        for name, maximum in _TEXTS.items()
        for language in ("id", "en")
    }
    if not (texts["name_id"] or texts["name_en"]):
        raise InvalidInput(N_("Please fill this in."), field="name_id")
    if session.get(Category, facts.category_id) is None:
        raise InvalidInput(N_("Please choose a category from the list."), field="category_id")
    if facts.shelf_life_days is not None:
        check_range(facts.shelf_life_days, 1, 3_650, "shelf_life_days")
    unknown = set(facts.allergens) - ALLERGENS.keys()
    if unknown:
        raise InvalidInput(N_("Please choose the allergens from the list."), field="allergens")
    return replace(
        facts,
        **texts,
        village_code=get_village(session, facts.village_code or maker_village).code,
        scheme=parse_choice(Scheme, facts.scheme, field="scheme"),
        halal_state=parse_choice(HalalState, facts.halal_state, field="halal_state"),
        travel_limit=parse_choice(TravelLimit, facts.travel_limit, field="travel_limit"),
        allergens=tuple(word for word in ALLERGENS if word in facts.allergens),
        ingredients=_checked_ingredients(session, facts.ingredients),
    )


def _checked_ingredients(session: Session, ingredients: tuple[IngredientFacts, ...]) -> tuple[IngredientFacts, ...]:
    if len(ingredients) > MOST_INGREDIENTS:
        raise InvalidInput(N_("A product may have at most %(maximum)s ingredients."), field="ingredients", maximum=MOST_INGREDIENTS)
    codes = {item.origin_code for item in ingredients if item.origin_code}
    if codes and codes - set(session.scalars(select(Area.code).where(Area.code.in_(codes)))):
        raise InvalidInput(N_("This is not an official area code; please choose the place from the list."), field="ingredients")
    shares = [check_range(item.share_bps, 0, 10_000, "ingredients") for item in ingredients if item.share_bps is not None]
    if sum(shares) > 10_000:
        raise InvalidInput(N_("The shares of the ingredients add up to more than 100 percent."), field="ingredients")
    return tuple(
        replace(
            item,
            name_id=parse_text(item.name_id, field="ingredients", maximum=80, required=True),
            name_en=parse_text(item.name_en, field="ingredients", maximum=80),
            origin_code=item.origin_code or None,
        )
        for item in ingredients
    )


def _replace_ingredients(session: Session, product: Product, ingredients: tuple[IngredientFacts, ...]) -> None:
    session.execute(delete(Ingredient).where(Ingredient.product_id == product.id))
    for position, item in enumerate(ingredients):
        session.add(
            Ingredient(
                product_id=product.id,
                position=position,
                name_id=item.name_id,
                name_en=item.name_en,
                origin_code=item.origin_code,
                share_bps=item.share_bps,
            )
        )
    session.flush()
    session.expire(product, ["ingredients"])
