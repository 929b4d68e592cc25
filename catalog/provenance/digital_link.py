"""GS1 Digital Link: taking an address apart into the number, the lot and the attributes of a pack, and writing one. Pure.

Source: GS1 Digital Link Standard, URI Syntax 1.4, read and written with biip (docs/digital-link.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, unquote_to_bytes, urlsplit

from catalog import gtin as numbers
from kernel.errors import N_, InvalidInput

#: The only primary key that we resolve: a Global Trade Item Number.
GTIN = "01"
#: Key qualifiers of a GTIN in the order the standard wants them: consumer product variant, lot, serial.
QUALIFIERS = ("22", "10", "21")
BEST_BEFORE, USE_BY = "15", "17"
_BEGINNING = re.compile(r"/01/(?:[0-9]{8}|[0-9]{12,14})(?:/|$)")
#: Longer addresses are no label's.
LONGEST = 2_000


class MalformedLink(InvalidInput):
    """The address begins like a GS1 Digital Link but is none; a resolver answers 400."""

    message = N_("This code is not written as the standard wants it. Please scan it again, or type the number below the bars.")


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """What a Digital Link says: `gtin` has 14 digits, qualifiers and attributes are as they were written."""

    gtin: str
    variant: str = ""
    lot: str = ""
    serial: str = ""
    #: Application identifiers of the query that GS1 knows: best before, use by, weight …
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The number as we keep it: 8, 13 or 14 digits (catalog.gtin)."""
        return canonical(self.gtin)

    @property
    def is_restricted(self) -> bool:
        """Whether the number belongs to the ranges for use inside one shop: it is no GTIN, whoever printed it."""
        return numbers.is_restricted(self.number)


def parse(address: str) -> DigitalLink:
    """Take apart an absolute address or a path beginning with `/01/`, percent-encoded as it came; MalformedLink otherwise.

    One slash at the end is tolerated. GTINs of 8, 12 and 13 digits are read too, as the till does; we write 14.
    """
    from biip import ParseError  # with the first scan, like the rest of biip: a shop page never needs it
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI

    target, query = _split(address)
    try:
        found = GS1DigitalLinkURI.parse(f"https://id.gs1.org{target}?{query}")
    except ParseError:
        raise MalformedLink from None
    values: dict[str, str] = {}
    for element in found.element_strings:
        values.setdefault(element.ai.ai, element.value)  # the path comes first, and it decides
    number = values.pop(GTIN)
    if number[-1] != str(numbers.check_digit(number[:-1])):
        raise MalformedLink
    variant, lot, serial = (values.pop(name, "") for name in QUALIFIERS)
    return DigitalLink(number, variant, lot, serial, values)


def write(link: DigitalLink, root: str) -> str:
    """The link below `root` (`https://shop.example`), qualifiers in their order, attributes sorted in the query."""
    path = f"{root.rstrip('/')}/{GTIN}/{link.gtin}"
    for name, value in zip(QUALIFIERS, (link.variant, link.lot, link.serial), strict=True):
        if value:
            path += f"/{name}/{quote(value, safe='')}"
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(link.attributes.items()))
    return f"{path}?{query}" if query else path


def canonical(digits: str) -> str:
    """A GTIN of any length with 8, 13 or 14 digits, as variants carry it."""
    return numbers.canonical(digits)


def date_attribute(day: date) -> str:
    """`261231`, as identifiers 11, 15 and 17 want it."""
    return f"{day:%y%m%d}"


def pack_address(root: str, *, code: str, gtin: str | None, lot: str = "", best_before_on: date | None = None) -> str:
    """What a label's symbol says: a Digital Link for a registered number, else our own short address `/p/<code>[/<lot>]`.

    Our own 2xx numbers and codes are never written as a GTIN.
    """
    if gtin is None or numbers.is_restricted(gtin):
        return f"{root.rstrip('/')}/p/{quote(code, safe='')}" + (f"/{quote(lot, safe='')}" if lot else "")
    attributes = {BEST_BEFORE: date_attribute(best_before_on)} if best_before_on else {}
    return write(DigitalLink(gtin.zfill(14), lot=lot, attributes=attributes), root)


def events_path(slug: str, lot: str) -> str:
    """Where everybody reads a lot's events; the lot stands behind the question mark because it may hold a slash."""
    return f"/api/v1/products/{slug}/batch/events?lot={quote(lot, safe='')}"


def _split(address: str) -> tuple[str, str]:
    """Path and query that begin at the primary key, checked for what no address may hold."""
    if len(address) > LONGEST:
        raise MalformedLink
    try:
        parts = urlsplit(address)
    except ValueError:
        raise MalformedLink from None
    path = parts.path.removesuffix("/")
    if not _BEGINNING.match(path):
        raise MalformedLink
    for text in (path, parts.query):
        if not text.isascii() or not text.isprintable() or " " in text:
            raise MalformedLink
    try:
        unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedLink from None
    return path, parts.query
