"""The office: mapping, curation, reporting and monitoring of the programme."""

from __future__ import annotations

from tests.house.permission_rows.groups import (
    ANYWHERE_IN_PROGRAMME,
    ASSESSORS,
    AWAY_FROM_AREA,
    AWAY_FROM_CURATION,
    CURATION_VIEWERS,
    CURATORS,
    GONE,
    MAKERS,
    NOT_THEIR_PROPOSAL,
    PROPOSE_ANYWHERE,
    PROPOSERS,
    PROVINCE,
    SIGNED_IN,
    STAFF,
    TOP,
    VIEWERS_HERE,
    Row,
)

ROWS: dict[str, Row] = {
    # the programme: mapping
    "office.mapping": Row("/office/mapping/", ANYWHERE_IN_PROGRAMME),
    "office.mapping_open": Row("/office/mapping/open?year=2026", CURATORS | AWAY_FROM_AREA),
    "office.mapping_villages": Row("/office/mapping/villages", ANYWHERE_IN_PROGRAMME),
    "office.mapping_file": Row("/office/mapping/villages.csv", ANYWHERE_IN_PROGRAMME),
    "office.mapping_twins": Row("/office/mapping/same", ANYWHERE_IN_PROGRAMME),
    "office.mapping_village": Row("/office/mapping/villages/{village}", VIEWERS_HERE, AWAY_FROM_CURATION),
    "office.mapping_move": Row("/office/mapping/villages/{village}/move", CURATORS, AWAY_FROM_AREA),
    "office.potential_new": Row("/office/mapping/villages/{village}/new", PROPOSERS, AWAY_FROM_CURATION),
    "office.potential_edit": Row("/office/mapping/potentials/{potential}", PROPOSERS, AWAY_FROM_CURATION),
    "office.evidence_new": Row("/office/mapping/potentials/{potential}/evidence", PROPOSERS, AWAY_FROM_CURATION),
    "office.evidence_file": Row("/office/mapping/evidence/{evidence}", VIEWERS_HERE, AWAY_FROM_CURATION, answers=frozenset({404})),
    "office.evidence_remove": Row("/office/mapping/evidence/{evidence}/remove", PROPOSERS, AWAY_FROM_CURATION),
    # the list of areas is public; its picker is for the office's forms
    "office.area_picker": Row("/office/areas.json?q=betung", STAFF),
    # the programme: monitoring
    "office.monitoring": Row("/office/monitoring/", ANYWHERE_IN_PROGRAMME),
    "office.monitoring_file": Row("/office/monitoring/figures.csv", ANYWHERE_IN_PROGRAMME),
    # the programme: reporting
    "office.reporting": Row("/office/reporting/", ANYWHERE_IN_PROGRAMME),
    "office.report_list": Row("/office/reporting/list", ANYWHERE_IN_PROGRAMME),
    "office.report_roll_up": Row("/office/reporting/roll-up.pdf?period={period}", ANYWHERE_IN_PROGRAMME - AWAY_FROM_AREA, AWAY_FROM_AREA),
    "office.period_new": Row("/office/reporting/periods/new", CURATORS | AWAY_FROM_AREA | PROVINCE),
    "office.period": Row("/office/reporting/periods/{period}", CURATION_VIEWERS, AWAY_FROM_AREA),
    "office.period_lock": Row("/office/reporting/periods/{period}/lock", CURATORS | PROVINCE, AWAY_FROM_AREA),
    "office.period_reopen": Row("/office/reporting/periods/{period}/reopen", TOP),
    "office.period_receive": Row("/office/reporting/periods/{period}/receive", TOP | PROVINCE),
    "office.report_begin": Row("/office/reporting/periods/{period}/{village}", PROPOSERS, AWAY_FROM_AREA),
    "office.village_report": Row("/office/reporting/reports/{report}", VIEWERS_HERE, AWAY_FROM_CURATION),
    "office.report_write": Row("/office/reporting/reports/{draft_report}/write", PROPOSERS, AWAY_FROM_AREA),
    "office.report_check": Row("/office/reporting/reports/{report}/check", CURATORS, AWAY_FROM_AREA),
    "office.report_return": Row("/office/reporting/reports/{report}/return", CURATORS, AWAY_FROM_AREA),
    "office.report_send_back": Row("/office/reporting/reports/{checked_report}/send-back", TOP | PROVINCE),
    "office.report_receive": Row("/office/reporting/reports/{checked_report}/receive", TOP | PROVINCE),
    "office.report_correct": Row("/office/reporting/reports/{checked_report}/correct", PROPOSERS, AWAY_FROM_AREA),
    "office.report_letter": Row("/office/reporting/reports/{report}/letter.pdf", VIEWERS_HERE, AWAY_FROM_CURATION),
    "office.potential_remove": Row("/office/mapping/potentials/{potential}/remove", PROPOSERS, AWAY_FROM_CURATION),
    # proposing: whoever proposes for the area, and the maker itself; other makers have pages of their own and see none of this
    "office.proposals": Row("/office/proposals", PROPOSE_ANYWHERE),
    "office.proposal_products": Row("/office/proposals/products", PROPOSE_ANYWHERE),
    "office.proposal_new": Row("/office/proposals/new", PROPOSE_ANYWHERE),
    "office.proposal_begin": Row("/office/proposals/begin/{product}", PROPOSERS | MAKERS, hidden=NOT_THEIR_PROPOSAL),
    "office.proposal": Row("/office/proposals/{proposal}", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS),
    "office.proposal_edit": Row("/office/proposals/{proposal}/edit", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS),
    "office.proposal_photos_add": Row("/office/proposals/{proposal}/photos", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS),
    "office.proposal_photo_remove": Row(
        "/office/proposals/{proposal}/photos/{proposal_photo}/remove", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS
    ),
    "office.proposal_step": Row(
        "/office/proposals/{proposal}/step", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS, form={"step": "withdraw"}
    ),
    # the desk: those who view read, assessors score, curators decide
    "office.curation_queue": Row("/office/curation", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.scoring_queue": Row("/office/curation/scoring", ASSESSORS | AWAY_FROM_AREA),
    "office.curation_due": Row("/office/curation/due", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.curation_file": Row("/office/curation/{submission}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION),
    "office.curation_step": Row(
        "/office/curation/{submission}/step", CURATORS, hidden=AWAY_FROM_AREA, form={"step": "return", "words": "x"}
    ),
    "office.curation_gates": Row("/office/curation/{submission}/gates", CURATORS, hidden=AWAY_FROM_AREA),
    "office.curation_evidence": Row("/office/curation/{submission}/gates/nib.jpg", ASSESSORS, hidden=AWAY_FROM_CURATION, answers=GONE),
    "office.curation_score": Row("/office/curation/{scored}/score", ASSESSORS, hidden=AWAY_FROM_AREA),
    "office.score_evidence": Row("/office/curation/{scored}/score/1/1.jpg", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=GONE),
    "office.curation_conflict": Row(
        "/office/curation/{submission}/conflict", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, form={"words": "Saudara."}
    ),
    # the world has no conflict of interest: tests/storefront/office/test_curation.py says who may lift one
    "office.curation_conflict_end": Row("/office/curation/{submission}/conflicts/1/end", CURATORS, hidden=AWAY_FROM_AREA, answers=GONE),
    "office.curation_decision": Row("/office/curation/{submission}/decision", CURATORS, hidden=AWAY_FROM_AREA),
    # nothing is decided yet in the world
    "office.curation_letter": Row("/office/curation/{submission}/letter", CURATORS, hidden=AWAY_FROM_AREA, answers=GONE),
    "office.curation_improvement": Row(
        "/office/curation/{submission}/improvements/NONE", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=GONE
    ),
    "office.criteria_sets": Row("/office/curation/criteria", CURATORS | AWAY_FROM_AREA),
    "office.criteria_set": Row("/office/curation/criteria/2026/1", CURATORS | AWAY_FROM_AREA),
    "office.criteria_edit": Row("/office/curation/criteria/2026/1/edit", CURATORS | AWAY_FROM_AREA),
    "office.criteria_step": Row("/office/curation/criteria/2026/1/step", TOP, form={"step": "copy"}),
    "office.programme_offices": Row("/office/programme-offices", TOP),
    "office.programme_office_new": Row("/office/programme-offices/new", TOP),
    "office.programme_office": Row("/office/programme-offices/16.12", TOP),
    "office.unsent_keep": Row("/office/unsent/proposal-new", SIGNED_IN),
    "office.unsent_drop": Row("/office/unsent/proposal-new/forget", SIGNED_IN),
}
