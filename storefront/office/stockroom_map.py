"""URL map of the stock room's pages in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import batches, counts, deliveries, delivery_import, delivery_lines, labels, pull_outs, transfers
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
VIEW, EDIT, COUNT = Permission.VIEW_STOCK, Permission.EDIT_STOCK, Permission.COUNT_STOCK

ROUTES: list[Route] = [
    Route("/deliveries", deliveries.deliveries, VIEW),
    Route("/deliveries/new", deliveries.delivery_new, EDIT, FORM),
    Route("/deliveries/<code>", deliveries.delivery, VIEW),
    Route("/deliveries/<code>/step", deliveries.delivery_step, EDIT, POST),
    Route("/deliveries/<code>/maker", deliveries.delivery_confirm, EDIT, POST),
    Route("/deliveries/<code>/lines/add/<variant>", delivery_lines.delivery_line_add, EDIT, POST),
    Route("/deliveries/<code>/lines/<int:position>", delivery_lines.delivery_line, EDIT, FORM),
    Route("/deliveries/<code>/lines/<int:position>/remove", delivery_lines.delivery_line_remove, EDIT, POST),
    Route("/deliveries/<code>/photos/<name>.jpg", delivery_lines.delivery_photo, VIEW),
    Route("/deliveries/<code>/import", delivery_import.delivery_import, EDIT, FORM),
    Route("/deliveries/<code>/labels", labels.delivery_labels, VIEW, FORM),
    Route("/deliveries/<code>/note.pdf", labels.delivery_paper, VIEW),
    Route("/stock/<outlet>/labels", labels.shelf_labels, VIEW, FORM),
    Route("/stock/<outlet>/pull-outs", pull_outs.pull_outs_due, VIEW),
    Route("/stock/<outlet>/low", pull_outs.shelf_low, VIEW),
    Route("/stock/<outlet>/ageing", pull_outs.shelf_ageing, VIEW),
    Route("/stock/<outlet>/pull-outs/<maker>", pull_outs.pull_out_new, EDIT, FORM),
    Route("/pull-outs", pull_outs.pull_outs, VIEW),
    Route("/pull-outs/<code>", pull_outs.pull_out, VIEW, FORM),
    Route("/counts", counts.counts, COUNT, FORM),
    Route("/counts/<code>", counts.count, COUNT, FORM),
    Route("/counts/<code>/differences", counts.count_review, COUNT, FORM),
    Route("/counts/<code>/step", counts.count_step, COUNT, POST),
    Route("/transfers", transfers.transfers, VIEW, FORM),
    Route("/transfers/<code>", transfers.transfer, VIEW),
    Route("/transfers/<code>/lines", transfers.transfer_line, EDIT, POST),
    Route("/transfers/<code>/step", transfers.transfer_step, EDIT, POST),
    Route("/transfers/<code>/receive", transfers.transfer_receive, EDIT, POST),
    Route("/batches", batches.batches, VIEW),
    Route("/batches/<slug>/<path:lot>", batches.batch, VIEW, FORM),
]
