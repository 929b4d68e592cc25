"""Ordering by program: the whole way with a client that knows only the document, once for each key, and never for somebody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import accounts, clock, idempotency
from kernel.people import SYSTEM
from orders.models.purchase import PurchaseOrder
from orders.models.quote import Quote
from orders.wholesale import buyers, dividing, invoices, packing, quotes, receiving
from orders.wholesale.packing import Load
from orders.wholesale.quotes import OfferTerms, Priced
from tests.make_api import Trade, call, make_key, make_trade
from tests.make_wholesale import make_buyer, make_group, make_partner


@dataclass
class Generated:
    """A client made from the document alone: one method for each operation id, answers checked against their schemas."""

    browser: FlaskClient
    document: Mapping[str, Any]
    secret: str
    keys: int = 0

    def __call__(self, operation_id: str, /, body: Any = None, **values: Any) -> Any:
        method, path, operation = next(
            (method, path, operation)
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
            if operation["operationId"] == operation_id
        )
        headers = {"Authorization": f"Bearer {self.secret}"} if operation["security"] else {}
        query = {}
        for parameter in operation["parameters"]:
            name = parameter["name"]
            if parameter["in"] == "path":
                path = path.replace(f"{{{name}}}", values.pop(name))
            elif parameter["in"] == "query" and name in values:
                query[name] = values.pop(name)
            elif parameter["in"] == "header" and parameter["required"]:
                self.keys += 1
                headers[name] = f"generated-{self.keys:06d}"
        assert not values, f"{operation_id} does not know {values}"
        base = self.document["servers"][0]["url"].removeprefix("http://localhost")
        answer = self.browser.open(base + path, method=method.upper(), headers=headers, query_string=query, json=body)
        from jsonschema import Draft202012Validator  # reads forty grammars when it is imported

        described = operation["responses"][str(answer.status_code)]
        assert "content" in described, answer.get_json()
        schema = described["content"]["application/json"]["schema"] | {"components": self.document["components"]}
        Draft202012Validator(schema).validate(answer.get_json())
        return answer.get_json()


@pytest.fixture
def trade(session: Session) -> Trade:
    return make_trade(session)


@pytest.fixture
def api(client: FlaskClient, trade: Trade) -> Generated:
    return Generated(client, client.get("/api/v1/openapi.json").get_json(), trade.secret)


def order(trade: Trade, session: Session, **changes: Any) -> dict[str, Any]:
    branch = buyers.list_branches(session, trade.partner.id)[0].code
    return {"branch": branch, "number": "PO-7", "lines": [{"offer": trade.offer.code, "cases": 3}]} | changes


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(PurchaseOrder)) or 0


def test_from_the_catalogue_to_the_invoice_with_a_client_made_from_the_document(api: Generated, session: Session, trade: Trade) -> None:
    [offer] = api("list_offers", limit=100)["items"]
    [prices] = api("list_prices")["items"]
    [stock] = api("list_stock")["items"]
    [papers] = api("list_papers")["items"]
    assert {prices["offer"], stock["offer"], papers["offer"]} == {offer["code"]}
    price = max(tier["unit_price"] for tier in prices["prices"])
    branch = api("get_company")["branches"][0]["code"]
    wanted = {"branch": branch, "number": "PO/2026-1", "lines": [{"offer": offer["code"], "cases": 3}]}
    made = api("create_order", wanted | {"expected_total": 3 * offer["case"]["units"] * price})
    assert (made["state"], made["total"]) == ("open", 3 * 24 * 18_000)

    purchase = session.scalars(select(PurchaseOrder).where(PurchaseOrder.code == made["code"])).one()
    dividing.divide(session, SYSTEM, purchase.id, clock.today())
    packing.pack(session, SYSTEM, purchase.id)
    packing.dispatch(session, SYSTEM, purchase.id, Load("Truk koperasi", "BG 1234 XX"))
    session.commit()
    shipped = api("get_order", code=made["code"])
    assert (shipped["state"], shipped["shipment"]["cartons"]) == ("dispatched", 3)

    receiving.report_receipt(session, api_actor(session, trade), purchase.id, {}, received_by="Pak Gudang")
    invoices.issue_invoice(session, SYSTEM, purchase.id)
    session.commit()
    [invoice] = api("list_invoices")["items"]
    assert (invoice["order"], invoice["total"], invoice["outstanding"]) == (made["code"], made["total"], made["total"])
    assert invoice["lines"][0]["units"] == 72
    assert api("get_invoice", code=invoice["code"]) == invoice
    assert api("get_order", code=made["code"])["invoice"] == invoice["code"]


def api_actor(session: Session, trade: Trade) -> Any:
    session.refresh(trade.person, ["grants"])
    return accounts.as_actor(trade.person)


def test_a_price_is_asked_for_and_the_answer_accepted(api: Generated, session: Session, trade: Trade) -> None:
    branch = api("get_company")["branches"][0]["code"]
    asked = api("create_quote", {"branch": branch, "lines": [{"offer": trade.offer.code, "cases": 40, "unit_price": 15_000}]})
    assert (asked["state"], asked["lines"][0]["unit_price"]) == ("requested", 15_000)
    quote = session.scalars(select(Quote).where(Quote.code == asked["code"])).one()
    terms = OfferTerms(valid_until_on=clock.today() + timedelta(days=5))
    quotes.offer(session, SYSTEM, quote.id, quote.turn, {trade.offer.id: Priced(40, 15_500)}, terms)
    session.commit()
    offered = api("get_quote", code=asked["code"])
    assert (offered["state"], offered["lines"][0]["unit_price"]) == ("offered", 15_500)
    made = api("accept_quote", {"turn": offered["turn"], "number": "PO-9"}, code=asked["code"])
    assert (made["quote"], made["total"]) == (asked["code"], 40 * 24 * 15_500)
    [listed] = api("list_quotes")["items"]
    assert (listed["state"], listed["order"]) == ("accepted", made["code"])


def test_the_same_key_is_the_same_order(client: FlaskClient, session: Session, trade: Trade) -> None:
    body = order(trade, session)
    answers = [call(client, trade.secret, "/orders", json=body, headers={"Idempotency-Key": "once-only-1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers["Idempotent-Replay"] for answer in answers] == ["false", "true", "true"]
    assert count(session) == 1


def test_the_same_key_for_something_else_is_refused(client: FlaskClient, session: Session, trade: Trade) -> None:
    headers = {"Idempotency-Key": "once-only-2"}
    assert call(client, trade.secret, "/orders", json=order(trade, session), headers=headers).status_code == 201
    answer = call(client, trade.secret, "/orders", json=order(trade, session, number="PO-8"), headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "key_reused")
    assert count(session) == 1


def test_a_refused_call_may_be_corrected_under_its_key(client: FlaskClient, session: Session, trade: Trade) -> None:
    headers = {"Idempotency-Key": "once-only-3"}
    small = order(trade, session, lines=[{"offer": trade.offer.code, "cases": 1}])
    assert call(client, trade.secret, "/orders", json=small, headers=headers).status_code == 409
    assert call(client, trade.secret, "/orders", json=order(trade, session), headers=headers).status_code == 201


def test_a_call_in_flight_is_not_begun_twice(client: FlaskClient, session: Session, trade: Trade) -> None:
    body = order(trade, session)
    headers = {"Idempotency-Key": "once-only-4"}
    raw = json.dumps(body).encode()
    asked = idempotency.digest(b"POST", b"/api/v1/orders", raw)
    idempotency.claim(session, f"partner:{trade.partner.id}", "once-only-4", asked)
    session.commit()
    answer = client.post(
        "/api/v1/orders", data=raw, content_type="application/json", headers=headers | {"Authorization": f"Bearer {trade.secret}"}
    )
    assert answer.status_code == 409
    assert count(session) == 0


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"lines": []}, 422, "lines"),
        ({"lines": [{"offer": "AAAAAAAA", "cases": 3}]}, 404, "lines.0.offer"),
        ({"branch": "AAAAAAAA"}, 404, ""),
        ({"number": ""}, 422, "number"),
        ({"total": 1}, 422, "total"),
        ({"expected_total": 1}, 409, ""),
    ],
)
def test_what_cannot_be_ordered_says_why(
    client: FlaskClient, session: Session, trade: Trade, changes: dict[str, Any], status: int, field: str
) -> None:
    answer = call(client, trade.secret, "/orders", json=order(trade, session, **changes))
    assert answer.status_code == status
    assert [error["field"] for error in answer.get_json().get("errors", [])] == ([field] if field else [])
    assert count(session) == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "type_", "key", "status"),
    [
        (b"{", "application/json", "a-good-key-1", 400),
        (b"\xff\xfe", "application/json", "a-good-key-2", 400),
        (b"{}", "text/plain", "a-good-key-3", 415),
        (b"{}", "application/json", "", 400),
        (b"{}", "application/json", "short", 400),
        (b"[]", "application/json", "a-good-key-4", 422),
    ],
)
def test_what_is_no_proper_call_is_refused(client: FlaskClient, trade: Trade, content: bytes, type_: str, key: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {trade.secret}"} | ({"Idempotency-Key": key} if key else {})
    assert client.post("/api/v1/orders", data=content, content_type=type_, headers=headers).status_code == status


def test_the_buyers_own_limit_holds_for_the_program(client: FlaskClient, session: Session, trade: Trade) -> None:
    clerk = make_buyer(session, trade.partner, is_approver=False, order_limit=1_000)
    _key, secret = make_key(session, trade.partner, clerk)
    session.commit()
    made = call(client, secret, "/orders", json=order(trade, session))
    assert (made.status_code, made.get_json()["state"]) == (201, "waiting")


def test_an_order_can_be_called_off(client: FlaskClient, session: Session, trade: Trade) -> None:
    made = call(client, trade.secret, "/orders", json=order(trade, session)).get_json()
    answer = call(client, trade.secret, f"/orders/{made['code']}/cancel", json={"reason": "Salah pesan"})
    assert (answer.status_code, answer.get_json()["state"]) == (200, "cancelled")
    again = call(client, trade.secret, f"/orders/{made['code']}/cancel", json={"reason": "Sekali lagi"})
    assert again.status_code == 403


def test_a_rival_reads_and_cancels_nothing(client: FlaskClient, session: Session, trade: Trade) -> None:
    made = call(client, trade.secret, "/orders", json=order(trade, session)).get_json()
    rival = make_partner(session, trade.outlet, make_group(session, trade.outlet, "Rivals"), name="Saingan")
    _key, secret = make_key(session, rival, make_buyer(session, rival))
    session.commit()
    assert call(client, secret, f"/orders/{made['code']}").status_code == 404
    assert call(client, secret, f"/orders/{made['code']}/cancel", json={"reason": "Iseng saja"}).status_code == 404
    for address in ("/orders", "/quotes", "/invoices"):
        assert call(client, secret, address).get_json()["items"] == []


def test_reading_needs_the_scope_to_read_and_ordering_the_one_to_order(client: FlaskClient, session: Session, trade: Trade) -> None:
    _key, secret = make_key(session, trade.partner, trade.person, ("catalogue", "orders.read"))
    session.commit()
    assert call(client, secret, "/orders").status_code == 200
    assert call(client, secret, "/orders", json=order(trade, session)).status_code == 403
    assert call(client, secret, "/invoices").status_code == 403
    assert count(session) == 0
