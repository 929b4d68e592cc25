"""Whoosh's columns of a segment as arrays, read in one go: what its side file is made from."""

from __future__ import annotations

from array import array
from typing import Any

from whoosh.columns import TranslatingColumnReader
from whoosh.reading import SegmentReader

from catalog.search.columns import Columns, NameTables
from catalog.search.whoosh_files import NUMBER_TYPES, REFERENCES

#: Column name -> its values, each a key and its labels parted by LABEL; a row refers to them by number.
Values = dict[str, list[str]]
#: What `Columns.derive` makes.
DERIVED = ("band", "in_stock", "factor", "bonus")


def read_columns(reader: SegmentReader, size: int) -> tuple[dict[str, array[Any]], Values]:
    """All arrays of a segment of `size` documents, the references as numbers of the values beside them."""
    columns = Columns(NameTables())
    values: Values = {}
    for name, kind in NUMBER_TYPES.items():
        setattr(columns, name, _numbers(reader, "n_" + name, kind, size))
    columns.derive()
    arrays = {name: getattr(columns, name) for name in (*NUMBER_TYPES, *DERIVED)}
    for name in REFERENCES:
        arrays[name], values[name] = _references(reader, "r_" + name, size)
    return arrays, values


def _numbers(reader: SegmentReader, field: str, kind: str, size: int) -> array[Any]:
    """A whole numeric column. Trailing default values are not stored, hence the padding."""
    raw = _raw_column(reader, field)
    stored: array[Any] = raw._dbfile.get_array(raw._basepos, kind, min(raw._count, size))
    default = reader.schema[field].column_type.default_value()
    return stored + array(kind, [default] * (size - len(stored)))


def _references(reader: SegmentReader, field: str, size: int) -> tuple[array[int], list[str]]:
    """A whole reference column: a number per document, and the values by number."""
    raw = _raw_column(reader, field)
    references = raw._dbfile.get_array(raw._basepos, raw._typecode, size)
    return array("I", references), [value.decode() for value in raw._uniques]


def _raw_column(reader: SegmentReader, field: str) -> Any:
    column = reader.column_reader(field)
    return column.raw_column() if isinstance(column, TranslatingColumnReader) else column
