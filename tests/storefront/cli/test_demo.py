"""`flask demo` as somebody who measures runs it, and where it must refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import Product
from storefront.demo.stories import load_stories
from storefront.search_engine import get_engine
from tests.make import make_areas, make_category, make_outlet


@pytest.fixture
def apart(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The app with an index folder of its own: growing asks for a rebuild there."""
    folder = app.config["SEARCH_FOLDER"]
    engine = app.extensions.pop("etalase.search_engine", None)
    app.config["SEARCH_FOLDER"] = tmp_path / "index"
    yield app
    app.config["SEARCH_FOLDER"] = folder
    app.extensions.pop("etalase.search_engine", None)
    if engine is not None:
        app.extensions["etalase.search_engine"] = engine


def test_growing_says_how_many_and_asks_for_a_new_index(apart: Flask, session: Session) -> None:
    make_areas(session)
    for shelf in load_stories().shelves:
        make_category(session, shelf.slug, name_id=shelf.name_id, name_en=shelf.name_en)
    make_outlet(session)
    result = apart.test_cli_runner().invoke(args=["demo", "grow", "--products", "20"])
    assert result.exit_code == 0, result.output
    assert "20 products added" in result.output
    assert "flask search rebuild" in result.output
    assert session.scalar(select(func.count()).select_from(Product)) == 20
    with apart.app_context():
        assert get_engine().rebuild_reason() == "the catalogue was grown"


def test_growing_without_the_demo_says_what_to_do_first(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "grow", "--products", "20"])
    assert result.exit_code == 1
    assert "flask demo create" in result.output


@pytest.mark.parametrize("number", ["0", "1000001", "1e3", "-5"])
def test_a_number_that_is_none_is_refused(app: Flask, number: str) -> None:
    assert app.test_cli_runner().invoke(args=["demo", "grow", "--products", number]).exit_code == 2


@pytest.mark.parametrize("arguments", [["create"], ["grow", "--products", "5"]])
def test_a_real_shop_gets_no_sample_goods(app: Flask, session: Session, arguments: list[str]) -> None:
    settings = app.extensions["etalase.settings"]
    app.extensions["etalase.settings"] = replace(settings, mode="production")
    try:
        result = app.test_cli_runner().invoke(args=["demo", *arguments])
    finally:
        app.extensions["etalase.settings"] = settings
    assert result.exit_code == 1
    assert "ETALASE_MODE=demo" in result.output
