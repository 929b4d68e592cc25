"""The worker's share of wholesale: saved searches are looked at again, each with the eyes of the buyer who saved it."""

from __future__ import annotations

from flask import current_app

from kernel import accounts
from orders.wholesale import buyers, searches
from storefront.database import end_reading, reading, transaction
from storefront.i18n import speaking
from storefront.templating import current_settings
from storefront.wholesale.searches import answering, read_query

BATCH = 50


def look_at_searches() -> int:
    """Look at the searches that are due; how many offers were new to somebody. Who buys no longer hears nothing."""
    due = [(row.id, row.query, accounts.as_actor(row.user), row.user.language) for row in searches.list_due(reading(), BATCH)]
    new = 0
    for search_id, query, actor, language in due:
        found: list[int] = []
        buyer = buyers.find_buyer(reading(), actor)
        if buyer is not None:
            with current_app.test_request_context(base_url=current_settings().base_url or "http://localhost"), speaking(language):
                found = answering(reading(), buyer, read_query(reading(), buyer, query))
        end_reading()
        with transaction() as session:
            new += searches.note_look(session, search_id, found)
    return new
