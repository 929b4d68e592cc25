"""The resolver against GS1-Conformant Resolver 1.2: one test per statement (docs/digital-link.md), then hostile addresses."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.gtin import make_internal_number
from catalog.models.certificate import CertificateKind
from catalog.models.product import ListingState, Product
from kernel import clock
from tests.catalog.provenance.test_digital_link import GOLDEN, HOSTILE
from tests.catalog.provenance.test_linkset import check_shape
from tests.conftest import StatementCounter
from tests.make import make_batch, make_product
from tests.make_catalogue import make_certificate

NUMBER, GTIN = "8999999000011", "08999999000011"
VOC = "https://ref.gs1.org/voc/"

pytestmark = pytest.mark.one_database


@pytest.fixture
def product(session: Session) -> Product:
    """A live product with a registered number and the lot 261121-1."""
    made = make_product(session, slug="keripik-ubi", name_id="Keripik ubi", name_en="Cassava chips")
    made.variants[0].gtin = NUMBER
    make_batch(session, made, lot_code="261121-1")
    make_batch(session, made, lot_code="A/B")
    make_certificate(session, product_id=made.id, number="2061612010001-29")
    session.commit()
    return made


def where(response: TestResponse) -> str:
    assert response.status_code == 307
    return response.headers["Location"].removeprefix("http://localhost")


def test_get_head_and_options_are_supported(client: FlaskClient, product: Product) -> None:
    assert client.get(f"/01/{GTIN}").status_code == 307
    head = client.head(f"/01/{GTIN}")
    assert head.status_code == 307
    assert head.data == b""
    options = client.options(f"/01/{GTIN}")
    assert options.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].split(", "))
    assert client.post(f"/01/{GTIN}").status_code == 405


def test_cors_is_open_on_every_answer(client: FlaskClient, product: Product) -> None:
    for path in (f"/01/{GTIN}", "/01/08999999000028", "/01/nonsense", "/.well-known/gs1resolver"):
        for method in ("GET", "OPTIONS"):
            response = client.open(path, method=method)
            assert response.headers["Access-Control-Allow-Origin"] == "*", (path, method)
            assert "Link" in response.headers["Access-Control-Expose-Headers"]


def test_a_malformed_address_is_400_and_never_200(client: FlaskClient) -> None:
    for address in HOSTILE:
        if not address.startswith("/01/"):
            continue  # another page's, or none
        assert client.get(_sent(address)).status_code == 400, address


def test_a_well_formed_address_is_answered_or_unknown(client: FlaskClient, product: Product) -> None:
    for address, link in GOLDEN:
        response = client.get(address.removeprefix("https://etalase.example"))
        assert response.status_code == (307 if link.gtin == GTIN else 404), address


@given(rest=st.text(max_size=40))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_the_resolver(client: FlaskClient, rest: str) -> None:
    for path in (f"/01/{quote(rest)}", f"/01/{GTIN}/10/{quote(rest)}?linkType={quote(rest)}", f"/p/{quote(rest)}/{quote(rest)}"):
        assert client.get(path).status_code in (307, 308, 400, 404), path


def test_without_a_link_type_the_default_link_is_the_answer(client: FlaskClient, product: Product) -> None:
    code = product.variants[0].code
    assert where(client.get(f"/01/{GTIN}")) == f"/products/keripik-ubi?variant={code}"
    assert where(client.get(f"/01/{GTIN}/10/261121-1")) == f"/products/keripik-ubi/batches/261121-1?variant={code}"
    assert where(client.get(f"/01/{GTIN}/10/A%2FB")).startswith("/products/keripik-ubi/batches/A%2FB")
    assert where(client.get(f"/01/{GTIN}/22/X/10/261121-1/21/9")).startswith("/products/keripik-ubi/batches/261121-1")


def test_the_page_that_it_leads_to_is_there(client: FlaskClient, product: Product) -> None:
    for path in (f"/01/{GTIN}", f"/01/{GTIN}/10/261121-1", f"/01/{GTIN}/10/A%2FB", f"/p/{product.variants[0].code}/A%2FB"):
        for language in ("id", "en"):
            assert client.get(path, headers={"Accept-Language": language}, follow_redirects=True).status_code == 200


def test_an_unknown_lot_walks_up_to_the_number(client: FlaskClient, product: Product) -> None:
    assert where(client.get(f"/01/{GTIN}/10/UNKNOWN")).startswith("/products/keripik-ubi?")


def test_the_language_is_the_visitors(client: FlaskClient, product: Product) -> None:
    def language_for(header: str | None, path: str = f"/01/{GTIN}") -> str:
        target = where(client.get(path, headers={"Accept-Language": header} if header is not None else {}))
        return "en" if target.startswith("/en/") else "id"

    assert language_for(None) == "id"
    assert language_for("id-ID,id;q=0.9,en;q=0.8") == "id"
    assert language_for("en-GB,en;q=0.9") == "en"
    assert language_for("de-DE,de;q=0.9,en;q=0.5") == "en"
    assert language_for("ms-MY") == "id"
    assert language_for("ja") == "en"
    assert language_for("id", f"/en/01/{GTIN}") == "en"
    assert language_for("en", f"/p/{product.variants[0].code}/261121-1") == "en"


@pytest.mark.parametrize("how", ["?linkType=linkset", "?linkType=all", "accept"])
def test_the_linkset_comes_without_a_redirect(client: FlaskClient, product: Product, how: str) -> None:
    headers = {"Accept": "application/linkset+json"} if how == "accept" else {}
    response = client.get(f"/01/{GTIN}/10/261121-1{'' if how == 'accept' else how}", headers=headers)
    assert response.status_code == 200
    assert response.content_type == "application/linkset+json"
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in response.headers["Link"]
    document = json.loads(response.text)
    check_shape(document)
    anchors = [level["anchor"] for level in document["linkset"]]
    assert anchors == [f"http://localhost/01/{GTIN}/10/261121-1", f"http://localhost/01/{GTIN}"]


def test_the_linkset_holds_every_level_up_to_the_key(client: FlaskClient, product: Product) -> None:
    document = client.get(f"/01/{GTIN}/10/261121-1?linkType=linkset").get_json(force=True)
    lot, pack = document["linkset"]
    assert {VOC + "traceability", VOC + "recallStatus", VOC + "epcis", VOC + "certificationInfo"} <= set(lot)
    assert {VOC + "pip", VOC + "certificationInfo", VOC + "hasRetailers"} <= set(pack)
    assert len(client.get(f"/01/{GTIN}?linkType=linkset").get_json(force=True)["linkset"]) == 1


def test_every_link_is_the_answer_to_its_own_type(client: FlaskClient, product: Product) -> None:
    document = client.get(f"/01/{GTIN}/10/261121-1?linkType=linkset").get_json(force=True)
    for level in document["linkset"]:
        path = level["anchor"].removeprefix("http://localhost")
        for relation, links in level.items():
            if not relation.startswith(VOC) or "default" in relation:
                continue
            for link in links:
                for spelling in (relation, relation.replace(VOC, "gs1:")):
                    response = client.get(
                        path,
                        query_string={"linkType": spelling},
                        headers={"Accept-Language": link.get("hreflang", ["id"])[0], "Accept": link["type"]},
                    )
                    assert response.headers["Location"].split("linkType")[0].rstrip("?&") in link["href"].replace("#", "?&#")


def test_the_events_of_a_lot_are_read_where_the_link_leads_whatever_the_scan_carried(client: FlaskClient, product: Product) -> None:
    for lot in ("261121-1", "A%2FB"):
        response = client.get(f"/01/{GTIN}/10/{lot}?linkType=gs1:epcis&17=261231&utm_source=rak", follow_redirects=True)
        assert response.status_code == 200
        assert response.content_type == "application/ld+json"
        classes = response.get_json(force=True)["epcisBody"]["eventList"][0]["quantityList"]
        assert {"epcClass": f"http://localhost/01/{GTIN}/10/{lot}"} in classes
    assert client.get(f"/01/{GTIN}?linkType=gs1:epcis").status_code == 404


def test_there_is_one_default_link_and_it_stands_under_a_descriptive_type_too(client: FlaskClient, product: Product) -> None:
    for level in client.get(f"/01/{GTIN}/10/261121-1?linkType=linkset").get_json(force=True)["linkset"]:
        (default,) = level[VOC + "defaultLink"]
        assert set(default) == {"href", "title"}
        assert any(
            default["href"] == link["href"] for key, links in level.items() if "default" not in key and key[:5] == "https" for link in links
        )


def test_a_link_type_that_is_absent_is_404(client: FlaskClient, product: Product) -> None:
    assert client.get(f"/01/{GTIN}?linkType=gs1:recipeInfo").status_code == 404
    assert client.get(f"/01/{GTIN}?linkType=gs1:traceability").status_code == 404


def test_several_equally_good_links_are_300(client: FlaskClient, session: Session, product: Product) -> None:
    asked = f"/01/{GTIN}/10/261121-1?linkType=gs1:certificationInfo"
    assert "/certificates/" in where(client.get(asked))
    make_certificate(session, maker_id=product.maker_id, kind=CertificateKind.HALAL, number="ID16110000000000001")
    session.commit()
    page = client.get(asked, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 300
    assert page.text.count("/en/certificates/") == 2
    machine = client.get(asked, headers={"Accept": "application/linkset+json"})
    assert machine.status_code == 300
    document = machine.get_json(force=True)
    check_shape(document)
    assert len(document["linkset"][0][VOC + "certificationInfo"]) == 2


def test_papers_of_a_lot_are_those_of_its_production_day(client: FlaskClient, session: Session, product: Product) -> None:
    later = clock.today() + timedelta(days=1)
    make_batch(session, product, lot_code="OLD", produced_on=clock.today() - timedelta(days=500), best_before_on=later)
    session.commit()
    assert client.get(f"/01/{GTIN}/10/261121-1?linkType=gs1:certificationInfo").status_code == 307
    assert VOC + "certificationInfo" not in client.get(f"/01/{GTIN}/10/OLD?linkType=linkset").get_json(force=True)["linkset"][0]


def test_the_query_is_passed_on(client: FlaskClient, product: Product) -> None:
    target = where(client.get(f"/01/{GTIN}/10/261121-1?17=261231&utm_source=rak%20depan"))
    assert target.endswith("&17=261231&utm_source=rak%20depan")


def test_a_query_cannot_break_the_header(client: FlaskClient, product: Product) -> None:
    response = client.get(f"/01/{GTIN}?a=%0d%0aSet-Cookie:x=1&b=%22%3E")
    assert response.status_code == 307
    assert "Set-Cookie" not in response.headers
    assert "\n" not in response.headers["Location"]


def test_a_redirect_points_to_the_linkset(client: FlaskClient, product: Product) -> None:
    link = client.get(f"/01/{GTIN}/10/261121-1").headers["Link"]
    assert link.startswith(f"<http://localhost/01/{GTIN}/10/261121-1?linkType=linkset>")
    assert 'rel="linkset"' in link
    assert 'type="application/linkset+json"' in link


def test_a_slash_at_the_end_is_tolerated(client: FlaskClient, product: Product) -> None:
    assert where(client.get(f"/01/{GTIN}/")) == where(client.get(f"/01/{GTIN}"))
    assert where(client.get(f"/01/{GTIN}/10/261121-1/")) == where(client.get(f"/01/{GTIN}/10/261121-1"))


def test_the_description_says_where_the_resolver_is(client: FlaskClient) -> None:
    response = client.get("/.well-known/gs1resolver")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    told = response.get_json()
    assert told["resolverRoot"] == "http://localhost"
    assert told["supportedPrimaryKeys"] == ["01"]
    assert told["supportedLinkType"] == [{"namespace": VOC, "prefix": "gs1:"}]


def test_an_unknown_number_and_one_that_is_ours_are_404(client: FlaskClient, session: Session, product: Product) -> None:
    assert client.get("/01/08999999000028").status_code == 404
    inside = make_internal_number(7)
    product.variants[0].internal_number = inside
    session.commit()
    assert client.get(f"/01/{inside.zfill(14)}").status_code == 404


def test_a_pack_without_a_registered_number_has_the_same_pages(client: FlaskClient, product: Product) -> None:
    code = product.variants[0].code
    assert where(client.get(f"/p/{code}")) == where(client.get(f"/01/{GTIN}"))
    assert where(client.get(f"/p/{code.lower()}/261121-1")) == where(client.get(f"/01/{GTIN}/10/261121-1"))
    assert client.get("/p/NOBODY").status_code == 404


def test_a_draft_is_nobodys_and_a_withdrawn_products_lots_stay_readable(client: FlaskClient, session: Session, product: Product) -> None:
    product.state = ListingState.WITHDRAWN
    session.commit()
    assert client.get(f"/01/{GTIN}").status_code == 404
    assert client.get(f"/01/{GTIN}/10/261121-1", follow_redirects=True).status_code == 200
    product.state, product.published_at = ListingState.DRAFT, None
    session.commit()
    assert client.get(f"/01/{GTIN}/10/261121-1").status_code == 404


def test_a_redirect_takes_one_statement(client: FlaskClient, product: Product, count_statements: StatementCounter) -> None:
    for path in (f"/01/{GTIN}/10/261121-1", f"/p/{product.variants[0].code}"):
        with count_statements() as statements:
            client.get(path)
        assert len(statements) == 1


def _sent(address: str) -> str:
    """The address as a browser sends it: what is not ASCII in UTF-8, percent-encoded."""
    return quote(address, safe="/%?=&")
