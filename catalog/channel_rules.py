"""What the office changes about channels: a paper that one requires from a day on, and the end of that (catalog.channels reads it)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.access import ensure_can
from catalog.categories import get_category
from catalog.models.certificate import CertificateKind
from catalog.models.channel import Channel, ChannelRequirement, GoodsGroup, RequiredPaper
from catalog.models.product import ListingState, Product
from catalog.search.queue import mark_many
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementFacts:
    """What somebody types to add one."""

    channel: Channel
    goods: GoodsGroup
    kinds: Collection[CertificateKind]
    starts_on: date
    category: str = ""
    area_prefix: str = ""
    basis: str = ""


def add_requirement(session: Session, actor: Actor, facts: RequirementFacts) -> ChannelRequirement:
    """Let a channel require a paper from a day on, within the area of whoever says so."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS, facts.area_prefix)
    kinds = [kind for kind in CertificateKind if kind in set(facts.kinds)]
    if not kinds:
        raise InvalidInput(N_("Choose at least one paper."), field="kinds")
    row = ChannelRequirement(
        channel=parse_choice(Channel, facts.channel, field="channel"),
        goods=parse_choice(GoodsGroup, facts.goods, field="goods"),
        category_id=get_category(session, facts.category).id if facts.category else None,
        area_prefix=facts.area_prefix,
        starts_on=facts.starts_on,
        basis=parse_text(facts.basis, field="basis", maximum=160),
        papers=[RequiredPaper(kind=kind) for kind in kinds],
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _listings_changed(session, row)
    said = {"channel": row.channel.value, "kinds": [kind.value for kind in kinds], "starts_on": row.starts_on.isoformat()}
    audit.record(session, actor, "channel_requirement.add", f"channel_requirement:{row.code}", said)
    return row


def get_requirement(session: Session, actor: Actor, code: str) -> ChannelRequirement:
    """A requirement of an area that this person publishes for; NotFound otherwise."""
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    row = session.scalar(select(ChannelRequirement).where(ChannelRequirement.code == code))
    if row is None or not actor.can(Permission.PUBLISH_PRODUCTS, area_code=row.area_prefix):
        raise NotFound
    return row


def end_requirement(session: Session, actor: Actor, code: str, last_day: date) -> ChannelRequirement:
    """Let a requirement count until `last_day` and no longer; one that has not begun is then gone without having counted."""
    row = session.scalar(
        select(ChannelRequirement).where(ChannelRequirement.code == code).options(selectinload(ChannelRequirement.papers)).with_for_update()
    )
    ensure_can(actor, Permission.PUBLISH_PRODUCTS)
    if row is None or not actor.can(Permission.PUBLISH_PRODUCTS, area_code=row.area_prefix):
        raise NotFound
    if row.ends_on is not None and row.ends_on <= last_day:
        raise Conflict(N_("This requirement has ended already."))
    said = {"channel": row.channel.value, "last_day": last_day.isoformat()}
    if last_day < row.starts_on:
        session.delete(row)
    else:
        row.ends_on = last_day
    session.flush()
    _listings_changed(session, row)
    audit.record(session, actor, "channel_requirement.end", f"channel_requirement:{code}", said)
    return row


def _listings_changed(session: Session, row: ChannelRequirement) -> None:
    """The web shop's index holds what may be in the web shop."""
    if row.channel is Channel.WEB:
        statement = select(Product.id).where(Product.state == ListingState.LIVE)
        if row.category_id is not None:
            statement = statement.where(Product.category_id == row.category_id)
        mark_many(session, session.scalars(statement))
