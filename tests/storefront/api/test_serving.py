"""How the API answers: tags and 304, refusals as problem documents in the caller's language, nothing that is not described."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kernel import clock
from tests.make import make_product

pytestmark = pytest.mark.one_database


def test_an_unchanged_answer_is_not_sent_again_even_when_compressed(client: FlaskClient, session: Session) -> None:
    for _ in range(5):
        make_product(session, updated_at=clock.now() - timedelta(minutes=1))
    session.commit()
    first = client.get("/api/v1/products", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    again = client.get("/api/v1/products", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(("language", "title"), [("id", "Kami tidak menemukannya."), ("en-GB,en;q=0.9", "We could not find that.")])
def test_a_refusal_speaks_the_callers_language(client: FlaskClient, language: str, title: str) -> None:
    answer = client.get("/api/v1/products/tidak-ada", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Content-Language"] == language[:2]
    found = answer.get_json()
    assert (found["status"], found["code"]) == (404, "not_found")
    assert found["title"] == title


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/api/v1/products?limit=0", "limit"),
        ("/api/v1/products?limit=1_0", "limit"),
        ("/api/v1/products?limit=%2B5", "limit"),
        ("/api/v1/products?limit=5&limit=6", "limit"),
        ("/api/v1/products?cursor=AAAAAAAAAAAA", "cursor"),
        ("/api/v1/products?changed_since=2026-11-21", "changed_since"),
        ("/api/v1/products?changed_since=2026-11-21T10:00:00", "changed_since"),
        ("/api/v1/products?Limit=5", "Limit"),
        ("/api/v1/makers/dapur?x=1", "x"),
    ],
)
def test_what_is_not_described_is_refused_by_name(client: FlaskClient, address: str, field: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_unknown_addresses_and_methods_are_refused_as_problems(client: FlaskClient) -> None:
    unknown, method = client.get("/api/v1/nothing"), client.post("/api/v1/products")
    assert (unknown.status_code, unknown.mimetype) == (404, "application/problem+json")
    assert (method.status_code, method.mimetype) == (405, "application/problem+json")
    assert "GET" in method.headers["Allow"]


def test_no_cookie_is_set_or_read(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/api/v1/products").headers
