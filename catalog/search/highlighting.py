"""The snippet under a hit: plain text in which every match stands between two control marks that a template can trust."""

from __future__ import annotations

from collections.abc import Sequence

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
        self._matches: dict[str, bool] = {}

    def snippet(self, name: str, text: str) -> str:
        """A piece of `text` around its first match; the name with its matches when the text holds none; "" if neither does."""
        if self._words or self._expressions:
            for source in (text, name):
                clean = source.translate(_REMOVED)
                found = self._spans(clean)
                if found:
                    return _marked(clean, found)
        return ""

    def _spans(self, text: str) -> list[Span]:
        """Start and end of each match within a snippet's length of the first, ascending and apart from each other."""
        found: list[Span] = []
        words = list(analysis.spans(text))
        after = 0
        for position, (start, end, word) in enumerate(words):
            if found and start > found[0][0] + LENGTH:
                break
            if position < after:
                continue
            length = self._expression_length(words, position) if word in self._expressions else 0
            if length:
                found.append((start, words[position + length - 1][1]))
                after = position + length
            elif self._holds(word):
                found.append((start, end))
        return found

    def _expression_length(self, words: Sequence[tuple[int, int, str]], position: int) -> int:
        """How many words of the longest wanted expression stand here; 0 if none does."""
        lengths = [0]
        for expression in self._expressions[words[position][2]]:
            there = words[position : position + len(expression)]
            if tuple(word for _, _, word in there) == expression:
                lengths.append(len(expression))
        return max(lengths)

    def _holds(self, word: str) -> bool:
        known = self._matches.get(word)
        if known is None:
            stems = (analysis.stem_indonesian(word), analysis.stem_english(word))
            known = word in self._words or word.startswith(self._beginnings) or not self._stems.isdisjoint(stems)
            self._matches[word] = known
        return known


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
