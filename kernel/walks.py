"""Lists that are followed: a place between two rows in the order of their last change, and what comes behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True, slots=True)
class Position:
    """Where a walk stands: behind the row with this change and id."""

    changed_at: datetime
    row_id: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a walk asks for: `limit` rows behind `after`, or changed at or after `since`, or from the beginning."""

    limit: int
    after: Position | None = None
    since: datetime | None = None

    @property
    def is_update(self) -> bool:
        """Whether the caller knows an earlier state, and so must hear what was taken away."""
        return self.after is not None or self.since is not None

    def conditions(self, changed_at: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
        """The rows that come next. The newer of the two limits counts, as both must hold."""
        found: list[ColumnElement[bool]] = []
        if self.since is not None:
            found.append(changed_at >= self.since)
        if self.after is not None:
            at, number = self.after.changed_at, self.after.row_id
            found.append(or_(changed_at > at, and_(changed_at == at, row_id > number)))
        return found
