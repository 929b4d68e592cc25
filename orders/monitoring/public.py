"""What the public programme page shows of the same figures: the last full month, with small numbers protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from catalog.mapping.focus import Focus
from catalog.queries.small_numbers import protect, protect_parts
from orders.monitoring.figures import AreaFigures, add_up
from orders.monitoring.queries import measure_sales
from orders.monitoring.spans import SpanChoice, choose_span
from orders.reports.period import Period


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """None is "few": fewer than three makers sold, or the figure would give away another that is hidden."""

    month: Period
    certified_percent: int | None
    makers_who_sold: int | None
    sales: int | None
    #: By district code.
    district_sales: Mapping[str, int | None]


def get_public_figures(session: Session, area_code: str, today: date) -> PublicFigures:
    """The last full month of an area and its districts. Four statements."""
    span = choose_span(SpanChoice.LAST_MONTH, today)
    return protect_figures(span.now, measure_sales(session, Focus(area_code, area_code, (), ()), span))


def protect_figures(month: Period, parts: list[AreaFigures]) -> PublicFigures:
    """Sales are shown where three makers or more sold; never so that a hidden one is the whole minus the others (pure)."""
    whole = add_up("", "", parts)
    makers = protect(whole.now.active_makers)
    shown = protect_parts({part.code: part.now.active_makers for part in parts})
    return PublicFigures(
        month=month,
        certified_percent=whole.certified_percent,
        makers_who_sold=makers,
        sales=None if makers is None else whole.now.gross,
        district_sales={part.code: None if makers is None or shown[part.code] is None else part.now.gross for part in parts},
    )
