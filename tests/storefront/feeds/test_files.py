"""The feeds as receivers fetch them: well-formed, complete, in both languages, and gone in the second a paper runs out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.feeds import settings
from catalog.feeds.rules import check_row
from catalog.models.certificate import CertificateKind
from catalog.models.feed import FeedKind
from catalog.models.product import HalalState, Product
from tests.conftest import StatementCounter
from tests.make import make_outlet, make_product
from tests.make_catalogue import make_certificate, make_photo
from tests.make_stock import stock_up

LAST = date(2026, 11, 30)
#: The last second of the 30th in Pendopo, and the one after it.
BEFORE, AFTER = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), datetime(2026, 11, 30, 17, 0, 0, tzinfo=UTC)
G = "{http://base.google.com/ns/1.0}"
FILES = ("google.xml", "google.tsv", "meta.csv")


@pytest.fixture
def product(session: Session) -> Iterator[Product]:
    """A certified snack with a photo and stock, on a day when its permit still holds."""
    with time_machine.travel(BEFORE - timedelta(days=2), tick=False):
        made = make_product(session, halal_state=HalalState.CERTIFIED, name_id="Keripik <ubi> & kencur", description_id="=HYPERLINK(1)")
        stock_up(session, made, make_outlet(session), 5)
        make_photo(session, product_id=made.id)
        make_certificate(session, product_id=made.id, valid_until_on=LAST)
        make_certificate(session, maker_id=made.maker_id, kind=CertificateKind.HALAL, number="ID16110000123450123")
        session.commit()
        yield made


def _xml_items(client: FlaskClient, prefix: str = "") -> list[dict[str, str]]:
    root = ET.fromstring(client.get(f"{prefix}/feeds/google.xml").data)
    return [{child.tag.removeprefix(G): child.text or "" for child in item} for item in root.iter("item")]


def test_google_reads_rss_and_tsv_alike(client: FlaskClient, product: Product) -> None:
    [item] = _xml_items(client)
    [row] = csv.DictReader(io.StringIO(client.get("/feeds/google.tsv").text), delimiter="\t")
    assert item["title"].startswith("Keripik <ubi> & kencur 250 g")
    assert {name: value for name, value in row.items() if value and name != "description"} == {
        name: value for name, value in item.items() if name != "description"
    }
    assert check_row(FeedKind.GOOGLE, dict(row) | {"description": item["description"]}) == []
    assert item["availability"] == "in_stock"


def test_meta_reads_csv(client: FlaskClient, product: Product) -> None:
    answer = client.get("/feeds/meta.csv")
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["id"], row["price"], row["availability"]) == (product.variants[0].code, "25000 IDR", "in stock")
    assert row["quantity_to_sell_on_facebook"] == "5"
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_no_cell_becomes_a_formula(client: FlaskClient, session: Session, product: Product) -> None:
    product.summary_id = ""
    session.commit()
    for name in ("google.tsv", "meta.csv"):
        assert not re.search(r"(^|[\t,])=", client.get(f"/feeds/{name}").text, re.MULTILINE)


def test_the_english_feed_speaks_english_and_links_to_english_pages(client: FlaskClient, product: Product) -> None:
    [item] = _xml_items(client, "/en")
    assert item["title"].startswith(product.name_en)
    assert item["link"].startswith(f"http://localhost/en/products/{product.slug}")
    assert item["image_link"].startswith("http://localhost/media/")


def test_a_product_leaves_every_feed_in_the_second_its_permit_runs_out(client: FlaskClient, session: Session, product: Product) -> None:
    code = product.variants[0].code
    for moment, is_there in ((BEFORE, True), (AFTER, False)):
        with time_machine.travel(moment, tick=False):
            assert {name: code in client.get(f"/feeds/{name}").text for name in FILES} == dict.fromkeys(FILES, is_there)


def test_the_permit_is_data_only_while_it_holds(client: FlaskClient, session: Session, product: Product) -> None:
    numbers = []
    for moment in (BEFORE, AFTER):
        with time_machine.travel(moment, tick=False):
            graph = json.loads(client.get("/feeds/products.jsonld").data)["@graph"]
            [thing] = [each for each in graph if each["url"].endswith(product.slug)]
            numbers.append({paper["certificationIdentification"] for paper in thing["hasCertification"]})
            assert thing["countryOfOrigin"] == {"@type": "Country", "name": "ID"}
            assert thing["offers"][0]["price"] == 25_000
    assert numbers[0] - numbers[1] == {"2061612010001-29"}


def test_a_feed_that_is_off_is_not_there(client: FlaskClient, session: Session, product: Product) -> None:
    settings.find_feed(session, "google").is_active = False
    session.commit()
    assert [client.get(f"/feeds/{name}").status_code for name in FILES] == [404, 404, 200]


def test_a_longer_feed_takes_no_more_statements(client: FlaskClient, session: Session, count_statements: StatementCounter) -> None:
    for _ in range(2):
        make_certificate(session, product_id=make_product(session, halal_state=HalalState.NOT_APPLICABLE).id)
    session.commit()
    with count_statements() as few:
        client.get("/feeds/meta.csv").get_data()
    for _ in range(8):
        make_certificate(session, product_id=make_product(session, halal_state=HalalState.NOT_APPLICABLE).id)
    session.commit()
    with count_statements() as many:
        client.get("/feeds/meta.csv").get_data()
    assert len(few) == len(many)
