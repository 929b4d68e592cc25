"""May this process work on this database at all? Its schema must be the code's own, and an SQLite with a known fault is named."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kernel import checkpoints
from storefront.database import db, end_reading, reading
from storefront.logs import log

VERSIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"
_REVISION = re.compile(r'^revision\b.*= "(\w+)"$', re.MULTILINE)
_BELOW = re.compile(r'^down_revision\b.*= "(\w+)"$', re.MULTILINE)
_KEY = "etalase.schema_fits"


class WrongSchema(RuntimeError):
    """Code and database do not belong together; the message says what to do."""


def init_readiness(app: Flask) -> None:
    """Answer no request before the schema was once found to be the code's own."""
    app.extensions[_KEY] = False
    app.before_request(_refuse_wrong_schema)


def schema_problem() -> str | None:
    """What is wrong with the schema, for an operator; None when it is the code's own."""
    try:
        found = reading().scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        end_reading()
        return "The database does not answer, or has no tables yet. If it is new: ./run flask db upgrade"
    if found == schema_head():
        return None
    return f"The database's schema is {found}, this code needs {schema_head()}. Back up, then: ./run flask db upgrade"


def check_start(app: Flask) -> None:
    """Say which database this is; WrongSchema when a process must not begin to work on it."""
    with app.app_context():
        log.info("database", engine=describe_database())
        problem = schema_problem()
        db.session.remove()
        if problem:
            log.error("refused to start", problem=problem)
            raise WrongSchema(problem)
        app.extensions[_KEY] = True


def describe_database() -> str:
    """The engine, and of SQLite the version and whether its fault with two checkpoints at once is guarded against."""
    return checkpoints.describe() if db.engine.dialect.name == "sqlite" else "PostgreSQL"


@cache
def schema_head() -> str | None:
    """The newest revision in migrations/, the one no other stands on. Read without Alembic, which would cost every worker 10 MB."""
    texts = [path.read_text("utf-8") for path in VERSIONS.glob("*.py")]
    revisions = {found for text in texts for found in _REVISION.findall(text)}
    heads = revisions - {found for text in texts for found in _BELOW.findall(text)}
    return heads.pop() if len(heads) == 1 else None


def _refuse_wrong_schema() -> ResponseReturnValue | None:
    from flask import abort, current_app

    if current_app.extensions[_KEY] or request.path in ("/healthz", "/readyz"):
        return None
    if problem := schema_problem():
        log.error("refused to answer", problem=problem)
        abort(503)
    current_app.extensions[_KEY] = True
    return None
