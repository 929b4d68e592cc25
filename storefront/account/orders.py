"""A signed-in person's own orders."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel.paging import parse_page
from orders.desk import list_own_orders
from storefront.database import reading
from storefront.security import current_person
from storefront.state_words import of_order


def orders() -> ResponseReturnValue:
    """The newest first; each leads to its order page."""
    page = list_own_orders(reading(), current_person().id, page=parse_page(request.args.get("page", "")))
    return render_template(
        "account/orders/orders.html", page=page, state_of=of_order, page_url=lambda number: url_for("account.orders", page=number)
    )
