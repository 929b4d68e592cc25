"""The rows of a feed as they may leave: made from today's items, checked against the receiver's rules, faulty ones left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.feeds.items import FeedItem, stream_items
from catalog.feeds.rows import Row, make_row
from catalog.feeds.rules import Problem, check_row
from catalog.models.feed import Feed
from kernel import clock
from storefront.i18n import current_language
from storefront.templating import current_settings, external, local


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """An item, its row, and what keeps it from going out."""

    item: FeedItem
    row: Row
    problems: list[Problem]


def check_item(feed: Feed, item: FeedItem) -> CheckedRow:
    """One item as its receiver would get it."""
    row = make_row(feed, item, external(local("/").rstrip("/")))
    return CheckedRow(item, row, check_row(feed.kind, row))


def stream_rows(session: Session, feed: Feed) -> Iterator[Row]:
    """The rows that go out now. Samples go out of a demo only: nobody can buy an invented thing."""
    settings = current_settings()
    today = clock.today(settings.zone)
    for item in stream_items(session, feed, current_language(), today, with_samples=not settings.is_production):
        checked = check_item(feed, item)
        if not checked.problems:
            yield checked.row
