"""Offers for an approved partner: the list with its filters, one offer, and up to four beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalog.areas import map_areas
from catalog.readiness.profiles import Profile, list_profiles
from catalog.search import searching
from orders.models.offer import SellerTerms
from orders.models.partner import Partner
from orders.wholesale import browsing, buyers
from orders.wholesale.browsing import Choices
from orders.wholesale.buyers import Buyer
from orders.wholesale.offers import find_seller_terms
from orders.wholesale.views import OfferView, list_views
from orders.wholesale.visible import get_visible_id
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.places import suggestions
from storefront.search_engine import get_engine
from storefront.wholesale.frame import enter, show, today
from storefront.wholesale.questions import Asked, Options, read_asked
from storefront.wholesale_words import SORT

MOST_COMPARED = 4


@dataclass(frozen=True, slots=True)
class Shelf:
    """One buyer's question with everything needed to answer it."""

    asked: Asked
    options: Options
    choices: Choices
    scores: dict[int, float] | None
    day: date


def look(session: Session, buyer: Buyer, args: MultiDict[str, str], path: str) -> Shelf:
    """Read a question of this buyer: of the page, of a file, or of a saved search."""
    language = current_language()
    choices = browsing.find_choices(session, buyer.audience, language)
    branches = buyers.list_branches(session, buyer.audience.partner_id)
    asked = read_asked(
        args,
        path,
        ready={profile.key for profile in choices.profiles},
        areas={branch.code: branch.area_code for branch in branches},
    )
    options = Options(
        category=[(shelf.slug, shelf.name) for shelf in choices.categories],
        region=choices.regions,
        ready=[(profile.key, profile.name(language)) for profile in choices.profiles],
        deliver=[(branch.code, branch.name) for branch in branches],
    )
    scores = searching.rank(get_engine(), session, asked.words) if asked.words else None
    return Shelf(asked, options, choices, scores, today(buyer.audience))


def offers() -> Response:
    """The list: what is asked stands in the address, so it can be sent to a colleague and saved."""
    buyer, session = enter(), reading()
    shelf = look(session, buyer, request.args, request.script_root + request.path)
    page = browsing.find_offers(session, buyer.audience, shelf.asked.question, shelf.day, shelf.choices, shelf.scores)
    views = list_views(session, buyer.audience, page.ids, current_language(), shelf.day, shelf.choices.profiles)
    status = 400 if shelf.asked.problems else 404 if page.number > page.count else 200
    return show(
        "wholesale/offers/offers.html",
        buyer,
        status,
        asked=shelf.asked,
        options=shelf.options,
        page=page,
        views=views,
        chips=shelf.asked.chips(shelf.options),
        profile_names=dict(shelf.options.ready),
        sorts=[(sort.value, _(label)) for sort, label in SORT.items()],
        own_profile=buyer.audience.profile_key,
        terms=shelf.choices.terms,
    )


def offer(code: str) -> Response:
    """One offer: the case, the prices, what is free, the papers, and what each kind of retailer still misses."""
    buyer, session = enter(), reading()
    day = today(buyer.audience)
    profiles = list_profiles(session)
    view = find_views(session, buyer, [code], profiles)[0]
    partner = session.get_one(Partner, buyer.audience.partner_id)
    terms = find_seller_terms(session, buyer.audience.outlet_id)
    return show(
        "wholesale/offers/offer.html",
        buyer,
        view=view,
        day=day,
        delivery=[name for _code, name in suggestions(list(map_areas(session, view.delivery_prefixes).values()))],
        profiles=profiles,
        own_profile=buyer.audience.profile_key,
        terms=terms,
        payment_days=payment_days(partner, terms),
    )


def compare() -> Response:
    """Up to four offers beside each other; their codes stand in the address."""
    buyer, session = enter(), reading()
    codes = list(dict.fromkeys(code.strip().upper()[:8] for code in request.args.getlist("offer") if code.strip()))
    profiles = list_profiles(session)
    views = find_views(session, buyer, codes[:MOST_COMPARED], profiles)
    addresses = {view.code: url_for("wholesale.compare", offer=[each.code for each in views if each is not view]) for view in views}
    return show(
        "wholesale/offers/compare.html",
        buyer,
        views=views,
        profiles=profiles,
        without=addresses,
        is_cut=len(codes) > MOST_COMPARED,
        most=MOST_COMPARED,
    )


def find_views(session: Session, buyer: Buyer, codes: list[str], profiles: list[Profile]) -> list[OfferView]:
    """The offers with these codes as this buyer sees them; NotFound when one is not theirs to see."""
    day = today(buyer.audience)
    ids = [get_visible_id(session, buyer.audience, code, day) for code in codes]
    return list_views(session, buyer.audience, ids, current_language(), day, profiles)


def payment_days(partner: Partner, terms: SellerTerms | None) -> int:
    """Days from invoice to due date: the partner's own, else the seller's usual ones."""
    return partner.payment_days or (terms.payment_days if terms else 0)
