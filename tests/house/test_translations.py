"""Two languages, whole: every text that can be shown is translated once, with the same places to fill, and none is left over."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from io import BytesIO

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.house.sources import ROOT, modules, name, templates

_PLACES = re.compile(r"%\(([a-z_]+)\)[sd]")
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}


@cache
def _wanted() -> dict[str, str]:
    """msgid -> where it is used first."""
    found: dict[str, str] = {}
    for path in modules():
        for _line, message, _comments, _context in extract("python", BytesIO(path.read_bytes()), keywords=_KEYWORDS):
            found.setdefault(_first(message), name(path))
    options = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}
    for path in templates():
        for _line, message, _comments, _context in extract(
            "jinja2.ext:babel_extract", BytesIO(path.read_bytes()), keywords=_KEYWORDS, options=options
        ):
            found.setdefault(_first(message), name(path))
    found.pop("", None)
    return found


def _first(message: object) -> str:
    return str(message[0]) if isinstance(message, tuple) else str(message)


@cache
def _translated() -> list[tuple[str, str, str]]:
    """(msgid, msgstr, file) of every entry of every catalogue."""
    rows = []
    for path in sorted((ROOT / "translations" / "id").glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale="id"):
                if entry.id:
                    text = entry.string[0] if isinstance(entry.string, tuple) else entry.string
                    rows.append((_first(entry.id), "" if entry.fuzzy else str(text), path.name))
    return rows


def test_every_text_is_translated() -> None:
    have = {msgid for msgid, text, _file in _translated() if text}
    assert {msgid: where for msgid, where in _wanted().items() if msgid not in have} == {}


def test_no_text_is_translated_twice() -> None:
    assert [msgid for msgid, count in Counter(msgid for msgid, *_ in _translated()).items() if count > 1] == []


def test_no_translation_is_left_over() -> None:
    assert [(file, msgid) for msgid, _text, file in _translated() if msgid not in _wanted()] == []


def test_a_translation_fills_the_same_places() -> None:
    odd = [
        (file, msgid)
        for msgid, text, file in _translated()
        if not set(_PLACES.findall(text)) <= set(_PLACES.findall(msgid)) | {"num"}
        or not set(_PLACES.findall(msgid)) - {"num"} <= set(_PLACES.findall(text))
    ]
    assert odd == []
