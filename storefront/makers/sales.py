"""What was sold in a month: by day, and by product."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import url_for
from flask.typing import ResponseReturnValue

from kernel import clock
from orders.consignment.periods import midnight
from orders.portal import figures
from orders.portal.figures import Sold
from storefront.database import reading
from storefront.maker_door import enter
from storefront.makers.frame import show
from storefront.pages import asked, asked_page, page_addresses

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


def sales(maker: str) -> ResponseReturnValue:
    """One month; `?month=2026-11` is an earlier one."""
    session, entry, number = reading(), enter(maker), asked_page()
    zone = entry.maker.village.zone or "WIB"
    today = clock.today(zone)
    first = _month(asked("month", 7), today)
    following = (first + timedelta(days=32)).replace(day=1)
    last = min(following - timedelta(days=1), today)
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    ids = [place.agreement_id for place in figures.list_places(session, entry.maker.id)]
    by_day = figures.sold_by_day(session, ids, days, zone)
    page = figures.list_sold_products(session, ids, midnight(first, zone), midnight(last + timedelta(days=1), zone), number)
    month = f"{first:%Y-%m}"
    return show(
        "makers/sales/sales.html",
        entry,
        first=first,
        last=last,
        by_day=by_day,
        total=Sold(*(sum(getattr(sold, name) for sold in by_day.values()) for name in ("units", "gross", "share"))),
        bars=_bars(list(by_day.values())),
        page=page,
        page_url=page_addresses("makers.sales", maker=maker, month=month),
        earlier=url_for("makers.sales", maker=maker, month=f"{first - timedelta(days=1):%Y-%m}"),
        later=url_for("makers.sales", maker=maker, month=f"{following:%Y-%m}") if following <= today else "",
    )


def _month(text: str, today: date) -> date:
    """The first day of the month that was asked for; this month for nonsense and for what has not begun."""
    found = _MONTH.fullmatch(text)
    first = date(int(found[1]), int(found[2]), 1) if found else today
    return min(first, today).replace(day=1)


def _bars(sold: list[Sold]) -> list[int]:
    """Heights from 0 to 48 of the days' shares; a day with sales is never without a bar."""
    most = max((each.share for each in sold), default=0)
    return [max(2, each.share * 48 // most) if most > 0 and each.share > 0 else 0 for each in sold]
