"""The judged questions: at least nine in ten answers in the first three hits, and no flood of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.search.engine import SearchEngine
from catalog.search.request import SearchRequest
from catalog.search.whoosh_engine import WhooshEngine
from tests.catalog.search.postgres import postgres_engine
from tests.catalog.search.shelf import Judged, judged, shelf, slug_of

RECALL_FLOOR = 0.90
#: Hits that answer nothing: on average over the precise questions, and for any single one.
NOISE_CEILING = 0.5
NOISE_OF_ONE = 4


@pytest.fixture(scope="module", params=["whoosh", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """The whole shelf in each engine in turn."""
    if request.param == "whoosh":
        engine = WhooshEngine(Path(tmp_path_factory.mktemp("judged")))
        engine.rebuild(shelf())
        yield engine
        return
    with postgres_engine(request.getfixturevalue("database_url")) as second:
        second.rebuild(shelf())
        yield second


def found(engine: SearchEngine, question: Judged) -> list[str]:
    language = "en" if question.kind == "english" else "id"
    return [slug_of(hit.product_id) for hit in engine.search(SearchRequest(question.ask, language, page_size=100)).hits]


def recall(hits: list[str], question: Judged) -> float:
    possible = min(3, len(question.wanted))
    return min(possible, sum(slug in question.wanted for slug in hits[:3])) / possible


def test_the_set_is_large_and_names_only_products_of_the_shelf() -> None:
    slugs = {document.slug for document in shelf()}
    assert len(judged()) >= 100
    assert len(shelf()) >= 80
    assert {question.kind for question in judged()} >= {"exact", "affix", "synonym", "typo", "english", "place", "maker"}
    for question in judged():
        assert question.wanted <= slugs, question.ask


def test_nine_in_ten_wanted_products_stand_in_the_first_three(engine: SearchEngine) -> None:
    scores = {(question.kind, question.ask): recall(found(engine, question), question) for question in judged()}
    misses = [f"{kind}: {ask} ({score:.2f})" for (kind, ask), score in scores.items() if score < 1]
    assert sum(scores.values()) / len(scores) >= RECALL_FLOOR, misses


def test_no_kind_of_question_is_left_behind(engine: SearchEngine) -> None:
    by_kind: dict[str, list[float]] = {}
    for question in judged():
        by_kind.setdefault(question.kind, []).append(recall(found(engine, question), question))
    assert {kind: sum(scores) / len(scores) for kind, scores in by_kind.items() if sum(scores) / len(scores) < 0.8} == {}


def test_precise_questions_bring_hardly_any_noise(engine: SearchEngine) -> None:
    noise = {
        question.ask: [slug for slug in found(engine, question) if slug not in question.wanted]
        for question in judged()
        if question.is_precise
    }
    loud = {ask: slugs for ask, slugs in noise.items() if slugs}
    assert sum(map(len, noise.values())) / len(noise) <= NOISE_CEILING, loud
    assert max(map(len, noise.values())) <= NOISE_OF_ONE, loud
