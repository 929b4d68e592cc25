"""Guests' pages kept in the memory of each worker: the finished page, answered again until anything changed that it could show.

A page is kept under everything it depends on: the address with the parameters its route names, the language, the host, the number
in the cart. It counts as long as the mark of pages (kernel.marks), the search index and the settings are those it was made
from, and until the clock changes what it says. Only guests' successful pages are kept, never a header, and instead of the form
token a gap (storefront.page_body). docs/decisions/0023-kept-pages.md says why.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2s
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf

from config import Settings
from kernel import clock
from kernel.marks import PAGES, glance_at_mark
from storefront.database import reading
from storefront.page_body import PageBody, squeeze
from storefront.routing import kept_routes
from storefront.search_engine import get_engine

_KEY = "etalase.kept_pages"
#: What a guest's cookie may hold. A page shows none of it but the number in the cart and the form token; with anything else in the
#: cookie (who is signed in, a message, a maker's link) a page is made afresh and not kept.
GUEST = frozenset({"csrf_token", "cart", "cart_count", "voucher", "fulfilment", "village_code", "_permanent"})
#: Longer questions are answered and forgotten.
LONGEST_QUERY = 300
#: Bytes that a page takes beside its own.
_OVERHEAD = 1_000
_CONTROL = "private, no-cache"

Note = Callable[[], None]
Version = tuple[Hashable, str | None, Settings]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page, what it was made from, and what is noted whenever it is shown."""

    version: Version
    made_at: datetime
    until: datetime
    notes: tuple[Note, ...]
    body: PageBody
    tag: str

    def counts(self, version: Version, now: datetime) -> bool:
        """Whether it would be made the same again."""
        return self.version == version and self.made_at <= now < self.until


@dataclass(slots=True)
class Making:
    """A page that is being made and will be kept unless something speaks against it."""

    address: Hashable
    version: Version
    made_at: datetime
    until: datetime
    notes: list[Note] = field(default_factory=list)
    is_refused: bool = False


class Memory:
    """So many bytes of pages; the one that nobody asked for longest goes first."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.used = 0
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, address: Hashable) -> KeptPage | None:
        """The page last kept under this address, whether it still counts or not."""
        with self._lock:
            page = self._pages.get(address)
            if page is not None:
                self._pages.move_to_end(address)
            return page

    def keep(self, address: Hashable, page: KeptPage) -> None:
        """Keep it instead of an older one, and let go of what no longer fits."""
        with self._lock:
            self._forget(address)
            self._pages[address] = page
            self.used += page.body.size + _OVERHEAD
            while self.used > self.budget:
                self._forget(next(iter(self._pages)))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._pages.clear()
            self.used = 0

    def _forget(self, address: Hashable) -> None:
        page = self._pages.pop(address, None)
        if page is not None:
            self.used -= page.body.size + _OVERHEAD


def init_kept_pages(app: Flask, settings: Settings) -> None:
    """Stand behind every check before a page is made, and look at it before anything is done to its bytes: register this last."""
    app.extensions[_KEY] = Memory(settings.page_memory * 2**20)
    app.before_request(_answer)
    app.after_request(_keep)


def memory_of(app: Flask) -> Memory:
    """What the app keeps."""
    memory: Memory = app.extensions[_KEY]
    return memory


def each_time(note: Note) -> None:
    """Do it now, and again whenever this page is answered from memory: what counts how often things were shown or asked."""
    note()
    if making := _making():
        making.notes.append(note)


def until(moment: datetime) -> None:
    """This page says something that the clock changes at `moment` (aware)."""
    if making := _making():
        making.until = min(making.until, moment)


def forget_this() -> None:
    """This page is not to be kept: what it was made from is not what its version says."""
    if making := _making():
        making.is_refused = True


def canonical_query(args: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The part of a query that a page depends on, always in the same order; what strangers add to an address is left out."""
    return urlencode([(name, args[name]) for name in names if args.get(name)])


def _making() -> Making | None:
    making: Making | None = g.get("page_in_making")
    return making


def _answer() -> Response | None:
    names = kept_routes(current_app).get(request.endpoint or "")
    memory = memory_of(current_app)
    if names is None or not memory.budget or current_app.debug:
        return None
    g.page_query = query = canonical_query(request.args, names)
    if request.method != "GET" or len(query) > LONGEST_QUERY or not GUEST.issuperset(session):
        return None
    address = (request.scheme, request.host, request.script_root, request.path, query, session.get("cart_count", 0))
    version = (glance_at_mark(reading(), PAGES), get_engine().version(), current_app.extensions["etalase.settings"])
    now = clock.now()
    page = memory.find(address)
    if page is None or not page.counts(version, now):
        g.page_in_making = Making(address, version, now, _next_day(now))
        return None
    for note in page.notes:
        note()
    return _respond(page)


def _keep(response: Response) -> Response:
    making = _making()
    if making is None or making.is_refused or not _is_plain_page(response) or not GUEST.issuperset(session):
        return response
    page, token = response.get_data(), g.get("csrf_token", "").encode()
    body = squeeze(page, token)
    if body is None:
        return response
    tag = blake2s(page.replace(token, b"") if token else page, digest_size=12).hexdigest()
    kept = KeptPage(making.version, making.made_at, making.until, tuple(making.notes), body, tag)
    memory_of(current_app).keep(making.address, kept)
    return _respond(kept)


def _is_plain_page(response: Response) -> bool:
    """A page whose answer is nothing but its text: a header that the view set would be lost."""
    is_page = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed
    return is_page and {name.lower() for name, _value in response.headers} <= {"content-type", "content-length"}


def _respond(page: KeptPage) -> Response:
    is_gzipped = request.accept_encodings.quality("gzip") > 0
    tag = f"{page.tag}{_tag_of_visitor() if page.body.has_token else ''}{'-gzip' if is_gzipped else ''}"
    if request.if_none_match.contains(tag):
        response = Response(status=304)
        del response.headers["Content-Type"]
    else:
        token = generate_csrf().encode() if page.body.has_token else b""
        response = Response(page.body.gzipped(token) if is_gzipped else page.body.plain(token), mimetype="text/html")
        if is_gzipped:
            response.headers["Content-Encoding"] = "gzip"
    response.set_etag(tag)
    response.headers["Cache-Control"] = _CONTROL
    response.vary.add("Accept-Encoding")
    return response


def _tag_of_visitor() -> str:
    """What a page with a form carries of its visitor: with another cookie the form in the browser's copy would be refused."""
    if "csrf_token" not in session:
        generate_csrf()  # a new visitor's cookie gets its secret here
    return f"-{blake2s(session['csrf_token'].encode(), digest_size=6).hexdigest()}"


def _next_day(now: datetime) -> datetime:
    """When the day changes in the next of the three zones: prices, papers and collections begin and end with days."""
    tomorrows = ((clock.local(now, zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0) for zone in clock.ZONES)
    return min(tomorrows)
