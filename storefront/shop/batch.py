"""The page of one lot: what a visitor sees who scanned a pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import render_template, request
from flask.typing import ResponseReturnValue

from catalog.provenance.batch_page import BatchPage, get_batch_page
from catalog.provenance.digital_link import pack_address
from catalog.queries.views import Claim, VariantView
from kernel import clock
from orders.consignment.public import PriceShare, price_shares
from storefront.contact import opening_words, whatsapp_link
from storefront.database import reading
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.shop import structured
from storefront.shop.drawing import locate
from storefront.templating import current_settings, external, local
from storefront.words import allergen, amount_words, percent


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate of the production day, and whether it still counts."""

    claim: Claim
    is_valid_now: bool


def batch(slug: str, lot: str) -> ResponseReturnValue:
    """One lot of a product that is or was on sale; 404 in house style for any other."""
    settings = current_settings()
    today = clock.today(settings.zone)
    page = get_batch_page(reading(), slug, lot, current_language(), today)
    variant = _choose(page, request.args.get("variant", ""))
    outlet = page.outlets[0] if page.outlets else None
    address = external(local(batch_path(page.slug, page.lot)))
    trail = [(_("Home"), local("/")), (page.name, local(f"/products/{page.slug}") if page.is_live else None), (page.lot, None)]
    papers = [Paper(claim, claim.valid_until_on is None or claim.valid_until_on >= today) for claim in page.claims]
    counting = [paper.claim for paper in papers if paper.is_valid_now]
    scan_address = pack_address(external(""), code=variant.code, gtin=variant.gtin, lot=page.lot) if variant else ""
    prices = {each.code: each.price for each in page.variants if each.price}
    return render_template(
        "shop/batch/batch.html",
        batch=page,
        variant=variant,
        papers=papers,
        freshness=freshness(page.best_before_on, today),
        is_past=page.best_before_on is not None and page.best_before_on < today,
        allergens=[allergen(name) for name in page.allergens],
        percent=percent,
        amount=amount_words,
        outlet=outlet,
        opening=opening_words(outlet) if outlet else "",
        share=_share(price_shares(reading(), page.slug, prices, today), variant),
        area=locate(page.places, page.place),
        trail=trail,
        scan_address=scan_address,
        thanks_address=_write_to_maker(
            page,
            _("Thank you, %(maker)s! I have %(name)s, batch %(lot)s, in my hands. %(address)s", **_said(page, address)),
        ),
        question_address=_write_to_maker(
            page, _("Hello %(maker)s, I have a question about %(name)s, batch %(lot)s: %(address)s", **_said(page, address))
        ),
        data=structured.data_block(structured.batch(page, address, counting, scan_address), structured.breadcrumbs(trail)),
    )


def batch_path(slug: str, lot: str) -> str:
    """The path of a lot's page, without a language."""
    return f"/products/{slug}/batches/{quote(lot, safe='')}"


def freshness(best_before_on: date | None, today: date) -> str:
    """How long it still keeps, in words; empty for what does not expire."""
    if best_before_on is None:
        return ""
    days = (best_before_on - today).days
    if days < 0:
        return _("past its best-before date")
    if days == 0:
        return _("today is the last day")
    if days < 60:
        return ngettext("%(num)s more day", "%(num)s more days", days)
    return ngettext("about %(num)s more month", "about %(num)s more months", days // 30)


def _choose(page: BatchPage, code: str) -> VariantView | None:
    """The pack that was scanned, else the first one."""
    return next((each for each in page.variants if each.code == code.upper()), page.variants[0] if page.variants else None)


def _share(shares: dict[str, PriceShare], variant: VariantView | None) -> PriceShare | None:
    """The maker's share of the scanned pack, or of any where that one has no price."""
    if variant and variant.code in shares:
        return shares[variant.code]
    return next(iter(shares.values()), None)


def _said(page: BatchPage, address: str) -> dict[str, str]:
    return {"maker": page.maker.name, "name": page.name, "lot": page.lot, "address": address}


def _write_to_maker(page: BatchPage, text: str) -> str:
    """WhatsApp to the maker where they want to be called, else to the office, which passes it on; empty when neither can be."""
    number = page.maker.public_phone or current_settings().whatsapp
    return whatsapp_link(text, number) if number else ""
