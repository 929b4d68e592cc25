"""The office: assignments, visits, referrals and dossiers of makers."""

from __future__ import annotations

from tests.house.permission_rows.groups import AWAY_FROM_AREA, AWAY_FROM_CURATION, CURATION_VIEWERS, CURATORS, MENTORS, VIEWERS_HERE, Row

ROWS: dict[str, Row] = {
    # mentoring: read by everybody of curation, written by mentors and curators, assigned by curators
    "office.mentoring": Row("/office/mentoring/", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.visits": Row("/office/mentoring/visits", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.visit_new": Row("/office/mentoring/visits/new", MENTORS | AWAY_FROM_AREA),
    "office.visit": Row("/office/mentoring/visits/{visit}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION),
    "office.visit_photo": Row(
        "/office/mentoring/visits/{visit}/photos/{visit_photo}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=frozenset({404})
    ),
    "office.mentored_maker": Row("/office/mentoring/makers/{maker}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION),
    "office.maker_item_new": Row("/office/mentoring/makers/{maker}/items", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.maker_refer": Row("/office/mentoring/makers/{maker}/refer", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.referral_result": Row("/office/mentoring/referrals/{referral}/result", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.action_items": Row("/office/mentoring/items", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.action_done": Row("/office/mentoring/items/{item}", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.action_reopen": Row("/office/mentoring/items/{item}/reopen", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.action_evidence": Row(
        "/office/mentoring/items/{item}/evidence", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=frozenset({404})
    ),
    "office.assignments": Row("/office/mentoring/assignments", CURATORS | AWAY_FROM_AREA),
    "office.assignment_end": Row(
        "/office/mentoring/assignments/{assignment}/end", CURATORS, hidden=AWAY_FROM_AREA, form={"last_day": "2099-01-01"}
    ),
    "office.events": Row("/office/mentoring/events", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.event_new": Row("/office/mentoring/events/new", MENTORS | AWAY_FROM_AREA),
    "office.event": Row("/office/mentoring/events/{event}", CURATION_VIEWERS, hidden=AWAY_FROM_AREA),
    "office.event_change": Row("/office/mentoring/events/{event}/change", CURATORS, hidden=AWAY_FROM_AREA),
    "office.event_register": Row(
        "/office/mentoring/events/{event}/register",
        CURATORS,
        hidden=AWAY_FROM_AREA,
        form={"village": "{village}", "name": "Ibu Ani"},
    ),
    "office.event_mark": Row("/office/mentoring/events/{event}/mark", CURATORS, hidden=AWAY_FROM_AREA),
    "office.event_cancel": Row("/office/mentoring/events/{event}/cancel", CURATORS, hidden=AWAY_FROM_AREA),
    "office.event_sheet": Row("/office/mentoring/events/{event}/sheet", CURATION_VIEWERS, hidden=AWAY_FROM_AREA),
    "office.organisations": Row("/office/mentoring/organisations", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.organisation_new": Row("/office/mentoring/organisations/new", MENTORS | AWAY_FROM_AREA),
    "office.organisation": Row("/office/mentoring/organisations/{organisation}", CURATION_VIEWERS, hidden=AWAY_FROM_AREA),
    "office.organisation_change": Row("/office/mentoring/organisations/{organisation}/change", CURATORS, hidden=AWAY_FROM_AREA),
    # a dossier: the office writes, the maker answers, an organisation opens it by a link
    "office.dossier": Row("/office/mentoring/makers/{maker}/dossier", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.dossier_plan": Row("/office/mentoring/makers/{maker}/dossier/plan", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.dossier_make": Row("/office/mentoring/makers/{maker}/dossier/versions", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.dossier_paper": Row(
        "/office/mentoring/makers/{maker}/dossier/dossier.pdf", CURATORS, hidden=AWAY_FROM_CURATION, answers=frozenset({404})
    ),
    "office.dossier_share": Row("/office/mentoring/makers/{maker}/dossier/shares", CURATORS, hidden=AWAY_FROM_AREA),
    "office.dossier_revoke": Row(
        "/office/mentoring/makers/{maker}/dossier/shares/AAAAAAAA/revoke", CURATORS, hidden=AWAY_FROM_AREA, answers=frozenset({404})
    ),
}
