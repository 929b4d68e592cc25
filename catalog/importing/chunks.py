"""The rows of a sent table in portions of a few hundred, compressed in the database: no worker ever holds a whole table."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.importing.columns import count_known, guess_mapping
from catalog.importing.planning import Row
from catalog.models.importing import ImportChunk, ImportKind, ImportRun
from catalog.tables.reading import HEADER_WITHIN, find_header, read_rows
from kernel.errors import N_, InvalidInput
from kernel.inserts import insert_rows

ROWS = 500
#: The chunk that is the file as sent, until it is read.
FILE = 0
#: A number of a row and its cells.
Numbered = tuple[int, list[str]]


@dataclass(slots=True)
class ReadTable:
    """A whole file, read: its portions, where the headings are, which columns they are, and how many rows follow."""

    portions: list[tuple[int, int, bytes]] = field(default_factory=list)
    header_row: int = 1
    mapping: dict[str, int] = field(default_factory=dict)
    rows_total: int = 0


def read_table(kind: ImportKind, data: bytes) -> ReadTable:
    """Read a file as sent. Pure, and slow for a large workbook: call it without a transaction."""
    score = partial(count_known, kind)
    table = ReadTable()
    head: list[list[str]] = []
    rows: list[Numbered] = []
    numbers: list[int] = []
    for number, cells in enumerate(read_rows(data, score), 1):
        if number <= HEADER_WITHIN:
            head.append(cells)
        if not any(cells):
            continue
        rows.append((number, cells))
        numbers.append(number)
        if len(rows) == ROWS:
            table.portions.append(_packed(rows))
            rows = []
    if rows:
        table.portions.append(_packed(rows))
    if not numbers:
        raise InvalidInput(N_("The file is empty."), field="file")
    table.header_row = find_header(head, score)
    table.mapping = guess_mapping(kind, head[table.header_row - 1])
    table.rows_total = sum(1 for number in numbers if number > table.header_row)
    if not table.rows_total:
        raise InvalidInput(N_("There are no rows below the headings."), field="file")
    return table


def store_file(session: Session, run: ImportRun, data: bytes) -> None:
    """Keep the file as sent, for the worker."""
    session.add(ImportChunk(run_id=run.id, number=FILE, first_row=0, last_row=0, data=zlib.compress(data, 1)))


def load_file(session: Session, run: ImportRun) -> bytes:
    """The file as sent."""
    data = session.scalars(select(ImportChunk.data).where(ImportChunk.run_id == run.id, ImportChunk.number == FILE)).one()
    return zlib.decompress(data)


def store_table(session: Session, run: ImportRun, table: ReadTable) -> None:
    """Keep the rows instead of the file."""
    session.execute(delete(ImportChunk).where(ImportChunk.run_id == run.id))
    portions = enumerate(table.portions, 1)
    insert_rows(
        session,
        ImportChunk,
        [{"run_id": run.id, "number": at, "first_row": first, "last_row": last, "data": data} for at, (first, last, data) in portions],
    )


def iter_rows(session: Session, run: ImportRun, after: int = 0) -> Iterator[Numbered]:
    """The rows with a larger number than `after`, portion by portion."""
    statement = select(ImportChunk.number).where(ImportChunk.run_id == run.id, ImportChunk.last_row > after).order_by(ImportChunk.number)
    for number in session.scalars(statement).all():
        data = session.scalars(select(ImportChunk.data).where(ImportChunk.run_id == run.id, ImportChunk.number == number)).one()
        for row, cells in json.loads(zlib.decompress(data)):
            if row > after:
                yield row, cells


def take_rows(session: Session, run: ImportRun, most: int) -> list[Row]:
    """The next rows after the checkpoint, as their columns say; at most `most`."""
    found = []
    for number, cells in iter_rows(session, run, max(run.last_row, run.header_row)):
        found.append(as_row(number, cells, run.mapping))
        if len(found) == most:
            break
    return found


def as_row(number: int, cells: list[str], mapping: Mapping[str, int]) -> Row:
    """Cells by column, without the empty ones."""
    return Row(number, {name: cells[place] for name, place in mapping.items() if place < len(cells) and cells[place]})


def list_first(session: Session, run: ImportRun, most: int = HEADER_WITHIN) -> list[Numbered]:
    """The first rows of the table, titles and headings included."""
    found = []
    for row in iter_rows(session, run):
        found.append(row)
        if len(found) == most:
            break
    return found


def headings_of(session: Session, run: ImportRun) -> list[str]:
    """The cells of the row with the headings."""
    first = next(iter_rows(session, run, run.header_row - 1), None)
    return first[1] if first and first[0] == run.header_row else []


def _packed(rows: list[Numbered]) -> tuple[int, int, bytes]:
    return rows[0][0], rows[-1][0], zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 3)
