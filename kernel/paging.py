"""Lists in pages: one slice of a statement with the total beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kernel.errors import N_, InvalidInput

Row = TypeVar("Row")
#: Beyond this nobody turns pages; the database is spared the walk there.
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Page `number` (from 1) of `total` rows, `size` to a page."""

    rows: Sequence[Row]
    total: int
    number: int
    size: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def parse_page(text: str) -> int:
    """The page a visitor asks for; InvalidInput for anything but a whole number from 1."""
    if not text:
        return 1
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= LAST_PAGE:
        raise InvalidInput(N_("There is no such page."), field="page")
    return int(text[:6])


def read_page(session: Session, statement: Select[Row], *, number: int, size: int, options: Sequence[Any] = ()) -> Page[Row]:
    """One page of an ordered statement of one entity; `options` load what the page shows of each row."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = session.scalars(statement.options(*options).limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, total, number, size)


def escape_like(text: str) -> str:
    r"""`text` for LIKE … ESCAPE '\', its percent signs and underscores taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
