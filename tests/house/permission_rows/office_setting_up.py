"""Rows of the pages that set up a regency's shop."""

from __future__ import annotations

from tests.house.permission_rows.groups import AWAY_FROM_AREA, CURATORS, LEAD, TOP, Row

ROWS: dict[str, Row] = {
    "office.outlet_new": Row("/office/outlets/new", TOP),
    "office.outlet_place": Row("/office/outlets/{outlet}/place", LEAD),
    "office.categories": Row("/office/categories", CURATORS | AWAY_FROM_AREA),
    "office.category": Row("/office/categories/{category}", CURATORS | AWAY_FROM_AREA),
    "office.category_remove": Row("/office/categories/{category}/remove", CURATORS | AWAY_FROM_AREA),
    "office.village_texts": Row("/office/mapping/villages/{village}/page", CURATORS, hidden=AWAY_FROM_AREA),
    "office.village_photos": Row("/office/mapping/villages/{village}/photos", CURATORS, hidden=AWAY_FROM_AREA),
    "office.village_photos_add": Row("/office/mapping/villages/{village}/photos/add", CURATORS, hidden=AWAY_FROM_AREA),
}
