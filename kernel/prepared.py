"""Statements in the driver's own words: composed once per process, so that a call costs little more than the driver takes."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]


class Prepared:
    """A Core statement whose changing values are named `bindparam`s, expanding ones of an IN included.

    It runs in the session's transaction as it would with `session.connection().execute`, with the same types going in and
    coming out, but SQLAlchemy composes it only once: for the small statements of a checkout that takes five times as long
    as the database takes to answer. Only a query flushes pending objects. Raises the same `DBAPIError`s.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete) -> None:
        self._statement, self._is_query = statement, isinstance(statement, Select)
        self._lists = tuple(name for name, value in statement.compile().binds.items() if value.expanding and value.required)
        self._ready: dict[tuple[str | int, ...], _Ready] = {}

    def run(self, session: Session, values: Mapping[str, Any]) -> list[Any]:
        """Its rows as named tuples; none when it is not a query and returns nothing."""
        if self._is_query:
            session.flush()
        connection = session.connection()
        shape: tuple[str | int, ...] = (connection.dialect.name, *[len(values[name]) for name in self._lists])
        ready = self._ready.get(shape)
        if ready is None:
            ready = self._ready[shape] = _make_ready(self._statement, connection.dialect, self._lists, values)
        return ready.run(connection, values)


@dataclass(frozen=True, slots=True)
class _Ready:
    """The text for one database and length of lists, and what turns our values into the driver's and back."""

    text: str
    parameters: tuple[tuple[str, Convert | None], ...]
    lists: tuple[str, ...]
    constants: Mapping[str, Any]
    make_row: Callable[[Any], Any] | None
    converters: Mapping[int, Convert]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        if self.constants:
            values = {**self.constants, **values}
        for name in self.lists:
            values = {**values, **{f"{name}_{number}": value for number, value in enumerate(values[name], start=1)}}
        given = tuple([convert(values[name]) if convert else values[name] for name, convert in self.parameters])
        rows = self._ask(connection, given)
        if self.make_row is None:
            return []
        if self.converters:
            rows = [
                [self.converters[place](value) if place in self.converters else value for place, value in enumerate(row)] for row in rows
            ]
        return [self.make_row(row) for row in rows]

    def _ask(self, connection: Connection, given: tuple[Any, ...]) -> list[Any]:
        if connection.dispatch.before_cursor_execute:  # somebody watches statements, such as a test that counts them
            result = connection.exec_driver_sql(self.text, given)
            return list(result.all()) if self.make_row else []
        driver = connection.connection
        cursor: DBAPICursor = driver.cursor()
        try:
            cursor.execute(self.text, given)
            return list(cursor.fetchall()) if self.make_row else []
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                self.text, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=connection.dialect
            ) from error
        finally:
            cursor.close()


def _make_ready(statement: Any, dialect: Dialect, lists: tuple[str, ...], values: Mapping[str, Any]) -> _Ready:
    # Values go in by place, which psycopg's dialect has to be asked for.
    spoken = dialect if dialect.positional else type(dialect)(paramstyle="format")  # type: ignore[call-arg]  # all have it
    binds = statement.compile(dialect=spoken).binds
    types: dict[str, TypeEngine[Any]] = {name: value.type for name, value in binds.items()}
    constants = {name: value.value for name, value in binds.items() if not value.required}
    in_lists = {name: list((constants | dict(values))[name]) for name, value in binds.items() if value.expanding}
    types |= {f"{name}_{number}": types[name] for name, members in in_lists.items() for number in range(1, len(members) + 1)}
    constants |= {f"{name}_{number}": value for name in in_lists.keys() - set(lists) for number, value in enumerate(in_lists[name], 1)}
    if isinstance(statement, Select):
        statement = statement.params(dict(values))  # how many values each IN has
    compiled = statement.compile(dialect=spoken, compile_kwargs={"render_postcompile": bool(in_lists)})
    columns = statement.exported_columns
    row: Any = namedtuple("Row", columns.keys(), rename=True)  # type: ignore[misc]  # the statement names them
    results = {place: column.type.dialect_impl(spoken).result_processor(spoken, None) for place, column in enumerate(columns)}
    return _Ready(
        text=str(compiled),
        parameters=tuple((name, types[name].dialect_impl(spoken).bind_processor(spoken)) for name in compiled.positiontup),
        lists=lists,
        constants=constants,
        make_row=row._make if len(columns) else None,
        converters={place: convert for place, convert in results.items() if convert is not None},
    )
