"""The stars a product holds by its latest approval: read for pages, compared for upgrades, ended by their date.

They are a regency's curation. The ministry's awards are certificates (catalog.certificates) and never meet these.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.curation.standing import take_step
from catalog.curation.states import Act, CurationState
from catalog.models.curation import CurationDecision, Submission
from catalog.models.product import Product
from catalog.queries.json_rows import Subquery, read_rows, rows_of
from kernel import clock
from kernel.people import SYSTEM

_SHOWN_COLUMNS = ("scheme", "year", "stars", "stars_scale", "valid_until_on", "summary_id", "summary_en")


@dataclass(frozen=True, slots=True)
class Stars:
    """Stars with everything they must be shown with: whose they are, of which year, on which scale, and until when."""

    scheme: str
    year: int
    stars: int
    scale: int
    valid_until_on: date | None
    summary_id: str
    summary_en: str


def find_standing(session: Session, product_id: int) -> CurationDecision | None:
    """The latest approval of a product, whether its time is over or not."""
    statement = (
        select(CurationDecision)
        .where(CurationDecision.product_id == product_id, CurationDecision.outcome == CurationState.APPROVED)
        .order_by(CurationDecision.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def list_stars_of(session: Session, product_ids: Iterable[int], day: date | None = None) -> dict[int, Stars]:
    """What each product may show on `day` (default today); products without stars are left out. One statement."""
    wanted, day = set(product_ids), day or clock.today()
    if not wanted:
        return {}
    latest = (
        select(func.max(CurationDecision.id))
        .where(CurationDecision.product_id.in_(wanted), CurationDecision.outcome == CurationState.APPROVED)
        .group_by(CurationDecision.product_id)
    )
    return {
        row.product_id: _shown(row)
        for row in session.scalars(select(CurationDecision).where(CurationDecision.id.in_(latest)))
        if _counts(row, day)
    }


def stars_subquery() -> Subquery:
    """The latest approval of the product of the enclosing statement, for `read_stars`."""
    latest = (
        select(func.max(CurationDecision.id))
        .where(CurationDecision.product_id == Product.id, CurationDecision.outcome == CurationState.APPROVED)
        .correlate(Product)
        .scalar_subquery()
    )
    columns = {name: getattr(CurationDecision, name) for name in ("id", *_SHOWN_COLUMNS)}
    return rows_of(**columns).where(CurationDecision.id == latest).correlate(Product).scalar_subquery()


def read_stars(value: object, day: date) -> Stars | None:
    """What such an approval may show on `day`."""
    for row in read_rows(value):
        valid_until_on = date.fromisoformat(row["valid_until_on"]) if row["valid_until_on"] else None
        if row["stars"] is not None and (valid_until_on is None or valid_until_on >= day):
            return Stars(row["scheme"], row["year"], row["stars"], row["stars_scale"], valid_until_on, row["summary_id"], row["summary_en"])
    return None


def is_upgrade(standing: CurationDecision | None, stars: int, scale: int) -> bool:
    """Whether `stars` of `scale` are more than a scored decision before gave. The first stars of a product are no upgrade."""
    if standing is None or (standing.score is None and standing.stars is None):
        return False
    return stars * standing.stars_scale > (standing.stars or 0) * scale


def expire_due(session: Session, limit: int = 200) -> int:
    """Mark approvals whose last day has passed; how many. The product stays live, its stars are no longer shown. For the worker."""
    due = (
        select(Submission)
        .join(CurationDecision, CurationDecision.submission_id == Submission.id)
        .where(
            Submission.state == CurationState.APPROVED,
            CurationDecision.outcome == CurationState.APPROVED,
            CurationDecision.round == Submission.round,
            CurationDecision.valid_until_on < clock.today(),
        )
        .order_by(Submission.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Submission)
    )
    rows = session.scalars(due).all()
    for submission in rows:
        take_step(session, SYSTEM, submission, Act.EXPIRE, CurationState.EXPIRED)
    return len(rows)


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _counts(decision: CurationDecision, day: date) -> bool:
    return decision.stars is not None and (decision.valid_until_on is None or decision.valid_until_on >= day)


def _shown(decision: CurationDecision) -> Stars:
    return Stars(
        scheme=decision.scheme,
        year=decision.year,
        stars=decision.stars or 0,
        scale=decision.stars_scale,
        valid_until_on=decision.valid_until_on,
        summary_id=decision.summary_id,
        summary_en=decision.summary_en,
    )
