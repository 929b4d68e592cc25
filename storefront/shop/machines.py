"""What machines ask for: sitemap, robots.txt, and uploaded pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from xml.sax.saxutils import escape

from flask import Response, abort, send_from_directory
from flask.typing import ResponseReturnValue

from catalog.media import file_name
from catalog.photo_files import WIDTHS
from catalog.queries import addresses
from catalog.queries.addresses import Address
from kernel import clock
from kernel.errors import NotFound
from kernel.locales import DEFAULT_LANGUAGE, LANGUAGES
from storefront.database import reading
from storefront.templating import current_settings, external

#: Pages without rows behind them.
FIXED = ("/", "/products", "/villages", "/programme", "/developers", "/about", "/help", "/privacy", "/terms")
#: Above so many addresses the sitemap becomes an index of parts (the protocol allows 50,000 in one file).
LARGEST_SITEMAP = 10_000
#: The protocol's limit of pictures for one page.
MOST_PHOTOS = 1_000
#: What the picture pipeline writes; anything else is not ours to serve.
_MEDIA = re.compile(r"[0-9a-z]{6,40}-[0-9]{2,4}\.(avif|webp|jpg)")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
_YEAR = 365 * 24 * 3600
_OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'

#: Not for search engines, in either language.
PRIVATE = ("/cart", "/checkout", "/orders/", "/account/", "/office/", "/search", "/webhooks/")


def sitemap() -> Response:
    """All addresses in one file, or an index of parts when there are too many."""
    session = reading()
    extent = addresses.get_extent(session)
    if extent.pages * len(LANGUAGES) > LARGEST_SITEMAP:
        names = ["villages-0"]
        names += [f"makers-{part}" for part in range(extent.makers)]
        names += [f"products-{part}" for part in range(extent.products)]
        return _xml(chain([f"<sitemapindex {_SPACES.split(maxsplit=1)[0]}>"], map(_part_entry, names), ["</sitemapindex>"]))
    everything = chain(
        _villages(),
        *(addresses.list_maker_addresses(session, part) for part in range(extent.makers)),
        *(addresses.list_product_addresses(session, part) for part in range(extent.products)),
    )
    return _urls(everything)


def sitemap_part(kind: str, part: int) -> Response:
    """One part of a large sitemap."""
    session = reading()
    if kind == "products":
        return _urls(addresses.list_product_addresses(session, part))
    if kind == "makers":
        return _urls(addresses.list_maker_addresses(session, part))
    if kind != "villages" or part:
        raise NotFound
    return _urls(_villages())


def _villages() -> Iterable[Address]:
    settings = current_settings()
    return chain(
        map(Address, FIXED),
        addresses.list_collection_addresses(reading(), clock.today(settings.zone)),
        addresses.list_village_addresses(reading(), settings.area_prefix),
    )


def _part_entry(name: str) -> str:
    return f"<sitemap><loc>{escape(external(f'/sitemaps/{name}.xml'))}</loc></sitemap>"


def _urls(found: Iterable[Address]) -> Response:
    return _xml(chain([f"<urlset {_SPACES}>"], map(_entries, found), ["</urlset>"]))


def _entries(address: Address) -> str:
    """One <url> per language, each naming all of them."""
    places = {language: escape(external(_in_language(address.path, language))) for language in LANGUAGES}
    changed = f"<lastmod>{address.changed_at:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if address.changed_at else ""
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{language}" href="{place}"/>' for language, place in places.items())
    links += f'<xhtml:link rel="alternate" hreflang="x-default" href="{places[DEFAULT_LANGUAGE]}"/>'
    pictures = "".join(f"<image:image><image:loc>{escape(_photo(name))}</image:loc></image:image>" for name in address.photos[:MOST_PHOTOS])
    return "\n".join(f"<url><loc>{place}</loc>{changed}{links}{pictures}</url>" for place in places.values())


def _photo(name: str) -> str:
    return external(f"/media/{file_name(name, WIDTHS[-1], 'jpg')}")


def _in_language(path: str, language: str) -> str:
    return path if language == DEFAULT_LANGUAGE else f"/{language}{path}"


def _xml(lines: Iterable[str]) -> Response:
    response = Response(_OPENING + "\n".join(lines) + "\n", mimetype="application/xml")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def robots() -> Response:
    """Which paths are not for search engines, and where the sitemap is."""
    prefixes = ["" if language == DEFAULT_LANGUAGE else f"/{language}" for language in LANGUAGES]
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for path in PRIVATE for prefix in prefixes)]
    lines += ["", f"Sitemap: {external('/sitemap.xml')}", ""]
    response = Response("\n".join(lines), mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def media(filename: str) -> ResponseReturnValue:
    """A stored picture. Names are random and never reused, so browsers may keep it for good."""
    match = _MEDIA.fullmatch(filename)
    if match is None:
        abort(404)
    response = send_from_directory(current_settings().media_folder, filename, mimetype=_TYPES[match[1]], max_age=_YEAR)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
