"""The fixed catalogue of the search tests as documents, and the judged questions over it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker, MakerKind
from catalog.models.product import ListingState, Price, Product, Unit, Variant
from catalog.models.programme import Scheme
from catalog.models.stock import Batch, MovementKind, StockLevel, StockMovement
from catalog.search.document import SearchDocument
from kernel import clock
from tests import make

HERE = Path(__file__).parent
SCHEMES = ("ovop", "ovop", "ovop", "ocop", "osop")
PAPERS = (("halal", "pirt"), ("pirt",), (), ("bpom", "halal"), ("ovop",))


@dataclass(frozen=True)
class Judged:
    """One question, its kind, and the products that answer it."""

    kind: str
    ask: str
    wanted: frozenset[str]
    is_precise: bool


@cache
def shelf() -> tuple[SearchDocument, ...]:
    """All products of catalogue.toml; every fifth is sold out, prices run from Rp7.500 upwards."""
    data = tomllib.loads((HERE / "catalogue.toml").read_text())
    return tuple(_document(number, slug, line, data) for number, (slug, line) in enumerate(data["products"].items(), 1))


@cache
def judged() -> tuple[Judged, ...]:
    """All questions of judged.toml."""
    data = tomllib.loads((HERE / "judged.toml").read_text())
    return tuple(
        Judged(kind, item["ask"], frozenset(item["wanted"]), item.get("precise", False)) for kind, items in data.items() for item in items
    )


def slug_of(product_id: int) -> str:
    """The slug of a product of the shelf."""
    return shelf()[product_id - 1].slug


def product(slug: str) -> SearchDocument:
    """The product of the shelf with this slug."""
    return next(document for document in shelf() if document.slug == slug)


def _document(number: int, slug: str, line: list[str], data: dict[str, Any]) -> SearchDocument:
    name_id, name_en, category, village, maker, text_id, text_en = line
    code, village_name, district_code, district, regency, latitude, longitude = data["villages"][village]
    return SearchDocument(
        product_id=number,
        slug=slug,
        name_id=name_id,
        name_en=name_en,
        text_id=text_id,
        text_en=text_en,
        maker=maker,
        maker_slug=maker.lower().replace(" ", "-"),
        village=village_name,
        village_code=code,
        district=district,
        district_code=district_code,
        regency=regency,
        category=category,
        category_names="\n".join(data["categories"][category]),
        scheme=SCHEMES[number % 5],
        certificates=PAPERS[number % 5],
        codes=(f"K{number:05d}", f"2{number:012d}"),
        price=5_000 + 2_500 * number,
        available=0 if number % 5 == 0 else number,
        latitude=latitude,
        longitude=longitude,
        published_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
        popularity=number % 7,
    )


def put_on_shelf(session: Session) -> dict[int, int]:
    """The shelf as rows of the database, in few statements; product id of the shelf -> id in the database."""
    make.make_areas(session)
    _put_areas(session)
    outlet = make.make_outlet(session)
    names = {document.category: document.category_names.splitlines() for document in shelf()}
    categories = {slug: make.make_category(session, slug, name_id=found[0], name_en=found[1]) for slug, found in names.items()}
    now, today = clock.now(), clock.today()
    makers, products, levels = [], [], []
    for document in shelf():
        maker = Maker(
            slug=f"{document.maker_slug}-{document.product_id}",
            name=document.maker,
            kind=MakerKind.GROUP,
            village_code=document.village_code,
            created_at=now,
            updated_at=now,
        )
        makers.append(maker)
    session.add_all(makers)
    session.flush()
    for document, maker in zip(shelf(), makers, strict=True):
        variant = Variant(code=document.codes[0], name_id="250 g", name_en="250 g", net_quantity=250, unit=Unit.GRAM, shipping_weight_g=300)
        variant.prices = [Price(amount=document.price, starts_on=today)]
        product = Product(
            slug=document.slug,
            maker_id=maker.id,
            category_id=categories[document.category].id,
            village_code=document.village_code,
            scheme=Scheme(document.scheme),
            state=ListingState.LIVE,
            name_id=document.name_id,
            name_en=document.name_en,
            summary_id=document.text_id,
            summary_en=document.text_en,
            allergens=[],
            popularity=document.popularity,
            published_at=document.published_at,
            created_at=now,
            updated_at=now,
        )
        product.variants = [variant]
        product.certificates = [
            Certificate(kind=CertificateKind(kind), issuer="Contoh", valid_from_on=today, created_at=now) for kind in document.certificates
        ]
        products.append(product)
    session.add_all(products)
    session.flush()
    batches = [Batch(product_id=product.id, lot_code="L1", created_at=now) for product in products]
    session.add_all(batches)
    session.flush()
    for document, product, batch in zip(shelf(), products, batches, strict=True):
        if document.available:
            place = {"outlet_id": outlet.id, "variant_id": product.variants[0].id, "batch_id": batch.id}
            levels.append(StockLevel(**place, on_hand=document.available, held=0))
    session.add_all(levels)
    session.flush()
    received = {"kind": MovementKind.RECEIVED, "held_change": 0, "at": now}
    session.add_all(StockMovement(level_id=level.id, on_hand_change=level.on_hand, **received) for level in levels)
    session.flush()
    ids = {document.product_id: product.id for document, product in zip(shelf(), products, strict=True)}
    session.expunge_all()
    return ids


def _put_areas(session: Session) -> None:
    for level, length in zip(AreaLevel, (1, 2, 3, 4), strict=True):
        for document in shelf():
            parts = document.village_code.split(".")
            code = ".".join(parts[:length])
            if session.get(Area, code):
                continue
            name = {AreaLevel.DISTRICT: document.district, AreaLevel.VILLAGE: document.village}.get(level, "Kabupaten Contoh")
            is_village = level is AreaLevel.VILLAGE
            session.add(
                Area(
                    code=code,
                    parent_code=code.rpartition(".")[0] or None,
                    level=level,
                    kind=VillageKind.DESA if is_village else None,
                    name=name,
                    folded_name=name.lower().replace(" ", ""),
                    latitude=document.latitude if is_village else None,
                    longitude=document.longitude if is_village else None,
                    zone="WIB",
                )
            )
        session.flush()
