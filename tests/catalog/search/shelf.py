"""The fixed catalogue of the search tests as documents, and the judged questions over it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from catalog.search.document import SearchDocument

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
