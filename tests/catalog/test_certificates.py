"""Papers and claims: checked when they come in, claimed only while they are valid."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.certificates import (
    CertificateFacts,
    add_certificate,
    end_certificate,
    filter_claims,
    halal_claim,
    is_valid_on,
    list_claims_of,
    remove_certificate,
)
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker
from catalog.models.product import HalalState, Product
from catalog.models.search import SearchQueueEntry
from kernel import audit, clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM
from tests.conftest import StatementCounter
from tests.make import make_product

TODAY = clock.today()
HALAL = CertificateFacts(kind=CertificateKind.HALAL, number="ID16110000123450123", issuer="BPJPH", valid_from_on=TODAY - timedelta(days=30))
AWARD = CertificateFacts(
    kind=CertificateKind.OVOP_AWARD,
    issuer="Kementerian Perindustrian",
    valid_from_on=TODAY - timedelta(days=30),
    award_scheme="OVOP Kemenperin",
    award_year=2024,
    stars=2,
    stars_scale=3,
)


@pytest.fixture
def product(session: Session) -> Product:
    return make_product(session)


def maker_of(session: Session, product: Product) -> Maker:
    return session.get_one(Maker, product.maker_id)


def test_a_paper_of_the_product_and_one_of_its_maker_are_both_claimed(session: Session, product: Product) -> None:
    add_certificate(session, SYSTEM, product, AWARD)
    add_certificate(session, SYSTEM, maker_of(session, product), HALAL)
    other = make_product(session)
    claims = list_claims_of(session, [product, other])
    assert [claim.kind.value for claim in claims[product.id]] == ["halal", "ovop"]
    assert claims[other.id] == []


def test_claims_of_many_products_take_one_statement(session: Session, count_statements: StatementCounter) -> None:
    products = [make_product(session) for _ in range(4)]
    with count_statements() as statements:
        list_claims_of(session, products)
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("starts", "ends", "claimed"),
    [(-30, -1, False), (-30, 0, True), (0, None, True), (1, None, False), (-30, 30, True)],
)
def test_only_a_paper_valid_on_the_day_is_claimed(session: Session, product: Product, starts: int, ends: int | None, claimed: bool) -> None:
    until = None if ends is None else TODAY + timedelta(days=ends)
    paper = add_certificate(session, SYSTEM, product, replace(HALAL, valid_from_on=TODAY + timedelta(days=starts), valid_until_on=until))
    assert bool(list_claims_of(session, [product])[product.id]) is claimed
    assert is_valid_on(paper, TODAY) is claimed


def test_of_two_papers_of_a_kind_the_one_that_lasts_longer_is_claimed() -> None:
    short = Certificate(kind=CertificateKind.SNI, number="a", award_scheme="", valid_from_on=TODAY, valid_until_on=TODAY)
    long = Certificate(kind=CertificateKind.SNI, number="b", award_scheme="", valid_from_on=TODAY, valid_until_on=None)
    assert [paper.number for paper in filter_claims([short, long], TODAY)] == ["b"]


def test_ticking_halal_claims_nothing_without_a_certificate(session: Session, product: Product) -> None:
    assert halal_claim(HalalState.CERTIFIED, []) is HalalState.NOT_YET
    assert halal_claim(HalalState.DECLARED_NON_HALAL, []) is HalalState.DECLARED_NON_HALAL
    add_certificate(session, SYSTEM, product, HALAL)
    assert halal_claim(HalalState.NOT_YET, list_claims_of(session, [product])[product.id]) is HalalState.CERTIFIED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "KH 123"}, "number"),
        ({"issuer": ""}, "issuer"),
        ({"valid_until_on": TODAY - timedelta(days=31)}, "valid_until_on"),
        ({"stars": 3}, "kind"),
        ({"kind": "excellent"}, "kind"),
    ],
)
def test_a_wrong_paper_is_refused_with_its_field(session: Session, product: Product, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add_certificate(session, SYSTEM, product, replace(HALAL, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"award_year": None}, "award_year"),
        ({"award_year": 2006}, "award_year"),
        ({"award_year": 2999}, "award_year"),
        ({"stars": None}, "stars"),
        ({"stars_scale": None}, "stars"),
        ({"stars": 4}, "stars"),
        ({"stars": 0}, "stars"),
        ({"stars_scale": 6}, "stars_scale"),
        ({"award_scheme": ""}, "award_scheme"),
    ],
)
def test_an_award_is_never_a_bare_number_of_stars(session: Session, product: Product, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add_certificate(session, SYSTEM, product, replace(AWARD, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_household_permit_must_agree_with_its_dates(session: Session, product: Product) -> None:
    facts = CertificateFacts(
        kind=CertificateKind.PIRT,
        number="2151612010001-29",
        issuer="Dinas Kesehatan",
        valid_from_on=date(2024, 3, 1),
        valid_until_on=date(2029, 2, 28),
    )
    assert add_certificate(session, SYSTEM, product, facts).number == "2151612010001-29"
    with pytest.raises(InvalidInput) as refusal:
        add_certificate(session, SYSTEM, product, replace(facts, valid_until_on=date(2028, 2, 28)))
    assert refusal.value.field == "valid_until_on"


def test_the_same_paper_twice_is_refused(session: Session, product: Product) -> None:
    add_certificate(session, SYSTEM, product, HALAL)
    with pytest.raises(InvalidInput) as refusal:
        add_certificate(session, SYSTEM, product, HALAL)
    assert refusal.value.field == "number"


def test_a_makers_paper_indexes_all_its_products_again(session: Session, product: Product) -> None:
    second = make_product(session, maker=maker_of(session, product))
    add_certificate(session, SYSTEM, maker_of(session, product), HALAL)
    assert {product.id, second.id} <= set(session.scalars(select(SearchQueueEntry.product_id)))


def test_a_paper_can_be_ended_and_a_mistake_removed(session: Session, product: Product) -> None:
    ended = add_certificate(session, SYSTEM, product, HALAL)
    end_certificate(session, SYSTEM, ended, TODAY - timedelta(days=1))
    wrong = add_certificate(session, SYSTEM, product, AWARD)
    remove_certificate(session, SYSTEM, wrong)
    assert list_claims_of(session, [product])[product.id] == []
    assert [entry.action for entry in audit.list_for(session, f"product:{product.slug}")][:3] == [
        "certificate.remove",
        "certificate.add",
        "certificate.end",
    ]
    with pytest.raises(InvalidInput):
        end_certificate(session, SYSTEM, ended, HALAL.valid_from_on - timedelta(days=1))


def test_a_stranger_is_refused(session: Session, product: Product) -> None:
    with pytest.raises(NotAllowed):
        add_certificate(session, GUEST, product, HALAL)
