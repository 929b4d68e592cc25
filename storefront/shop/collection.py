"""The page of a collection: its story, and its products in the office's order."""

from __future__ import annotations

from functools import partial

from flask import render_template

from catalog import exposure
from catalog.models.collection import ShownPlace
from catalog.queries.window import get_collection_page
from kernel import clock
from storefront.contact import whatsapp_link
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.kept_pages import each_time
from storefront.schema_org import photo_address
from storefront.search_engine import spool_folder
from storefront.shop import structured
from storefront.templating import current_settings, external, local


def collection(slug: str) -> str:
    """`/collections/<slug>`, from its first day on; one that is over says so."""
    page = get_collection_page(reading(), slug, current_language(), clock.today(current_settings().zone))
    each_time(partial(exposure.note, spool_folder(), ShownPlace.COLLECTION, [card.product_id for card in page.products]))
    trail = [(_("Home"), local("/")), (page.title, None)]
    picture = next((card.picture for card in page.products if card.picture), None)
    return render_template(
        "shop/collection/collection.html",
        page=page,
        trail=trail,
        image=photo_address(picture.name) if picture else "",
        share_address=whatsapp_link(f"{page.title}\n{external(local(f'/collections/{page.slug}'))}"),
        data=structured.data_block(structured.breadcrumbs(trail)),
    )
