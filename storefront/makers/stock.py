"""What is left, by outlet and lot, with the day on which it leaves the shelf."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from kernel import clock
from orders.portal import figures
from storefront.database import reading
from storefront.maker_door import enter
from storefront.makers.frame import show
from storefront.makers.home import pull_out_day
from storefront.pages import asked, asked_page, page_addresses


def stock(maker: str) -> ResponseReturnValue:
    """Lots by best-before; `?at=` is the agreement with one outlet."""
    session, entry, number = reading(), enter(maker), asked_page()
    places = figures.list_places(session, entry.maker.id)
    code = asked("at", 8)
    chosen = figures.get_place(places, code) if code else None
    page = figures.list_lots(session, [place.agreement_id for place in ([chosen] if chosen else places)], number)
    return show(
        "makers/stock/stock.html",
        entry,
        places=places,
        chosen=chosen,
        page=page,
        lots=[(lot, pull_out_day(lot, places)) for lot in page.rows],
        by_agreement={place.agreement_id: place for place in places},
        today=clock.today(entry.maker.village.zone or "WIB"),
        page_url=page_addresses("makers.stock", maker=maker, at=code),
    )
