"""URL map of the pages that set up a regency's shop; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import categories, outlet_closing, outlets, photos, village_texts
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
PUBLISH, MAKERS = Permission.PUBLISH_PRODUCTS, Permission.EDIT_MAKERS

ROUTES: list[Route] = [
    Route("/outlets/new", outlets.outlet_new, Permission.MANAGE_PEOPLE, FORM),
    Route("/outlets/<outlet>/place", outlets.outlet_place, Permission.MANAGE_MONEY, FORM),
    Route("/outlets/<outlet>/closing", outlet_closing.outlet_closing, Permission.MANAGE_MONEY),
    Route("/outlets/<outlet>/close", outlet_closing.outlet_close, Permission.MANAGE_PEOPLE, POST),
    Route("/outlets/<outlet>/reopen", outlet_closing.outlet_reopen, Permission.MANAGE_PEOPLE, POST),
    Route("/categories", categories.categories, PUBLISH, FORM),
    Route("/categories/<category>", categories.category, PUBLISH, FORM),
    Route("/categories/<category>/remove", categories.category_remove, PUBLISH, FORM),
    Route("/mapping/villages/<village>/page", village_texts.village_texts, MAKERS, FORM),
    Route("/mapping/villages/<village>/photos", photos.village_photos, MAKERS),
    Route("/mapping/villages/<village>/photos/add", photos.village_photos_add, MAKERS, POST),
]
