"""A maker's own products: how each stands, its page in the shop, and what is proposed."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from orders.portal import records, todo
from storefront.curation_words import CURATION
from storefront.database import reading
from storefront.maker_door import enter
from storefront.makers.frame import show
from storefront.pages import asked_page, page_addresses


def products(maker: str) -> ResponseReturnValue:
    """Those for sale first."""
    session, entry = reading(), enter(maker)
    ids = records.list_agreement_ids(session, entry.maker.id)
    page = records.list_products(session, entry.maker.id, asked_page())
    units = records.units_of_products(session, ids, [product.id for product in page.rows])
    return show(
        "makers/products/products.html",
        entry,
        page=page,
        units=units,
        proposals=todo.list_proposals(session, entry.maker.id) if page.number == 1 else [],
        states=CURATION,
        page_url=page_addresses("makers.products", maker=maker),
    )
