"""The table of all operations: what the API can do, in the order of its document."""

from __future__ import annotations

from kernel.errors import N_
from storefront.api import public
from storefront.api.operations import Operation, Place
from storefront.api.shapes import public as shapes
from storefront.api.shapes.ground import PageAsked

SLUG = Place(r"^[a-z0-9][a-z0-9-]{0,139}$", "keripik-ubi-kencur", "The name in the address of its page.")

PUBLIC: tuple[Operation, ...] = (
    Operation(
        path="/products",
        view=public.list_products,
        asked=PageAsked,
        answer=shapes.ProductPage,
        summary=N_("Live products, or what changed since"),
        tag="public",
    ),
    Operation(
        path="/products/{slug}",
        view=public.get_product,
        places={"slug": SLUG},
        answer=shapes.Product,
        summary=N_("One product"),
        tag="public",
    ),
    Operation(
        path="/makers",
        view=public.list_makers,
        asked=PageAsked,
        answer=shapes.MakerPage,
        summary=N_("Makers, or what changed since"),
        tag="public",
    ),
    Operation(
        path="/makers/{slug}",
        view=public.get_maker,
        places={"slug": SLUG},
        answer=shapes.Maker,
        summary=N_("One maker"),
        tag="public",
    ),
    Operation(
        path="/villages",
        view=public.list_villages,
        asked=shapes.VillagesAsked,
        answer=shapes.Villages,
        summary=N_("The villages of the home area in a programme year"),
        tag="public",
    ),
)

OPERATIONS: tuple[Operation, ...] = PUBLIC
