"""The page of a paper: what counts to the second, the papers before it, a copy only when one was covered, and its JSON-LD."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import ListingState, Product
from tests.cast import CURATOR, World, browser_of
from tests.make import make_batch, make_product
from tests.make_catalogue import make_certificate
from tests.storefront.shop.test_batch import words_of
from tests.storefront.shop.test_product import data_of

pytestmark = pytest.mark.one_database
LAST = date(2026, 11, 30)
#: The last second of the 30th in Pendopo, and the one after it.
BEFORE, AFTER = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), datetime(2026, 11, 30, 17, 0, 0, tzinfo=UTC)
NUMBER = "2061612010001-26"


def papers(session: Session, **changes: Any) -> tuple[Product, Certificate]:
    with time_machine.travel(BEFORE, tick=False):
        product = make_product(session, slug="keripik-ubi")
        product.variants[0].gtin = "8999999000011"
        make_batch(session, product, lot_code="L1", produced_on=LAST, best_before_on=date(2027, 5, 1))
        values = {"product_id": product.id, "number": NUMBER, "valid_from_on": date(2021, 12, 1), "valid_until_on": LAST} | changes
        paper = make_certificate(session, **values)
        session.commit()
    return product, paper


def test_a_paper_counts_until_the_last_second_of_its_last_day_everywhere(client: FlaskClient, session: Session) -> None:
    _product, paper = papers(session)
    for moment, counts in ((BEFORE, True), (AFTER, False)):
        with time_machine.travel(moment, tick=False):
            own = client.get(f"/certificates/{paper.code}").text
            assert ("Berlaku hari ini, sampai 30 November 2026" in words_of(own)) == counts
            status = data_of(own)["Certification"]["certificationStatus"]
            assert status == f"https://schema.org/Certification{'Active' if counts else 'Inactive'}"
            product = client.get("/products/keripik-ubi").text
            assert (NUMBER in product) == counts
            assert bool(data_of(product)["Product"].get("hasCertification")) == counts
            lot = client.get("/products/keripik-ubi/batches/L1").text
            assert NUMBER in lot  # it was valid on the production day, and stays so
            assert ("masih berlaku" in words_of(lot)) == counts
            assert bool(data_of(lot)["Product"].get("hasCertification")) == counts


def test_the_product_tells_machines_its_paper_its_country_and_its_digital_link(client: FlaskClient, session: Session) -> None:
    _product, paper = papers(session)
    with time_machine.travel(BEFORE, tick=False):
        told = data_of(client.get("/products/keripik-ubi").text)["Product"]
        lot = data_of(client.get("/products/keripik-ubi/batches/L1").text)["Product"]
    assert told["countryOfOrigin"] == {"@type": "Country", "name": "ID"}
    assert told["hasGS1DigitalLink"] == "http://localhost/01/08999999000011"
    assert lot["hasGS1DigitalLink"] == "http://localhost/01/08999999000011/10/L1"
    (certification,) = told["hasCertification"]
    assert certification["certificationIdentification"] == NUMBER
    assert certification["expires"] == "2026-11-30"
    assert certification["url"] == f"http://localhost/certificates/{paper.code}"


def test_the_history_is_kept(client: FlaskClient, session: Session) -> None:
    product, old = papers(session)
    new = make_certificate(session, product_id=product.id, number="2061612010001-31", valid_from_on=date(2026, 12, 1), valid_until_on=None)
    session.commit()
    with time_machine.travel(AFTER, tick=False):
        words = words_of(client.get(f"/certificates/{old.code}").text)
        assert "Tidak berlaku lagi: berakhir 30 November 2026" in words
        assert new.number in words
        assert "Berlaku hari ini, tanpa batas akhir" in words_of(client.get(f"/certificates/{new.code}").text)


def test_a_makers_paper_names_what_it_counts_for(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    paper = make_certificate(session, maker_id=product.maker_id, kind=CertificateKind.HALAL, number="ID16110000000000001")
    session.commit()
    html = client.get(f"/en/certificates/{paper.code}").text
    assert "It counts for everything this maker makes" in html
    assert f'href="/en/products/{product.slug}"' in html


def test_papers_of_what_was_never_public_are_nobodys(client: FlaskClient, session: Session) -> None:
    product = make_product(session, state=ListingState.DRAFT, published_at=None)
    paper = make_certificate(session, product_id=product.id)
    session.commit()
    for code in (paper.code, "XXXXXXXX", "x", "%00", "é"):
        assert client.get(f"/certificates/{code}").status_code == 404


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "#ddd").save(file, "JPEG")
    file.seek(0)
    return file


def test_a_copy_is_shown_only_when_the_office_put_a_covered_one_there(
    app: Flask, client: FlaskClient, session: Session, world: World
) -> None:
    code = world.words["certificate"]
    office = browser_of(app, session, world, CURATOR)
    address = f"/office/certificates/{code}/public"
    assert "paper-copy" not in client.get(f"/certificates/{code}").text
    refused = office.post(address, data={"scan": (picture(), "a.jpg")}, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "bagian pribadi sudah ditutup" in refused.text
    sent = {"scan": (picture(), "a.jpg"), "is_covered": "1"}
    assert office.post(address, data=sent, content_type="multipart/form-data").status_code == 303
    shown = client.get(f"/certificates/{code}").text
    assert "paper-copy" in shown
    name = shown.partition('src="/media/')[2].partition('"')[0]
    with client.get(f"/media/{name}") as shown_picture:
        assert shown_picture.status_code == 200
    assert office.post(f"{address}/withdraw").status_code == 303
    assert "paper-copy" not in client.get(f"/certificates/{code}").text
    assert client.get(f"/media/{name}").status_code == 404
