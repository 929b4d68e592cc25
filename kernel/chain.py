"""Facts that cannot be rewritten unseen: rows of append-only tables, closed into links with a digest of their rows and the link before.

A trigger refuses changes (migration 0002). Who goes around it, with the file or as the database's owner, changes a byte
that no longer fits the link's digest, or every digest after it: the newest ones stand in the worker's log too (docs/faults.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import String, Table, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base, UTCDateTime

#: Rows younger than this wait: a transaction that is still open may yet bring a smaller id.
SETTLED = timedelta(minutes=10)
#: At most this many rows in one link.
LONGEST = 5_000
#: Fewer rows than this wait for company, up to so long: the doctor reads link by link, for years.
FEWEST, PATIENCE = 500, timedelta(hours=6)
START = "0" * 64


class ChainLink(Base):
    """The rows `first_id` to `last_id` of one table, read in `columns`, under one digest. Append-only itself."""

    __tablename__ = "chain_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(String(60))
    columns: Mapped[str] = mapped_column(Text)
    first_id: Mapped[int]
    last_id: Mapped[int]
    row_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("table_name", "first_id"),)


@dataclass(frozen=True, slots=True)
class Closed:
    """A link that was just added."""

    table: str
    last_id: int
    rows: int
    digest: str


def close_link(session: Session, table_name: str) -> Closed | None:
    """Close the next rows of a table into a link; None when none, or too few, are old enough. Call again until it is."""
    table = Base.metadata.tables[table_name]
    before = _last(session, table_name)
    first, digest = (before.last_id + 1, before.digest) if before else (1, START)
    moment = next(column for column in table.columns if isinstance(column.type, UTCDateTime))
    young = session.scalar(select(func.min(table.c.id)).where(table.c.id >= first, moment >= clock.now() - SETTLED))
    ids = select(table.c.id).where(table.c.id >= first).order_by(table.c.id).limit(LONGEST)
    old = session.scalars(ids if young is None else ids.where(table.c.id < young)).all()
    waits = before is not None and len(old) < FEWEST and before.sealed_at > clock.now() - PATIENCE
    if not old or waits:
        return None
    columns = [column.name for column in table.columns]
    digest, rows = _digest(session, table, columns, first, old[-1], digest)
    link = {"table_name": table_name, "columns": ",".join(columns), "first_id": first, "last_id": old[-1]}
    session.add(ChainLink(**link, row_count=rows, digest=digest, sealed_at=clock.now()))
    session.flush()
    return Closed(table_name, old[-1], rows, digest)


def check(session: Session, table_name: str) -> Iterator[str]:
    """Every link of a table whose rows, or whose predecessor, are not what they were."""
    table = Base.metadata.tables[table_name]
    links = session.scalars(select(ChainLink).where(ChainLink.table_name == table_name).order_by(ChainLink.first_id)).all()
    digest, wanted = START, 1
    for link in links:
        where = f"{table_name} rows {link.first_id} to {link.last_id}"
        columns = link.columns.split(",")
        if link.first_id != wanted:
            yield f"{where}: the links before them are missing"
        if missing := [name for name in columns if name not in table.columns]:
            yield f"{where}: the columns {', '.join(missing)} are gone"
        else:
            found, rows = _digest(session, table, columns, link.first_id, link.last_id, digest)
            if rows != link.row_count:
                yield f"{where}: {link.row_count} rows were closed, {rows} are there"
            elif found != link.digest:
                yield f"{where}: a row or the chain itself was changed after {link.sealed_at:%Y-%m-%d %H:%M} UTC"
        digest, wanted = link.digest, link.last_id + 1


def _last(session: Session, table_name: str) -> ChainLink | None:
    return session.scalar(select(ChainLink).where(ChainLink.table_name == table_name).order_by(ChainLink.first_id.desc()).limit(1))


def _digest(session: Session, table: Table, columns: list[str], first: int, last: int, before: str) -> tuple[str, int]:
    """The digest of these rows on top of `before`, and how many they are; the same on both databases."""
    digest, count = hashlib.sha256(before.encode()), 0
    statement = select(*(table.c[name] for name in columns)).where(table.c.id.between(first, last)).order_by(table.c.id)
    for row in session.execute(statement):
        digest.update(json.dumps(tuple(row), default=_plain, sort_keys=True, ensure_ascii=False).encode())
        count += 1
    return digest.hexdigest(), count


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be part of the chain")
