"""About, help, privacy and terms: short pages, each text in a file per language."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from catalog.queries.home import list_outlets
from kernel import clock
from storefront.contact import opening_words, whatsapp_link
from storefront.database import reading
from storefront.hours import opening_lines
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.shop import structured
from storefront.templating import current_settings

#: The long texts, one file per language, so that a regency can read and change a text as a whole.
TEXTS = {
    "about": {"id": "shop/info/_about_id.html", "en": "shop/info/_about_en.html"},
    "help": {"id": "shop/info/_help_id.html", "en": "shop/info/_help_en.html"},
    "privacy": {"id": "shop/info/_privacy_id.html", "en": "shop/info/_privacy_en.html"},
    "terms": {"id": "shop/info/_terms_id.html", "en": "shop/info/_terms_en.html"},
}


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
        text=TEXTS[name][current_language()],
        title=title,
        outlet=outlet,
        takes_qris=any(each.takes_qris for each in outlets),
        takes_transfers=any(each.takes_transfers for each in outlets),
        opening=opening_words(outlet) if outlet else "",
        hours=opening_lines(outlet, clock.today(outlet.zone)) if outlet else [],
        ask_address=whatsapp_link(_("Hello, I have a question about my order."), settings.whatsapp) if settings.whatsapp else "",
        data=structured.data_block(structured.organization(settings, outlet)),
    )
