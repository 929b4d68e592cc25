"""Lists that can be followed: cursors over (last change, id), and what a page says about the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from kernel import clock
from kernel.walks import Position, Step
from storefront.api.shapes.ground import PageAsked

#: A change may be committed a little after its own time. The end of a walk stays this far behind, so that none is missed;
#: whoever follows meets the newest rows twice instead.
SETTLING = timedelta(seconds=10)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def step_of(asked: PageAsked) -> Step:
    """What the caller asks for."""
    return Step(asked.limit, _read(asked.cursor) if asked.cursor else None, asked.changed_since)


def close_page(step: Step, found: Sequence[tuple[datetime, int, Any]]) -> tuple[list[Any], str | None, bool]:
    """Of (changed_at, id, row): the rows of this page, the cursor behind them, and whether more waits."""
    has_more = len(found) > step.limit
    page = found[: step.limit]
    if not page:
        return [], _write(step.after) if step.after else None, False
    position = Position(page[-1][0], page[-1][1])
    if not has_more:
        position = min(position, _settled(step), key=lambda each: (each.changed_at, each.row_id))
    return [row for _at, _id, row in page], _write(position), has_more


def _settled(step: Step) -> Position:
    settled = Position(clock.now() - SETTLING, 0)
    # Never behind where the caller stood: nothing older is owed again.
    return max(settled, step.after, key=lambda each: (each.changed_at, each.row_id)) if step.after else settled


def _write(position: Position) -> str:
    return f"{(position.changed_at - _BEGINNING) // timedelta(microseconds=1)}-{position.row_id}"


def _read(cursor: str) -> Position:
    micros, _dash, number = cursor.partition("-")
    return Position(_BEGINNING + timedelta(microseconds=int(micros)), int(number))
