"""The schema: models equal the migrations' head, every step goes up, down and up, and columns follow the rules."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, DateTime, Float, Integer, Numeric, Table
from sqlalchemy import inspect as inspect_database

from kernel.base import Base, UTCDateTime
from storefront.app import create_app
from storefront.database import db
from tests.conftest import make_settings

TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)


def test_models_equal_the_head_of_the_migrations(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_every_revision_goes_up_down_and_up_again(fresh_database_url: str, folder: object) -> None:
    app: Flask = create_app(make_settings(fresh_database_url, folder))  # type: ignore[arg-type]
    with app.app_context():
        downgrade(revision="base")
        left = set(inspect_database(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
        upgrade()
        assert set(Base.metadata.tables) <= set(inspect_database(db.engine).get_table_names())
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_follows_the_rules(table: Table) -> None:
    problems = []
    for column in table.columns:
        if isinstance(column.type, Float | Numeric) and not isinstance(column.type, Integer):
            problems.append(f"{column.name} is a float or decimal")
        if isinstance(column.type, DateTime) and not isinstance(column.type, UTCDateTime):
            problems.append(f"{column.name} is a naive moment")
        if isinstance(column.type, UTCDateTime) and not (column.name.endswith("_at") or column.name in {"at", "hold_until"}):
            problems.append(f"{column.name} is a moment and should end in _at")
    indexed = {index.columns[0].name for index in table.indexes if len(index.columns)}
    indexed |= {next(iter(constraint.columns)).name for constraint in table.constraints if len(getattr(constraint, "columns", ()))}
    problems += [
        f"{key.parent.name} refers to {key.target_fullname} without an index"
        for key in table.foreign_keys
        if key.parent.name not in indexed and not key.parent.index
    ]
    problems += [f"{constraint!r} has no name" for constraint in table.constraints if constraint.name is None]
    assert problems == []
