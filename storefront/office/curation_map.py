"""URL map of proposing and curation in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import (
    criteria,
    curation,
    curation_decision,
    curation_gates,
    curation_score,
    programme_offices,
    proposal,
    proposals,
    unsent_forms,
)
from storefront.routing import Reach, Route

FORM, POST = ("GET", "POST"), ("POST",)
PROPOSER = Reach.PROPOSER
VIEW, ASSESS, DECIDE = Permission.VIEW_CURATION, Permission.ASSESS_PRODUCTS, Permission.DECIDE_CURATION

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
    Route("/curation", curation.curation_queue, VIEW),
    Route("/curation/scoring", curation.scoring_queue, ASSESS),
    Route("/curation/due", curation.curation_due, VIEW),
    Route("/curation/criteria", criteria.criteria_sets, DECIDE),
    Route("/curation/criteria/<int:year>/<int:version>", criteria.criteria_set, DECIDE),
    Route("/curation/criteria/<int:year>/<int:version>/edit", criteria.criteria_edit, DECIDE, FORM),
    Route("/curation/criteria/<int:year>/<int:version>/step", criteria.criteria_step, DECIDE, POST),
    Route("/curation/<code>", curation.curation_file, VIEW),
    Route("/curation/<code>/step", curation.curation_step, DECIDE, POST),
    Route("/curation/<code>/gates", curation_gates.curation_gates, DECIDE, FORM),
    Route("/curation/<code>/gates/<gate>.jpg", curation_gates.curation_evidence, VIEW),
    Route("/curation/<code>/score", curation_score.curation_score, ASSESS, FORM),
    Route("/curation/<code>/score/<int:sheet>/<int:criterion>.jpg", curation_score.score_evidence, VIEW),
    Route("/curation/<code>/conflict", curation_score.curation_conflict, VIEW, POST),
    Route("/curation/<code>/conflicts/<int:conflict>/end", curation_score.curation_conflict_end, DECIDE, POST),
    Route("/curation/<code>/decision", curation_decision.curation_decision, DECIDE, POST),
    Route("/curation/<code>/letter", curation_decision.curation_letter, DECIDE),
    Route("/curation/<code>/improvements/<item>", curation.curation_improvement, VIEW, POST),
    Route("/programme-offices", programme_offices.programme_offices, Permission.MANAGE_PEOPLE),
    Route("/programme-offices/new", programme_offices.programme_office_new, Permission.MANAGE_PEOPLE, FORM),
    Route("/programme-offices/<area>", programme_offices.programme_office, Permission.MANAGE_PEOPLE, FORM),
    Route("/unsent/<key>", unsent_forms.unsent_keep, Reach.SIGNED_IN, POST),
    Route("/unsent/<key>/forget", unsent_forms.unsent_drop, Reach.SIGNED_IN, POST),
]
