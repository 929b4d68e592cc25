"""The snippet under a hit: plain text in which every match stands between two control marks that a template can trust."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from catalog.search import analysis
from catalog.search.query import Query

START, END = "\x02", "\x03"
#: Characters of a snippet, without the marks.
LENGTH = 160
_TO_SPACE = dict.fromkeys((9, 10, 13), " ")
_REMOVED = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127)) | _TO_SPACE

Span = tuple[int, int]


class Highlighter:
    """Marks the matches of one question in many texts; what it learns about a word holds for all of them."""

    def __init__(self, query: Query) -> None:
        single = [unit.words[0] for unit in query.units if len(unit.words) == 1]
        self._beginnings = tuple(word for word in single if len(word) > 2)
        self._words = {*single, *(kept for written, kept in analysis.variants().items() if written.startswith(self._beginnings))}
        self._stems = {stem for unit in query.units for stem in unit.stems}
        direct = {meaning for unit in query.units for meaning in unit.meanings}
        meanings = direct.union(analysis.narrower(sorted(direct)))
        self._expressions: dict[str, list[tuple[str, ...]]] = {}
        for words, meant in analysis.all_expressions() if meanings else ():
            if meanings.intersection(meant):
                self._expressions.setdefault(words[0], []).append(words)
        for unit in query.units:
            if unit.is_exact:
                self._expressions.setdefault(unit.words[0], []).append(unit.words)
        self._longest = max((len(words) for each in self._expressions.values() for words in each), default=1)
        #: Words as they are written: those met so far, and those of them that begin a match.
        self._seen: set[str] = set()
        self._wanted: set[str] = set()

    def snippet(self, name: str, text: str) -> str:
        """A piece of `text` around its first match; the name with its matches when the text holds none; "" if neither does."""
        if self._words or self._expressions:
            for source in (text, name):
                clean = source.translate(_REMOVED)
                found = self._spans(clean) if self._has_match(clean) else []
                if found:
                    return _marked(clean, found)
        return ""

    def _spans(self, text: str) -> list[Span]:
        """Start and end of each match within a snippet's length of the first, ascending and apart from each other."""
        found: list[Span] = []
        after = 0
        for start, written in analysis.written_at(text):
            if found and start > found[0][0] + LENGTH:
                break
            if start >= after and written in self._wanted:
                after = self._end_of_match(text, start)
                if after > start:
                    found.append((start, after))
        return found

    def _end_of_match(self, text: str, start: int) -> int:
        """Where the longest wanted expression that begins at `start` ends, or else the word if it is wanted; `start` if neither is."""
        words = list(islice(analysis.spans(text[start:]), self._longest))
        ends = [0]
        for expression in self._expressions.get(words[0][2], ()):
            if tuple(word for _, _, word in words[: len(expression)]) == expression:
                ends.append(words[len(expression) - 1][1])
        if len(ends) == 1 and self._holds(analysis.forms(text[start : start + words[0][1]])):
            ends.append(words[0][1])
        return start + max(ends)

    def _has_match(self, text: str) -> bool:
        """Whether any word is wanted or begins something wanted; what was learnt about a word as it is written is remembered."""
        words = set(analysis.written(text))
        fresh = words - self._seen
        self._seen |= fresh
        for word in fresh:
            forms = analysis.forms(word)
            if forms[0] in self._expressions or self._holds(forms):
                self._wanted.add(word)
        return not self._wanted.isdisjoint(words)

    def _holds(self, forms: Sequence[str]) -> bool:
        return forms[0] in self._words or forms[0].startswith(self._beginnings) or not self._stems.isdisjoint(forms)


def _marked(text: str, spans: Sequence[Span]) -> str:
    start = _window_start(text, spans[0][0])
    end = len(text) if start + LENGTH >= len(text) else text.rfind(" ", start, start + LENGTH)
    end = max(end, min(len(text), spans[0][1]))
    pieces, position = ["… " if start else ""], start
    for left, right in spans:
        if left < position or right > end:
            continue
        pieces += [text[position:left], START, text[left:right], END]
        position = right
    pieces += [text[position:end].rstrip(), " …" if end < len(text) else ""]
    return "".join(pieces)


def _window_start(text: str, first: int) -> int:
    """Where the snippet begins: at the text's start if the match is near, else at the sentence or word before the match."""
    if first < LENGTH // 2:
        return 0
    earliest = first - LENGTH // 3
    sentence = text.rfind(". ", earliest, first)
    return sentence + 2 if sentence >= 0 else text.find(" ", earliest, first) + 1 or first
