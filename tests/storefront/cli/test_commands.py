"""The table of commands: complete, and loaded only when asked."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from flask import Flask

from storefront.cli.commands import GROUPS, PLACES

HEAVY = (
    "alembic",
    "flask_migrate",
    "rich",
    "PIL",
    "stripe",
    "sqlalchemy.dialects.postgresql",
    "openpyxl",
    "biip",
    "charset_normalizer",
    "pydantic",
    "phonenumbers",
    "fpdf",
    "resvg_py",
    "num2words",
    "qs_codec",
    "escpos",
)


@pytest.mark.parametrize("name", PLACES)
def test_every_command_of_the_table_is_found_under_its_name(app: Flask, name: str) -> None:
    context = click.Context(app.cli)
    command = app.cli.get_command(context, name)
    assert command is not None
    assert name not in GROUPS or command.name == name
    assert name in app.cli.list_commands(context)


def test_a_web_worker_loads_nothing_that_only_commands_and_photos_need() -> None:
    code = f"import sys, storefront.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == "[]"
