"""The feeds as files: Google Merchant (RSS and TSV), Meta (CSV), and the catalogue as schema.org JSON-LD; sent while they are made."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from flask import Response, abort, stream_with_context

from catalog.feeds.rows import Row
from catalog.feeds.rules import RULES
from catalog.feeds.settings import find_feed
from catalog.models.feed import Feed, FeedKind
from storefront.database import reading
from storefront.feed_rows import stream_rows
from storefront.feeds.linked_data import stream_products
from storefront.i18n import current_language, speaking
from storefront.i18n import gettext as _
from storefront.spreadsheets import safe_cell
from storefront.templating import current_settings, external, local

#: Receivers come every hour at most; what a paper's last day changes is never kept longer than this.
CACHE = "public, max-age=300"
#: Fields that RSS itself has; all others belong to Google's namespace.
_PLAIN = frozenset({"title", "description", "link"})
_NAMESPACE = "http://base.google.com/ns/1.0"


def google_xml() -> Response:
    """Google Merchant Center's feed as RSS 2.0."""
    feed = _active(FeedKind.GOOGLE)
    return _answer(_spoken(_rss(feed)), "application/xml")


def google_tsv() -> Response:
    """The same rows, tab-separated."""
    return _answer(_spoken(_table(_active(FeedKind.GOOGLE), "\t")), "text/tab-separated-values")


def meta_csv() -> Response:
    """Meta's catalogue feed."""
    return _answer(_spoken(_table(_active(FeedKind.META), ",")), "text/csv")


def products_jsonld() -> Response:
    """Every live product as schema.org data, one JSON-LD document."""
    return _answer(_spoken(_graph()), "application/ld+json")


def _active(kind: FeedKind) -> Feed:
    feed = find_feed(reading(), kind.value)
    if not feed.is_active:
        abort(404)
    return feed


def _answer(parts: Iterator[str], mimetype: str) -> Response:
    response = Response(stream_with_context(part.encode() for part in parts), mimetype=mimetype)
    response.headers["Cache-Control"] = CACHE
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _spoken(parts: Iterator[str]) -> Iterator[str]:
    """The parts in the language that was asked for, which ends with the request before the file is sent."""
    language = current_language()

    def speak() -> Iterator[str]:
        with speaking(language):
            yield from parts

    return speak()


def _rss(feed: Feed) -> Iterator[str]:
    name = escape(current_settings().shop_name)
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="{_NAMESPACE}"><channel>'
        f"<title>{name}</title><link>{escape(external(local('/')))}</link><description>{escape(_('Village products'))}</description>\n"
    )
    for row in stream_rows(reading(), feed):
        yield f"<item>{''.join(_elements(row))}</item>\n"
    yield "</channel></rss>\n"


def _elements(row: Row) -> Iterator[str]:
    for field, value in row.items():
        name = field if field in _PLAIN else f"g:{field}"
        # A list of photos is one element for each in XML, one cell in a table.
        values = str(value).split(",") if field == "additional_image_link" else [str(value)]
        yield from (f"<{name}>{escape(each)}</{name}>" for each in values if each)


def _table(feed: Feed, separator: str) -> Iterator[str]:
    fields = [rule.field for rule in RULES[feed.kind]]
    yield _line(fields, separator)
    for row in stream_rows(reading(), feed):
        yield _line([safe_cell(row.get(field, "")) for field in fields], separator)


def _line(cells: Sequence[object], separator: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\n").writerow(
        [" ".join(cell.split()) if isinstance(cell, str) else cell for cell in cells]
    )
    return written.getvalue()


def _graph() -> Iterator[str]:
    yield '{"@context":"https://schema.org","@graph":[\n'
    yield from _separated(json.dumps(thing, ensure_ascii=False) for thing in stream_products(reading()))
    yield "\n]}\n"


def _separated(parts: Iterable[str]) -> Iterator[str]:
    for number, part in enumerate(parts):
        yield part if number == 0 else f",\n{part}"
