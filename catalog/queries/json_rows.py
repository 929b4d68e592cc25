"""Child rows as one JSON value of the parent's statement, on SQLite and PostgreSQL: a page in two statements instead of nine."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from sqlalchemy import JSON, ScalarSelect, Select, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Row = dict[str, Any]
Subquery: TypeAlias = ScalarSelect[Any]
#: A statement of whatever columns; results are read by label.
Statement: TypeAlias = Select[*tuple[Any, ...]]


class json_object(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function it becomes
    """`json_object('key', value, …)`; PostgreSQL calls it json_build_object."""

    type = JSON()
    inherit_cache = True


class json_array_of(FunctionElement[Any]):  # noqa: N801
    """All values of a group as one array: json_group_array, on PostgreSQL json_agg."""

    type = JSON()
    inherit_cache = True


@compiles(json_object)
def _object(element: json_object, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **kw)})"


@compiles(json_object, "postgresql")
def _object_postgresql(element: json_object, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **kw)})"


@compiles(json_array_of)
def _array(element: json_array_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(json_array_of, "postgresql")
def _array_postgresql(element: json_array_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_agg({compiler.process(element.clauses, **kw)})"


def rows_of(**columns: Any) -> Statement:
    """`SELECT <array of objects>`: add .select_from/.join/.where and end with `.scalar_subquery()`.

    The order inside is the database's; sort by an id or position after reading. Values arrive as JSON has them: dates as
    ISO text, coordinates as stored (microdegrees).
    """
    pairs: list[Any] = []
    for key, column in columns.items():
        pairs += [literal_column(f"'{key}'"), column]
    return select(json_array_of(json_object(*pairs)))


def read_rows(value: object, sort_by: str = "id") -> list[Row]:
    """What a `rows_of` subquery answered, in order; an empty group is NULL on PostgreSQL."""
    if not value:
        return []
    rows: list[Row] = json.loads(value) if isinstance(value, str) else list(value)  # type: ignore[call-overload]  # decoded by the driver
    return sorted(rows, key=lambda row: (row[sort_by] is None, row[sort_by], row["id"]))


def read_json(value: object) -> Any:
    """A JSON column inside an object: text on SQLite, decoded on PostgreSQL."""
    return json.loads(value) if isinstance(value, str) else value
