"""The API's document is valid, complete, and true: schemathesis calls everything it describes and finds nothing."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from sqlalchemy.orm import Session

from kernel import quotas
from storefront.api import callers
from storefront.api.blueprint import PREFIX, ROUTES
from storefront.api.catalogue import OPERATIONS
from storefront.routing import Reach
from tests.make_api import make_trade

pytestmark = pytest.mark.one_database


def test_every_operation_is_in_the_document_and_nothing_else(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert document["openapi"] == "3.1.0"
    assert described == {(operation.method, operation.path) for operation in OPERATIONS}


def test_every_address_of_the_api_is_in_the_catalogue(app: Flask) -> None:
    served = {rule.endpoint.partition(".")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    files = {"openapi", "offers_csv", "offers_json", "signed_csv", "signed_json"}
    assert served == {operation.name for operation in OPERATIONS} | files


def test_the_map_that_is_loaded_at_start_says_what_the_catalogue_says() -> None:
    """Address, method and door of every operation: the map is written down so that nothing else needs loading."""
    mapped = {(route.view.__name__, route.rule, route.methods, route.access) for route in ROUTES[-len(OPERATIONS) :]}
    wanted = {(each.name, f"{PREFIX}{each.rule}", (each.method,), Reach.KEY if each.scope else Reach.PUBLIC) for each in OPERATIONS}
    assert mapped == wanted


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


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_schemathesis_finds_nothing(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, mode: str, pytestconfig: pytest.Config
) -> None:
    """Calls that fit the document are answered as it says; calls that do not are refused as it says. With a key that may do everything."""
    import schemathesis  # takes two seconds

    monkeypatch.setattr(callers, "CALLS_PER_MINUTE", 500 * quotas.BLOCK)
    trade = make_trade(session)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    calls = 40 if pytestconfig.getoption("--long") else 5
    tried = [_try(found.ok(), schemathesis.GenerationMode(mode), trade.secret, calls) for found in schema.get_all_operations()]
    assert len(tried) == len(OPERATIONS)


def _try(operation: Any, mode: Any, secret: str, calls: int) -> None:
    # werkzeug's client does not unpack what it receives, as every real client does
    headers = {"Accept-Encoding": "identity"}
    if operation.definition.raw["security"]:
        headers["Authorization"] = f"Bearer {secret}"

    @settings(
        max_examples=calls,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def try_it(case: Any) -> None:
        case.call_and_validate(headers=headers)

    with contextlib.suppress(Unsatisfiable):  # an address without anything to ask cannot be asked wrongly
        try_it()
