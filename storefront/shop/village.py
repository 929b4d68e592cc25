"""The village list with its map, and the village page: place before product."""

from __future__ import annotations

import re

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from catalog.queries.points import list_village_points
from catalog.queries.programme import takes_part
from catalog.queries.views import VillageCard
from catalog.queries.villages import get_village_page, list_villages
from kernel import clock
from kernel.errors import N_, NotFound
from orders.consignment.public import village_earnings
from storefront.contact import map_link, whatsapp_link
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.schema_org import Json, photo_address
from storefront.shop import structured
from storefront.shop.drawing import draw_area, legend_of, nearest_villages
from storefront.templating import current_settings, external, local
from storefront.words import word

#: The official code; whatever follows a hyphen is there for people and ignored.
_CODE = re.compile(r"([0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4})(-.*)?")


def villages() -> ResponseReturnValue:
    """All villages of the home regency by district, with a map."""
    settings, language, session = current_settings(), current_language(), reading()
    cards = list_villages(session, settings.area_prefix, settings.programme_year, language)
    points = list_village_points(session, settings.area_prefix, settings.programme_year, language)
    districts: dict[str, list[VillageCard]] = {}
    for card in cards:
        districts.setdefault(card.district_name, []).append(card)
    area = draw_area(points)
    return render_template(
        "shop/village/villages.html",
        districts=districts,
        featured=[card for card in cards if card.product_count and card.picture][:6],
        area=area,
        legend=[(status, word(status)) for status in legend_of(area)],
        total=sum(1 for point in points if takes_part(point)),
        with_products=sum(1 for point in points if point.product_count),
        trail=[(_("Home"), local("/")), (_("Villages"), None)],
    )


def village(place: str) -> ResponseReturnValue:
    """One village by its code; a name may follow the code and leads to the short address."""
    match = _CODE.fullmatch(place)
    if match is None:
        raise NotFound(N_("No village has this code. Please look for it in the list of villages."))
    code, name = match.groups()
    if name:
        return redirect(url_for("shop.village", place=code), 301)
    settings, language = current_settings(), current_language()
    page = get_village_page(reading(), code, language, clock.today(settings.zone), year=settings.programme_year)
    trail = [(_("Home"), local("/")), (_("Villages"), local("/villages")), (page.place.title, None)]
    address = external(local(f"/villages/{code}"))
    return render_template(
        "shop/village/village.html",
        village=page,
        area=draw_area(page.village_points, here=code),
        nearest=nearest_villages(page.village_points, code),
        earnings=village_earnings(reading(), code),
        trail=trail,
        map_address=map_link(page.place.latitude, page.place.longitude),
        image=photo_address(page.pictures[0].name) if page.pictures else "",
        contact_address=whatsapp_link(
            _("Hello, I would like to visit %(village)s.", village=page.place.title), page.contact_phone or settings.whatsapp
        ),
        share_address=whatsapp_link(f"{page.place.address}\n{address}"),
        data=structured.data_block(
            {"@type": "Place", "name": page.place.address, "url": address, **_geo(page.place.latitude, page.place.longitude)},
            structured.breadcrumbs(trail),
        ),
    )


def _geo(latitude: float | None, longitude: float | None) -> Json:
    if latitude is None or longitude is None:
        return {}
    return {"geo": {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}}
