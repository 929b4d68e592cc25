"""URL map of the office's mentoring pages."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import dossiers, events, mentoring, organisations, visits
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
READ, WRITE = Permission.VIEW_CURATION, Permission.MENTOR_MAKERS

ROUTES: list[Route] = [
    Route("/mentoring/", mentoring.mentoring, READ),
    Route("/mentoring/visits", visits.visits, READ),
    Route("/mentoring/visits/new", visits.visit_new, WRITE, FORM),
    Route("/mentoring/visits/<code>", visits.visit, READ),
    Route("/mentoring/visits/<code>/photos/<name>", visits.visit_photo, READ),
    Route("/mentoring/makers/<slug>", mentoring.mentored_maker, READ),
    Route("/mentoring/makers/<slug>/items", mentoring.maker_item_new, WRITE, POST),
    Route("/mentoring/makers/<slug>/refer", mentoring.maker_refer, WRITE, POST),
    Route("/mentoring/makers/<slug>/dossier", dossiers.dossier, WRITE),
    Route("/mentoring/makers/<slug>/dossier/plan", dossiers.dossier_plan, WRITE, POST),
    Route("/mentoring/makers/<slug>/dossier/versions", dossiers.dossier_make, WRITE, POST),
    Route("/mentoring/makers/<slug>/dossier/dossier.pdf", dossiers.dossier_paper, WRITE),
    Route("/mentoring/makers/<slug>/dossier/shares", dossiers.dossier_share, Permission.DECIDE_CURATION, POST),
    Route("/mentoring/makers/<slug>/dossier/shares/<code>/revoke", dossiers.dossier_revoke, Permission.DECIDE_CURATION, POST),
    Route("/mentoring/referrals/<code>/result", mentoring.referral_result, WRITE, POST),
    Route("/mentoring/items", mentoring.action_items, READ),
    Route("/mentoring/items/<code>", mentoring.action_done, WRITE, FORM),
    Route("/mentoring/items/<code>/reopen", mentoring.action_reopen, WRITE, POST),
    Route("/mentoring/items/<code>/evidence", mentoring.action_evidence, READ),
    Route("/mentoring/assignments", mentoring.assignments, Permission.DECIDE_CURATION, FORM),
    Route("/mentoring/assignments/<code>/end", mentoring.assignment_end, Permission.DECIDE_CURATION, POST),
    Route("/mentoring/events", events.events, READ),
    Route("/mentoring/events/new", events.event_new, WRITE, FORM),
    Route("/mentoring/events/<code>", events.event, READ),
    Route("/mentoring/events/<code>/change", events.event_change, WRITE, FORM),
    Route("/mentoring/events/<code>/register", events.event_register, WRITE, POST),
    Route("/mentoring/events/<code>/mark", events.event_mark, WRITE, POST),
    Route("/mentoring/events/<code>/cancel", events.event_cancel, WRITE, POST),
    Route("/mentoring/events/<code>/sheet", events.event_sheet, READ),
    Route("/mentoring/organisations", organisations.organisations, READ),
    Route("/mentoring/organisations/new", organisations.organisation_new, WRITE, FORM),
    Route("/mentoring/organisations/<code>", organisations.organisation, READ),
    Route("/mentoring/organisations/<code>/change", organisations.organisation_change, WRITE, FORM),
]
