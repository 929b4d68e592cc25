"""Question and answer of the search: what a page may ask and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kernel import clock


class Sort(StrEnum):
    """The orders a buyer can choose. Distance without a place to measure from falls back to relevance."""

    RELEVANCE = "relevance"
    PRICE = "price"
    PRICE_DESC = "-price"
    NEWEST = "newest"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question. Empty `text` browses everything, which is what the product list asks.

    `district` and `village` are area codes; prices are whole rupiah and inclusive; `near` is (latitude, longitude).
    """

    text: str = ""
    language: str = "id"
    category: str | None = None
    district: str | None = None
    village: str | None = None
    scheme: str | None = None
    certificate: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    in_stock: bool = False
    sort: Sort = Sort.RELEVANCE
    near: tuple[float, float] | None = None
    page: int = 1
    page_size: int = 24
    #: Without, the answer has hits and a total only: for those who show no filters.
    with_facets: bool = True
    #: The day on which papers have to be valid.
    day: date = field(default_factory=clock.today)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet and how many products it would show.

    Price bands are "-24999", "25000-49999", …, "500000-": the two ends are `min_price` and `max_price` of the link.
    `in_stock` has the values "true" and "false".
    """

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One product of the answer. In `highlight` every match stands between U+0002 and U+0003; the rest is plain text."""

    product_id: int
    highlight: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of the answer with the exact total. A facet ignores the filter of its own dimension and honours the others."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    #: A better spelling of the question, or None.
    did_you_mean: str | None = None
    #: The hits answer `did_you_mean`, because the question as typed found nothing.
    corrected: bool = False
    #: "index" or "database".
    source: str = "index"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line under the search box. `kind` is product, maker, village, category or district; `key` a slug or area code."""

    kind: str
    label: str
    key: str
