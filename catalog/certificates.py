"""Papers of products and makers: take them in with checked numbers and dates, and claim only what is valid on the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.certificate_numbers import check_pirt_dates, normalise_number, parse_pirt
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker
from catalog.models.product import HalalState, Product
from catalog.products import touch_product
from catalog.search.queue import mark_many
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission

#: OVOP began in Indonesia in 2007.
FIRST_AWARD_YEAR = 2007
#: Awards up to 2018 counted to 5 stars, later ones to 3.
LARGEST_SCALE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What a paper says. An award needs scheme, year, stars and the scale they count on, and may have no number."""

    kind: CertificateKind
    number: str = ""
    issuer: str
    valid_from_on: date
    valid_until_on: date | None = None
    award_scheme: str = ""
    award_year: int | None = None
    stars: int | None = None
    stars_scale: int | None = None


def add_certificate(
    session: Session, actor: Actor, owner: Product | Maker, facts: CertificateFacts, *, is_sample: bool = False
) -> Certificate:
    """A paper of one product, or of a maker for all its products."""
    _ensure_editable(actor, owner)
    facts = check_facts(facts)
    is_product = isinstance(owner, Product)
    column = Certificate.product_id if is_product else Certificate.maker_id
    if facts.number and session.scalar(
        select(Certificate.id).where(
            column == owner.id,
            Certificate.kind == facts.kind,
            Certificate.number == facts.number,
            Certificate.valid_from_on == facts.valid_from_on,
        )
    ):
        raise InvalidInput(N_("This paper is on the list already."), field="number")
    certificate = Certificate(
        **asdict(facts),
        product_id=owner.id if is_product else None,
        maker_id=None if is_product else owner.id,
        is_sample=is_sample,
        created_at=clock.now(),
    )
    session.add(certificate)
    session.flush()
    _owner_changed(session, owner)
    audit.record(session, actor, "certificate.add", _subject_of(owner), {"kind": facts.kind.value, "number": facts.number})
    return certificate


def end_certificate(session: Session, actor: Actor, certificate: Certificate, last_day: date) -> Certificate:
    """Note that a paper was withdrawn or given back: it counts until `last_day` and no longer."""
    owner = _owner_of(session, certificate)
    _ensure_editable(actor, owner)
    if last_day < certificate.valid_from_on:
        raise InvalidInput(N_("The last day must not be before the first."), field="valid_until_on")
    certificate.valid_until_on = last_day
    _owner_changed(session, owner)
    audit.record(session, actor, "certificate.end", _subject_of(owner), {"number": certificate.number, "last_day": last_day.isoformat()})
    return certificate


def remove_certificate(session: Session, actor: Actor, certificate: Certificate) -> None:
    """Take out a paper that was entered by mistake; one that ran out stays and is simply no longer claimed."""
    owner = _owner_of(session, certificate)
    _ensure_editable(actor, owner)
    session.delete(certificate)
    session.flush()
    _owner_changed(session, owner)
    audit.record(session, actor, "certificate.remove", _subject_of(owner), {"kind": certificate.kind.value, "number": certificate.number})


# What may be claimed.


def is_valid_on(certificate: Certificate, day: date) -> bool:
    """Whether the paper counts on `day`; both its dates are inclusive."""
    return certificate.valid_from_on <= day and (certificate.valid_until_on is None or certificate.valid_until_on >= day)


def filter_claims(certificates: Iterable[Certificate], day: date) -> list[Certificate]:
    """The papers valid on `day`: of each kind the one that lasts longest, except that every award year counts for itself."""
    best: dict[tuple[CertificateKind, str, int | None], Certificate] = {}
    for certificate in certificates:
        if is_valid_on(certificate, day):
            key = (certificate.kind, certificate.award_scheme, certificate.award_year)
            if key not in best or _lasts(certificate) > _lasts(best[key]):
                best[key] = certificate
    order = list(CertificateKind)
    return sorted(best.values(), key=lambda certificate: (order.index(certificate.kind), -(certificate.award_year or 0)))


def list_claims_of(session: Session, products: Sequence[Product], day: date | None = None) -> dict[int, list[Certificate]]:
    """The claims of many products by product id, in one statement."""
    day = day or clock.today()
    owned = or_(
        Certificate.product_id.in_([product.id for product in products]),
        Certificate.maker_id.in_({product.maker_id for product in products}),
    )
    valid = and_(Certificate.valid_from_on <= day, or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= day))
    found = session.scalars(select(Certificate).where(owned, valid).order_by(Certificate.id)).all() if products else []
    return {
        product.id: filter_claims((c for c in found if c.product_id == product.id or c.maker_id == product.maker_id), day)
        for product in products
    }


def halal_claim(state: HalalState, claims: Iterable[Certificate]) -> HalalState:
    """What a page may say about halal: "certified" only with a valid certificate among `claims`, whatever was ticked."""
    if any(certificate.kind is CertificateKind.HALAL for certificate in claims):
        return HalalState.CERTIFIED
    return HalalState.NOT_YET if state is HalalState.CERTIFIED else state


def _lasts(certificate: Certificate) -> date:
    return certificate.valid_until_on or date.max


def check_facts(facts: CertificateFacts) -> CertificateFacts:
    """`facts` tidied, its number in the one form we keep; InvalidInput naming the field otherwise."""
    kind = parse_choice(CertificateKind, facts.kind, field="kind")
    number = normalise_number(kind, facts.number)
    if facts.valid_until_on is not None and facts.valid_until_on < facts.valid_from_on:
        raise InvalidInput(N_("The last day must not be before the first."), field="valid_until_on")
    if kind is CertificateKind.PIRT:
        check_pirt_dates(parse_pirt(number), facts.valid_from_on, facts.valid_until_on)
    facts = replace(facts, kind=kind, number=number, issuer=parse_text(facts.issuer, field="issuer", maximum=120, required=True))
    if kind is CertificateKind.OVOP_AWARD:
        return _checked_award(facts)
    if facts.award_scheme or any(value is not None for value in (facts.award_year, facts.stars, facts.stars_scale)):
        raise InvalidInput(N_("Only an award has a scheme, a year and stars."), field="kind")
    return facts


def _checked_award(facts: CertificateFacts) -> CertificateFacts:
    """Scheme, year, stars and scale together: 3 stars of 5 in 2018 and 3 of 3 in 2024 are not the same."""
    if facts.award_year is None:
        raise InvalidInput(N_("Type the year of the award."), field="award_year")
    if facts.stars is None or facts.stars_scale is None:
        raise InvalidInput(N_("Type the stars and the most there could be."), field="stars")
    check_range(facts.award_year, FIRST_AWARD_YEAR, clock.today().year, "award_year")
    check_range(facts.stars_scale, 1, LARGEST_SCALE, "stars_scale")
    check_range(facts.stars, 1, facts.stars_scale, "stars")
    return replace(facts, award_scheme=parse_text(facts.award_scheme, field="award_scheme", maximum=60, required=True))


def _ensure_editable(actor: Actor, owner: Product | Maker) -> None:
    ensure_can(actor, Permission.EDIT_PRODUCTS if isinstance(owner, Product) else Permission.EDIT_MAKERS, owner.village_code)


def _owner_of(session: Session, certificate: Certificate) -> Product | Maker:
    if certificate.product_id is not None:
        return session.get_one(Product, certificate.product_id)
    return session.get_one(Maker, certificate.maker_id)


def _owner_changed(session: Session, owner: Product | Maker) -> None:
    """A maker's paper is a claim of all its products, so all of them are indexed again."""
    if isinstance(owner, Product):
        session.expire(owner, ["certificates"])
        touch_product(session, owner)
    else:
        owner.updated_at = clock.now()
        mark_many(session, session.scalars(select(Product.id).where(Product.maker_id == owner.id)))


def _subject_of(owner: Product | Maker) -> str:
    return f"{'product' if isinstance(owner, Product) else 'maker'}:{owner.slug}"
