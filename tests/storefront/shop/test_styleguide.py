"""The styleguide shows the components and touches no database; it is closed to real buyers."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient

from tests.conftest import StatementCounter


def test_every_component_is_shown_without_a_query(client: FlaskClient, count_statements: StatementCounter) -> None:
    with count_statements() as statements:
        page = client.get("/styleguide").text
    assert statements == []
    for part in (
        "card",
        "button",
        "stepper",
        "field-error",
        "error-summary",
        "notice-warning",
        "pagination",
        "facet",
        "steps",
        "progress",
        "table",
    ):
        assert f'class="{part}' in page or f" {part}" in page, part


def test_the_desks_have_a_guide_of_their_own(client: FlaskClient, count_statements: StatementCounter) -> None:
    with count_statements() as statements:
        page = client.get("/styleguide?for=desk").text
    assert statements == []
    for part in (
        "menu",
        "office-filters",
        "office-find",
        "tile tile-red",
        "office-list",
        "office-table",
        "facts",
        "confirm",
        "neighbours",
        "empty",
    ):
        assert f'class="{part}' in page, part


def test_the_styleguide_is_closed_in_production(client: FlaskClient) -> None:
    app = client.application
    settings = app.extensions["etalase.settings"]
    app.extensions["etalase.settings"] = replace(settings, mode="production")
    try:
        assert client.get("/styleguide").status_code == 404
    finally:
        app.extensions["etalase.settings"] = settings
