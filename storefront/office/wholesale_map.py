"""URL map of partners, offers, readiness and samples in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import offer_mixes, offers, partner_samples, partners, readiness_profiles
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
MANAGE = Permission.MANAGE_WHOLESALE

ROUTES: list[Route] = [
    Route("/partners/", partners.partner_list, MANAGE),
    Route("/partners/groups", partners.group_list, MANAGE),
    Route("/partners/groups/new", partners.group_new, MANAGE, FORM),
    Route("/partners/groups/<code>", partners.group_page, MANAGE, FORM),
    Route("/partners/<code>", partners.partner_page, MANAGE),
    Route("/partners/<code>/terms", partners.partner_terms, MANAGE, POST),
    Route("/partners/<code>/decision", partners.partner_decide, MANAGE, POST),
    Route("/partners/<code>/company", partners.partner_company, MANAGE, FORM),
    Route("/partners/<code>/papers", partners.partner_paper, MANAGE, POST),
    Route("/partners/<code>/papers/<paper>", partners.partner_scan, MANAGE),
    Route("/partners/<code>/papers/<paper>/<act>", partners.partner_paper_act, MANAGE, POST),
    Route("/partners/<code>/buyers", partners.partner_buyer, MANAGE, POST),
    Route("/offers/", offers.offer_list, MANAGE),
    Route("/offers/new", offers.offer_choose, MANAGE),
    Route("/offers/new/<variant>", offers.offer_new, MANAGE, FORM),
    Route("/offers/seller/<outlet>", offers.seller_terms, MANAGE, FORM),
    Route("/offers/mixes/<outlet>", offer_mixes.offer_mixes, MANAGE, FORM),
    Route("/offers/mixes/<outlet>/<mix>", offer_mixes.offer_mix, MANAGE, FORM),
    Route("/offers/<code>", offers.offer_page, MANAGE),
    Route("/offers/<code>/edit", offers.offer_edit, MANAGE, FORM),
    Route("/offers/<code>/prices", offers.offer_prices, MANAGE, POST),
    Route("/offers/<code>/state", offers.offer_state, MANAGE, POST),
    Route("/offers/<code>/makers", offers.offer_source, MANAGE, POST),
    Route("/offers/<code>/makers/<variant>", offers.offer_capacity, MANAGE, POST),
    Route("/readiness/", readiness_profiles.readiness, MANAGE),
    Route("/readiness/<key>", readiness_profiles.readiness_profile, MANAGE, FORM),
    Route("/samples/", partner_samples.sample_list, MANAGE),
    Route("/samples/<code>", partner_samples.sample_page, MANAGE, FORM),
]
