"""URL map of the feeds' pages in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import feeds
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
MANAGE = Permission.MANAGE_FEEDS

ROUTES: list[Route] = [
    Route("/feeds", feeds.feed_list, MANAGE),
    Route("/feeds/<feed>", feeds.feed, MANAGE),
    Route("/feeds/<feed>/settings", feeds.feed_settings, MANAGE, FORM),
    Route("/feeds/<feed>/categories", feeds.feed_categories, MANAGE, FORM),
    Route("/feeds/<feed>/products/<product>", feeds.feed_product, MANAGE, POST),
    Route("/feeds/<feed>/sheet.xlsx", feeds.feed_sheet, MANAGE),
]
