"""URL map of the office's pages about partners' quotes, orders and invoices; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import trade_invoices, trade_orders, trade_papers, trade_quotes
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
MANAGE, MONEY = Permission.MANAGE_WHOLESALE, Permission.MANAGE_MONEY

ROUTES: list[Route] = [
    Route("/wholesale/quotes", trade_quotes.trade_quotes, MANAGE),
    Route("/wholesale/quotes/<code>", trade_quotes.trade_quote, MANAGE),
    Route("/wholesale/quotes/<code>/offer", trade_quotes.trade_quote_offer, MANAGE, POST),
    Route("/wholesale/quotes/<code>/decline", trade_quotes.trade_quote_decline, MANAGE, POST),
    Route("/wholesale/quotes/<code>/quote.pdf", trade_papers.trade_quote_pdf, MANAGE),
    Route("/wholesale/orders", trade_orders.trade_orders, MANAGE),
    Route("/wholesale/orders/<code>", trade_orders.trade_order, MANAGE),
    Route("/wholesale/orders/<code>/divide", trade_orders.trade_order_divide, MANAGE, FORM),
    Route("/wholesale/orders/<code>/pack", trade_orders.trade_order_pack, MANAGE, POST),
    Route("/wholesale/orders/<code>/dispatch", trade_orders.trade_order_dispatch, MANAGE, POST),
    Route("/wholesale/orders/<code>/receipt", trade_orders.trade_order_receipt, MANAGE, FORM),
    Route("/wholesale/orders/<code>/claims", trade_orders.trade_order_settle, MANAGE, FORM),
    Route("/wholesale/orders/<code>/invoice", trade_orders.trade_order_invoice, MANAGE, POST),
    Route("/wholesale/orders/<code>/cancel", trade_orders.trade_order_cancel, MANAGE, POST),
    Route("/wholesale/orders/<code>/confirmation.pdf", trade_papers.trade_confirmation_pdf, MANAGE),
    Route("/wholesale/orders/<code>/delivery-note.pdf", trade_papers.trade_note_pdf, MANAGE),
    Route("/wholesale/orders/<code>/cartons.pdf", trade_papers.trade_cartons_pdf, MANAGE),
    Route("/wholesale/invoices", trade_invoices.trade_invoices, MANAGE),
    Route("/wholesale/invoices/<code>", trade_invoices.trade_invoice, MANAGE),
    Route("/wholesale/invoices/<code>/payment", trade_invoices.trade_invoice_pay, MONEY, POST),
    Route("/wholesale/invoices/<code>/credit", trade_invoices.trade_invoice_credit, MANAGE, FORM),
    Route("/wholesale/invoices/<code>/money-back", trade_invoices.trade_invoice_back, MONEY, POST),
    Route("/wholesale/invoices/<code>/invoice.pdf", trade_papers.trade_invoice_pdf, MANAGE),
    Route("/wholesale/invoices/<code>/<note>.pdf", trade_papers.trade_credit_pdf, MANAGE),
    Route("/wholesale/ageing", trade_invoices.trade_ageing, MANAGE),
    Route("/wholesale/performance", trade_invoices.trade_performance, MANAGE),
]
