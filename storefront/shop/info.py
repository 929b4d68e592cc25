"""About, help, privacy and terms: short pages, each text in a file per language."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from catalog.queries.home import list_outlets
from storefront.contact import opening_words, wall_clock, weekday_names, whatsapp_link
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.shop import structured
from storefront.templating import current_settings


def about() -> ResponseReturnValue:
    """Who runs the shop and what it is for."""
    return _page("about", _("About this shop"))


def help_page() -> ResponseReturnValue:
    """Ordering, paying, collecting, returning."""
    return _page("help", _("Help"))


def privacy() -> ResponseReturnValue:
    """What is kept about buyers, why and for how long."""
    return _page("privacy", _("Privacy"))


def terms() -> ResponseReturnValue:
    """Who sells, how an order comes about, returns."""
    return _page("terms", _("Terms"))


def _page(name: str, title: str) -> ResponseReturnValue:
    settings = current_settings()
    outlets = list_outlets(reading())
    outlet = outlets[0] if outlets else None
    return render_template(
        "shop/info/info.html",
        name=name,
        title=title,
        outlet=outlet,
        opening=opening_words(outlet) if outlet else "",
        hours=[
            (day, f"{wall_clock(pair[0])}–{wall_clock(pair[1])} {outlet.zone}" if pair else _("Closed"))
            for day, pair in zip(weekday_names(), outlet.opening_hours, strict=False)
        ]
        if outlet
        else [],
        ask_address=whatsapp_link(_("Hello, I have a question about my order."), settings.whatsapp) if settings.whatsapp else "",
        data=structured.data_block(structured.organization(settings, outlet)),
    )
