"""INSERT that lets the first writer win: the same statement on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_once(session: Session, model: type[Any]) -> Insert:
    """`INSERT INTO model … ON CONFLICT DO NOTHING`: a row that breaks a unique rule is left out instead of failing.

    Add `.returning(…)` to learn whether it went in. On PostgreSQL it waits for a rival transaction to end first.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model).on_conflict_do_nothing()
    return sqlite.insert(model).on_conflict_do_nothing()
