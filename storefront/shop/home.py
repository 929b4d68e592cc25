"""The home page: the regency's shop, place before product."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import render_template

from catalog import exposure
from catalog.models.collection import ShownPlace
from catalog.queries.home import get_home_page
from catalog.queries.views import VillageCard
from kernel import clock
from storefront.contact import map_link, opening_words
from storefront.database import reading
from storefront.hours import opening_lines
from storefront.i18n import current_language
from storefront.kept_pages import each_time
from storefront.pay_words import ways_to_pay
from storefront.schema_org import Json, photo_address
from storefront.search_engine import spool_folder
from storefront.shop import structured
from storefront.shop.drawing import draw_area, legend_of
from storefront.templating import current_settings, external, local
from storefront.words import word

#: One large and four small.
VILLAGES_SHOWN = 5


def home() -> str:
    """`/`."""
    settings = current_settings()
    today = clock.today(settings.zone)
    page = get_home_page(reading(), settings.area_prefix, settings.programme_year, current_language(), today)
    each_time(partial(exposure.note, spool_folder(), ShownPlace.HOME, [card.product_id for card in page.featured]))
    outlet = page.outlets[0] if page.outlets else None
    hero = next((village for village in page.villages if village.picture), None)
    drawn = draw_area(page.village_points, outlet=outlet)
    return render_template(
        "shop/home/home.html",
        page=page,
        hero=hero,
        villages=_others(page.villages, hero),
        image=photo_address(hero.picture.name) if hero and hero.picture else "",
        data=structured.data_block(structured.organization(settings, outlet), _website(settings.shop_name)),
        outlet=outlet,
        ways=ways_to_pay(page.outlets, takes_cards=settings.takes_cards),
        open_now=opening_words(outlet) if outlet else "",
        map_address=map_link(outlet.latitude, outlet.longitude) if outlet else "",
        hours=opening_lines(outlet, today) if outlet else [],
        drawn=drawn,
        legend=[(status, word(status)) for status in legend_of(drawn)],
    )


def _others(villages: Sequence[VillageCard], hero: VillageCard | None) -> list[VillageCard]:
    """The villages below the hero's, which is not told twice: those with a picture first."""
    others = [village for village in villages if village is not hero]
    return sorted(others, key=lambda village: village.picture is None)[:VILLAGES_SHOWN]


def _website(name: str) -> Json:
    """The site with its search box, as search engines want it said."""
    question = external(local("/search")) + "?q={question}"
    action = {"@type": "SearchAction", "target": question, "query-input": "required name=question"}
    return {"@type": "WebSite", "url": external(local("/")), "name": name, "potentialAction": action}
