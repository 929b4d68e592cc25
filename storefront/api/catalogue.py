"""The table of all operations: what the API can do, in the order of its document."""

from __future__ import annotations

from catalog.provenance import epcis
from kernel.errors import N_
from orders.models.api_key import Scope
from storefront.api import batches, offers, public, trade
from storefront.api.operations import Operation, Place
from storefront.api.shapes import public as shapes
from storefront.api.shapes import trade as trade_shapes
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
        path="/products/{slug}/batch",
        view=batches.get_batch,
        places={"slug": SLUG},
        asked=shapes.BatchAsked,
        answer=shapes.Batch,
        summary=N_("One production lot: papers, origins, its way, and whether it was stopped"),
        tag="public",
    ),
    Operation(
        path="/products/{slug}/batch/events",
        view=batches.list_batch_events,
        places={"slug": SLUG},
        asked=shapes.BatchEventsAsked,
        answer=shapes.BatchEvents,
        media_type=epcis.MEDIA_TYPE,
        summary=N_("How one production lot came to be and to the shelves, as EPCIS 2.0 events"),
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

INVOICE = Place(r"^[0-9A-Z-]{8,30}$", "INV-T1-2026-0001", "The invoice's number.")

TRADE: tuple[Operation, ...] = (
    Operation(
        path="/company",
        view=trade.get_company,
        answer=trade_shapes.Company,
        scope=Scope.READ_ORDERS,
        summary=N_("Your company, and where goods are delivered"),
        tag="trade",
    ),
    Operation(
        path="/orders",
        view=trade.list_orders,
        asked=PageAsked,
        answer=trade_shapes.OrderPage,
        scope=Scope.READ_ORDERS,
        summary=N_("Your orders, or what changed since"),
        tag="trade",
    ),
    Operation(
        path="/orders",
        method="POST",
        view=trade.create_order,
        body=trade_shapes.OrderSent,
        answer=trade_shapes.Order,
        status=201,
        scope=Scope.WRITE_ORDERS,
        summary=N_("Order at today's list prices"),
        tag="trade",
    ),
    Operation(
        path="/orders/{code}",
        view=trade.get_order,
        places={"code": CODE},
        answer=trade_shapes.Order,
        scope=Scope.READ_ORDERS,
        summary=N_("One order"),
        tag="trade",
    ),
    Operation(
        path="/orders/{code}/cancel",
        method="POST",
        view=trade.cancel_order,
        places={"code": CODE},
        body=trade_shapes.CancelSent,
        answer=trade_shapes.Order,
        scope=Scope.WRITE_ORDERS,
        summary=N_("Call an order off before it is divided among makers"),
        tag="trade",
    ),
    Operation(
        path="/quotes",
        view=trade.list_quotes,
        asked=PageAsked,
        answer=trade_shapes.QuotePage,
        scope=Scope.READ_ORDERS,
        summary=N_("Your quotes, or what changed since"),
        tag="trade",
    ),
    Operation(
        path="/quotes",
        method="POST",
        view=trade.create_quote,
        body=trade_shapes.QuoteSent,
        answer=trade_shapes.Quote,
        status=201,
        scope=Scope.WRITE_ORDERS,
        summary=N_("Ask for a price"),
        tag="trade",
    ),
    Operation(
        path="/quotes/{code}",
        view=trade.get_quote,
        places={"code": CODE},
        answer=trade_shapes.Quote,
        scope=Scope.READ_ORDERS,
        summary=N_("One quote"),
        tag="trade",
    ),
    Operation(
        path="/quotes/{code}/accept",
        method="POST",
        view=trade.accept_quote,
        places={"code": CODE},
        body=trade_shapes.AcceptSent,
        answer=trade_shapes.Order,
        status=201,
        scope=Scope.WRITE_ORDERS,
        summary=N_("Accept what was offered, which makes it an order"),
        tag="trade",
    ),
    Operation(
        path="/invoices",
        view=trade.list_invoices,
        asked=PageAsked,
        answer=trade_shapes.InvoicePage,
        scope=Scope.READ_INVOICES,
        summary=N_("Your invoices, or what changed since"),
        tag="trade",
    ),
    Operation(
        path="/invoices/{code}",
        view=trade.get_invoice,
        places={"code": INVOICE},
        answer=trade_shapes.Invoice,
        scope=Scope.READ_INVOICES,
        summary=N_("One invoice"),
        tag="trade",
    ),
)

OPERATIONS: tuple[Operation, ...] = (*PUBLIC, *OFFERS, *TRADE)
