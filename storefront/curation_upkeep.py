"""The worker's share of curation: approvals that ran out, decisions to be called to mind, forms that nobody came back to."""

from __future__ import annotations

from catalog.curation import letters, stars
from kernel import unsent
from storefront.database import transaction

BATCH = 200


def keep_curation() -> int:
    """Mark what ran out and remind of what soon will, batch by batch; how many."""
    done = 0
    for work in (stars.expire_due, letters.remind_due):
        while True:
            with transaction() as session:
                found = work(session, limit=BATCH)
            done += found
            if found < BATCH:
                break
    return done


def forget_unsent_forms() -> int:
    """Drop what was typed and left for two months."""
    with transaction() as session:
        return unsent.purge_old(session)
