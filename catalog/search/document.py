"""What the search knows about one live product: the only shape in which the catalogue reaches an engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One live product. Retail facts only: nothing unpublished and no wholesale price ever enters a document."""

    product_id: int
    slug: str
    name_id: str
    name_en: str
    #: Everything else a buyer can read about it: summary, description, what makes it unique, ingredients.
    text_id: str
    text_en: str
    maker: str
    maker_slug: str
    village: str
    village_code: str
    district: str
    district_code: str
    #: Name and, where there is one, short name: "Penukal Abab Lematang Ilir PALI".
    regency: str
    category: str
    #: The category's Indonesian name, a line break, its English name.
    category_names: str
    scheme: str
    #: Kinds valid on the day of indexing: pirt, bpom, halal, sni, gi, ovop; with their days where these
    #: change soon (catalog.search.validity).
    certificates: tuple[str, ...]
    #: What a scanner or a careful person types: variant codes, GTINs, our 2xx numbers.
    codes: tuple[str, ...]
    #: Lowest current retail price in whole rupiah.
    price: int
    #: Units not held for anybody, over all variants and outlets.
    available: int
    latitude: float | None
    longitude: float | None
    published_at: datetime
    popularity: int
