"""Offers in the office: made for a variant, corrected, priced, opened and closed, and which makers fill them."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves, variants
from catalog.models.product import Product, Variant
from catalog.readiness.profiles import list_profiles
from kernel import clock
from kernel.errors import InvalidInput, NotFound
from kernel.parsing import parse_choice
from kernel.people import Permission
from orders.models.offer import Offer, OfferSource, OfferState
from orders.wholesale import capacity, gaps, groups, offers, price_lists
from storefront import wholesale_words
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.partner_forms import CapacityForm, NewOfferForm, OfferForm, PriceForm, SellerForm, SourceForm
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.templating import text_of

MANAGE = Permission.MANAGE_WHOLESALE
#: Months of the calendar that are shown and can be set.
MONTHS = 6


def offer_list() -> ResponseReturnValue:
    """All offers of the sellers in reach, or those in one state."""
    state = asked("state", 8)
    wanted = parse_choice(OfferState, state, field="state") if state else None
    page = offers.list_offers(reading(), current_actor(), state=wanted, page=asked_page())
    return render_template(
        "office/offers/offers.html",
        page=page,
        says=wholesale_words,
        states=[(each, _(wholesale_words.OFFER[each][0])) for each in OfferState],
        state=state,
        outlets=shelves.list_outlets(reading(), current_actor(), MANAGE),
        page_url=page_addresses("office.offer_list", state=state),
    )


def offer_choose() -> ResponseReturnValue:
    """Which pack size to offer next."""
    text = asked("q", 60)
    return render_template("office/offers/choose.html", rows=offers.list_unoffered(reading(), text), q=text, says=wholesale_words)


def offer_new(variant: str) -> ResponseReturnValue:
    """Offer a pack size by the case; it stays a draft until it has a price."""
    actor = current_actor()
    pack, product = _pack(variant)
    form = NewOfferForm(data={"minimum_cases": 1, "return_policy": "damaged", "shelf_life_days": product.shelf_life_days})
    del form.mix
    form.outlet.choices = [(outlet.code, outlet.name) for outlet in shelves.list_outlets(reading(), actor, MANAGE)]
    made: list[Offer] = []

    def work(session: Session) -> None:
        outlet = shelves.get_outlet(session, actor, MANAGE, form.outlet.value)
        found = variants.get_variant(session, variant)
        made.append(offers.create_offer(session, actor, outlet, found, form.facts(), monthly_quantity=form.monthly_quantity.value))

    if form.validate_on_submit() and save(form, work):
        flash(_("The offer is a draft. Give it a price, then open it."), "success")
        return redirect(url_for("office.offer_page", code=made[0].code), 303)
    pack, product = _pack(variant)
    return render_template("office/offers/new.html", form=form, pack=pack, product=product, says=wholesale_words), status_of(form)


def offer_page(code: str) -> ResponseReturnValue:
    """One offer: prices, makers, calendar, gaps, and what comes next."""
    return _page(code)


def offer_edit(code: str) -> ResponseReturnValue:
    """Correct the case and what is promised."""
    actor = current_actor()
    offer = offers.get_offer(reading(), actor, code)
    data = {"mix": offer.mix.code if offer.mix else "", "delivery": ", ".join(offer.delivery_prefixes)}
    form = OfferForm(obj=offer, data=data)
    mixes = offers.list_mixes(reading(), offer.outlet_id)
    form.mix.choices = [(mix.code, text_of(mix, "name")) for mix in mixes]
    if not form.is_submitted():
        form.return_policy.data, form.mix.data, form.delivery.data = offer.return_policy.value, data["mix"], data["delivery"]

    def work(session: Session) -> None:
        found = offers.get_offer(session, actor, code)
        offers.update_offer(session, actor, found, form.facts())
        mix = next((each for each in offers.list_mixes(session, found.outlet_id) if each.code == form.mix.value), None)
        if (mix.id if mix else None) != found.mix_id:
            offers.set_mix(session, actor, found, mix)

    if form.validate_on_submit() and save(form, work):
        flash(_("The offer is saved."), "success")
        return redirect(url_for("office.offer_page", code=code), 303)
    offer = offers.get_offer(reading(), actor, code)
    return render_template("office/offers/edit.html", form=form, offer=offer, says=wholesale_words), status_of(form)


def offer_prices(code: str) -> ResponseReturnValue:
    """Another price list, for everybody or for one group."""
    form = _price_form(offers.get_offer(reading(), current_actor(), code), is_asked=True)

    def work(session: Session) -> None:
        offer = offers.get_offer(session, current_actor(), code)
        group = groups.get_group(session, current_actor(), form.group.value) if form.group.value else None
        starts_on, ends_on = form.starts_on.value, form.ends_on.value
        price_lists.set_prices(session, current_actor(), offer, form.steps(), group=group, starts_on=starts_on, ends_on=ends_on)

    if form.validate_on_submit() and save(form, work):
        flash(_("The price list is saved."), "success")
        return redirect(url_for("office.offer_page", code=code), 303)
    return _page(code, prices=form)


def offer_state(code: str) -> ResponseReturnValue:
    """Open it for partners, or close it."""
    form, state = PageForm(), request.form.get("state", "")

    def work(session: Session) -> None:
        if state not in ("open", "closed"):
            raise InvalidInput
        act = offers.open_offer if state == "open" else offers.close_offer
        act(session, current_actor(), offers.get_offer(session, current_actor(), code))

    if save(form, work):
        flash(_("Partners see the offer now.") if state == "open" else _("Nobody can order it any more."), "success")
        return redirect(url_for("office.offer_page", code=code), 303)
    return _page(code, state=form)


def offer_source(code: str) -> ResponseReturnValue:
    """Another maker of the same product fills the offer too."""
    form = SourceForm()

    def work(session: Session) -> None:
        offer = offers.get_offer(session, current_actor(), code)
        pack = variants.find_variant_by_number(session, form.variant.value)
        if pack is None:
            raise NotFound
        offers.set_source(session, current_actor(), offer, pack, form.quantity.value)

    try:
        if form.validate_on_submit() and save(form, work):
            flash(_("The maker was added."), "success")
            return redirect(url_for("office.offer_page", code=code), 303)
    except NotFound as refusal:
        refusal.field = "variant"
        form.refuse(refusal)
    return _page(code, source=form)


def offer_capacity(code: str, variant: str) -> ResponseReturnValue:
    """What one maker can make: in a usual month, in one month, or nothing any more."""
    form = CapacityForm()
    form.month.choices = [(each.isoformat(), each.isoformat()) for each in _months(offers.get_offer(reading(), current_actor(), code))]

    def work(session: Session) -> None:
        offer = offers.get_offer(session, current_actor(), code)
        source = _source(offer, variant)
        if form.month.value:
            capacity.set_month(session, current_actor(), source, date.fromisoformat(form.month.value), form.quantity.value)
        else:
            is_active = "leave" not in request.form
            offers.set_source(session, current_actor(), offer, source.variant, form.quantity.value, is_active=is_active)

    if form.validate_on_submit() and save(form, work):
        flash(_("The capacity is saved."), "success")
        return redirect(url_for("office.offer_page", code=code), 303)
    return _page(code, capacity_form=form)


def seller_terms(outlet: str) -> ResponseReturnValue:
    """What holds for every wholesale order with the outlet."""
    actor = current_actor()
    place = shelves.get_outlet(reading(), actor, MANAGE, outlet)
    terms = offers.find_seller_terms(reading(), place.id)
    form = SellerForm(obj=terms, data={} if terms else {"first_order_minimum": 0, "reorder_minimum": 0, "payment_days": 14})

    def work(session: Session) -> None:
        offers.set_seller_terms(session, actor, shelves.get_outlet(session, actor, MANAGE, outlet), **form.values())

    if form.validate_on_submit() and save(form, work):
        flash(_("The terms are saved."), "success")
        return redirect(url_for("office.offer_list"), 303)
    place = shelves.get_outlet(reading(), actor, MANAGE, outlet)
    return render_template("office/offers/seller.html", form=form, place=place, says=wholesale_words), status_of(form)


def _pack(code: str) -> tuple[Variant, Product]:
    pack = variants.get_variant(reading(), code)
    return pack, reading().get_one(Product, pack.product_id)


def _source(offer: Offer, variant: str) -> OfferSource:
    found = next((source for source in offer.sources if source.variant.code == variant), None)
    if found is None:
        raise NotFound
    return found


def _months(offer: Offer) -> list[date]:
    first = capacity.first_of_month(clock.today(offer.outlet.zone))
    return [date(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1, 1) for ahead in range(MONTHS)]


def _price_form(offer: Offer, *, is_asked: bool) -> PriceForm:
    today = clock.today(offer.outlet.zone)
    tiers = price_lists.map_tiers(reading(), [offer.id], None, today).get(offer.id, ())
    lines = "\n".join(f"{tier.from_cases} = {tier.unit_price:,}".replace(",", ".") for tier in tiers)
    data = {"starts_on": today.isoformat(), "tiers": lines}
    form = PriceForm(data=data) if is_asked else PriceForm(formdata=None, data=data)
    own = [
        (group.code, group.name) for group, _count in groups.list_groups(reading(), current_actor()) if group.outlet_id == offer.outlet_id
    ]
    form.group.choices = own
    return form


def _page(
    code: str,
    *,
    prices: PageForm | None = None,
    source: PageForm | None = None,
    state: PageForm | None = None,
    capacity_form: PageForm | None = None,
) -> ResponseReturnValue:
    session, actor = reading(), current_actor()
    offer = offers.get_offer(session, actor, code)
    months = _months(offer)
    refused = prices or source or state or capacity_form
    profiles = list_profiles(session)
    page = render_template(
        "office/offers/offer.html",
        offer=offer,
        says=wholesale_words,
        today=clock.today(offer.outlet.zone),
        rows=price_lists.list_price_rows(session, offer.id),
        group_names={group.id: group.name for group, _count in groups.list_groups(session, actor)},
        months=months,
        calendar=capacity.map_capacity(session, [each.id for each in offer.sources], months),
        gaps=[(profile.name(current_language()), found) for profile, found in gaps.list_gaps_of(session, offer, profiles)],
        refused=refused or PageForm(formdata=None),
        prices=prices or _price_form(offer, is_asked=False),
        source_form=source or SourceForm(formdata=None),
        history=history_of([offers.subject_of(offer)]),
    )
    return page, (409 if state else 422) if refused else 200
