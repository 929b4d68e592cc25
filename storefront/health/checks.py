"""Is the process alive, and is it ready: database at the right schema and search index open."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storefront.database import reading

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


def readyz() -> ResponseReturnValue:
    """200 when the database answers and stands at the migrations' head, else 503 with the part that is missing."""
    try:
        version = reading().scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return {"status": "unavailable", "database": "no answer or no schema"}, 503
    if version != schema_head():
        return {"status": "unavailable", "database": "schema is not the one this code needs"}, 503
    return {"status": "ok", "database": "ok"}


@cache
def schema_head() -> str | None:
    """The newest revision in migrations/."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
