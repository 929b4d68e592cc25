"""Marks: that what a kind of page is made from has changed, as one number which the database itself renews (docs/decisions/0022).

A process may keep whatever it made from those tables as long as it reads the same mark: triggers renew it in the transaction of the
change, whoever makes it, so a change shows on the next page in every process. Marks are random, not counted: after a rollback or a
restored backup none ever means something else than before.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, String, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.base import Base
from kernel.inserts import insert_rows
from kernel.prepared import Prepared

#: What partners are offered: see the migrations for the tables and columns that renew it.
WHOLESALE = "wholesale"
#: What the pages show that guests get from memory (storefront.kept_pages).
PAGES = "pages"
#: Rows of one mark before the worker makes them one again.
MANY = 200

Value = TypeVar("Value")


class ContentMark(Base):
    """A part of a mark; the mark is their sum. On SQLite, where one writes at a time, a change renews it.

    On PostgreSQL it adds one, so that nobody waits for anybody: a transaction that commits late changes the sum late.
    """

    __tablename__ = "content_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(16), index=True)
    token: Mapped[int] = mapped_column(BigInteger)


_GLANCE = "SELECT sum(token) FROM content_marks WHERE name = {}"
_READ = Prepared(select(func.sum(ContentMark.token).label("mark")).where(ContentMark.name == bindparam("name")))


def read_mark(session: Session, name: str) -> Hashable:
    """The mark of now: equal as long as nothing changed. Read it before what is kept under it. One statement."""
    [row] = _READ.run(session, {"name": name})
    return str(row.mark)


def glance_at_mark(session: Session, name: str) -> Hashable:
    """The same for who asks before every page: on the driver's own cursor, without a transaction, for a tenth of the work.

    Whatever is in the way of that (a transaction under way, somebody who listens for statements, a lost connection) has it read as ever.
    """
    engine = session.get_bind()
    if isinstance(engine, Connection) or session.in_transaction() or engine.dispatch.before_cursor_execute:
        return read_mark(session, name)
    with suppress(engine.dialect.loaded_dbapi.Error):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_GLANCE.format("?" if engine.dialect.positional else "%s"), (name,))
            [mark] = cursor.fetchall()
        finally:
            connection.close()
        return str(mark[0])
    return read_mark(session, name)


def touch(session: Session, name: str) -> None:
    """Renew a mark by hand, for what has no trigger."""
    insert_rows(session, ContentMark, [{"name": name, "token": _token()}])


def gather(session: Session) -> int:
    """Make one row of marks that have many; how many rows went. What changes meanwhile stays beside it."""
    gone = 0
    crowded = select(ContentMark.name).group_by(ContentMark.name).having(func.count() > MANY)
    for name in session.scalars(crowded).all():
        rows = session.scalars(delete(ContentMark).where(ContentMark.name == name).returning(ContentMark.id)).all()
        touch(session, name)
        gone += len(rows)
    return gone


class Kept:
    """What one process made from the database under a mark, a bounded number of things; those least asked for go first.

    Safe in threads: two may make the same thing once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()

    def get(self, mark: Hashable, key: Hashable, make: Callable[[], Value]) -> Value:
        """The thing called `key`, made anew when the mark is not the one it was made under."""
        known = self._things.get(key)
        if known is None or known[0] != mark:
            known = (mark, make())
            self._things[key] = known
        with suppress(KeyError):  # another thread may just have dropped it
            self._things.move_to_end(key)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        thing: Value = known[1]
        return thing


def _token() -> int:
    return secrets.randbelow(2**52)
