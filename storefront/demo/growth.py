"""A large sample catalogue across real villages for benchmarks: the same number always gives the same product, written in bulk."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from catalog.gtin import make_internal_number
from catalog.models.area import Area, AreaLevel
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker, MakerKind
from catalog.models.product import Category, HalalState, Ingredient, ListingState, Price, Product, PublicationDecision, Unit, Variant
from catalog.models.programme import Scheme
from catalog.models.stock import Batch, MovementKind, Outlet, StockLevel, StockMovement
from catalog.slugs import slugify
from kernel import clock
from kernel.errors import NotFound
from storefront.demo.goods import DECISION
from storefront.demo.stories import CONTENT

LARGEST = 1_000_000
#: A province grows a range of numbers of its own behind those of the whole country, so that each number stays one product.
PROVINCE_LARGEST = 80_001
PRODUCTS_PER_MAKER = 3
#: Products written in one transaction; a multiple of PRODUCTS_PER_MAKER.
BATCH = 1_500
#: Grown variants are G, seven digits and the place: no code for people has nine characters.
_CODE = "G{number:07d}{place}"
_CODE_PATTERN = "G________"
#: Spreads neighbouring numbers over the country; prime, and so without a common factor with any count of villages.
_STRIDE = 1_000_003
_DELIVERY = "delivery:SJ-TUMBUH"

Transaction = Callable[[], AbstractContextManager[Session]]
Rows = dict[type[Any], list[dict[str, Any]]]
#: Parents before children.
_ORDER = (Maker, Product, Ingredient, Variant, Price, Certificate, Batch, StockLevel, StockMovement, PublicationDecision)


class NotReady(NotFound):
    """Growing needs villages, shelves and an outlet."""


@dataclass(frozen=True, slots=True)
class Soil:
    """What products grow from."""

    villages: Sequence[tuple[str, str]]
    categories: dict[str, int]
    outlet_id: int
    words: dict[str, Any]
    moment: datetime
    today: date
    #: The first number of the range.
    base: int = 0


@dataclass(slots=True)
class Harvest:
    """The rows of one batch, with the ids they will have."""

    next_id: dict[type[Any], int]
    rows: Rows = field(default_factory=lambda: {model: [] for model in _ORDER})

    def add(self, model: type[Any], **values: Any) -> int:
        """Note a row; its id."""
        number = self.next_id[model]
        self.next_id[model] += 1
        self.rows[model].append({"id": number, **values})
        return number


def range_of(area: str) -> tuple[int, int]:
    """The first number of the products grown in a province ("" for the whole country), and how many there can be."""
    return (LARGEST + 2 + int(area) * PROVINCE_LARGEST, PROVINCE_LARGEST) if area else (0, LARGEST)


def count_grown(session: Session, area: str = "") -> int:
    """How many products were grown so far; the next one has this place in its range."""
    base, most = range_of(area)
    between = Variant.code.between(f"G{base:07d}", f"G{base + most:07d}")
    last = session.scalar(select(func.max(Variant.code)).where(Variant.code.like(_CODE_PATTERN), between))
    return int(last[1:8]) + 1 - base if last else 0


def grow(transaction: Transaction, wanted: int, advance: Callable[[int], None], area: str = "") -> int:
    """Grow until `wanted` products have been grown in all, each batch in a transaction of its own; how many were added.

    With `area`, the code of a province, they lie in its villages.
    """
    with transaction() as session:
        soil = prepare_soil(session, area)
        done = begun = count_grown(session, area)
    advance(min(begun, wanted))
    while done < wanted:
        size = min(wanted, (done // BATCH + 1) * BATCH) - done
        with transaction() as session:
            grow_batch(session, soil, soil.base + done, size)
        done += size
        advance(size)
    return done - begun


def prepare_soil(session: Session, area: str = "") -> Soil:
    """Villages, shelves, outlet and words; NotReady when the demo has not been created."""
    statement = select(Area.code, Area.name).where(Area.level == AreaLevel.VILLAGE)
    if area:
        statement = statement.where(Area.code.startswith(f"{area}."))
    found = session.execute(statement.order_by(Area.code))
    villages = [(row[0], row[1]) for row in found]
    categories = {row[0]: row[1] for row in session.execute(select(Category.slug, Category.id))}
    outlet_id = session.scalar(select(Outlet.id).where(Outlet.is_active).order_by(Outlet.id).limit(1))
    words = tomllib.loads((CONTENT / "growth.toml").read_text(encoding="utf-8"))
    if not villages or outlet_id is None or {noun[0] for noun in words["noun"]} - categories.keys():
        raise NotReady
    return Soil(villages, categories, outlet_id, words, clock.now(), clock.today(), range_of(area)[0])


def grow_batch(session: Session, soil: Soil, first: int, size: int) -> None:
    """The products numbered from `first`, with makers, papers, prices, lots and stock; balances equal their movements."""
    harvest = Harvest({model: _reserve(session, model, size) for model in _ORDER})
    maker_id = _find_maker(session, soil, first) if first % PRODUCTS_PER_MAKER else 0
    for number in range(first, first + size):
        if number % PRODUCTS_PER_MAKER == 0:
            maker_id = harvest.add(Maker, **_maker(soil, number // PRODUCTS_PER_MAKER))
        _grow_product(harvest, soil, number, maker_id)
    for model in _ORDER:
        if harvest.rows[model]:
            session.execute(insert(model), harvest.rows[model])


def _reserve(session: Session, model: type[Any], size: int) -> int:
    """The first of as many free ids as a batch can need; PostgreSQL's sequence is told."""
    name = model.__tablename__
    count = size * 3
    if session.get_bind().dialect.name == "postgresql":
        statement = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), nextval(pg_get_serial_sequence(:name, 'id')) + :count)")
        last = session.scalar(statement, {"name": name, "count": count})
        return int(last or 0) - count
    return (session.scalar(select(func.max(model.id))) or 0) + 1


def _find_maker(session: Session, soil: Soil, number: int) -> int:
    slug = _maker(soil, number // PRODUCTS_PER_MAKER)["slug"]
    return session.scalars(select(Maker.id).where(Maker.slug == slug)).one()


def _village(soil: Soil, maker_number: int) -> tuple[str, str]:
    return soil.villages[maker_number * _STRIDE % len(soil.villages)]


def _maker(soil: Soil, number: int) -> dict[str, Any]:
    chance = Random(-number - 1)
    code, village = _village(soil, number)
    kind, title_id, title_en = chance.choice(soil.words["unit_name"])
    name = f"{title_id} {village} {number % 97 + 1}"
    return {
        "slug": f"{slugify(name)}-t{number}",
        "name": name,
        "kind": MakerKind(kind),
        "village_code": code,
        "story_id": f"{name} adalah usaha contoh di {village}.",
        "story_en": f"{title_en} of {village}: a sample maker.",
        "founded_year": 1990 + chance.randrange(34),
        "people_count": 1 + chance.randrange(40),
        "phone": "",
        "is_phone_public": False,
        "is_sample": True,
        "created_at": soil.moment,
        "updated_at": soil.moment,
    }


def _grow_product(harvest: Harvest, soil: Soil, number: int, maker_id: int) -> None:
    chance = Random(number)
    village_code, village = _village(soil, number // PRODUCTS_PER_MAKER)
    shelf, kind, noun_id, noun_en, price, life, sizes = chance.choice(soil.words["noun"])
    turn_id, turn_en = chance.choice(soil.words[f"{kind}_turn"])
    is_food = kind == "food"
    name_id = " ".join(filter(None, (noun_id, turn_id, village)))
    product_id = harvest.add(
        Product,
        slug=f"{slugify(name_id)}-t{number}",
        maker_id=maker_id,
        category_id=soil.categories[shelf],
        village_code=village_code,
        scheme=chance.choices(tuple(Scheme), (80, 12, 6, 2))[0],
        state=ListingState.LIVE,
        name_id=name_id,
        name_en=", ".join(filter(None, (f"{village} {noun_en[0].lower()}{noun_en[1:]}", turn_en))),
        summary_id=f"{noun_id} dari {village}, dibuat dalam jumlah kecil.",
        summary_en=f"{noun_en} from {village}, made in small batches.",
        description_id="Produk contoh untuk mengukur katalog besar.",
        description_en="A sample product for measuring a large catalogue.",
        shelf_life_days=life or None,
        halal_state=_halal_state(is_food, chance),
        popularity=chance.randrange(500),
        is_sample=True,
        published_at=soil.moment - timedelta(days=chance.randrange(1, 700), seconds=number % 86_400),
        created_at=soil.moment,
        updated_at=soil.moment,
    )
    harvest.add(Ingredient, product_id=product_id, position=0, name_id=noun_id, name_en=noun_en, origin_code=village_code, share_bps=None)
    harvest.add(
        PublicationDecision, product_id=product_id, state=ListingState.LIVE, reason=DECISION, is_sample=True, decided_at=soil.moment
    )
    if is_food:
        _add_papers(harvest, soil, number, product_id, chance)
    produced_on = soil.today - timedelta(days=chance.randrange(1, max(2, min(60, life // 4 or 60))))
    best_before_on = produced_on + timedelta(days=life) if life else None
    batch_id = harvest.add(
        Batch,
        product_id=product_id,
        lot_code=f"{produced_on:%y%m%d}-1",
        produced_on=produced_on,
        best_before_on=best_before_on,
        created_at=soil.moment,
    )
    for place in range(1 + (chance.random() < 0.4)):
        _add_variant(harvest, soil, number, product_id, batch_id, place, sizes[place], round(price * (1, 1.9)[place]), chance)


def _halal_state(is_food: bool, chance: Random) -> HalalState:
    if not is_food:
        return HalalState.NOT_APPLICABLE
    return chance.choices((HalalState.CERTIFIED, HalalState.NOT_YET, HalalState.DECLARED_NON_HALAL), (60, 38, 2))[0]


def _add_papers(harvest: Harvest, soil: Soil, number: int, product_id: int, chance: Random) -> None:
    """A household permit for most, a halal certificate for those that say so; numbers in the form of real ones."""
    starts_on = soil.today - timedelta(days=chance.randrange(30, 1_500))
    ends_on = starts_on + timedelta(days=5 * 365)
    common = {"product_id": product_id, "valid_from_on": starts_on, "is_sample": True, "created_at": soil.moment}
    if chance.random() < 0.7:
        permit = f"215{number % 10_000:04d}{number // 10_000 % 100:02d}{number % 9_973:04d}-{ends_on:%y}"
        harvest.add(
            Certificate, kind=CertificateKind.PIRT, number=permit, issuer="Dinas contoh", valid_until_on=ends_on, award_scheme="", **common
        )
    if harvest.rows[Product][-1]["halal_state"] is HalalState.CERTIFIED:
        harvest.add(
            Certificate,
            kind=CertificateKind.HALAL,
            number=f"ID99{number:015d}",
            issuer="BPJPH (contoh)",
            valid_until_on=None,
            award_scheme="",
            **common,
        )


def _add_variant(
    harvest: Harvest,
    soil: Soil,
    number: int,
    product_id: int,
    batch_id: int,
    place: int,
    size: tuple[int, str, int],
    price: int,
    chance: Random,
) -> None:
    quantity, unit, gross = size
    words = {"g": ("g", "g"), "ml": ("ml", "ml"), "piece": ("buah", "pcs")}[unit]
    variant_id = harvest.add(
        Variant,
        product_id=product_id,
        code=_CODE.format(number=number, place=place),
        name_id=f"{quantity} {words[0]}",
        name_en=f"{quantity} {words[1]}",
        net_quantity=quantity,
        unit=Unit(unit),
        shipping_weight_g=gross,
        gtin=None,
        internal_number=make_internal_number(harvest.next_id[Variant]),
        position=place,
        is_active=True,
    )
    amount = max(1_000, round(price * chance.uniform(0.7, 1.6) / 500) * 500)
    harvest.add(Price, variant_id=variant_id, amount=amount, starts_on=soil.today - timedelta(days=90), ends_on=None)
    if on_hand := max(0, chance.randrange(-5, 60)):
        level_id = harvest.add(StockLevel, outlet_id=soil.outlet_id, variant_id=variant_id, batch_id=batch_id, on_hand=on_hand, held=0)
        harvest.add(
            StockMovement,
            level_id=level_id,
            kind=MovementKind.RECEIVED,
            on_hand_change=on_hand,
            held_change=0,
            reference=_DELIVERY,
            reason="",
            actor_id=None,
            at=soil.moment,
        )
