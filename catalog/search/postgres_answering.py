"""From question to answer in PostgreSQL: matching, correction, then our own columns over few products or counted bits over many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from catalog.search.answering import compose, respelled
from catalog.search.columns import Columns
from catalog.search.highlighting import Highlighter
from catalog.search.matching import ENOUGH, TEXT, Matches, best, scored
from catalog.search.matching import NAME as NAME_WORTH
from catalog.search.ordering import effective_sort, page_bounds
from catalog.search.postgres_counting import Counted, Counter
from catalog.search.postgres_lexemes import NAME, is_strong, quoted
from catalog.search.postgres_matching import Found, Matcher, conjunction
from catalog.search.postgres_names import find_names
from catalog.search.postgres_pages import Pages
from catalog.search.postgres_writing import State
from catalog.search.query import Query, parse, unit_for, without_quotes
from catalog.search.request import Hit, SearchRequest, SearchResult, Sort, Suggestion
from kernel.locales import pick

#: Alternatives tried for a question that found nothing.
_TRIES = 3
#: A correction is worth offering beside hits when it finds this many times more.
_WORTH_OFFERING = 4
_COMPLETIONS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """An open connection to one generation."""

    connection: Connection
    state: State
    few: int

    def matcher(self) -> Matcher:
        """For words alone."""
        counter = Counter(self.connection, SearchRequest())
        return Matcher(self.connection, self.state.documents, self.few, lambda found: counter.total(found.alternatives))


class _Answers:
    """What is counted for one request, each thing found once: the count that decides how far to look has the facets with it."""

    def __init__(self, asked: Asked, request: SearchRequest) -> None:
        self.counter = Counter(asked.connection, request)
        self.matcher = Matcher(asked.connection, asked.state.documents, asked.few, lambda found: self.of(found).matched)
        self._by_relevance = effective_sort(request) is Sort.RELEVANCE
        self._known: list[tuple[Found, Counted]] = []

    def of(self, found: Found) -> Counted:
        """Totals and facets of what was found; of everything, if it is an empty question."""
        for known, counted in self._known:
            if known is found:
                return counted
        counted = self.counter.answer(found.alternatives, found.in_names if self._by_relevance else ())
        self._known.append((found, counted))
        return counted


def answer(asked: Asked, request: SearchRequest) -> SearchResult:
    """Answer one question."""
    query, answers = parse(request.text), _Answers(asked, request)
    if not query.typed:
        return _of_many(asked, request, query, Found(), answers)
    matcher = answers.matcher
    found = matcher.match(query)
    did_you_mean, corrected = None, False
    if (found.partial or not found.total) and any(unit.is_exact for unit in query.units):
        did_you_mean, corrected = without_quotes(request.text), True
        query = parse(did_you_mean)
        found = matcher.match(query)
    if found.partial or found.total < ENOUGH:
        better = _correct(did_you_mean or request.text, query, matcher)
        if better is not None:
            respelt, other = better
            if found.partial or not found.total:
                did_you_mean, corrected, found, query = respelt, True, other, parse(respelt)
            elif other.total >= _WORTH_OFFERING * found.total:
                did_you_mean = respelt
    many = bool(found.alternatives)
    result = _of_many(asked, request, query, found, answers) if many else _of_few(matcher, request, query, found)
    return replace(result, did_you_mean=did_you_mean, corrected=corrected and result.total > 0)


def scores_of(asked: Asked, typed: str) -> dict[int, float]:
    """Product id -> score for the words of `typed`, respelled when as typed they find nothing."""
    query = parse(typed)
    if not query.typed:
        return {}
    matcher = asked.matcher()
    found = matcher.match(query)
    if found.partial or not found.total:
        better = _correct(typed, query, matcher)
        query, found = (parse(better[0]), better[1]) if better is not None else (query, found)
    if not found.alternatives:
        columns, matches = _rows_of(matcher, query, found)
        return {columns.product_id[row]: score for row, score in best(matches.held, matches, columns, matches.count).items()}
    in_names = conjunction(found.in_names) if found.in_names else ""
    score = f"CASE WHEN words @@ CAST(:names AS tsquery) THEN {NAME_WORTH} ELSE {TEXT} END" if in_names else str(TEXT)
    statement = f"SELECT product_id, {score} + least(popularity, 1000) / 2000.0 FROM product WHERE words @@ CAST(:query AS tsquery)"
    rows = asked.connection.execute(text(statement), {"query": found.query, **({"names": in_names} if in_names else {})})
    return {product_id: float(worth) for product_id, worth in rows}


def _correct(typed: str, query: Query, matcher: Matcher) -> tuple[str, Found] | None:
    """The first spelling near the question under which every unit is found, with what it finds; or None."""
    doubtful = [unit.words[0] for unit in query.units if len(unit.words) == 1 and not is_strong(unit, matcher.known)]
    choices = {word: matcher.corrections(word, _TRIES) for word in doubtful}
    choices = {word: known for word, known in choices.items() if known}
    for attempt in range(_TRIES if choices else 0):
        chosen = {word: known[min(attempt, len(known) - 1)] for word, known in choices.items()}
        units = tuple(unit_for(chosen[unit.words[0]]) if unit.words[0] in chosen else unit for unit in query.units)
        found = matcher.match(Query(units, typed=True))
        if found.total and not found.partial:
            return respelled(typed, chosen), found
    return None


# few products


def _of_few(matcher: Matcher, request: SearchRequest, query: Query, found: Found) -> SearchResult:
    columns, matches = _rows_of(matcher, query, found)

    def texts(rows: Sequence[int]) -> list[tuple[str, str]]:
        return _texts(matcher, [columns.product_id[row] for row in rows], request.language)

    return compose(columns, request, query, matches, texts)


def _rows_of(matcher: Matcher, query: Query, found: Found) -> tuple[Columns, Matches]:
    """The products found as rows of columns, so that everything after the words is what it is for Whoosh."""
    columns = matcher.columns(list(found.scores))
    matches = scored(list(found.scores.values()), sum(len(unit.words) for unit in query.units))
    return columns, replace(matches, partial=found.partial)


def _texts(matcher: Matcher, product_ids: Sequence[int], language: str) -> list[tuple[str, str]]:
    shown = matcher.texts(product_ids)
    found = []
    for product_id in product_ids:
        _, name_id, name_en, text_id, text_en = shown[product_id]
        found.append((pick(language, name_id, name_en), pick(language, text_id, text_en)))
    return found


# many


def _of_many(asked: Asked, request: SearchRequest, query: Query, found: Found, answers: _Answers) -> SearchResult:
    """Counted, not scored: those that match in their names come first, in either part the popular ones that are there."""
    counted = answers.of(found)
    total, in_names = counted.total, counted.in_names
    start, end = page_bounds(request)
    names = conjunction(found.in_names) if in_names else ""
    papers = list(answers.counter.papers)
    numbers = answers.counter.numbers(found.alternatives) if 0 < total <= asked.few else None
    words = found.query if numbers is None else ""

    def pages(count: int, query: str, without: str = "") -> Pages:
        return Pages(asked.connection, request, papers, asked.state.documents, count, query, without, numbers)

    if names:
        page = pages(in_names, f"({words}) & ({names})" if words else names).page(start, end)
        page += pages(total - in_names, words, names).page(max(0, start - in_names), end - in_names)
    else:
        page = pages(total, words).page(start, end)
    highlights = [""] * len(page)
    if query.typed:
        highlighter = Highlighter(query)
        highlights = [highlighter.snippet(name, text) for name, text in _texts(answers.matcher, page, request.language)]
    return SearchResult(tuple(map(Hit, page, highlights)), total, counted.facets)


# while typing


def suggest(asked: Asked, words: Sequence[str], language: str, limit: int) -> list[Suggestion]:
    """Named things and products for what has been typed so far."""
    matcher = asked.matcher()
    things = find_names(asked.connection, " ".join(words), language)
    products = _products(asked, matcher, words, language, limit)
    if not things and not products:
        for known in matcher.corrections(words[-1]):
            products = _products(asked, matcher, [*words[:-1], known], language, limit)
            if products:
                break
    room = max(limit // 2, limit - len(products))
    return [*things[:room], *products][:limit]


def _products(asked: Asked, matcher: Matcher, words: Sequence[str], language: str, limit: int) -> list[Suggestion]:
    """Products whose name holds every word but the last and something that starts with the last."""
    *whole, last = words
    ended = dict.fromkeys([last, *matcher.completions(last, _COMPLETIONS)])
    matcher.learn(NAME + word for word in (*whole, *ended))
    endings = [NAME + word for word in ended if matcher.known(NAME + word)]
    if not endings or not all(matcher.known(NAME + word) for word in whole):
        return []
    query = " & ".join([*(quoted(NAME + word) for word in whole), f"({' | '.join(map(quoted, endings))})"])
    most = min(sum(matcher.known(lexeme) for lexeme in endings), *(matcher.known(NAME + word) for word in whole), asked.state.documents)
    pages = Pages(asked.connection, SearchRequest(), (), asked.state.documents, most, query)
    shown = matcher.texts(found := pages.page(0, limit))
    return [Suggestion("product", _label(shown[product_id], language), shown[product_id][0]) for product_id in found]


def _label(shown: tuple[str, ...], language: str) -> str:
    _, name_id, name_en, *_ = shown
    return (name_en or name_id) if language == "en" else (name_id or name_en)
