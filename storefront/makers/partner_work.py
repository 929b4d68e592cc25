"""What the maker has to prepare for partners, and its months beside those of the makers it shares orders with."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from orders.wholesale import maker_work
from storefront import trade_words
from storefront.database import reading
from storefront.i18n import current_language
from storefront.maker_door import enter
from storefront.makers.frame import show


def partner_work(maker: str) -> ResponseReturnValue:
    """Orders to prepare, and the capacity calendar with the pooled production."""
    session, entry, language = reading(), enter(maker), current_language()
    tasks = maker_work.list_tasks(session, entry.maker.id, language)
    return show(
        "makers/partner_work/work.html",
        entry,
        todo=[task for task in tasks if not task.is_done],
        done=[task for task in tasks if task.is_done],
        calendar=maker_work.list_calendar(session, entry.maker.id, language),
        trade_says=trade_words,
    )
