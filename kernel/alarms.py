"""What an operator must see although nobody asked: a wrong clock, books that differ; kept in the database until it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base
from kernel.inserts import insert_new

#: How long an alarm stands after it was last sounded, unless told otherwise.
LASTS = timedelta(hours=2)
LONGEST = 2_000
MOST_LINES = 50


class Alarm(Base):
    """One thing that is wrong. `detail` is for the operator, in English; `lines` say the same to people, as texts to translate
    ({"message": …, "params": {…}}). Neither holds personal data.
    """

    __tablename__ = "alarms"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    detail: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, server_default="[]")
    raised_at: Mapped[datetime]
    ends_at: Mapped[datetime]


def sound(session: Session, name: str, detail: str, lasts: timedelta = LASTS, *, lines: Sequence[dict[str, Any]] = ()) -> None:
    """Raise the alarm `name`, or let it stand for longer; what is said last counts."""
    moment = clock.now()
    said = list(lines[:MOST_LINES])
    row = {"name": name, "detail": detail[:LONGEST], "lines": said, "raised_at": moment, "ends_at": moment + lasts}
    if insert_new(session, Alarm, [row]):
        return
    session.execute(update(Alarm).where(Alarm.name == name, Alarm.ends_at <= moment).values(raised_at=moment))
    session.execute(update(Alarm).where(Alarm.name == name).values(detail=row["detail"], lines=said, ends_at=row["ends_at"]))


def hush(session: Session, name: str) -> None:
    """It is over."""
    session.execute(update(Alarm).where(Alarm.name == name, Alarm.ends_at > clock.now()).values(ends_at=clock.now()))


def list_standing(session: Session) -> list[Alarm]:
    """The alarms that stand at this moment, the oldest first."""
    return list(session.scalars(select(Alarm).where(Alarm.ends_at > clock.now()).order_by(Alarm.raised_at, Alarm.id)))
