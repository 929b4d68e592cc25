"""What an outlet should ask its makers for, with the message already written."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from catalog.models.stock import Outlet
from kernel import clock
from orders.counter import restock as reads
from orders.counter.restock import MakerRequest
from storefront.contact import whatsapp_link
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import ngettext, speaking
from storefront.office.tills import find_place


def till_restock(outlet: str) -> ResponseReturnValue:
    """Goods that run out soon, by maker; prints as a list to take along."""
    place = find_place(outlet)
    requests = reads.list_restock(reading(), place)
    return render_template(
        "office/tills/restock.html",
        outlet=place,
        requests=[(each, message_to_maker(place, each)) for each in requests],
        today=clock.today(place.zone),
        look_back=reads.LOOK_BACK_DAYS,
        soon=reads.SOON_DAYS,
        cover=reads.COVER_DAYS,
    )


def message_to_maker(outlet: Outlet, wanted: MakerRequest) -> str:
    """WhatsApp with the request in Indonesian, the makers' language; staff read it before they send it."""
    with speaking("id"):
        lines = [_("Hello %(name)s,", name=wanted.name), _("these goods of yours sell well at %(outlet)s:", outlet=outlet.name)]
        for row in wanted.rows:
            units = ngettext("%(num)s unit", "%(num)s units", row.suggested)
            lines.append(f"- {row.name_id}, {row.pack_id}: {units}")
        lines.append(_("Can you bring them, and when? Thank you."))
        return whatsapp_link("\n".join(lines), wanted.phone)
