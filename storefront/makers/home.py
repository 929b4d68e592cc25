"""The portal's first page: what sold, what is owed and when, what expires, what is left, what waits for the maker."""

from __future__ import annotations

from datetime import date, timedelta

from flask.typing import ResponseReturnValue

from kernel import clock
from orders.portal import figures, records, todo
from orders.portal.figures import Lot, Place
from storefront.database import reading
from storefront.maker_door import enter
from storefront.makers.frame import show

#: So long a month is too young to say how it goes.
FRESH_DAYS = 5


def home(maker: str) -> ResponseReturnValue:
    """Everything a maker wants to know on a small screen, in eight statements behind the door."""
    session, entry = reading(), enter(maker)
    zone = entry.maker.village.zone or "WIB"
    today = clock.today(zone)
    places = figures.list_places(session, entry.maker.id)
    ids = [place.agreement_id for place in places]
    since = first_day(today)
    sold_today, sold_since = figures.sold_today_and_since(session, ids, today, since, zone)
    papers = figures.list_open_papers(session, entry.maker.id)
    return show(
        "makers/home/home.html",
        entry,
        today=today,
        places=places,
        sold_today=sold_today,
        since=since,
        sold_since=sold_since,
        owed=sum(place.owed for place in places),
        next_on=min((place.next_on for place in places if place.next_on and place.owed > 0), default=None),
        expiring=[(lot, pull_out_day(lot, places)) for lot in figures.list_expiring(session, places)],
        to_confirm=[paper for paper in papers if paper.state == "counted"],
        papers=[paper for paper in papers if paper.state != "counted"],
        todo=todo.list_todo(session, entry.maker.id, today),
        statements=records.list_statements(session, ids, size=3),
        outlet_names={place.outlet_id: place.outlet_name for place in places},
        by_agreement={place.agreement_id: place for place in places},
    )


def first_day(today: date) -> date:
    """The first of this month, or of the last one while this one has hardly begun and tells nothing."""
    return (today if today.day > FRESH_DAYS else today - timedelta(days=FRESH_DAYS)).replace(day=1)


def pull_out_day(lot: Lot, places: list[Place]) -> date | None:
    """The day on which a lot leaves the shelf, as agreed with its outlet."""
    days = next((place.terms.pull_out_days for place in places if place.agreement_id == lot.agreement_id), 0)
    return lot.best_before_on - timedelta(days=days) if lot.best_before_on else None
