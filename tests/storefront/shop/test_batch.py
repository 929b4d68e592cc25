"""The page of a lot: what a visitor reads who scanned a pack, in both languages, recalled or not, and how heavy it is."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.batch_blocks import block_batch, recall_batch
from catalog.models.certificate import CertificateKind
from catalog.models.product import HalalState, Product
from catalog.models.stock import Batch
from catalog.stock import receive_stock
from kernel import clock
from kernel.people import SYSTEM
from orders.consignment.public import open_regency
from tests.conftest import StatementCounter
from tests.make import BETUNG, TALANG_BULANG, make_batch, make_maker, make_outlet, make_product
from tests.make_catalogue import make_certificate, make_ingredient
from tests.make_stock import make_goods

pytestmark = pytest.mark.one_database
MADE_ON = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(datetime(2026, 11, 21, 5, tzinfo=clock.ZONES["WIB"])):
        yield


def page_of(client: FlaskClient, product: Product, lot: Batch, prefix: str = "", query: str = "") -> str:
    response = client.get(f"{prefix}/products/{product.slug}/batches/{lot.lot_code}{query}")
    assert response.status_code == 200
    return response.text


def words_of(html: str) -> str:
    """What stands on the page, without tags."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def make_lot(session: Session, product: Product, **changes: object) -> Batch:
    values: dict[str, object] = {"lot_code": "261101-1", "produced_on": MADE_ON, "best_before_on": date(2026, 12, 31)} | changes
    return make_batch(session, product, **values)


def test_it_says_who_made_it_where_when_and_how_long_it_keeps(client: FlaskClient, session: Session) -> None:
    maker = make_maker(session)
    product = make_product(session, maker=maker, name_id="Keripik ubi", village_code=BETUNG)
    lot = make_lot(session, product)
    session.commit()
    words = words_of(page_of(client, product, lot))
    for said in (
        "Keripik ubi",
        maker.name,
        "Desa Betung, Kec. Abab, PALI",
        "1 November 2026",
        "31 Desember 2026",
        "40 hari lagi",
        "261101-1",
    ):
        assert said in words
    english = words_of(page_of(client, product, lot, "/en"))
    assert "31 December 2026" in english
    assert "40 more days" in english


def test_ingredients_come_with_the_village_they_are_from(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    make_ingredient(session, product, name_id="Nanas", origin_code=TALANG_BULANG, share_bps=6_250)
    lot = make_lot(session, product)
    session.commit()
    html = page_of(client, product, lot)
    assert "Nanas" in html
    assert "62,5%" in html
    assert f'href="/villages/{TALANG_BULANG}"' in html


def test_the_way_goes_from_the_village_over_each_outlet(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    lot = make_lot(session, product)
    outlet = make_outlet(session, name="Pusat Satu")
    with clock.at(datetime(2026, 11, 3, 9, tzinfo=clock.ZONES["WIB"])):
        receive_stock(session, SYSTEM, outlet, product.variants[0], lot, 12, "delivery:SJ-1")
    session.commit()
    words = words_of(page_of(client, product, lot))
    assert words.index("Buatan Desa Karang Agung") < words.index("Diterima di Pusat Satu") < words.index("12 kemasan dari batch ini")
    assert "3 November 2026, 09.00" in words


def test_papers_are_those_of_the_production_day(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    make_certificate(
        session,
        product_id=product.id,
        kind=CertificateKind.PIRT,
        number="2151612010001-26",
        valid_from_on=date(2021, 1, 1),
        valid_until_on=MADE_ON,
    )
    make_certificate(
        session, product_id=product.id, kind=CertificateKind.HALAL, number="ID16110000000000001", valid_from_on=MADE_ON + timedelta(days=1)
    )
    lot = make_lot(session, product)
    session.commit()
    words = words_of(page_of(client, product, lot))
    assert "2151612010001-26" in words
    assert "berlaku waktu itu, berakhir 1 November 2026" in words
    assert "ID16110000000000001" not in words


def test_halal_is_said_only_with_a_paper_of_that_day(client: FlaskClient, session: Session) -> None:
    product = make_product(session, halal_state=HalalState.CERTIFIED)
    lot = make_lot(session, product)
    session.commit()
    assert "Sertifikat halal" not in words_of(page_of(client, product, lot))


def test_a_recalled_lot_is_said_first_and_in_red_with_its_reason(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    lot = make_lot(session, product)
    recall_batch(session, SYSTEM, lot, "Tutup kemasan bocor")
    session.commit()
    html = page_of(client, product, lot)
    assert 'class="batch-stop" role="alert"' in html
    assert html.index("Batch ini ditarik") < html.index("<h1")
    assert "Tutup kemasan bocor" in html
    assert "Sekarang ada di rak" not in html
    assert "This batch is recalled" in page_of(client, product, lot, "/en")


def test_a_lot_on_hold_warns_without_saying_more_than_is_known(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    lot = make_lot(session, product)
    block_batch(session, SYSTEM, lot, "Dugaan jamur")
    session.commit()
    html = page_of(client, product, lot)
    assert "Batch ini ditahan dahulu" in html
    assert "Dugaan jamur" not in html


def test_a_lot_past_its_date_says_so(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    lot = make_lot(session, product, best_before_on=date(2026, 11, 20))
    session.commit()
    assert "sudah lewat tanggal baik digunakan" in page_of(client, product, lot)


def test_thanks_and_questions_go_to_the_maker_or_else_to_the_office(client: FlaskClient, session: Session) -> None:
    maker = make_maker(session)
    product = make_product(session, maker=maker)
    lot = make_lot(session, product)
    session.commit()
    assert "https://wa.me/6281200000000?text=Terima%20kasih" in page_of(client, product, lot)
    maker.phone, maker.is_phone_public = "+628111222333", True
    session.commit()
    assert "https://wa.me/628111222333?text=Terima%20kasih" in page_of(client, product, lot)


def test_the_makers_share_is_shown_where_the_regency_opened_it(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session, 5)
    session.commit()
    assert "share-bar" not in page_of(client, goods.product, goods.batch)
    open_regency(session, SYSTEM, "16.12")
    session.commit()
    html = page_of(client, goods.product, goods.batch)
    assert ("share-bar" in html) == ("Pembagian harga ini" in html)


def test_the_scanned_pack_is_the_one_to_buy_again(client: FlaskClient, session: Session) -> None:
    product = make_product(session)
    lot = make_lot(session, product)
    session.commit()
    code = product.variants[0].code
    assert f'href="/products/{product.slug}?variant={code}"' in page_of(client, product, lot, query=f"?variant={code}")


def test_what_people_typed_is_text(client: FlaskClient, session: Session) -> None:
    product = make_product(session, name_id='<script>alert("x")</script>', summary_id="</script><img src=x>")
    lot = make_lot(session, product)
    recall_batch(session, SYSTEM, lot, "<b onmouseover=alert(1)>")
    session.commit()
    html = page_of(client, product, lot)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b onmouseover" not in html


def test_unknown_lots_and_other_products_lots_are_404(client: FlaskClient, session: Session) -> None:
    product, other = make_product(session), make_product(session)
    lot = make_lot(session, product)
    session.commit()
    for path in (
        f"/products/{other.slug}/batches/{lot.lot_code}",
        f"/products/{product.slug}/batches/NONE",
        "/products/none/batches/X",
        f"/products/{product.slug}/batches/{'X' * 500}",
    ):
        assert client.get(path).status_code == 404


def test_the_page_weighs_less_than_60_kilobytes_and_needs_few_statements(
    client: FlaskClient, session: Session, count_statements: StatementCounter
) -> None:
    product = make_product(session)
    lot = make_lot(session, product)
    session.commit()
    page_of(client, product, lot)
    with count_statements() as statements:
        html = page_of(client, product, lot)
    assert len(statements) <= 3, statements
    weight = len(gzip.compress(html.encode()))
    for name in ("shop.css", "shop.js"):
        weight += len(gzip.compress(client.get(f"/assets/{name}").data))
    assert weight <= 60_000
