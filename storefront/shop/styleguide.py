"""The styleguide: every component in every state, with invented data and no database behind it."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.exceptions import NotFound

from catalog.models.product import Unit
from catalog.models.programme import Scheme
from catalog.prices import UnitPrice
from catalog.queries.views import ProductCard
from storefront.i18n import gettext as _
from storefront.shop.facets import Choice
from storefront.templating import current_settings


def styleguide() -> str:
    """`/styleguide` for the shop, `?for=desk` for the desks behind it; a working page of the house, so real buyers do not see it."""
    if current_settings().is_production:
        raise NotFound
    if request.args.get("for") == "desk":
        return render_template("shop/styleguide/desk.html")
    return render_template("shop/styleguide/styleguide.html", cards=_cards(), choices=_choices(), page_url=_page_url)


def _page_url(page: int) -> str:
    return f"?page={page}#g-find"


def _choices() -> list[Choice]:
    return [
        Choice(_("Snacks"), "#g-find", 24),
        Choice(_("Drinks"), "#g-find", 7, is_chosen=True),
        Choice(_("Woven goods"), "#g-find", 12),
    ]


def _cards() -> list[ProductCard]:
    return [
        _card(_("Cassava chips with kencur"), "Karang Agung", 18_000, available=40),
        _card(_("Candied pineapple"), "Talang Bulang", 25_000, available=3, highest_price=60_000),
        _card(_("Mocaf flour"), "Betung", 22_000, available=0),
        _card(_("A basket with quite a long name, woven from purun by the women's group"), "Tempirai", 1_250_000, available=9),
    ]


def _card(name: str, village: str, price: int, *, available: int, highest_price: int | None = None) -> ProductCard:
    return ProductCard(
        product_id=0,
        slug="sample",
        name=name,
        maker_name="",
        maker_slug="",
        village_code="",
        village_name=village,
        district_name="",
        price=price,
        highest_price=highest_price or price,
        unit_price=UnitPrice(price // 2, 100, Unit.GRAM) if price < 100_000 else None,
        available=available,
        picture=None,
        scheme=Scheme.OVOP,
        claims=(),
        is_sample=True,
    )
