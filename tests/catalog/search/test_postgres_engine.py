"""PostgreSQL's answers held to Whoosh's: random catalogues that changed often, random questions; and what only PostgreSQL can lose."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from catalog.search.engine import SearchUnavailable
from catalog.search.postgres_engine import PostgresEngine
from catalog.search.postgres_lexemes import area_code, area_number, facts_of, lexemes_of, quoted
from catalog.search.postgres_writing import row_of
from catalog.search.request import SearchRequest, SearchResult, Sort
from catalog.search.whoosh_engine import WhooshEngine
from tests.catalog.search.postgres import postgres_engine
from tests.catalog.search.shelf import shelf
from tests.catalog.search.test_matching import document, question

CHOSEN_ORDERS = (Sort.PRICE, Sort.PRICE_DESC, Sort.NEWEST)
postgresql = pytest.mark.postgresql


def in_regions(number: int, dice: random.Random) -> object:
    """The random product of the other contract test, with codes as the ministry writes them and places on the map."""
    found = document(number, dice)
    longitude = 100 + int(found.village_code[-4:]) / 10
    return replace(found, latitude=-3.0, longitude=longitude)


def compare(ours: SearchResult, theirs: SearchResult, request: SearchRequest) -> None:
    assert (ours.total, ours.facets) == (theirs.total, theirs.facets), request
    assert (ours.corrected, ours.did_you_mean) == (theirs.corrected, theirs.did_you_mean), request
    if ours.total <= request.page_size:
        assert {hit.product_id for hit in ours.hits} == {hit.product_id for hit in theirs.hits}, request
    if request.sort in CHOSEN_ORDERS:
        assert ours.hits == theirs.hits, request


@postgresql
@pytest.mark.parametrize("few", [10_000, 0, 12], ids=["scored", "counted", "mixed"])
def test_both_engines_answer_random_questions_alike(database_url: str, tmp_path: Path, few: int, pytestconfig: pytest.Config) -> None:
    dice = random.Random(few)
    for seed in range(8 if pytestconfig.getoption("--long") else 1):
        theirs = WhooshEngine(tmp_path / f"index-{seed}")
        with postgres_engine(database_url, few) as ours:
            count = dice.randint(60, 250)
            for engine in (ours, theirs):
                engine.rebuild([in_regions(number, random.Random(number)) for number in range(1, count)])  # type: ignore[misc]
            for _ in range(4):
                changed = dice.sample(range(1, count + 40), 12)
                documents = [in_regions(number, dice) for number in changed[::2]]
                for engine in (ours, theirs):
                    engine.apply(documents, changed[1::2])  # type: ignore[arg-type]
            assert ours.healthy()
            assert ours.product_ids() == theirs.product_ids()
            for _ in range(80):
                asked = replace(question(dice), page=1, page_size=200)
                compare(ours.search(asked), theirs.search(asked), asked)
                near = replace(asked, sort=Sort.DISTANCE, near=(-3.0, 100.05))
                assert ours.search(near).total == theirs.search(near).total


@pytest.fixture
def engine(database_url: str) -> Iterator[PostgresEngine]:
    with postgres_engine(database_url) as engine:
        yield engine


@postgresql
def test_without_an_index_it_says_so_and_wants_one(engine: PostgresEngine) -> None:
    with pytest.raises(SearchUnavailable) as caught:
        engine.search(SearchRequest())
    assert caught.value.damaged
    assert engine.rebuild_reason() == "no index yet"
    assert engine.version() is None
    assert not engine.healthy()
    engine.request_rebuild("nobody can note this yet")


@postgresql
def test_a_lost_table_is_noticed_and_a_rebuild_mends_it(engine: PostgresEngine) -> None:
    engine.rebuild(shelf())
    before = engine.version()
    with engine._database.begin() as connection:
        generation = connection.scalar(text(f"SELECT generation FROM {engine._home}.state"))
        connection.execute(text(f'DROP TABLE "{generation}".term'))
    with pytest.raises(SearchUnavailable) as caught:
        engine.search(SearchRequest("nanas"))
    assert caught.value.damaged
    assert not engine.healthy()
    engine.rebuild(shelf())
    assert engine.healthy()
    assert engine.version() != before


@postgresql
def test_a_wrong_count_is_noticed(engine: PostgresEngine) -> None:
    engine.rebuild(shelf())
    with engine._database.begin() as connection:
        generation = connection.scalar(text(f"SELECT generation FROM {engine._home}.state"))
        connection.execute(text(f"UPDATE \"{generation}\".term SET n = n + 1 WHERE lexeme = '#in_stock=1'"))
    assert not engine.healthy()


@postgresql
def test_another_format_or_word_list_wants_a_rebuild(engine: PostgresEngine) -> None:
    engine.rebuild(shelf())
    assert engine.rebuild_reason() is None
    with engine._database.begin() as connection:
        connection.execute(text(f"UPDATE {engine._home}.state SET words = 'of yesterday'"))
    assert engine.rebuild_reason() == "the word list changed"
    assert engine.search(SearchRequest("nanas")).total
    with engine._database.begin() as connection:
        connection.execute(text(f"UPDATE {engine._home}.state SET format = 0"))
    assert engine.rebuild_reason() == "the index has another format"


@postgresql
def test_every_list_page_is_whole_while_equals_take_turns(engine: PostgresEngine) -> None:
    engine.rebuild(replace(document, popularity=0, available=1) for document in shelf())
    pages = [engine.search(SearchRequest(page=page, page_size=24)).hits for page in range(1, 6)]
    assert [len(page) for page in pages] == [24, 24, 24, 8, 0]
    assert len({hit.product_id for page in pages for hit in page}) == len(shelf())


@postgresql
def test_a_rebuild_leaves_one_generation(engine: PostgresEngine) -> None:
    for _ in range(2):
        engine.rebuild(shelf())
    with engine._database.connect() as connection:
        assert len(engine._generations(connection)) == 1


def test_a_word_of_any_field_is_a_lexeme_of_any_field() -> None:
    for one in shelf():
        lexemes = lexemes_of(one)
        assert all("a" + lexeme[1:] in lexemes for lexeme in lexemes if lexeme[0] in "nmpcku"), one.slug
        assert all(lexeme.isprintable() for lexeme in lexemes)


def test_facts_are_of_the_row_alone() -> None:
    row = row_of(shelf()[0], "")
    assert facts_of(row) == facts_of(dict(row))
    assert {"*", "#in_stock=1"} <= facts_of(row)


def test_area_codes_are_numbers_in_their_order() -> None:
    for code in ("16.12.01", "16.12.01.2001", "91.01.20"):
        assert area_code(area_number(code)) == code
    assert area_number("nowhere") == area_number("16.12") == area_number("") == 0
    assert area_code(0) == ""


def test_lexemes_are_quoted_as_the_server_reads_them() -> None:
    assert quoted("n'a\\b") == "'n''a\\\\b'"
