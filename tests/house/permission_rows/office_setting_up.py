"""Rows of the pages that set up a regency's shop."""

from __future__ import annotations

from tests.house.permission_rows.groups import AWAY_FROM_AREA, CURATORS, LEAD, TOP, Row

ROWS: dict[str, Row] = {
    "office.outlet_new": Row("/office/outlets/new", TOP),
    "office.outlet_place": Row("/office/outlets/{outlet}/place", LEAD),
    "office.outlet_closing": Row("/office/outlets/{outlet}/closing", LEAD),
    # the world's outlet is in use: tests/storefront/office/test_outlet_closing.py says who closes one
    "office.outlet_close": Row("/office/outlets/{outlet}/close", TOP),
    "office.outlet_reopen": Row("/office/outlets/{outlet}/reopen", TOP),
    "office.categories": Row("/office/categories", CURATORS | AWAY_FROM_AREA),
    "office.category": Row("/office/categories/{category}", CURATORS | AWAY_FROM_AREA),
    "office.category_remove": Row("/office/categories/{category}/remove", CURATORS | AWAY_FROM_AREA),
    "office.village_texts": Row("/office/mapping/villages/{village}/page", CURATORS, hidden=AWAY_FROM_AREA),
    "office.village_photos": Row("/office/mapping/villages/{village}/photos", CURATORS, hidden=AWAY_FROM_AREA),
    "office.village_photos_add": Row("/office/mapping/villages/{village}/photos/add", CURATORS, hidden=AWAY_FROM_AREA),
}
