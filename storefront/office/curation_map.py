"""URL map of proposing and curation in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from storefront.office import proposal, proposals, unsent_forms
from storefront.routing import Reach, Route

FORM, POST = ("GET", "POST"), ("POST",)
PROPOSER = Reach.PROPOSER

ROUTES: list[Route] = [
    Route("/proposals", proposals.proposals, PROPOSER),
    Route("/proposals/products", proposals.proposal_products, PROPOSER),
    Route("/proposals/new", proposals.proposal_new, PROPOSER, FORM),
    Route("/proposals/begin/<slug>", proposals.proposal_begin, PROPOSER, FORM),
    Route("/proposals/<code>", proposal.proposal, PROPOSER),
    Route("/proposals/<code>/edit", proposal.proposal_edit, PROPOSER, FORM),
    Route("/proposals/<code>/photos", proposal.proposal_photos_add, PROPOSER, POST),
    Route("/proposals/<code>/photos/<name>/remove", proposals.proposal_photo_remove, PROPOSER, POST),
    Route("/proposals/<code>/step", proposal.proposal_step, PROPOSER, POST),
    Route("/unsent/<key>", unsent_forms.unsent_keep, Reach.SIGNED_IN, POST),
    Route("/unsent/<key>/forget", unsent_forms.unsent_drop, Reach.SIGNED_IN, POST),
]
