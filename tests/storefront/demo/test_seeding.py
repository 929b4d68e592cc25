"""The demo regency as it stands after seeding, and that seeding twice changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalog import gtin
from catalog.certificates import is_valid_on, list_claims_of
from catalog.models.area import VillageKind, VillageProfile
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import ListingState, Product, PublicationDecision, Variant
from catalog.models.programme import ProgrammeStatus, Scheme
from catalog.models.stock import Batch, Outlet, StockLevel, StockMovement
from catalog.prices import current_price
from catalog.programme import count_reached, list_records
from catalog.stock import available
from kernel import accounts, clock
from kernel.people import Role, User
from storefront.demo.cast import CAST, PASSWORD
from tests.storefront.demo.conftest import Seeded
from tests.storefront.demo.ground import YEAR, make_demo

pytestmark = pytest.mark.one_database


def _count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_demo_holds_what_the_programme_promises(demo: Session, seeded: Seeded) -> None:
    products = demo.scalars(
        select(Product).options(
            selectinload(Product.variants).selectinload(Variant.prices), selectinload(Product.photos), selectinload(Product.ingredients)
        )
    ).all()
    assert (_count(demo, Maker), len(products), _count(demo, Variant)) == (20, 41, 63)
    assert {product.state for product in products} == {ListingState.LIVE}
    assert {product.scheme for product in products} == set(Scheme)
    assert all(len(product.photos) == 3 and product.ingredients and product.name_en for product in products)
    names = set(demo.scalars(select(Photo.name)))
    assert sum(file.partition("-")[0] in names for file in seeded.storage.files) == 9 * len(names)
    today = clock.today()
    variants = [variant for product in products for variant in product.variants]
    assert all(current_price(variant.prices, today) for variant in variants)
    assert all(gtin.is_internal_number(variant.internal_number or "") for variant in variants if variant.gtin is None)
    numbered = [variant.gtin for variant in variants if variant.gtin]
    assert numbered
    assert all(number.startswith("8999999") and gtin.parse_gtin(number) == number for number in numbered)
    free = available(demo, [variant.id for variant in variants])
    assert all(free[variant.id] > 0 for variant in variants)
    where = {product.name_id: product.village_code for product in products}
    assert where["Selai nanas Talang Bulang"] == "16.12.01.2001"
    assert where["Tepung mocaf"] == "16.12.04.2001"
    assert where["Keripik ubi kencur"] == "16.12.04.2003"


def test_every_desa_is_mapped_and_seventeen_are_selected(demo: Session) -> None:
    counts = Counter(record.status for record in list_records(demo, YEAR, within="16.12"))
    assert count_reached(counts, ProgrammeStatus.MAPPED) == 65
    assert count_reached(counts, ProgrammeStatus.SELECTED) == 17
    launched = {record.village.name for record in list_records(demo, YEAR, statuses=[ProgrammeStatus.LAUNCHED])}
    assert launched == {"Talang Bulang", "Betung", "Karang Agung"}
    unmapped = list_records(demo, YEAR, statuses=[ProgrammeStatus.NOT_MAPPED])
    assert {record.village.kind for record in unmapped} == {VillageKind.KELURAHAN}
    assert _count(demo, VillageProfile) >= 8


def test_papers_look_real_are_samples_and_an_expired_one_is_not_claimed(demo: Session) -> None:
    papers = demo.scalars(select(Certificate)).all()
    assert {paper.kind for paper in papers} == set(CertificateKind)
    today = clock.today()
    expired = [paper for paper in papers if not is_valid_on(paper, today)]
    assert len(expired) == 1
    owner = demo.get_one(Product, expired[0].product_id)
    assert list_claims_of(demo, [owner])[owner.id] == []


def test_everything_is_marked_as_a_sample(demo: Session) -> None:
    for model in (Maker, Product, Photo, Certificate, Outlet, VillageProfile, PublicationDecision):
        real = demo.scalar(select(func.count()).select_from(model).where(~model.is_sample))  # type: ignore[attr-defined]
        assert real == 0, model.__name__


def test_there_is_one_person_of_every_role_who_can_sign_in(demo: Session) -> None:
    assert {member.role for member in CAST} == set(Role)
    for member in CAST:
        person = accounts.check_password(demo, email=member.email, password=PASSWORD)
        demo.refresh(person, ["grants"])
        assert [grant.role for grant in person.grants] == [member.role]


def test_batches_are_fresh_enough_to_sell(demo: Session) -> None:
    today = clock.today()
    for batch in demo.scalars(select(Batch)):
        assert batch.produced_on is not None
        assert batch.produced_on <= today
        assert batch.best_before_on is None or batch.best_before_on >= today + timedelta(days=3)


def test_seeding_again_changes_nothing(demo: Session) -> None:
    models = (Maker, Product, Variant, Photo, Batch, StockLevel, StockMovement, User, Certificate)
    before = [_count(demo, model) for model in models]
    storage = make_demo(demo)
    assert [_count(demo, model) for model in models] == before
    assert storage.files == {}
