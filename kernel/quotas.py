"""How often a key may call in a minute: counted in the database, taken in blocks, so that one call in many writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base
from kernel.inserts import insert_new

WINDOW = timedelta(minutes=1)
#: Calls that a process takes at once. All limits are multiples of it, so that a window is used up exactly.
BLOCK = 60
_RAW = {"synchronize_session": False}


class QuotaWindow(Base):
    """Calls taken under one key in one minute. A process that ends takes what it had left with it: never more, at worst fewer."""

    __tablename__ = "quota_windows"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    window_at: Mapped[datetime]
    taken: Mapped[int]

    __table_args__ = (UniqueConstraint("key", "window_at"), Index(None, "window_at"))


@dataclass(slots=True)
class Allowance:
    """What one process holds of a key's present minute."""

    window_at: datetime
    #: Calls this process may still answer, and those that nobody has taken yet when it last looked.
    left: int
    untaken: int

    @property
    def remaining(self) -> int:
        """What the caller is told: other processes may hold some more."""
        return self.left + self.untaken

    def seconds_to_next(self) -> int:
        """Until the next minute begins; at least one."""
        return max(1, int((self.window_at + WINDOW - clock.now()).total_seconds()) + 1)


def this_window() -> datetime:
    """When the present minute began."""
    return clock.now().astimezone(UTC).replace(second=0, microsecond=0)


def take_block(session: Session, key: str, limit: int) -> Allowance:
    """Take BLOCK calls of the present minute; `left` is 0 when the minute is used up. Two processes never take the same ones."""
    window_at = this_window()
    insert_new(session, QuotaWindow, [{"key": key, "window_at": window_at, "taken": 0}])
    statement = (
        update(QuotaWindow)
        .where(QuotaWindow.key == key, QuotaWindow.window_at == window_at, QuotaWindow.taken + BLOCK <= limit)
        .values(taken=QuotaWindow.taken + BLOCK)
        .returning(QuotaWindow.taken)
    )
    taken = session.execute(statement, execution_options=_RAW).scalar()
    return Allowance(window_at, 0, 0) if taken is None else Allowance(window_at, BLOCK, limit - taken)


def purge(session: Session) -> int:
    """Forget minutes that are over; how many. The worker calls this."""
    result = session.execute(delete(QuotaWindow).where(QuotaWindow.window_at < clock.now() - 10 * WINDOW), execution_options=_RAW)
    return int(getattr(result, "rowcount", 0))
