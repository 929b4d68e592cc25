"""Is the process alive, and is it ready: database at the right schema and search index open."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storefront.database import reading

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
_REVISION = re.compile(r'^revision\b.*= "(\w+)"$', re.MULTILINE)
_BELOW = re.compile(r'^down_revision\b.*= "(\w+)"$', re.MULTILINE)


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
    """The newest revision in migrations/, the one no other stands on. Read without Alembic, which would cost every worker 10 MB."""
    texts = [path.read_text("utf-8") for path in VERSIONS.glob("*.py")]
    revisions = {found for text in texts for found in _REVISION.findall(text)}
    heads = revisions - {found for text in texts for found in _BELOW.findall(text)}
    return heads.pop() if len(heads) == 1 else None
