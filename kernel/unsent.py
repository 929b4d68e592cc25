"""What somebody has typed into a form and not sent yet: kept as typed, for that person alone, and forgotten once it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Select, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.base import Base
from kernel.errors import N_, InvalidInput, NotAllowed
from kernel.inserts import insert_new
from kernel.people import Actor

#: Letters of all values together; a whole scorecard with its notes fits.
MOST_LETTERS = 60_000
MOST_FIELDS = 200
#: Forms that one person can have open; the oldest goes when another begins.
MOST_FORMS = 40
#: Nobody comes back to a form after this long.
KEPT_FOR = timedelta(days=60)
_KEY = re.compile(r"[a-z][a-z-]{1,30}(?::[0-9A-Za-z-]{1,40})?", re.ASCII)


class UnsentForm(Base):
    """One form of one person. `key` names the form: `proposal:K7QW2M9X`."""

    __tablename__ = "unsent_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(80))
    #: Field's name -> everything that was chosen or typed there.
    content: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("user_id", "key"),)


def keep(session: Session, actor: Actor, key: str, content: Mapping[str, list[str]]) -> datetime:
    """Remember what is typed so far in the place of what was; when. Whoever has no account keeps nothing here (NotAllowed)."""
    if actor.user_id is None:
        raise NotAllowed
    if not _KEY.fullmatch(key):
        raise InvalidInput(N_("There is no such form."))
    letters = sum(len(name) + sum(map(len, values)) for name, values in content.items())
    if len(content) > MOST_FIELDS or letters > MOST_LETTERS:
        raise InvalidInput(N_("This is more text than a form can keep."))
    moment = clock.now()
    row = {"user_id": actor.user_id, "key": key, "content": dict(content), "saved_at": moment}
    if not insert_new(session, UnsentForm, [row]):
        found = session.scalars(_mine(actor.user_id, key).with_for_update()).one()
        found.content, found.saved_at = dict(content), moment
        session.flush()
    _drop_oldest(session, actor.user_id)
    return moment


def find(session: Session, actor: Actor, key: str, *, since: datetime | None = None) -> UnsentForm | None:
    """What this person left in the form, unless the record has changed `since`."""
    if actor.user_id is None:
        return None
    found = session.scalar(_mine(actor.user_id, key))
    return None if found is None or (since is not None and found.saved_at < since) else found


def forget(session: Session, actor: Actor, key: str) -> None:
    """It was sent, or is not wanted any more."""
    session.execute(delete(UnsentForm).where(UnsentForm.user_id == actor.user_id, UnsentForm.key == key))


def purge_old(session: Session) -> int:
    """Drop forms that nobody came back to; how many."""
    gone = session.execute(delete(UnsentForm).where(UnsentForm.saved_at < clock.now() - KEPT_FOR).returning(UnsentForm.id))
    return len(gone.all())


def _mine(user_id: int, key: str) -> Select[UnsentForm]:
    return select(UnsentForm).where(UnsentForm.user_id == user_id, UnsentForm.key == key).execution_options(populate_existing=True)


def _drop_oldest(session: Session, user_id: int) -> None:
    newest = select(UnsentForm.id).where(UnsentForm.user_id == user_id).order_by(UnsentForm.saved_at.desc(), UnsentForm.id.desc())
    extra = session.scalars(newest.offset(MOST_FORMS)).all()
    if extra:
        session.execute(delete(UnsentForm).where(UnsentForm.id.in_(extra)))
