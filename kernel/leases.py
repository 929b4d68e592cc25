"""Who may do a job that only one process should do: a row with an end, renewed while its holder lives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, String, or_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base
from kernel.inserts import insert_new


class Lease(Base):
    """The job `name` is `holder`'s until `expires_at`; then anybody may take it."""

    __tablename__ = "leases"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    holder: Mapped[str] = mapped_column(String(120))
    expires_at: Mapped[datetime]


def take(session: Session, name: str, holder: str, length: timedelta) -> bool:
    """Take or renew the lease; whether `holder` has it now. Commit at once: until then rivals wait."""
    moment = clock.now()
    statement = (
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, Lease.expires_at <= moment))
        .values(holder=holder, expires_at=moment + length)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", session.execute(statement)).rowcount:
        return True
    return bool(insert_new(session, Lease, [{"name": name, "holder": holder, "expires_at": moment + length}]))


def give_up(session: Session, name: str, holder: str) -> None:
    """Let the next one begin at once."""
    statement = update(Lease).where(Lease.name == name, Lease.holder == holder).values(expires_at=clock.now())
    session.execute(statement, execution_options={"synchronize_session": False})
