"""The product page, and the picture that messengers show for a shared product."""

from __future__ import annotations

from flask import Response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BuildError

from catalog.maps import distance_km
from catalog.models.certificate import CertificateKind
from catalog.models.product import HalalState
from catalog.queries.products import get_product_page
from catalog.queries.views import OutletView, ProductPage, VariantView
from kernel import clock
from orders.consignment.public import price_shares
from storefront.contact import opening_words, whatsapp_link
from storefront.curation_words import stars_words
from storefront.database import reading
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.pay_words import ways_to_pay
from storefront.shop import previews, structured
from storefront.shop.drawing import locate
from storefront.templating import current_settings, external, local, number, rupiah
from storefront.words import allergen, percent

#: From here on the count is said as scarce.
FEW = 5
#: The most that one tap puts into the cart; larger amounts are asked for.
MOST = 99


def product(slug: str) -> ResponseReturnValue:
    """One live product; 404 in house style for any other."""
    settings = current_settings()
    language = current_language()
    page = get_product_page(reading(), slug, language, clock.today(settings.zone))
    outlet = page.outlets[0] if page.outlets else None
    trail = [
        (_("Home"), local("/")),
        (page.category_name, local(f"/products?category={page.category_slug}")),
        (page.name, None),
    ]
    address = external(local(f"/products/{page.slug}"))
    return render_template(
        "shop/product/product.html",
        product=page,
        chosen=choose_variant(page, request.args.get("variant", "")),
        most=MOST,
        stock_words=stock_words,
        percent=percent,
        is_edible=is_edible(page),
        halal_words=halal_words(page),
        allergens=[allergen(name) for name in page.allergens],
        distance=distance_words(page, outlet),
        outlet=outlet,
        ways=ways_to_pay(page.outlets, takes_cards=settings.takes_cards),
        shares=price_shares(
            reading(), page.slug, {each.code: each.price for each in page.variants if each.price}, clock.today(settings.zone)
        ),
        opening=opening_words(outlet) if outlet else "",
        area=locate(page.places, page.place, outlet),
        trail=trail,
        cart_address=cart_address(),
        ask_address=whatsapp_link(
            _("Hello, I have a question about %(name)s: %(address)s", name=page.name, address=address), settings.whatsapp
        ),
        share_address=whatsapp_link(share_text(page, address)),
        preview=previews.address_of(page),
        stars=page.stars,
        stars_words=stars_words,
        data=structured.data_block(
            structured.product(page, settings), structured.breadcrumbs(trail), structured.organization(settings, outlet)
        ),
    )


def choose_variant(page: ProductPage, wanted: str) -> VariantView | None:
    """The variant a link names if it can be bought, else the first that can; None when nothing can."""
    buyable = [variant for variant in page.variants if variant.is_buyable]
    return next((variant for variant in buyable if variant.code == wanted), buyable[0] if buyable else None)


def stock_words(variant: VariantView) -> str:
    """How many there are, as counted."""
    if variant.price is None:
        return _("Not for sale at the moment")
    if variant.available <= 0:
        return _("Sold out")
    if variant.available <= FEW:
        return ngettext("Only %(num)s left", "Only %(num)s left", variant.available)
    return _("%(count)s available", count=number(variant.available))


def is_edible(page: ProductPage) -> bool:
    """Food and drink say something about halal and allergens; crafts need not."""
    return page.halal is not HalalState.NOT_APPLICABLE


def halal_words(page: ProductPage) -> str:
    """The halal state in a sentence that promises nothing more than the papers do."""
    for claim in page.claims:
        if claim.kind is CertificateKind.HALAL:
            return _("Halal certified, number %(number)s.", number=claim.number)
    if page.halal is HalalState.DECLARED_NON_HALAL:
        return _("Declared non-halal by the maker.")
    return _("Not yet halal certified. The ingredients are listed above.")


def distance_words(page: ProductPage, outlet: OutletView | None) -> str:
    """Whole kilometres between village and outlet, or nothing."""
    here, there = (page.place.latitude, page.place.longitude), (outlet.latitude, outlet.longitude) if outlet else (None, None)
    if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
        return ""
    return number(max(1, round(distance_km(here[0], here[1], there[0], there[1]))))


def share_text(page: ProductPage, address: str) -> str:
    """What a friend receives: name, price, place, link."""
    price = f" · {rupiah(page.prices[0])}" if page.prices else ""
    return f"{page.name}{price}\n{page.place.address}\n{address}"


def cart_address() -> str | None:
    """Where the form sends its line; None while no checkout is installed."""
    try:
        return url_for("checkout.add_to_cart")
    except BuildError:
        return None


def product_preview(slug: str) -> Response:
    """1200 × 630 JPEG with photo, name and price. Whatever stands behind ?v= only keeps caches apart."""
    settings = current_settings()
    path = previews.get_preview(
        reading(), slug, current_language(), clock.today(settings.zone), folder=settings.data_folder, shop_name=settings.shop_name
    )
    response = send_file(path, mimetype="image/jpeg", max_age=24 * 3600, conditional=True)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
