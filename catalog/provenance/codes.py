"""What a scanned or typed code says: links of ours and of others, GS1 element strings, numbers, or just some text. Pure.

The till reads the same in the browser (static/counter/codes.js).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from catalog.gtin import canonical
from catalog.provenance.digital_link import MalformedLink, parse

#: Symbology identifiers that scanners may put in front (ISO/IEC 15424): GS1-128, GS1 DataMatrix, GS1 QR, EAN, QR.
_IDENTIFIER = re.compile(r"^\](?:C1|d2|Q3|e0|E0|E4|Q1|C0)")
_ELEMENTS = re.compile(r"^\x1d?0[12][0-9]{14}")
_BRACKETS = re.compile(r"\((\d{2,4})\)([^(]*)")
#: Longer texts are no codes.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Scanned:
    """A number or code of a variant, and the lot that the code named, if it did."""

    number: str
    lot: str = ""


def read_code(text: str) -> Scanned:
    """Take a code apart. Anything is some text at last, so this never fails."""
    bare = _IDENTIFIER.sub("", text.strip()[:LONGEST])
    if re.match(r"https?://", bare, re.IGNORECASE):
        return _read_link(bare) or Scanned(bare)
    if bare.startswith("("):
        return _read_elements({name: value.strip() for name, value in _BRACKETS.findall(bare)}) or Scanned(bare)
    if _ELEMENTS.match(bare):
        return _read_message(bare) or Scanned(bare)
    return Scanned(bare)


def _read_link(address: str) -> Scanned | None:
    """A GS1 Digital Link of whatever shop, or a short address of ours."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    at = path.find("/01/")
    if at >= 0:
        try:
            link = parse(path[at:])
        except MalformedLink:
            return None
        return Scanned(link.number, link.lot)
    parts = [unquote(part) for part in path.split("/") if part]
    if "p" not in parts[:2]:
        return None
    code, lot = (*parts[parts.index("p") + 1 :], "", "")[:2]
    return Scanned(code, lot) if code else None


def _read_message(text: str) -> Scanned | None:
    """`01…17…10…` as a scanner sends it."""
    from biip import ParseError  # with the first scan
    from biip.gs1_messages import GS1Message

    try:
        found = GS1Message.parse(text.removeprefix("\x1d")).element_strings
    except ParseError:
        return None
    return _read_elements({element.ai.ai: element.value for element in found})


def _read_elements(elements: dict[str, str]) -> Scanned | None:
    number = elements.get("01") or elements.get("02") or ""
    if not re.fullmatch(r"[0-9]{14}", number):
        return None
    return Scanned(canonical(number), elements.get("10", ""))
