"""URL map of a buyer's pad, quotes, orders and invoices; storefront.wholesale.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.routing import Route
from storefront.wholesale import baskets, invoices, purchases, quotes

FORM, POST = ("GET", "POST"), ("POST",)
BUY = Permission.BUY_WHOLESALE

ROUTES: list[Route] = [
    Route("/pad", baskets.order_pad, BUY, FORM),
    Route("/basket", baskets.basket, BUY),
    Route("/basket/order", baskets.basket_order, BUY, POST),
    Route("/basket/quote", baskets.basket_quote, BUY, POST),
    Route("/quotes", quotes.quotes, BUY),
    Route("/quotes/<code>", quotes.quote, BUY),
    Route("/quotes/<code>/accept", quotes.quote_accept, BUY, POST),
    Route("/quotes/<code>/counter", quotes.quote_counter, BUY, POST),
    Route("/quotes/<code>/end", quotes.quote_end, BUY, POST),
    Route("/quotes/<code>/quote.pdf", quotes.quote_pdf, BUY),
    Route("/orders", purchases.purchases, BUY),
    Route("/orders/<code>", purchases.purchase, BUY),
    Route("/orders/<code>/decision", purchases.purchase_decide, BUY, POST),
    Route("/orders/<code>/cancel", purchases.purchase_cancel, BUY, POST),
    Route("/orders/<code>/receipt", purchases.purchase_receipt, BUY, FORM),
    Route("/orders/<code>/confirmation.pdf", purchases.purchase_confirmation, BUY),
    Route("/orders/<code>/delivery-note.pdf", purchases.purchase_note, BUY),
    Route("/invoices", invoices.invoices, BUY),
    Route("/invoices/<code>", invoices.invoice, BUY),
    Route("/invoices/<code>/pay", invoices.invoice_pay, BUY, POST),
    Route("/invoices/<code>/look-again", invoices.invoice_look, BUY, POST),
    Route("/invoices/<code>/invoice.pdf", invoices.invoice_pdf, BUY),
    Route("/invoices/<code>/<note>.pdf", invoices.credit_pdf, BUY),
]
