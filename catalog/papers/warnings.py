"""Warnings that a paper will run out: 90, 30 and 7 days ahead to the office and to the maker, each once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateWarning
from catalog.models.maker import Maker
from catalog.models.product import Product
from catalog.papers.queries import STEPS, is_followed
from kernel import clock, outbox
from kernel.inserts import insert_new
from kernel.people import Role, RoleGrant, User, covers

LETTER = "mail.papers_expiring"
#: Papers looked at in one transaction.
BATCH = 200

#: A paper, whose it is, where that is, and the step it has reached.
Due = tuple[Certificate, Maker, str, int]


def warn(session: Session, today: date) -> int:
    """Queue letters about papers that came closer to their end since the last call; how many papers. Harmless twice.

    A paper that comes into the books late is warned of once, at the step it has reached, not at those it has passed.
    """
    due = _due(session, today)
    moment = clock.now()
    newly: dict[int, list[Due]] = defaultdict(list)
    for certificate, days, maker, village in due:
        row = {"certificate_id": certificate.id, "days": days, "valid_until_on": certificate.valid_until_on, "warned_at": moment}
        if insert_new(session, CertificateWarning, [row]):
            newly[maker.id].append((certificate, maker, village, days))
    if newly:
        _write_letters(session, [each for group in newly.values() for each in group])
    return sum(map(len, newly.values()))


def step_of(days_left: int) -> int | None:
    """The step a paper has reached: the smallest of 90, 30 and 7 that is not below what is left."""
    reached = [days for days in STEPS if days_left <= days]
    return min(reached) if days_left >= 0 and reached else None


def _due(session: Session, today: date) -> list[tuple[Certificate, int, Maker, str]]:
    told = (
        select(func.min(CertificateWarning.days))
        .where(CertificateWarning.certificate_id == Certificate.id, CertificateWarning.valid_until_on == Certificate.valid_until_on)
        .correlate(Certificate)
        .scalar_subquery()
    )
    statement = (
        select(Certificate, Maker, func.coalesce(Product.village_code, Maker.village_code), told)
        .outerjoin(Product, Product.id == Certificate.product_id)
        .join(Maker, Maker.id == func.coalesce(Certificate.maker_id, Product.maker_id))
        .where(Certificate.valid_until_on >= today, Certificate.valid_until_on <= today + timedelta(days=STEPS[0]), ~is_followed())
        .order_by(Certificate.valid_until_on, Certificate.id)
    )
    found = []
    for certificate, maker, village, last in session.execute(statement):
        step = step_of((certificate.valid_until_on - today).days)
        if step is not None and (last is None or step < last):
            found.append((certificate, step, maker, village))
    return found[:BATCH]


def _write_letters(session: Session, papers: list[Due]) -> None:
    """One letter to each person about all papers that concern them."""
    for person, theirs, is_makers in _readers(session, papers):
        codes = [certificate.code for certificate, *_rest in theirs]
        steps = [f"{certificate.code} {certificate.valid_until_on} {days}" for certificate, _maker, _village, days in theirs]
        key = hashlib.sha256("\n".join(steps).encode()).hexdigest()[:32]
        payload = {"email": person.email, "name": person.name, "language": person.language, "papers": codes}
        payload["to"] = "maker" if is_makers else "office"
        outbox.enqueue(session, LETTER, f"{LETTER}:{person.code}:{key}", payload)


def _readers(session: Session, papers: list[Due]) -> list[tuple[User, list[Due], bool]]:
    """The curators of the area and the maker's own people, with their papers, and whether they read as the maker."""
    statement = (
        select(User, RoleGrant)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.is_active, RoleGrant.role.in_((Role.CURATOR, Role.MAKER)))
        .order_by(User.id)
    )
    people: dict[int, User] = {}
    curators: set[int] = set()
    theirs: dict[int, dict[str, Due]] = defaultdict(dict)
    for person, grant in session.execute(statement):
        people[person.id] = person
        if grant.role is Role.CURATOR:
            curators.add(person.id)
        for each in papers:
            certificate, maker, village, _days = each
            concerns = grant.maker_id == maker.id if grant.role is Role.MAKER else covers(grant.area_prefix, village)
            if concerns:
                theirs[person.id][certificate.code] = each
    return [(people[key], list(found.values()), key not in curators) for key, found in theirs.items() if found]
