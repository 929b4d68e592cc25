"""What happens to a paper after it came in: a new one follows it, its scan is kept, it was entered by mistake."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from catalog import certificates
from catalog.access import ensure_can
from catalog.certificates import CertificateFacts
from catalog.models.certificate import Certificate, CertificateRenewal, CertificateScan, CertificateWarning
from catalog.models.maker import Maker
from catalog.models.product import Product
from catalog.models.scan import Scan
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput
from kernel.people import Actor, Permission


def renew(session: Session, actor: Actor, old: Certificate, facts: CertificateFacts) -> Certificate:
    """A new paper of the same kind and owner that follows `old`; `old` stays on record with its own dates. Once."""
    if session.scalar(select(exists().where(CertificateRenewal.old_id == old.id))):
        raise Conflict(N_("This paper was renewed already."))
    if old.valid_until_on is not None and facts.valid_until_on is not None and facts.valid_until_on <= old.valid_until_on:
        raise InvalidInput(N_("The new paper must last longer than the old one."), field="valid_until_on")
    made = certificates.add_certificate(session, actor, owner_of(session, old), replace(facts, kind=old.kind))
    session.add(CertificateRenewal(old_id=old.id, new_id=made.id, renewed_by_id=actor.user_id, renewed_at=clock.now()))
    session.flush()
    audit.record(session, actor, "certificate.renew", f"certificate:{old.code}", {"by": made.code, "number": made.number})
    return made


def keep_scan(session: Session, actor: Actor, certificate: Certificate, scan: Scan) -> str | None:
    """Note the scan that the caller stored; the name of the one it replaces, which the caller deletes."""
    owner = owner_of(session, certificate)
    ensure_can(actor, Permission.EDIT_PRODUCTS if isinstance(owner, Product) else Permission.EDIT_MAKERS, owner.village_code)
    row = session.scalar(select(CertificateScan).where(CertificateScan.certificate_id == certificate.id).with_for_update())
    before = row.name if row else None
    if row is None:
        row = CertificateScan(certificate_id=certificate.id)
        session.add(row)
    row.take(scan, actor.user_id, clock.now())
    session.flush()
    audit.record(session, actor, "certificate.scan", f"certificate:{certificate.code}", {"digest": scan.digest, "replaces": bool(before)})
    return before


def remove(session: Session, actor: Actor, certificate: Certificate) -> str | None:
    """Take out a paper that was entered by mistake, with all that hangs on it; the name of its scan, which the caller deletes."""
    scan = session.scalar(select(CertificateScan.name).where(CertificateScan.certificate_id == certificate.id))
    key = certificate.id
    session.execute(delete(CertificateScan).where(CertificateScan.certificate_id == key))
    session.execute(delete(CertificateWarning).where(CertificateWarning.certificate_id == key))
    session.execute(delete(CertificateRenewal).where(or_(CertificateRenewal.old_id == key, CertificateRenewal.new_id == key)))
    certificates.remove_certificate(session, actor, certificate)
    return scan


def owner_of(session: Session, certificate: Certificate) -> Product | Maker:
    """Whose paper it is."""
    if certificate.product_id is not None:
        return session.get_one(Product, certificate.product_id)
    return session.get_one(Maker, certificate.maker_id)
