"""Whom a person of the office may look at and accompany: makers and villages of their area; NotFound for everybody else's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from catalog.access import ensure_can
from catalog.areas import get_village
from catalog.desk import below
from catalog.models.area import Area
from catalog.models.maker import Maker
from kernel.errors import NotFound
from kernel.people import Actor, Permission


def seen_by(actor: Actor, village_code: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a row's village lies where this person may read about mentoring."""
    return below(village_code, actor.area_prefixes(Permission.VIEW_CURATION))


def find_maker(session: Session, actor: Actor, slug: str, permission: Permission = Permission.VIEW_CURATION) -> Maker:
    """A maker in reach of `permission`, with its village; NotFound elsewhere."""
    maker = session.scalar(select(Maker).where(Maker.slug == slug).options(joinedload(Maker.village).joinedload(Area.parent)))
    if maker is None or not actor.can(permission, area_code=maker.village_code):
        raise NotFound
    return maker


def find_village(session: Session, actor: Actor, code: str, permission: Permission = Permission.VIEW_CURATION) -> Area:
    """A village in reach; NotFound elsewhere."""
    village = get_village(session, code)
    if not actor.can(permission, area_code=village.code):
        raise NotFound
    return village


def ensure_mentors(actor: Actor, village_code: str) -> None:
    """NotFound beyond what this person may read, NotAllowed where they may read and not write."""
    if not actor.can(Permission.VIEW_CURATION, area_code=village_code):
        raise NotFound
    ensure_can(actor, Permission.MENTOR_MAKERS, village_code)
