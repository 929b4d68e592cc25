"""Renewals and scans: the old paper stays, a scan replaces a scan, and what was a mistake goes with all that hung on it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.certificates import CertificateFacts, add_certificate, list_claims_of
from catalog.models.certificate import Certificate, CertificateKind, CertificateRenewal, CertificateScan
from catalog.models.product import Product
from catalog.models.scan import Scan
from catalog.papers import keeping
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role
from tests.make import make_actor, make_product

TODAY = clock.today()
FACTS = CertificateFacts(
    kind=CertificateKind.HALAL,
    number="ID16110000123450123",
    issuer="BPJPH",
    valid_from_on=TODAY - timedelta(days=900),
    valid_until_on=TODAY + timedelta(days=5),
)
NEXT = replace(FACTS, number="ID16110000999990123", valid_from_on=TODAY, valid_until_on=TODAY + timedelta(days=900))


@pytest.fixture
def product(session: Session) -> Product:
    return make_product(session)


@pytest.fixture
def old(session: Session, product: Product) -> Certificate:
    return add_certificate(session, SYSTEM, product, FACTS)


def test_a_new_paper_follows_and_the_old_one_stays_with_its_dates(session: Session, product: Product, old: Certificate) -> None:
    made = keeping.renew(session, SYSTEM, old, NEXT)
    assert (made.kind, made.product_id, old.valid_until_on) == (old.kind, product.id, FACTS.valid_until_on)
    assert [claim.number for claim in list_claims_of(session, [product])[product.id]] == [NEXT.number]
    assert [claim.number for claim in list_claims_of(session, [product], TODAY - timedelta(days=1))[product.id]] == [FACTS.number]
    assert "certificate.renew" in {entry.action for entry in audit.list_for(session, f"certificate:{old.code}")}
    with pytest.raises(Conflict):
        keeping.renew(session, SYSTEM, old, replace(NEXT, number="ID16110000888880123"))


def test_a_renewal_must_last_longer(session: Session, old: Certificate) -> None:
    with pytest.raises(InvalidInput, match="longer"):
        keeping.renew(session, SYSTEM, old, replace(NEXT, valid_until_on=FACTS.valid_until_on))


def scan(name: str) -> Scan:
    return Scan(name=name, media_type="image/jpeg", digest="0" * 64, size=9)


def test_a_scan_takes_the_place_of_the_one_before(session: Session, old: Certificate) -> None:
    assert keeping.keep_scan(session, SYSTEM, old, scan("a.jpg")) is None
    assert keeping.keep_scan(session, SYSTEM, old, scan("b.jpg")) == "a.jpg"
    assert session.scalars(select(CertificateScan.name)).all() == ["b.jpg"]
    with pytest.raises(NotAllowed):
        keeping.keep_scan(session, make_actor(session, Role.OBSERVER), old, scan("c.jpg"))


def test_what_was_a_mistake_goes_with_scan_and_renewal(session: Session, old: Certificate) -> None:
    made = keeping.renew(session, SYSTEM, old, NEXT)
    keeping.keep_scan(session, SYSTEM, made, scan("a.jpg"))
    assert keeping.remove(session, SYSTEM, made) == "a.jpg"
    assert session.scalar(select(func.count()).select_from(CertificateRenewal)) == 0
    assert session.scalars(select(Certificate.code)).all() == [old.code]
