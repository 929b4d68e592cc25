"""Reads for the office's pages of papers: lists, a month, one paper with what came before and after; as far as the area reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from catalog.desk import below
from catalog.models.area import Area
from catalog.models.certificate import Certificate, CertificateKind, CertificateRenewal, CertificateScan
from catalog.models.maker import Maker
from catalog.models.product import Product
from kernel.errors import NotFound
from kernel.locales import pick
from kernel.paging import Page, escape_like
from kernel.people import Actor, Permission

PAGE_SIZE = 30
#: Days ahead at which the office and the maker are warned.
STEPS = (90, 30, 7)


class PaperState(StrEnum):
    """How a paper stands on a day. FOLLOWED ran out, and a later paper of the same kind took its place."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    FOLLOWED = "followed"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """What the list is narrowed to; empty means everything in reach."""

    kind: CertificateKind | None = None
    state: PaperState | None = None
    #: With EXPIRING: within so many days.
    within: int = 90
    #: An area code; its whole branch counts.
    area: str = ""
    #: Part of a number, a product's or a maker's name.
    text: str = ""
    without_scan: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper in a list, with whose it is. `product_slug` is empty for a maker's paper."""

    code: str
    kind: CertificateKind
    number: str
    issuer: str
    valid_from_on: date
    valid_until_on: date | None
    award: str
    maker_slug: str
    maker_name: str
    product_slug: str
    product_id: str
    product_en: str
    village: str
    has_scan: bool
    state: PaperState
    #: Until the last day, counted from today; None without an end or when it has passed.
    days_left: int | None

    def name(self, language: str) -> str:
        """The product's name; empty for a maker's paper."""
        return pick(language, self.product_id, self.product_en)


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One paper with its scan and the papers before and after it."""

    certificate: Certificate
    paper: Paper
    product: Product | None
    maker: Maker
    scan: CertificateScan | None
    #: From the oldest; this paper is among them.
    chain: Sequence[Paper]
    is_renewed: bool


@dataclass(frozen=True, slots=True)
class PaperCounts:
    """For the filters above the list; `within` by days, each including the shorter ones."""

    all: int
    within: dict[int, int]
    expired: int
    without_scan: int


_Later = aliased(Certificate, name="later")
_village_code = func.coalesce(Product.village_code, Maker.village_code)


def list_papers(session: Session, actor: Actor, wanted: PaperFilter, today: date, *, page: int = 1) -> Page[Paper]:
    """Papers in reach, those that end first in front. Two statements."""
    statement = _narrowed(_papers(actor, today), wanted, today)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    order = (case((Certificate.valid_until_on.is_(None), 1), else_=0), Certificate.valid_until_on, Certificate.id)
    rows = session.execute(statement.order_by(*order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Page([_paper(row, today) for row in rows], total, page, PAGE_SIZE)


def list_month(session: Session, actor: Actor, first: date, today: date, most: int = 500) -> list[Paper]:
    """The papers in reach whose last day lies in the month that begins on `first`, by day."""
    ends = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    statement = _papers(actor, today).where(Certificate.valid_until_on >= first, Certificate.valid_until_on < ends)
    return [_paper(row, today) for row in session.execute(statement.order_by(Certificate.valid_until_on, Certificate.id).limit(most))]


def count_papers(session: Session, actor: Actor, today: date) -> PaperCounts:
    """How many papers in reach need looking at. One statement."""
    ending = and_(Certificate.valid_until_on >= today, ~is_followed())
    columns = [func.count(case((and_(ending, Certificate.valid_until_on <= today + timedelta(days=days)), 1))) for days in STEPS]
    expired = func.count(case((and_(Certificate.valid_until_on < today, ~is_followed()), 1)))
    unseen = func.count(case((CertificateScan.id.is_(None), 1)))
    statement = _papers(actor, today).with_only_columns(func.count(), expired, unseen, *columns, maintain_column_froms=True)
    every, gone, without, *within = session.execute(statement).one()
    return PaperCounts(every, dict(zip(STEPS, within, strict=True)), gone, without)


def find_certificate(session: Session, actor: Actor, code: str) -> tuple[Certificate, Product | None, Maker]:
    """A paper in reach with whose it is; NotFound elsewhere. One statement."""
    statement = (
        select(Certificate, Product, Maker)
        .outerjoin(Product, Product.id == Certificate.product_id)
        .join(Maker, Maker.id == func.coalesce(Certificate.maker_id, Product.maker_id))
        .where(Certificate.code == code.strip().upper())
        .execution_options(populate_existing=True)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    certificate, product, maker = row
    if not actor.can(Permission.VIEW_CURATION, area_code=(product or maker).village_code):
        raise NotFound
    return certificate, product, maker


def read_file(session: Session, actor: Actor, code: str, today: date) -> PaperFile:
    """Everything the page of one paper shows; NotFound out of reach."""
    certificate, product, maker = find_certificate(session, actor, code)
    same = _papers(actor, today).where(
        Certificate.kind == certificate.kind,
        Certificate.product_id == certificate.product_id if product else Certificate.maker_id == certificate.maker_id,
    )
    chain = [_paper(row, today) for row in session.execute(same.order_by(Certificate.valid_from_on, Certificate.id))]
    return PaperFile(
        certificate=certificate,
        paper=next(paper for paper in chain if paper.code == certificate.code),
        product=product,
        maker=maker,
        scan=session.scalar(select(CertificateScan).where(CertificateScan.certificate_id == certificate.id)),
        chain=chain,
        is_renewed=bool(session.scalar(select(exists().where(CertificateRenewal.old_id == certificate.id)))),
    )


def _papers(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(getattr(Certificate, name) for name in ("code", "kind", "number", "issuer", "valid_from_on", "valid_until_on")),
            *(getattr(Certificate, name) for name in ("award_scheme", "award_year", "stars", "stars_scale")),
            Maker.slug.label("maker_slug"),
            Maker.name.label("maker_name"),
            Product.slug.label("product_slug"),
            Product.name_id.label("product_id"),
            Product.name_en.label("product_en"),
            Area.name.label("village"),
            CertificateScan.id.label("scan"),
            is_followed().label("is_followed"),
        )
        .select_from(Certificate)
        .outerjoin(Product, Product.id == Certificate.product_id)
        .join(Maker, Maker.id == func.coalesce(Certificate.maker_id, Product.maker_id))
        .join(Area, Area.code == _village_code)
        .outerjoin(CertificateScan, CertificateScan.certificate_id == Certificate.id)
        .where(_below(actor.area_prefixes(Permission.VIEW_CURATION)))
    )


def _below(prefixes: Sequence[str]) -> ColumnElement[bool]:
    of_product = and_(Certificate.product_id.is_not(None), below(Product.village_code, prefixes))
    return or_(of_product, and_(Certificate.product_id.is_(None), below(Maker.village_code, prefixes)))


def is_followed() -> ColumnElement[bool]:
    """A later paper of the same kind and owner took its place."""
    same = or_(_Later.product_id == Certificate.product_id, _Later.maker_id == Certificate.maker_id)
    later = or_(_Later.valid_until_on.is_(None), _Later.valid_until_on > Certificate.valid_until_on)
    return exists().where(same, _Later.kind == Certificate.kind, Certificate.valid_until_on.is_not(None), later).correlate(Certificate)


def _narrowed(statement: Select[*tuple[Any, ...]], wanted: PaperFilter, today: date) -> Select[*tuple[Any, ...]]:
    if wanted.kind is not None:
        statement = statement.where(Certificate.kind == wanted.kind)
    if wanted.area:
        statement = statement.where(_below([wanted.area]))
    if wanted.without_scan:
        statement = statement.where(CertificateScan.id.is_(None))
    if wanted.text:
        like = f"%{escape_like(wanted.text.strip().lower())}%"
        columns = (Certificate.number, Product.name_id, Product.name_en, Maker.name)
        statement = statement.where(or_(*(func.lower(column).like(like, escape="\\") for column in columns)))
    if wanted.state is not None:
        statement = statement.where(_in_state(wanted.state, wanted.within, today))
    return statement


def _in_state(state: PaperState, within: int, today: date) -> ColumnElement[bool]:
    ends = Certificate.valid_until_on
    match state:
        case PaperState.VALID:
            return and_(Certificate.valid_from_on <= today, or_(ends.is_(None), ends >= today))
        case PaperState.EXPIRING:
            return and_(ends >= today, ends <= today + timedelta(days=within), ~is_followed())
        case PaperState.EXPIRED:
            return and_(ends < today, ~is_followed())
        case PaperState.FOLLOWED:
            return and_(ends < today, is_followed())
        case PaperState.NOT_YET:
            return Certificate.valid_from_on > today


def _paper(row: Any, today: date) -> Paper:
    ends: date | None = row.valid_until_on
    award = f"{row.award_scheme} {row.award_year}: {row.stars}/{row.stars_scale}" if row.stars else ""
    return Paper(
        code=row.code,
        kind=row.kind,
        number=row.number,
        issuer=row.issuer,
        valid_from_on=row.valid_from_on,
        valid_until_on=ends,
        award=award,
        maker_slug=row.maker_slug,
        maker_name=row.maker_name,
        product_slug=row.product_slug or "",
        product_id=row.product_id or "",
        product_en=row.product_en or "",
        village=row.village,
        has_scan=row.scan is not None,
        state=_state(row.valid_from_on, ends, row.is_followed, today),
        days_left=(ends - today).days if ends is not None and ends >= today else None,
    )


def _state(starts: date, ends: date | None, is_followed: bool, today: date) -> PaperState:
    if starts > today:
        return PaperState.NOT_YET
    if ends is None or ends > today + timedelta(days=STEPS[0]):
        return PaperState.VALID
    if ends < today:
        return PaperState.FOLLOWED if is_followed else PaperState.EXPIRED
    return PaperState.VALID if is_followed else PaperState.EXPIRING
