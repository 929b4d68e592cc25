"""Where an order's code leads to: to the queue of orders, or to the desk of partners' orders, for whoever may open that page."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from orders import desk
from storefront.database import reading
from storefront.security import current_actor

#: By an order's code: the code it is known under on its own desk, and its page where this person may open it.
OrderPages = dict[str, tuple[str, str | None]]


def order_pages(codes: Iterable[str]) -> OrderPages:
    """The pages of these orders; one statement however many there are."""
    wanted = set(codes)
    purchases = desk.find_purchases(reading(), current_actor(), wanted) if wanted else {}
    return {code: _page(code, purchases) for code in wanted}


def _page(code: str, purchases: dict[str, tuple[str, bool]]) -> tuple[str, str | None]:
    if code not in purchases:
        return code, url_for("office.order", code=code)
    purchase, may_open = purchases[code]
    return purchase, url_for("office.trade_order", code=purchase) if may_open else None
