"""What a partner asks of the offers, and the page that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.models.certificate import CertificateKind

PAGE_SIZE = 24
#: What can be filtered by beside the readiness profiles; P-IRT and BPOM are asked for one by one.
PAPER_FILTERS = (CertificateKind.HALAL, CertificateKind.PIRT, CertificateKind.BPOM, CertificateKind.SNI)


class OfferSort(StrEnum):
    """The orders a buyer can choose. Relevance without words is the newest first."""

    RELEVANCE = "relevance"
    PRICE = "price"
    MARGIN = "margin"
    CAPACITY = "capacity"
    LEAD_TIME = "lead_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferQuestion:
    """One question. Units a month, units in a case, cases, days, basis points; areas are code prefixes of where things are made."""

    category: str = ""
    region: str = ""
    #: The key of a readiness profile.
    ready_for: str = ""
    #: Some of PAPER_FILTERS.
    papers: tuple[CertificateKind, ...] = ()
    monthly_at_least: int | None = None
    case_at_most: int | None = None
    minimum_at_most: int | None = None
    lead_at_most: int | None = None
    margin_at_least: int | None = None
    #: Only what the seller delivers to this area.
    deliver_to: str = ""
    sort: OfferSort = OfferSort.RELEVANCE
    page: int = 1


@dataclass(frozen=True, slots=True)
class OfferPage:
    """The ids of one page of the answer, in order, and how many offers answer in all."""

    ids: Sequence[int]
    total: int
    number: int
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))
