"""What was typed, as units to look for: bounded, free of syntax, and indifferent to what cannot be a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.search import analysis

#: Longer questions are cut: no buyer types more, and every unit costs a look-up.
MAX_CHARACTERS = 200
MAX_UNITS = 12
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]')


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing a product must match: one word, or several that mean one thing ("ubi kayu", "empek-empek")."""

    words: tuple[str, ...]
    meanings: tuple[str, ...] = ()
    #: Stems of a single word, for the recall fields.
    stems: tuple[str, ...] = ()
    #: Several words between quotation marks: next to each other, in this order, and no others instead.
    is_exact: bool = False

    @property
    def text(self) -> str:
        """The unit as a person would write it."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as units, in the order typed. No units: browse everything, or nothing if something was typed."""

    units: tuple[Unit, ...] = ()
    #: Something was typed, even if no word is in it ("???").
    typed: bool = False
    #: The whole question without spaces and marks, when it may be a code: "8 999999 000011" is one number.
    code: str = ""


def parse(text: str) -> Query:
    """Take a question apart. Never fails; stars, brackets and other syntax are only separators."""
    text = text[:MAX_CHARACTERS]
    if not text.strip():
        return Query()
    found = analysis.words(text)
    telling = [word for word in found if not analysis.is_ignored(word)]
    units = tuple(dict.fromkeys(_units_of(text, keep_ignored=not telling)))[:MAX_UNITS]
    joined = "".join(found)
    code = joined if len(found) > 1 and len(joined) <= analysis.MAX_WORD and any(map(str.isdigit, joined)) else ""
    return Query(units, typed=True, code=code)


def without_quotes(text: str) -> str:
    """`text` with quotation marks taken off its expressions."""
    return " ".join(_QUOTED.sub(r" \1 ", text[:MAX_CHARACTERS]).split())


def unit_for(word: str) -> Unit:
    """The unit of a single word, as the correction of a typing error needs it."""
    return next(iter(_units([word], keep_ignored=True)))


def _units_of(text: str, *, keep_ignored: bool) -> Iterator[Unit]:
    """The units of a text in order; what stands between quotation marks is one, unless it is a single word."""
    position = 0
    for quoted in _QUOTED.finditer(text):
        inside = tuple(analysis.words(quoted.group(1)))
        if len(inside) < 2:
            continue
        yield from _units(analysis.words(text[position : quoted.start()]), keep_ignored=keep_ignored)
        yield Unit(inside, is_exact=True)
        position = quoted.end()
    yield from _units(analysis.words(text[position:]), keep_ignored=keep_ignored)


def _units(found: list[str], *, keep_ignored: bool) -> list[Unit]:
    units = []
    for words, meanings in analysis.expressions(found):
        if not meanings and not keep_ignored and analysis.is_ignored(words[0]):
            continue
        stems = tuple(dict.fromkeys(analysis.stems(words))) if len(words) == 1 else ()
        unit = Unit(words, meanings, stems)
        if unit not in units:
            units.append(unit)
    return units
