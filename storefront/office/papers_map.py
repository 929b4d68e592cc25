"""URL map of the office's pages of papers, of channels and of the audit trail."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import channels, papers, record_history
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)

ROUTES: list[Route] = [
    Route("/certificates/", papers.papers, Permission.VIEW_CURATION),
    Route("/certificates/calendar", papers.paper_calendar, Permission.VIEW_CURATION),
    Route("/certificates/channels", channels.channel_list, Permission.PUBLISH_PRODUCTS, FORM),
    Route("/certificates/channels/<code>/end", channels.channel_end, Permission.PUBLISH_PRODUCTS, POST),
    Route("/certificates/<code>", papers.paper, Permission.VIEW_CURATION),
    Route("/certificates/<code>/scan", papers.paper_scan, Permission.EDIT_PRODUCTS),
    Route("/certificates/<code>/scan/new", papers.paper_scan_new, Permission.EDIT_PRODUCTS, POST),
    Route("/certificates/<code>/renew", papers.paper_renew, Permission.EDIT_PRODUCTS, FORM),
    Route("/certificates/<code>/end", papers.paper_end, Permission.EDIT_PRODUCTS, POST),
    Route("/audit/", record_history.audit_trail, Permission.VIEW_REPORTS),
]
