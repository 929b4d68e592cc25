"""The API's document is valid, complete, and true: schemathesis calls everything it describes and finds nothing."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from sqlalchemy.orm import Session

from storefront.api.catalogue import OPERATIONS
from tests.make import make_outlet, make_product
from tests.make_stock import stock_up

pytestmark = pytest.mark.one_database


def test_every_operation_is_in_the_document_and_nothing_else(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert document["openapi"] == "3.1.0"
    assert described == {(operation.method, operation.path) for operation in OPERATIONS}


def test_every_address_of_the_api_is_in_the_catalogue(app: Flask) -> None:
    served = {rule.endpoint.partition(".")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert served == {operation.name for operation in OPERATIONS} | {"openapi"}


def test_nothing_in_the_document_hangs_in_the_air(client: FlaskClient) -> None:
    text = client.get("/api/v1/openapi.json").get_data(as_text=True)
    document = json.loads(text)

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return here + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    for reference in set(references(document)):
        target = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_schemathesis_finds_nothing(app: Flask, session: Session, mode: GenerationMode) -> None:
    """Calls that fit the document are answered as it says; calls that do not are refused as it says."""
    product = make_product(session)
    stock_up(session, product, make_outlet(session), 5)
    session.commit()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    tried = [_try(found.ok(), mode) for found in schema.get_all_operations()]
    assert len(tried) == len(OPERATIONS)


def _try(operation: Any, mode: GenerationMode) -> None:
    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def try_it(case: schemathesis.Case) -> None:
        # werkzeug's client does not unpack what it receives, as every real client does
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    with contextlib.suppress(Unsatisfiable):  # an address without anything to ask cannot be asked wrongly
        try_it()
