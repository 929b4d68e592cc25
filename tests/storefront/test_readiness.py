"""What a process says of its database when it starts, and what it does when the schema is another."""

from __future__ import annotations

import logging
import sqlite3

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from kernel import checkpoints
from storefront import readiness


def test_the_start_names_the_database_and_the_guard(
    app: Flask, connection: Connection, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("etalase"), "level", logging.INFO)
    with caplog.at_level(logging.INFO, "etalase"):
        readiness.check_start(app)
    (line,) = [record for record in caplog.records if record.getMessage() == "database"]
    said = line.fields["engine"]  # type: ignore[attr-defined]
    if connection.dialect.name == "sqlite":
        assert sqlite3.sqlite_version in said
        assert ("guarded" in said) is checkpoints.is_affected()
    else:
        assert said == "PostgreSQL"


def test_another_schema_stops_the_start_with_what_to_do(app: Flask, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    with pytest.raises(readiness.WrongSchema, match=r"schema is 0001, this code needs .*\./run flask db upgrade"):
        readiness.check_start(app)
