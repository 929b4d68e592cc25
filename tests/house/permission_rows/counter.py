"""The till: its pages, and what a paired device asks."""

from __future__ import annotations

from tests.house.permission_rows.groups import AWAY_FROM_COUNTER, COUNTER, EVERYBODY, Row

ROWS: dict[str, Row] = {
    # the till: its page is for everybody, and what it asks needs a paired device's token (401) or a pairing code
    "counter.till": Row("/counter/", EVERYBODY),
    "counter.display": Row("/counter/display", EVERYBODY),
    "counter.worker": Row("/counter/sw.js", EVERYBODY),
    "counter.manifest": Row("/counter/manifest.webmanifest", EVERYBODY),
    "counter.icon": Row("/counter/icons/192.png", EVERYBODY),
    "counter.file": Row("/counter/files/counter/store.js", EVERYBODY),
    "counter.plain": Row("/counter/plain", COUNTER | AWAY_FROM_COUNTER),
    "counter.plain_till": Row("/counter/plain/{outlet}/{till}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "counter.plain_shift": Row("/counter/plain/{outlet}/{till}/shift", COUNTER, hidden=AWAY_FROM_COUNTER),
    "counter.plain_sheet": Row("/counter/plain/{outlet}/{till}/sheet.pdf", COUNTER, hidden=AWAY_FROM_COUNTER),
    "counter.pair": Row("/counter/api/pair", EVERYBODY, has_token=False),
    "counter.catalogue": Row("/counter/api/catalogue", EVERYBODY, answers=frozenset({401}), has_token=False),
    "counter.entries": Row("/counter/api/entries", EVERYBODY, answers=frozenset({401}), has_token=False),
    "counter.contact": Row("/counter/api/contact", EVERYBODY, answers=frozenset({401}), has_token=False),
    "counter.receipt": Row("/counter/api/receipts/PLG-1-20261122-0001", EVERYBODY, answers=frozenset({401})),
    "counter.voucher": Row("/counter/api/voucher", EVERYBODY, answers=frozenset({401}), has_token=False),
}
