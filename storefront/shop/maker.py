"""The maker page: who they are, where, and what they make."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from catalog.queries.makers import get_maker_page
from kernel import clock
from storefront.contact import whatsapp_link
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.schema_org import photo_address
from storefront.shop import structured
from storefront.shop.drawing import locate
from storefront.templating import current_settings, external, local


def maker(slug: str) -> ResponseReturnValue:
    """One maker with its live products."""
    settings = current_settings()
    page = get_maker_page(reading(), slug, current_language(), clock.today(settings.zone))
    who = page.maker
    trail = [(_("Home"), local("/")), (page.place.title, local(f"/villages/{page.place.code}")), (who.name, None)]
    address = external(local(f"/makers/{who.slug}"))
    return render_template(
        "shop/maker/maker.html",
        page=page,
        area=locate(page.places, page.place),
        trail=trail,
        image=photo_address(page.pictures[0].name) if page.pictures else "",
        contact_address=whatsapp_link(
            _("Hello %(name)s, I saw your products at %(shop)s.", name=who.name, shop=settings.shop_name), who.public_phone
        )
        if who.public_phone
        else "",
        share_address=whatsapp_link(f"{who.name}\n{page.place.address}\n{address}"),
        data=structured.data_block(
            {"@type": "Organization", "name": who.name, "url": address, "address": page.place.address},
            structured.breadcrumbs(trail),
        ),
    )
