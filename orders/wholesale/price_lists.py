"""Price lists: what a unit costs by quantity and day, for every partner or for one group; earlier prices stay as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from catalog.queries.json_rows import Subquery, read_rows, rows_of
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.money import LARGEST_AMOUNT
from kernel.parsing import check_range
from kernel.people import Actor
from orders.models.offer import Offer, OfferPrice
from orders.models.partner import PartnerGroup
from orders.models.webhook import WebhookEvent
from orders.wholesale import webhooks
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.tiers import Tier, tiers_for

MOST_TIERS = 8
MOST_CASES = 100_000


def set_prices(
    session: Session,
    actor: Actor,
    offer: Offer,
    tiers: Sequence[Tier],
    *,
    group: PartnerGroup | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> None:
    """The list of an offer from `starts_on` (default today), in the place of what would have counted from then on.

    What counted before stays as it was, so a paper of then can be checked. No tiers: the list ends the day before.
    Raises NotAllowed and InvalidInput.
    """
    outlet = ensure_may_manage(session, actor, offer.outlet_id)
    today = clock.today(outlet.zone)
    starts_on = starts_on or today
    _check(tiers, starts_on, ends_on, today)
    if group is not None and group.outlet_id != offer.outlet_id:
        raise InvalidInput(N_("Please choose one of the options."), field="group")
    # One list at a time: a second person waits here.
    session.scalars(select(Offer.id).where(Offer.id == offer.id).with_for_update()).one()
    group_id = group.id if group else None
    same_list = OfferPrice.group_id.is_(None) if group_id is None else OfferPrice.group_id == group_id
    for row in session.scalars(select(OfferPrice).where(OfferPrice.offer_id == offer.id, same_list)).all():
        if row.starts_on >= starts_on:
            session.delete(row)
        elif row.ends_on is None or row.ends_on >= starts_on:
            row.ends_on = starts_on - timedelta(days=1)
    session.flush()
    for tier in sorted(tiers):
        row = OfferPrice(
            offer_id=offer.id,
            group_id=group_id,
            from_cases=tier.from_cases,
            unit_price=tier.unit_price,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        session.add(row)
    offer.updated_at = clock.now()
    session.flush()
    session.expire(offer, ["prices"])
    details = {
        "group": group.code if group else "",
        "from": starts_on.isoformat(),
        "until": ends_on.isoformat() if ends_on else "",
        "tiers": [[tier.from_cases, tier.unit_price] for tier in sorted(tiers)],
    }
    audit.record(session, actor, "offer.prices", f"offer:{offer.code}", details)
    facts = {"offer": offer.code, "starts_on": starts_on.isoformat()}
    webhooks.announce_offer(session, offer, WebhookEvent.PRICE_CHANGED, f"price:{clock.now().isoformat()}", facts, group_id=group_id)


def is_current(day: date) -> ColumnElement[bool]:
    """The price rows that count on `day`."""
    return (OfferPrice.starts_on <= day) & or_(OfferPrice.ends_on.is_(None), OfferPrice.ends_on >= day)


def map_tiers(session: Session, offer_ids: Collection[int], group_id: int | None, day: date) -> dict[int, tuple[Tier, ...]]:
    """What a group pays on `day` for each of these offers, in one statement; an offer without a price is left out."""
    mine = OfferPrice.group_id.is_(None) if group_id is None else or_(OfferPrice.group_id.is_(None), OfferPrice.group_id == group_id)
    statement = (
        select(OfferPrice.offer_id, OfferPrice.group_id, OfferPrice.from_cases, OfferPrice.unit_price)
        .where(OfferPrice.offer_id.in_(offer_ids), mine, is_current(day))
        .order_by(OfferPrice.offer_id, OfferPrice.starts_on)
    )
    rows = defaultdict(list)
    for row in session.execute(statement) if offer_ids else ():
        rows[row.offer_id].append(row)
    return {offer_id: tiers_for(found, group_id) for offer_id, found in rows.items()}


class PriceRow(NamedTuple):
    """A row of a price list as `tiers_for` reads it."""

    group_id: int | None
    from_cases: int
    unit_price: int


def prices_subquery(group_id: int | None, day: date) -> Subquery:
    """The rows that count for a group on `day`, of the `Offer` of the surrounding query; for `read_tiers`."""
    mine = OfferPrice.group_id.is_(None) if group_id is None else or_(OfferPrice.group_id.is_(None), OfferPrice.group_id == group_id)
    columns = (OfferPrice.id, OfferPrice.starts_on, OfferPrice.group_id, OfferPrice.from_cases, OfferPrice.unit_price)
    rows = rows_of(**{column.key: column for column in columns})
    return rows.where(OfferPrice.offer_id == Offer.id, mine, is_current(day)).correlate(Offer).scalar_subquery()


def read_tiers(value: object, group_id: int | None) -> tuple[Tier, ...]:
    """What the group pays, of what `prices_subquery` answered."""
    rows = read_rows(value, sort_by="starts_on")
    return tiers_for((PriceRow(row["group_id"], row["from_cases"], row["unit_price"]) for row in rows), group_id)


def list_price_rows(session: Session, offer_id: int) -> list[OfferPrice]:
    """Every price of an offer, those of all lists and days, for the office."""
    statement = select(OfferPrice).where(OfferPrice.offer_id == offer_id)
    return list(session.scalars(statement.order_by(OfferPrice.group_id, OfferPrice.starts_on.desc(), OfferPrice.from_cases)))


def _check(tiers: Sequence[Tier], starts_on: date, ends_on: date | None, today: date) -> None:
    if starts_on < today:
        raise InvalidInput(N_("A price list begins today or later: what was charged before stays as it was."), field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput(N_("The last day must not be before the first."), field="ends_on")
    if len(tiers) > MOST_TIERS:
        raise InvalidInput(N_("A price list has at most %(most)s steps."), field="tiers", most=MOST_TIERS)
    if len({tier.from_cases for tier in tiers}) < len(tiers):
        raise InvalidInput(N_("Two steps begin at the same number of cases."), field="tiers")
    last = LARGEST_AMOUNT
    for tier in sorted(tiers):
        check_range(tier.from_cases, 1, MOST_CASES, "tiers")
        check_range(tier.unit_price, 1, LARGEST_AMOUNT, "tiers")
        if tier.unit_price > last:
            raise InvalidInput(N_("More cases must not cost more for each unit."), field="tiers")
        last = tier.unit_price
