"""URL map of the programme's pages in the office: mapping, reporting, monitoring; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import mapping, mapping_evidence, mapping_village
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
VIEW, MAP, DECIDE = Permission.VIEW_PROGRAMME, Permission.MAP_VILLAGES, Permission.DECIDE_PROGRAMME

ROUTES: list[Route] = [
    Route("/mapping/", mapping.mapping, VIEW),
    Route("/mapping/open", mapping.mapping_open, DECIDE, POST),
    Route("/mapping/villages", mapping.mapping_villages, VIEW),
    Route("/mapping/villages.<kind>", mapping.mapping_file, VIEW),
    Route("/mapping/same", mapping.mapping_twins, VIEW),
    Route("/mapping/villages/<village>", mapping_village.mapping_village, VIEW),
    Route("/mapping/villages/<village>/move", mapping_village.mapping_move, DECIDE, POST),
    Route("/mapping/villages/<village>/new", mapping_village.potential_new, MAP, FORM),
    Route("/mapping/potentials/<potential>", mapping_village.potential_edit, MAP, FORM),
    Route("/mapping/potentials/<potential>/remove", mapping_village.potential_remove, MAP, POST),
    Route("/mapping/potentials/<potential>/evidence", mapping_evidence.evidence_new, MAP, FORM),
    Route("/mapping/evidence/<evidence>", mapping_evidence.evidence_file, VIEW),
    Route("/mapping/evidence/<evidence>/remove", mapping_evidence.evidence_remove, MAP, POST),
]
