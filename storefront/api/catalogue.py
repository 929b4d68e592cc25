"""The table of all operations: what the API can do, in the order of its document."""

from __future__ import annotations

from kernel.errors import N_
from orders.models.api_key import Scope
from storefront.api import offers, public
from storefront.api.operations import Operation, Place
from storefront.api.shapes import public as shapes
from storefront.api.shapes import wholesale
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

CODE = Place(r"^[0-9A-Z]{8}$", "K7QTX4MN", "The code, as lists give it.")

OFFERS: tuple[Operation, ...] = (
    Operation(
        path="/offers",
        view=offers.list_offers,
        asked=PageAsked,
        answer=wholesale.OfferPage,
        scope=Scope.CATALOGUE,
        summary=N_("Offers by the case with everything about them, or what changed since"),
        tag="offers",
    ),
    Operation(
        path="/offers/{code}",
        view=offers.get_offer,
        places={"code": CODE},
        answer=wholesale.Offer,
        scope=Scope.CATALOGUE,
        summary=N_("One offer"),
        tag="offers",
    ),
    Operation(
        path="/prices",
        view=offers.list_prices,
        asked=PageAsked,
        answer=wholesale.PricePage,
        scope=Scope.CATALOGUE,
        summary=N_("Your prices of today by quantity"),
        tag="offers",
    ),
    Operation(
        path="/stock",
        view=offers.list_stock,
        asked=PageAsked,
        answer=wholesale.StockPage,
        scope=Scope.CATALOGUE,
        summary=N_("Stock at the seller, and the makers' free capacity"),
        tag="offers",
    ),
    Operation(
        path="/papers",
        view=offers.list_papers,
        asked=PageAsked,
        answer=wholesale.PaperPage,
        scope=Scope.CATALOGUE,
        summary=N_("Certificates that are valid today"),
        tag="offers",
    ),
)

OPERATIONS: tuple[Operation, ...] = (*PUBLIC, *OFFERS)
