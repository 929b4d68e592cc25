"""The snippet under a hit: plain text in which every match stands between two control marks that a template can trust."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.search import analysis
from catalog.search.query import Query

START, END = "\x02", "\x03"
#: Characters of a snippet, without the marks.
LENGTH = 160
_REMOVED = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def snippet(name: str, text: str, query: Query) -> str:
    """A piece of `text` around its first match; the name with its matches when the text holds none; "" if neither does."""
    if not query.units:
        return ""
    wanted = _Wanted(query)
    for source in (text, name):
        clean = source.translate(_REMOVED).replace("\n", " ").replace("\r", " ").replace("\t", " ")
        found = wanted.spans(clean)
        if found:
            return _marked(clean, found)
    return ""


class _Wanted:
    def __init__(self, query: Query) -> None:
        self.words = {word for unit in query.units if len(unit.words) == 1 for word in unit.words}
        self.stems = {stem for unit in query.units for stem in unit.stems}
        meanings = {meaning for unit in query.units for meaning in unit.meanings}
        self.meanings = meanings | set(analysis.narrower(sorted(meanings)))
        self.beginnings = tuple(unit.words[0] for unit in query.units if len(unit.words) == 1 and len(unit.words[0]) > 2)
        self.words |= {kept for written, kept in analysis.variants().items() if written.startswith(self.beginnings)}

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each match in `text`, ascending and apart from each other."""
        found = list(analysis.spans(text))
        result = []
        position = 0
        for words, meanings in analysis.expressions([word for _, _, word in found]):
            last = position + len(words) - 1
            if self.meanings.intersection(meanings):
                result.append((found[position][0], found[last][1]))
            else:
                result.extend(found[i][:2] for i in range(position, last + 1) if self._holds(found[i][2]))
            position = last + 1
        return result

    def _holds(self, word: str) -> bool:
        if word in self.words or word.startswith(self.beginnings):
            return True
        return bool(self.stems.intersection((analysis.stem_indonesian(word), analysis.stem_english(word))))


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
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
