"""URL map of the wholesale pages."""

from __future__ import annotations

from flask import Blueprint

from kernel.people import Permission
from storefront.routing import Reach, Route, add_routes
from storefront.wholesale import api_access_map, company, entrance, files, offers, papers, quotes_map, samples, searches
from storefront.wholesale.frame import keep_figures_private

FORM, POST = ("GET", "POST"), ("POST",)
BUY = Permission.BUY_WHOLESALE

ROUTES: list[Route] = [
    Route("/", entrance.index, Reach.PUBLIC),
    Route("/apply", entrance.apply, Reach.PUBLIC, FORM),
    Route("/applications/<token>", entrance.application, Reach.LINK),
    Route("/applications/<token>/edit", entrance.application_edit, Reach.LINK, FORM),
    Route("/applications/<token>/papers", entrance.application_paper, Reach.LINK, POST),
    Route("/offers", offers.offers, BUY),
    Route("/offers/price-list.xlsx", files.price_list, BUY),
    Route("/offers/catalogue.pdf", files.catalogue, BUY),
    Route("/offers/compare", offers.compare, BUY),
    Route("/offers/<code>", offers.offer, BUY),
    Route("/offers/<code>/sheet.pdf", files.sheet, BUY),
    Route("/offers/<code>/sample", samples.sample_new, BUY, FORM),
    Route("/samples", samples.samples, BUY),
    Route("/samples/<code>", samples.sample, BUY),
    Route("/samples/<code>/received", samples.sample_receive, BUY, POST),
    Route("/samples/<code>/verdict", samples.sample_rate, BUY, POST),
    Route("/searches", searches.searches, BUY),
    Route("/searches/save", searches.search_save, BUY, POST),
    Route("/searches/<code>", searches.search_change, BUY, POST),
    Route("/company", company.company, BUY),
    Route("/company/papers/new", papers.company_paper, BUY, FORM),
    Route("/company/papers/<paper>", papers.company_scan, BUY),
    Route("/company/branches/new", company.branch_new, BUY, FORM),
    Route("/company/branches/<code>", company.branch, BUY, FORM),
    Route("/company/branches/<code>/close", company.branch_close, BUY, POST),
    Route("/company/people/new", company.buyer_new, BUY, FORM),
    Route("/company/people/<person>", company.colleague, BUY, FORM),
    Route("/company/people/<person>/remove", company.colleague_remove, BUY, POST),
]

blueprint = add_routes(Blueprint("wholesale", __name__, url_prefix="/wholesale"), [*ROUTES, *quotes_map.ROUTES, *api_access_map.ROUTES])
blueprint.after_request(keep_figures_private)
