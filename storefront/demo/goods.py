"""Makers and their products in the demo: created, photographed, put on the shelf and published through the house's own verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from zlib import crc32

from sqlalchemy.orm import Session

from catalog import gtin
from catalog.batches import create_batch
from catalog.certificates import add_certificate
from catalog.makers import MakerFacts, create_maker
from catalog.media import Storage, add_photo
from catalog.models.certificate import CertificateKind
from catalog.models.maker import Maker, MakerKind
from catalog.models.product import Category, HalalState, Product, TravelLimit, Unit, Variant
from catalog.models.programme import Scheme
from catalog.models.stock import Batch, Outlet
from catalog.photo_files import PreparedPhoto
from catalog.products import IngredientFacts, ProductFacts, create_product, publish_product
from catalog.variants import VariantFacts, create_variant, set_price
from kernel import clock
from kernel.people import Actor
from orders.consignment.agreements import NewTerms, create_agreement
from orders.consignment.goods import receive_goods
from orders.models.agreement import TermsModel
from storefront.demo.album import Shot, maker_shot, product_shots
from storefront.demo.papers import make_paper
from storefront.demo.stories import MakerStory, ProductStory, VariantStory

DECISION = "Data contoh untuk peragaan, bukan keputusan kurasi sungguhan."
#: Every so many products carry a number in the form of a real one; the others get a number of our own.
GTIN_EVERY = 5
#: How long ago makers and outlet agreed.
AGREED_DAYS = 120
#: Goods that do not expire are sold in the order in which they came: made before the month of trade, they came before it.
OLD_DAYS = 75
#: A range that no company holds (docs/demo.md).
_GTIN_PREFIX = "8999999"
_VIEW_WORDS = (
    ("kemasan", "the pack"),
    ("dari dekat", "a closer look"),
    ("siap disajikan", "in use"),
)

PhotoOf = Callable[[Shot], PreparedPhoto]


@dataclass(slots=True)
class Workbench:
    """What every step of the seeding needs at hand."""

    session: Session
    storage: Storage
    photo_of: PhotoOf
    actor: Actor
    today: date
    outlet: Outlet
    categories: dict[str, Category]
    sequence: count[int]


def add_maker(bench: Workbench, story: MakerStory) -> Maker:
    """A maker with its pictures and all its products."""
    facts = MakerFacts(
        name=story.name,
        kind=MakerKind(story.kind),
        village_code=story.village,
        story_id=story.story_id,
        story_en=story.story_en,
        founded_year=story.founded,
        people_count=story.people,
    )
    maker = create_maker(bench.session, bench.actor, facts, is_sample=True)
    texts = {"alt_id": f"{story.name}, gambar contoh", "alt_en": f"{story.name}, sample picture"}
    photo = bench.photo_of(maker_shot(story.slug, story.picture))
    add_photo(bench.session, bench.storage, photo, maker, actor=bench.actor, is_sample=True, **texts)
    create_agreement(bench.session, bench.actor, maker, bench.outlet, _terms_of(bench, story))
    for product in story.products:
        add_product(bench, maker, product)
    return maker


def _terms_of(bench: Workbench, story: MakerStory) -> NewTerms:
    """The programme's usual terms for most makers; a few agreed on something else, so that every kind can be seen."""
    begun = bench.today - timedelta(days=AGREED_DAYS)
    match crc32(story.slug.encode()) % 7:
        case 1:
            return NewTerms(starts_on=begun, rate_bps=1_000)
        case 3:
            return NewTerms(starts_on=begun, model=TermsModel.MARKUP, rate_bps=2_000)
        case 5:
            return NewTerms(starts_on=begun, model=TermsModel.MONTHLY_FEE, fee=25_000)
        case _:
            return NewTerms(starts_on=begun)


def add_product(bench: Workbench, maker: Maker, story: ProductStory) -> Product:
    """A product from its description to the shelf."""
    number = next(bench.sequence)
    # The same product gets the same dates and figures at every seeding, whatever stands before it in the files.
    chance = Random(crc32(story.key.encode()))
    product = create_product(bench.session, bench.actor, maker, _facts_of(bench, story), is_sample=True)
    variants = [_add_variant(bench, product, each, number, place) for place, each in enumerate(story.variants)]
    _add_papers(bench, product, story, number)
    for shot, (view_id, view_en) in zip(product_shots(story.key, story.picture), _VIEW_WORDS, strict=True):
        texts = {
            "alt_id": f"{story.texts['name_id']}, {view_id} (gambar contoh)",
            "alt_en": f"{story.texts['name_en']}, {view_en} (sample picture)",
        }
        add_photo(bench.session, bench.storage, bench.photo_of(shot), product, actor=bench.actor, is_sample=True, **texts)
    product.popularity = chance.randrange(5, 200) + (200 if "ovop" in story.certificates else 0)
    product.published_at = clock.now() - timedelta(days=chance.randrange(1, 120), minutes=number)
    publish_product(bench.session, bench.actor, product, DECISION, is_sample=True)
    _fill_shelf(bench, product, story, variants, chance)
    return product


def _facts_of(bench: Workbench, story: ProductStory) -> ProductFacts:
    ingredients = tuple(
        IngredientFacts(name_id=each.name_id, name_en=each.name_en, origin_code=each.origin or None, share_bps=each.share_bps or None)
        for each in story.ingredients
    )
    texts: dict[str, Any] = dict(story.texts)
    return ProductFacts(
        **texts,
        category_id=bench.categories[story.category].id,
        scheme=Scheme(story.scheme),
        shelf_life_days=story.shelf_life_days,
        allergens=story.allergens,
        halal_state=HalalState(story.halal),
        travel_limit=TravelLimit(story.travel),
        ingredients=ingredients,
    )


def _add_variant(bench: Workbench, product: Product, story: VariantStory, number: int, place: int) -> Variant:
    facts = VariantFacts(
        name_id=story.name_id,
        name_en=story.name_en,
        net_quantity=story.net_quantity,
        unit=Unit(story.unit),
        shipping_weight_g=story.shipping_weight_g,
        gtin=sample_gtin(number * 10 + place) if number % GTIN_EVERY == 1 else None,
        position=place,
    )
    begun = bench.today - timedelta(days=120)
    variant = create_variant(bench.session, bench.actor, product, facts, price=story.price, starts_on=begun)
    if number % 7 == 3:  # a few rises are planned already, to show that prices have dates
        set_price(bench.session, bench.actor, variant, story.price + 2_000, starts_on=bench.today + timedelta(days=45))
    return variant


def sample_gtin(sequence: int) -> str:
    """A fictional 13-digit number with a right check digit."""
    digits = f"{_GTIN_PREFIX}{sequence:05d}"
    return f"{digits}{gtin.check_digit(digits)}"


def _add_papers(bench: Workbench, product: Product, story: ProductStory, number: int) -> None:
    for word in story.certificates:
        paper = make_paper(CertificateKind(word), story, number, bench.today, expired=word in story.expired)
        add_certificate(bench.session, bench.actor, product, paper, is_sample=True)


def _fill_shelf(bench: Workbench, product: Product, story: ProductStory, variants: list[Variant], chance: Random) -> None:
    """One lot, or two where there is enough of it, received at the outlet."""
    life = story.shelf_life_days or 365
    newest = chance.randrange(1, max(2, min(20, life // 8)))
    if story.shelf_life_days is None:
        newest += OLD_DAYS
    ages = [newest]
    if life > 60:
        ages.insert(0, newest + chance.randrange(10, max(11, life // 5)))
    batches = [create_batch(bench.session, bench.actor, product, produced_on=bench.today - timedelta(days=age)) for age in ages]
    for variant, wanted in zip(variants, story.variants, strict=True):
        older = wanted.quantity // 3 if len(batches) > 1 and wanted.quantity >= 10 else 0
        for batch, quantity in zip(reversed(batches), (wanted.quantity - older, older), strict=False):
            if quantity:
                reference = f"delivery:SJ-{batch.produced_on:%y%m%d}"
                with clock.at(_brought_at(bench, batch)):
                    receive_goods(bench.session, bench.actor, bench.outlet, variant, batch, quantity, reference)


def _brought_at(bench: Workbench, batch: Batch) -> datetime:
    """The morning after a lot was made, but never before there was an agreement."""
    earliest = bench.today - timedelta(days=AGREED_DAYS - 1)
    day = max(earliest, (batch.produced_on or earliest) + timedelta(days=1))
    return datetime.combine(day, time(9), clock.ZONES[bench.outlet.zone])
