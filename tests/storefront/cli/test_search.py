"""`flask search` and the worker's rounds, on the app's own engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalog.search import query_log, queue, searching
from catalog.search.request import SearchRequest
from storefront import search_engine
from tests import make


@pytest.fixture
def context(app: Flask, session: Session, tmp_path: Path) -> Iterator[Flask]:
    """The app with an index folder of its own; `session` binds it to the test's transaction."""
    before = app.config["SEARCH_FOLDER"], app.extensions.pop("etalase.search_engine", None)
    app.config["SEARCH_FOLDER"] = tmp_path / "index"
    with app.app_context():
        yield app
    app.extensions.pop("etalase.search_engine", None)
    app.config["SEARCH_FOLDER"] = before[0]
    if before[1] is not None:
        app.extensions["etalase.search_engine"] = before[1]


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["search", *arguments])
    return result.exit_code, result.output


def test_there_is_one_engine_per_app(context: Flask) -> None:
    assert search_engine.get_engine() is search_engine.get_engine()


def test_rebuild_counts_what_can_be_found(context: Flask, session: Session) -> None:
    make.make_product(session)
    make.make_product(session, price=None)
    session.commit()
    assert run(context, "check")[0] == 1
    code, output = run(context, "rebuild")
    assert (code, "1 products can be found." in output) == (0, True), output
    code, output = run(context, "check")
    assert (code, "holds 1 products" in output) == (0, True), output


def test_the_workers_round_rebuilds_drains_and_collects(context: Flask, session: Session) -> None:
    product = make.make_product(session, name_id="Kemplang Contoh")
    session.commit()
    index = search_engine.get_engine()
    assert searching.search(index, session, SearchRequest("kemplang")).source == "database"
    search_engine.keep_index()
    assert searching.search(index, session, SearchRequest("kemplang")).source == "index"
    product.name_id = "Amplang Baru"
    queue.mark_dirty(session, product.id)
    session.commit()
    code, output = run(context, "drain")
    assert (code, "1 changes indexed, 0 waiting." in output) == (0, True), output
    assert searching.search(index, session, SearchRequest("amplang baru")).total == 1


def test_the_report_lists_what_was_not_found(context: Flask) -> None:
    assert "No search" in run(context, "report")[1]
    query_log.record(search_engine.spool_folder(), "mesin cuci", "id", 0)
    search_engine.keep_query_log()
    for spool in search_engine.spool_folder().iterdir():  # collected once nobody can still be writing to it
        os.utime(spool, (0, 0))
    code, output = run(context, "report")
    assert (code, "mesin cuci" in output) == (0, True), output
