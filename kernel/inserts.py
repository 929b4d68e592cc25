"""INSERT without objects: plain rows, rows whose ids are asked for, and rows of which the first writer wins; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from kernel.base import Base
from kernel.prepared import Prepared

Model = TypeVar("Model", bound=Base)
Rows = Sequence[dict[str, Any]]
#: Rows of one statement; more go in one statement after the other.
MOST_ROWS = 50


def insert_rows(session: Session, model: type[Base], rows: Rows) -> None:
    """Insert `rows` (values by column name, the same columns in each) now. Pending objects are not flushed.

    Columns left out get their default when that is a plain value.
    """
    _insert(session, model, rows)


def insert_keyed(session: Session, model: type[Base], rows: Rows, key: str) -> dict[Any, int]:
    """Insert `rows`; the id of each by what it has in its column `key`."""
    return {row[1]: row.id for row in _insert(session, model, rows, returning=("id", key))}


def insert_returning_ids(session: Session, model: type[Base], rows: Rows) -> list[int]:
    """Insert `rows` one by one and return their ids, in the same order; where a column tells them apart, `insert_keyed` is quicker."""
    return [found.id for row in rows for found in _insert(session, model, [row], returning=("id",))]


def insert_returning(session: Session, model: type[Base], rows: Rows, names: tuple[str, ...]) -> list[Any]:
    """Insert `rows`; what each has in its columns `names`, as named tuples in any order."""
    return _insert(session, model, rows, returning=names)


def insert_new(session: Session, model: type[Base], rows: Rows) -> list[int]:
    """Insert those of `rows` that break no unique rule; the ids of those that went in.

    On PostgreSQL it waits for a rival transaction that is writing the same row to end first.
    """
    return [row.id for row in _insert(session, model, rows, returning=("id",), first_wins=True)]


def insert_keyed_new(session: Session, model: type[Base], rows: Rows, key: str) -> dict[Any, int]:
    """As `insert_new`, with the id of each row that went in by what it has in its column `key`."""
    return {row[1]: row.id for row in _insert(session, model, rows, returning=("id", key), first_wins=True)}


def known_object(model: type[Model], row: dict[str, Any]) -> Model:
    """The object of a row that is known in full, as a query would have made it. It belongs to no session until it is added."""
    known = model()
    known.__dict__.update(row)
    make_transient_to_detached(known)
    return known


def _insert(session: Session, model: type[Base], rows: Rows, *, returning: tuple[str, ...] = (), first_wins: bool = False) -> list[Any]:
    dialect, defaults = session.get_bind().dialect.name, _defaults(model)
    found: list[Any] = []
    for start in range(0, len(rows), MOST_ROWS):
        some = [defaults | row for row in rows[start : start + MOST_ROWS]]
        statement = _statement(dialect, model, tuple(some[0]), len(some), returning, first_wins)
        found += statement.run(session, {f"{name}_{number}": value for number, row in enumerate(some) for name, value in row.items()})
    return found


@cache
def _defaults(model: type[Base]) -> dict[str, Any]:
    columns = cast(Table, model.__table__).columns
    return {column.name: column.default.arg for column in columns if isinstance(column.default, ScalarElementColumnDefault)}


@lru_cache(maxsize=500)
def _statement(
    dialect: str, model: type[Base], names: tuple[str, ...], count: int, returning: tuple[str, ...], first_wins: bool
) -> Prepared:
    table = cast(Table, model.__table__)
    rows = [{name: bindparam(f"{name}_{number}", type_=table.c[name].type) for name in names} for number in range(count)]
    statement = _insert_into(dialect, table).values(rows)
    if first_wins:
        statement = statement.on_conflict_do_nothing()
    if returning:
        statement = statement.returning(*(table.c[name] for name in returning))
    return Prepared(statement)


def _insert_into(dialect: str, table: Table) -> Any:
    # Each process loads the dialect it speaks; PostgreSQL's takes 5 MB.
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgresql

        return insert_postgresql(table)
    from sqlalchemy.dialects.sqlite import insert as insert_sqlite

    return insert_sqlite(table)
