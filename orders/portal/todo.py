"""What a maker is to do and to know of beside its goods: tasks of visits, papers that end, proposals on their way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import String, func, literal, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from catalog.curation.states import CurationState
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.curation import Submission
from catalog.models.mentoring import ActionItem, ItemOwner
from catalog.models.product import Product
from catalog.papers.queries import is_followed

#: A paper is shown so long before its last day, and so long after it when no newer one came.
AHEAD, AFTER = timedelta(days=90), timedelta(days=180)
MOST = 10
#: What was decided for good is told by the product itself.
UNDER_WAY = (
    CurationState.DRAFT,
    CurationState.SUBMITTED,
    CurationState.DESK_CHECK,
    CurationState.RETURNED,
    CurationState.ASSESSMENT,
    CurationState.IMPROVE,
    CurationState.REJECTED,
    CurationState.APPEALED,
)


@dataclass(frozen=True, slots=True)
class Todo:
    """A task with its text, or a paper to be renewed, with the product's name where it is a product's."""

    on: date
    text: str
    is_of_visit: bool
    paper: CertificateKind | None
    name_id: str
    name_en: str


def list_todo(session: Session, maker_id: int, today: date) -> list[Todo]:
    """Open tasks of the maker, and papers that end soon or ended with no newer one; the nearest day first. One statement."""
    tasks = select(
        literal(True).label("is_task"),
        ActionItem.text.label("text"),
        ActionItem.due_on.label("on"),
        ActionItem.visit_id.label("visit_id"),
        literal("").label("name_id"),
        literal("").label("name_en"),
    ).where(ActionItem.maker_id == maker_id, ActionItem.owner == ItemOwner.MAKER, ActionItem.done_at.is_(None))
    papers = (
        select(
            literal(False),
            type_coerce(Certificate.kind, String),
            Certificate.valid_until_on,
            null(),
            func.coalesce(Product.name_id, ""),
            func.coalesce(Product.name_en, ""),
        )
        .outerjoin(Product, Product.id == Certificate.product_id)
        .where(
            or_(Certificate.maker_id == maker_id, Product.maker_id == maker_id),
            Certificate.valid_until_on.between(today - AFTER, today + AHEAD),
            ~is_followed(),
        )
    )
    both = union_all(tasks, papers).subquery()
    return [
        Todo(row.on, row.text, row.visit_id is not None, None if row.is_task else CertificateKind(row.text), row.name_id, row.name_en)
        for row in session.execute(select(both).order_by(both.c.on, both.c.text).limit(MOST))
    ]


def list_proposals(session: Session, maker_id: int) -> Sequence[Submission]:
    """The last version of each product that is on its way or was turned down, the latest changed first."""
    later = select(Submission.id).where(Submission.product_id == Product.id).order_by(Submission.version.desc()).limit(1)
    statement = select(Submission).join(Product, Product.id == Submission.product_id)
    latest = statement.where(Product.maker_id == maker_id, Submission.id == later.correlate(Product).scalar_subquery())
    shown = latest.where(Submission.state.in_(UNDER_WAY))
    return session.scalars(shown.order_by(Submission.changed_at.desc(), Submission.id.desc()).limit(MOST)).all()
