"""Links into the makers' portal: made by the office for seven days, one for each maker, ended by a new one or by hand."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from catalog.models.maker import Maker
from kernel import audit, clock, links
from kernel.errors import NotAllowed
from kernel.inserts import insert_new
from kernel.links import LinkEnded
from kernel.people import Actor, Permission
from orders.models.maker_link import MakerLink

PURPOSE = "maker"
LIFETIME = timedelta(days=7)


def create_link(session: Session, actor: Actor, maker: Maker) -> MakerLink:
    """A new link for a maker of the area in reach; the one before stops working. NotAllowed elsewhere."""
    _check_may(actor, maker)
    moment = clock.now()
    expires_at = moment + LIFETIME
    row = {
        "maker_id": maker.id,
        "key": secrets.token_urlsafe(32),
        "created_at": moment,
        "created_by_id": actor.user_id,
        "expires_at": expires_at,
        "ended_at": None,
    }
    if not insert_new(session, MakerLink, [row]):
        session.execute(update(MakerLink).where(MakerLink.maker_id == maker.id).values(**row))
    audit.record(session, actor, "maker_link.created", f"maker:{maker.slug}", {"expires_at": expires_at.isoformat()})
    statement = select(MakerLink).where(MakerLink.maker_id == maker.id).options(joinedload(MakerLink.maker))
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def end_link(session: Session, actor: Actor, maker: Maker) -> None:
    """End a maker's link at once, wherever it is open; harmless when there is none."""
    _check_may(actor, maker)
    live = MakerLink.maker_id == maker.id, MakerLink.ended_at.is_(None)
    if session.execute(update(MakerLink).where(*live).values(ended_at=clock.now()).returning(MakerLink.id)).scalar() is not None:
        audit.record(session, actor, "maker_link.ended", f"maker:{maker.slug}")


def find_live(session: Session, maker_id: int) -> MakerLink | None:
    """The link that works at this moment, maker loaded."""
    live = MakerLink.maker_id == maker_id, MakerLink.ended_at.is_(None), MakerLink.expires_at > clock.now()
    return session.scalar(select(MakerLink).where(*live).options(joinedload(MakerLink.maker)))


def write_token(link: MakerLink, secret: str) -> str:
    """What the address of a link ends with (the maker must be loaded). It carries the maker's slug, signed; no right of its own."""
    return links.sign(secret, PURPOSE, link.maker.slug, binding=link.key)


def read_token(session: Session, token: str, secret: str) -> MakerLink:
    """The live link behind a token, maker and village loaded; LinkEnded when it is over, was replaced or is not ours."""
    statement = select(MakerLink).join(Maker, Maker.id == MakerLink.maker_id).where(Maker.slug == links.peek(token)[:120])
    link = session.scalar(statement.options(joinedload(MakerLink.maker).joinedload(Maker.village)))
    if link is None or link.ended_at is not None or link.expires_at <= clock.now():
        raise LinkEnded
    if links.read(secret, PURPOSE, token, binding=link.key, lifetime=LIFETIME) != link.maker.slug:
        raise LinkEnded
    return link


def _check_may(actor: Actor, maker: Maker) -> None:
    if not actor.can(Permission.EDIT_MAKERS, area_code=maker.village_code):
        raise NotAllowed
