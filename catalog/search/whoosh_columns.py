"""Whoosh's columns of a segment as arrays, read in one go: what its side file is made from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import chain
from typing import Any

from whoosh.columns import TranslatingColumnReader
from whoosh.reading import SegmentReader

from catalog.search.columns import KIND, PLACE, Columns, Combinations, NameTables, band_of
from catalog.search.whoosh_files import NUMBER_TYPES, REFERENCES

#: Column name -> its values, each a key and its labels parted by LABEL; a row refers to them by number.
Values = dict[str, list[str]]
#: What `Columns.derive` makes.
DERIVED = ("in_stock", "factor", "bonus")
#: Suffix of the array that holds the parts of the combinations a column refers to, one after the other.
PARTS = "_parts"


def read_columns(reader: SegmentReader, size: int) -> tuple[dict[str, array[Any]], Values]:
    """All arrays of a segment of `size` documents, and the values that the parts of `kind` and `place` stand for."""
    columns = Columns(NameTables())
    values: Values = {}
    for name, kind in NUMBER_TYPES.items():
        setattr(columns, name, _numbers(reader, "n_" + name, kind, size))
    columns.derive()
    arrays = {name: getattr(columns, name) for name in (*NUMBER_TYPES, *DERIVED)}
    parts: dict[str, Iterable[int]] = {"price": map(band_of, columns.price), "in_stock": columns.in_stock}
    for name in REFERENCES:
        parts[name], values[name] = _references(reader, "r_" + name, size)
    for name, dimensions in (("kind", KIND), ("place", PLACE)):
        table = Combinations(*dimensions)
        arrays[name] = array("I", map(table.number, zip(*(parts[dimension] for dimension in dimensions), strict=True)))
        arrays[name + PARTS] = array("I", chain.from_iterable(zip(*table.parts.values(), strict=True)))
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
