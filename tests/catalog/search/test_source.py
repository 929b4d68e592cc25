"""From the database to documents: live and priced products only, with everything that can be searched."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import Ingredient, ListingState, Price
from catalog.models.stock import MovementKind, StockLevel, StockMovement
from catalog.search import source
from catalog.search.validity import read_claims
from kernel import clock
from tests import make


def test_a_document_holds_what_buyers_can_see(session: Session) -> None:
    maker = make.make_maker(session, name="Dapur Sekar", slug="dapur-sekar")
    product = make.make_product(session, name_id="Keripik Ubi", name_en="Cassava Chips", slug="keripik", maker=maker, popularity=3)
    session.add(Ingredient(product_id=product.id, position=1, name_id="kencur", name_en="sand ginger"))
    product.variants[0].gtin = "8999999000011"
    session.flush()
    (document,) = source.load_documents(session, [product.id, 999_999])
    assert (document.product_id, document.slug, document.name_id, document.name_en) == (
        product.id,
        "keripik",
        "Keripik Ubi",
        "Cassava Chips",
    )
    assert "kencur" in document.text_id
    assert "sand ginger" in document.text_en
    assert (document.maker, document.maker_slug) == ("Dapur Sekar", "dapur-sekar")
    assert (document.village, document.district, document.village_code) == ("Karang Agung", "Abab", make.KARANG_AGUNG)
    assert document.regency.endswith("PALI")
    assert document.category_names == "Makanan ringan\nSnacks"
    assert set(document.codes) == {product.variants[0].code, "8999999000011"}
    assert (document.price, document.available, document.scheme) == (25_000, 0, "ovop")
    assert document.published_at == product.published_at


@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.WITHDRAWN])
def test_what_is_not_live_never_becomes_a_document(session: Session, state: ListingState) -> None:
    product = make.make_product(session, state=state)
    assert source.load_documents(session, [product.id]) == []
    assert list(source.iterate_documents(session)) == []


def test_what_has_no_current_price_is_not_for_sale(session: Session) -> None:
    product = make.make_product(session, price=None)
    assert source.load_documents(session, [product.id]) == []
    tomorrow = clock.today() + timedelta(days=1)
    session.add(Price(variant_id=product.variants[0].id, amount=5_000, starts_on=tomorrow))
    session.flush()
    assert source.load_documents(session, [product.id]) == []


def test_the_lowest_current_price_of_active_variants_counts(session: Session) -> None:
    product = make.make_product(session, price=30_000)
    make.make_variant(session, product, price=20_000)
    make.make_variant(session, product, price=1_000, is_active=False)
    today = clock.today()
    later = make.make_variant(session, product, price=10_000)
    session.add(Price(variant_id=later.id, amount=50_000, starts_on=today))  # a newer price replaces the older one
    session.flush()
    assert source.load_documents(session, [product.id])[0].price == 20_000


def test_units_held_expired_or_elsewhere_are_not_available(session: Session) -> None:
    product = make.make_product(session)
    open_outlet, closed_outlet = make.make_outlet(session), make.make_outlet(session, is_active=False)
    good = make.make_batch(session, product)
    old = make.make_batch(session, product, produced_on=None, best_before_on=clock.today() - timedelta(days=1))
    for outlet, batch, on_hand, held in ((open_outlet, good, 7, 2), (open_outlet, old, 30, 0), (closed_outlet, good, 50, 0)):
        level = StockLevel(outlet_id=outlet.id, variant_id=product.variants[0].id, batch_id=batch.id, on_hand=on_hand, held=held)
        session.add(level)
        session.flush()
        session.add(StockMovement(level_id=level.id, kind=MovementKind.RECEIVED, on_hand_change=on_hand, held_change=held, at=clock.now()))
    session.flush()
    assert source.load_documents(session, [product.id])[0].available == 5


def test_only_papers_valid_today_are_claimed(session: Session) -> None:
    product = make.make_product(session)
    today = clock.today()
    papers = (
        ({"product_id": product.id}, CertificateKind.PIRT, today, today),
        ({"maker_id": product.maker_id}, CertificateKind.HALAL, today - timedelta(days=9), None),
        ({"product_id": product.id}, CertificateKind.BPOM, today - timedelta(days=9), today - timedelta(days=1)),
        ({"product_id": product.id}, CertificateKind.SNI, today + timedelta(days=1), None),
    )
    for owner, kind, starts, ends in papers:
        session.add(Certificate(kind=kind, issuer="Contoh", valid_from_on=starts, valid_until_on=ends, created_at=clock.now(), **owner))
    session.flush()
    assert read_claims(",".join(source.load_documents(session, [product.id])[0].certificates), today) == ("halal", "pirt")


def test_streaming_yields_every_product_once_in_batches(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = sorted(make.make_product(session).id for _ in range(5))
    monkeypatch.setattr(source, "BATCH", 2)
    assert [document.product_id for document in source.iterate_documents(session)] == ids
    assert [document.product_id for document in source.load_documents(session, ids[::-1])] == ids


def test_the_number_of_queries_does_not_grow_with_the_batch(
    session: Session, count_statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for more in (1, 6):
        ids = [make.make_product(session).id for _ in range(more)]
        session.expunge_all()
        with count_statements() as statements:
            source.load_documents(session, ids)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7
