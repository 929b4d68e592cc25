"""What one process compiled of the templates the next one loads, unless the template is another by then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pytest
from flask import Flask

from storefront.kept_templates import init_kept_templates
from tests.conftest import make_settings


def _app(folder: Path) -> Flask:
    app = Flask("kept", template_folder=str(folder))
    app.jinja_options = {}  # the tests' own apps have a place for compiled templates already
    init_kept_templates(app, replace(make_settings("sqlite://", folder), data_folder=folder / "data"))
    return app


def _refuse(*_arguments: object, **_options: object) -> None:
    raise AssertionError("compiled again")


def test_the_next_process_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html").write_text("{{ 1 + 1 }} keripik")
    assert _app(tmp_path).jinja_env.get_template("page.html").render() == "2 keripik"
    later = _app(tmp_path)
    monkeypatch.setattr(later.jinja_env, "compile", _refuse)
    assert later.jinja_env.get_template("page.html").render() == "2 keripik"


def test_a_changed_template_is_compiled_again(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("keripik")
    assert _app(tmp_path).jinja_env.get_template("page.html").render() == "keripik"
    page.write_text("dodol")
    assert _app(tmp_path).jinja_env.get_template("page.html").render() == "dodol"


def test_a_page_is_made_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("keripik")
    app = _app(tmp_path)
    rmtree(tmp_path / "data")
    assert app.jinja_env.get_template("page.html").render() == "keripik"


def test_nobody_else_may_read_or_write_there(tmp_path: Path) -> None:
    _app(tmp_path)
    [folder] = (tmp_path / "data" / "templates").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
