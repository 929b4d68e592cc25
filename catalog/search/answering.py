"""From question to answer over any source of postings: matching, correction, filters, facets, order, page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from catalog.search import analysis
from catalog.search.browsed import Browsed
from catalog.search.columns import Columns
from catalog.search.facets import filters_of, narrow, present, sift
from catalog.search.highlighting import Highlighter
from catalog.search.matching import ENOUGH, Matches, best, is_strong, match
from catalog.search.ordering import browsed_page, page_of
from catalog.search.query import MAX_CHARACTERS, Query, parse, unit_for, without_quotes
from catalog.search.request import Hit, SearchRequest, SearchResult
from catalog.search.snapshot import Snapshot
from kernel.locales import pick

#: Alternatives tried for a question that found nothing.
_TRIES = 3
#: A correction is worth offering beside hits when it finds this many times more.
_WORTH_OFFERING = 4

#: name and text of each of a page's rows, in the language asked for
Texts = Callable[[Sequence[int]], list[tuple[str, str]]]


def scores_of(snapshot: Snapshot, text: str) -> dict[int, float]:
    """Product id -> score for the words of `text`, respelled when as typed they find nothing."""
    query = parse(text)
    if not query.typed:
        return {}
    found = match(query, snapshot)
    if found.partial or not found.held:
        better = _correct(text, query, snapshot)
        found = better[1] if better is not None else found
    scores = best(found.held, found, snapshot.columns, found.count)
    return {snapshot.columns.product_id[row]: score for row, score in scores.items()}


def answer(snapshot: Snapshot, request: SearchRequest) -> SearchResult:
    """Answer from an index."""
    query = parse(request.text)
    if not query.typed:
        return browse(snapshot.columns, request, snapshot.browsed)
    found = match(query, snapshot)
    did_you_mean, corrected = None, False
    if (found.partial or not found.held) and any(unit.is_exact for unit in query.units):
        did_you_mean, corrected = without_quotes(request.text), True
        query = parse(did_you_mean)
        found = match(query, snapshot)
    if found.partial or found.count < ENOUGH:
        better = _correct(did_you_mean or request.text, query, snapshot)
        if better is not None:
            text, other = better
            if found.partial or not found.held:
                did_you_mean, corrected, found, query = text, True, other, parse(text)
            elif other.count >= _WORTH_OFFERING * found.count:
                did_you_mean = text

    def texts(rows: Sequence[int]) -> list[tuple[str, str]]:
        return [_texts_in(request.language, snapshot.shown(row)) for row in rows]

    result = compose(snapshot.columns, request, query, found, texts)
    return replace(result, did_you_mean=did_you_mean, corrected=corrected and result.total > 0)


def compose(columns: Columns, request: SearchRequest, query: Query, found: Matches, texts: Texts) -> SearchResult:
    """The answer for the rows found."""
    filters = filters_of(request, columns)
    kept, tallies = sift(found.held, columns, filters) if request.with_facets else (narrow(found.held, columns, filters), {})
    page = page_of(kept, columns, request, found)
    shown = zip(page, texts(page), strict=True)
    highlighter = Highlighter(query)
    hits = tuple(Hit(columns.product_id[row], highlighter.snippet(name, text)) for row, (name, text) in shown)
    return SearchResult(hits, kept.bit_count(), present(tallies, columns, request))


def browse(columns: Columns, request: SearchRequest, kept: Browsed | None = None) -> SearchResult:
    """The answer to a question without text: everything, filtered. `kept` remembers as long as `columns` live."""
    kept = kept or Browsed()
    rows = kept.rows(columns, request)
    hits = tuple(Hit(columns.product_id[row]) for row in browsed_page(rows, columns, request))
    return SearchResult(hits, len(rows), kept.facets(columns, request) if request.with_facets else {})


def _texts_in(language: str, shown: Sequence[str]) -> tuple[str, str]:
    """Name and text in `language`, or in the other one where that is missing."""
    _, name_id, name_en, text_id, text_en = shown
    return pick(language, name_id, name_en), pick(language, text_id, text_en)


def _correct(text: str, query: Query, snapshot: Snapshot) -> tuple[str, Matches] | None:
    """The first spelling near the question under which every unit is found, with what it finds; or None."""
    doubtful = [unit.words[0] for unit in query.units if len(unit.words) == 1 and not is_strong(unit, snapshot)]
    choices = {word: snapshot.vocabulary.corrections(word, _TRIES) for word in doubtful}
    choices = {word: known for word, known in choices.items() if known}
    for attempt in range(_TRIES if choices else 0):
        chosen = {word: known[min(attempt, len(known) - 1)] for word, known in choices.items()}
        units = tuple(unit_for(chosen[unit.words[0]]) if unit.words[0] in chosen else unit for unit in query.units)
        found = match(Query(units, typed=True), snapshot)
        if found.held and not found.partial:
            return respelled(text, chosen), found
    return None


def respelled(text: str, chosen: Mapping[str, str]) -> str:
    """The question as typed, with the words in `chosen` replaced."""
    text = text[:MAX_CHARACTERS]
    pieces, position = [], 0
    for start, end, word in analysis.spans(text):
        if word in chosen:
            pieces += [text[position:start], chosen[word]]
            position = end
    return " ".join("".join([*pieces, text[position:]]).split())
