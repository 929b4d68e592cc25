"""A paper as everybody sees it: number, issuer and validity, what came before and after it, and a copy with what is private covered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from catalog.access import ensure_can
from catalog.media import Storage, file_name, file_names
from catalog.models.certificate import Certificate, CertificateKind, CertificatePublicScan
from catalog.models.maker import Maker
from catalog.models.product import ListingState, Product
from catalog.papers.keeping import owner_of
from catalog.papers.queries import PaperState
from catalog.photo_files import PreparedPhoto
from catalog.queries.views import Picture
from kernel import audit, clock
from kernel.errors import N_, NotFound
from kernel.locales import pick
from kernel.people import Actor, Permission

CODE_LENGTH = 8
#: Products of a maker's paper that its page names.
MOST_PRODUCTS = 24


@dataclass(frozen=True, slots=True)
class PublicPaper:
    """One paper of the chain."""

    code: str
    kind: CertificateKind
    number: str
    issuer: str
    valid_from_on: date
    valid_until_on: date | None
    award_scheme: str
    award_year: int | None
    stars: int | None
    stars_scale: int | None
    state: PaperState
    is_sample: bool


@dataclass(frozen=True, slots=True)
class PublicPaperPage:
    """Everything the page says."""

    paper: PublicPaper
    maker_slug: str
    maker_name: str
    #: Whether it counts for everything the maker makes.
    of_maker: bool
    #: Live products it counts for: (slug, name).
    products: tuple[tuple[str, str], ...]
    #: Papers of the same kind and owner, the oldest first, this one among them.
    chain: tuple[PublicPaper, ...]
    picture: Picture | None


def get_public_paper(session: Session, code: str, language: str, today: date) -> PublicPaperPage:
    """The page of a paper whose maker has something that is or was public; NotFound otherwise. Four statements."""
    row = _find(session, code) if code.isascii() and code.isalnum() and len(code) == CODE_LENGTH else None
    if row is None:
        raise NotFound(N_("We know no paper with this code."))
    certificate: Certificate = row.Certificate
    products = session.execute(
        select(Product.slug, Product.name_id, Product.name_en)
        .where(_covered(certificate), Product.state == ListingState.LIVE)
        .order_by(Product.popularity.desc(), Product.id)
        .limit(MOST_PRODUCTS)
    ).all()
    same = (
        select(Certificate)
        .where(
            Certificate.kind == certificate.kind,
            Certificate.product_id == certificate.product_id if certificate.product_id else Certificate.maker_id == certificate.maker_id,
        )
        .order_by(Certificate.valid_from_on, Certificate.id)
    )
    chain = session.scalars(same).all()
    scan = session.scalar(select(CertificatePublicScan).where(CertificatePublicScan.certificate_id == certificate.id))
    return PublicPaperPage(
        paper=_paper(certificate, chain, today),
        maker_slug=row.slug,
        maker_name=row.name,
        of_maker=certificate.maker_id is not None,
        products=tuple((product.slug, pick(language, product.name_id, product.name_en)) for product in products),
        chain=tuple(_paper(each, chain, today) for each in chain),
        picture=Picture(scan.name, scan.width, scan.height, "") if scan else None,
    )


def publish_scan(session: Session, storage: Storage, actor: Actor, certificate: Certificate, prepared: PreparedPhoto) -> None:
    """Put a covered copy on the paper's page, in the place of the one before."""
    _check_may(session, actor, certificate)
    withdraw_scan(session, storage, actor, certificate)
    name = secrets.token_hex(16)
    for (width, ending), data in prepared.files.items():
        storage.save(file_name(name, width, ending), data)
    session.add(
        CertificatePublicScan(
            certificate_id=certificate.id,
            name=name,
            width=prepared.width,
            height=prepared.height,
            added_by_id=actor.user_id,
            added_at=clock.now(),
        )
    )
    session.flush()
    audit.record(session, actor, "certificate.published", f"certificate:{certificate.code}")


def withdraw_scan(session: Session, storage: Storage, actor: Actor, certificate: Certificate) -> bool:
    """Take the copy off the page; whether there was one."""
    _check_may(session, actor, certificate)
    name = session.execute(
        delete(CertificatePublicScan).where(CertificatePublicScan.certificate_id == certificate.id).returning(CertificatePublicScan.name)
    ).scalar()
    if name is None:
        return False
    for each in file_names(name):
        storage.delete(each)
    audit.record(session, actor, "certificate.unpublished", f"certificate:{certificate.code}")
    return True


def find_public_scan(session: Session, certificate: Certificate) -> CertificatePublicScan | None:
    """The covered copy, if there is one."""
    return session.scalar(select(CertificatePublicScan).where(CertificatePublicScan.certificate_id == certificate.id))


def _find(session: Session, code: str) -> Any:
    other = aliased(Product)
    was_public = select(other.id).where(other.maker_id == Maker.id, other.published_at.is_not(None)).exists()
    return session.execute(
        select(Certificate, Maker.slug, Maker.name)
        .outerjoin(Product, Product.id == Certificate.product_id)
        .join(Maker, Maker.id == func.coalesce(Certificate.maker_id, Product.maker_id))
        .where(Certificate.code == code.upper(), or_(Product.published_at.is_not(None), Certificate.product_id.is_(None)), was_public)
    ).one_or_none()


def _covered(certificate: Certificate) -> Any:
    return Product.id == certificate.product_id if certificate.product_id else Product.maker_id == certificate.maker_id


def _paper(certificate: Certificate, chain: Any, today: date) -> PublicPaper:
    return PublicPaper(
        code=certificate.code,
        kind=certificate.kind,
        number=certificate.number,
        issuer=certificate.issuer,
        valid_from_on=certificate.valid_from_on,
        valid_until_on=certificate.valid_until_on,
        award_scheme=certificate.award_scheme,
        award_year=certificate.award_year,
        stars=certificate.stars,
        stars_scale=certificate.stars_scale,
        state=_state(certificate, chain, today),
        is_sample=certificate.is_sample,
    )


def _state(certificate: Certificate, chain: Any, today: date) -> PaperState:
    """What counts today; a paper that ran out and has a successor is said to be followed by it."""
    if certificate.valid_from_on > today:
        return PaperState.NOT_YET
    if certificate.valid_until_on is None or certificate.valid_until_on >= today:
        return PaperState.VALID
    is_followed = any(each.valid_from_on > certificate.valid_from_on for each in chain)
    return PaperState.FOLLOWED if is_followed else PaperState.EXPIRED


def _check_may(session: Session, actor: Actor, certificate: Certificate) -> None:
    owner = owner_of(session, certificate)
    ensure_can(actor, Permission.EDIT_PRODUCTS if isinstance(owner, Product) else Permission.EDIT_MAKERS, owner.village_code)
