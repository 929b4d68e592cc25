"""Who may use which route: one row per endpoint, written by hand. docs/permissions.md says why.

A new route needs a row in `permission_rows/`, in the file of its audience. Pick the address with the words of tests/cast.py
(`{order}`, `{product}`, …), then say who may use it. Everybody else is sent to the sign-in page (guests) or refused (403);
`hidden` lists those who may use such pages but not this record, and so must read 404.
"""

from __future__ import annotations

from tests.house.permission_rows import (
    account,
    api,
    checkout,
    counter,
    makers,
    office_catalogue,
    office_mentoring,
    office_orders,
    office_programme,
    office_setting_up,
    office_stockroom,
    office_wholesale,
    shop,
    wholesale,
)
from tests.house.permission_rows.groups import Row

ROOMS = (
    account,
    api,
    checkout,
    counter,
    makers,
    office_catalogue,
    office_mentoring,
    office_orders,
    office_programme,
    office_setting_up,
    office_stockroom,
    office_wholesale,
    shop,
    wholesale,
)
TABLE: dict[str, Row] = {endpoint: row for room in ROOMS for endpoint, row in room.ROWS.items()}
