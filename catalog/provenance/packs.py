"""Which pack a code names: looked up by registered number or by our own code, with the lot when we know it. One statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import ListingState, Product, Variant
from catalog.models.stock import Batch
from kernel.prepared import Prepared

_columns = (
    select(
        Variant.code,
        Variant.gtin,
        Variant.name_id.label("pack_id"),
        Variant.name_en.label("pack_en"),
        Product.slug,
        Product.name_id,
        Product.name_en,
        Product.state,
        Product.published_at,
        Batch.lot_code,
        Batch.produced_on,
    )
    .join(Product, Product.id == Variant.product_id)
    .outerjoin(Batch, and_(Batch.product_id == Product.id, Batch.lot_code == bindparam("lot")))
)
_BY_NUMBER = Prepared(_columns.where(Variant.gtin == bindparam("number")))
_BY_CODE = Prepared(_columns.where(Variant.code == bindparam("code")))


_PAPERS = Prepared(
    select(Certificate.code, Certificate.kind, Certificate.number, Certificate.valid_from_on, Certificate.valid_until_on)
    .join(Product, or_(Product.id == Certificate.product_id, Product.maker_id == Certificate.maker_id))
    .where(Product.slug == bindparam("slug"))
    .order_by(Certificate.kind, Certificate.id)
)


@dataclass(frozen=True, slots=True)
class PackPaper:
    """A paper that counted on a day."""

    code: str
    kind: CertificateKind
    number: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A variant as a scan finds it. `lot` is empty when none was asked for, or when we do not know it."""

    code: str
    gtin: str | None
    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    lot: str
    produced_on: date | None
    #: On sale, so that the product page exists; of what was withdrawn the lots stay readable: packs of it are in kitchens.
    is_live: bool


def find_by_number(session: Session, number: str, lot: str = "") -> Pack | None:
    """The pack with this GTIN of 8, 13 or 14 digits; None for numbers and for products that were never public."""
    return _read(_BY_NUMBER.run(session, {"number": number, "lot": lot.upper()}))


def find_by_code(session: Session, code: str, lot: str = "") -> Pack | None:
    """The pack with this code of ours."""
    return _read(_BY_CODE.run(session, {"code": code.upper(), "lot": lot.upper()}))


def list_papers(session: Session, pack: Pack, day: date) -> list[PackPaper]:
    """The papers of a pack's product and maker that are valid on `day`; one statement."""
    return [
        PackPaper(row.code, row.kind, row.number)
        for row in _PAPERS.run(session, {"slug": pack.slug})
        if row.valid_from_on <= day and (row.valid_until_on is None or day <= row.valid_until_on)
    ]


def _read(rows: list[Any]) -> Pack | None:
    for row in rows:
        if row.state is ListingState.DRAFT or row.published_at is None:
            continue
        return Pack(
            code=row.code,
            gtin=row.gtin,
            slug=row.slug,
            name_id=row.name_id,
            name_en=row.name_en,
            pack_id=row.pack_id,
            pack_en=row.pack_en,
            lot=row.lot_code or "",
            produced_on=row.produced_on,
            is_live=row.state is ListingState.LIVE,
        )
    return None
