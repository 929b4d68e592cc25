"""What every search engine must do, driven over Whoosh's index, over PostgreSQL and over the database fallback alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from catalog.search.columns import PRICE_BANDS
from catalog.search.database_engine import DatabaseEngine
from catalog.search.document import SearchDocument
from catalog.search.engine import IndexBusy, SearchEngine
from catalog.search.facets import DIMENSIONS
from catalog.search.ordering import kilometres
from catalog.search.postgres_matching import FEW
from catalog.search.request import SearchRequest, SearchResult, Sort
from catalog.search.whoosh_engine import WhooshEngine
from tests.catalog.search.hostile import HOSTILE
from tests.catalog.search.postgres import postgres_engine
from tests.catalog.search.shelf import product, put_on_shelf, shelf, slug_of

EVERYTHING = SearchRequest(page_size=200)


class Shelf:
    """An engine with the shelf in it, answering in slugs."""

    def __init__(self, engine: SearchEngine, slugs: dict[int, str]) -> None:
        self.engine = engine
        self.slugs = slugs

    def search(self, text: str = "", **changes: object) -> SearchResult:
        return self.engine.search(replace(EVERYTHING, text=text, **changes))  # type: ignore[arg-type]

    def found(self, text: str = "", **changes: object) -> list[str]:
        return [self.slugs[hit.product_id] for hit in self.search(text, **changes).hits]


POSTGRESQL = pytest.mark.postgresql
#: How many products are few to PostgreSQL: with none every question is counted in the database, as those of a large catalogue are,
#: with some the few of what was counted are read from their bits.
FEW_OF = {"postgresql": FEW, "postgresql, counted": 0, "postgresql, mixed": 6}
ENGINES = ["whoosh", "database", *(pytest.param(name, marks=POSTGRESQL) for name in FEW_OF)]


@pytest.fixture(scope="module")
def postgres_shelves(database_url: str) -> Iterator[dict[str, Shelf]]:
    """The shelf in PostgreSQL, for tests that change nothing."""
    slugs = {document.product_id: document.slug for document in shelf()}
    with ExitStack() as stack:
        engines = {name: stack.enter_context(postgres_engine(database_url, few)) for name, few in FEW_OF.items()}
        for engine in engines.values():
            engine.rebuild(shelf())
        yield {name: Shelf(engine, slugs) for name, engine in engines.items()}


@pytest.fixture(params=ENGINES)
def full_shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """The shelf in each engine in turn."""
    if request.param.startswith("postgresql"):
        shelves: dict[str, Shelf] = request.getfixturevalue("postgres_shelves")
        return shelves[request.param]
    if request.param == "whoosh":
        engine = WhooshEngine(tmp_path / "index")
        engine.rebuild(shelf())
        return Shelf(engine, {document.product_id: document.slug for document in shelf()})
    session = request.getfixturevalue("session")
    ids = put_on_shelf(session)
    return Shelf(DatabaseEngine(session), {database_id: slug_of(shelf_id) for shelf_id, database_id in ids.items()})


class TestEveryEngine:
    """The contract."""

    def test_an_empty_question_browses_everything(self, full_shelf: Shelf) -> None:
        result = full_shelf.search()
        assert result.total == len(shelf()) == len(result.hits) == full_shelf.engine.document_count()
        assert {hit.highlight for hit in result.hits} == {""}

    def test_what_is_in_stock_and_popular_leads_the_browsing(self, full_shelf: Shelf) -> None:
        first = product(full_shelf.found()[0])
        assert first.available > 0
        assert first.popularity == max(document.popularity for document in shelf() if document.available)

    def test_a_name_is_found_by_its_words_in_both_languages(self, full_shelf: Shelf) -> None:
        for question in ("selai nanas", "Selai NANAS", "pineapple jam", "nenas selai"):
            assert full_shelf.found(question)[0] == "selai-nanas", question

    def test_a_name_is_found_by_one_of_its_words(self, full_shelf: Shelf) -> None:
        """The database reads "jam" in *jamu* as well, and goods that fit alike take turns with the day."""
        assert "selai-nanas" in full_shelf.found("jam")[:2]

    def test_every_word_must_match(self, full_shelf: Shelf) -> None:
        assert set(full_shelf.found("keripik nanas")) == {"keripik-nanas"}

    def test_words_of_a_meaning_find_each_other(self, full_shelf: Shelf) -> None:
        assert {"keripik-ubi-kencur", "keripik-ubi-balado"} <= set(full_shelf.found("kripik singkong"))
        assert {"pempek", "pempek-panggang"} <= set(full_shelf.found("empek-empek"))

    def test_places_and_makers_are_found(self, full_shelf: Shelf) -> None:
        assert "tepung-mocaf" in full_shelf.found("mocaf mandiri")
        assert {"selai-nanas", "batik-pali"} <= set(full_shelf.found("talang bulang"))

    def test_who_shows_no_filters_gets_the_same_hits_without_facets(self, full_shelf: Shelf) -> None:
        for changes in ({"text": "nanas"}, {"text": "keripik", "category": "camilan"}, {"in_stock": True, "sort": Sort.PRICE}):
            bare, full = full_shelf.search(**changes, with_facets=False), full_shelf.search(**changes)  # type: ignore[arg-type]
            assert bare == replace(full, facets={})

    def test_quoted_words_stand_next_to_each_other(self, full_shelf: Shelf) -> None:
        assert full_shelf.found("balado ubi")
        assert not full_shelf.search('"balado ubi"').total or full_shelf.search('"balado ubi"').corrected
        assert "keripik-ubi-kencur" in full_shelf.found('"ubi kencur"')
        assert set(full_shelf.found('"selai nanas"')) <= set(full_shelf.found("selai nanas"))
        assert full_shelf.found('"nanas" selai') == full_shelf.found("nanas selai")
        assert full_shelf.found('"selai nanas') == full_shelf.found("selai nanas")

    def test_a_code_finds_its_product_alone(self, full_shelf: Shelf) -> None:
        document = product("songket")
        assert full_shelf.found(document.codes[0].lower()) == ["songket"]

    def test_ranking_finds_what_searching_finds(self, full_shelf: Shelf) -> None:
        for question in ("keripik nanas", "kripik singkong", "talang bulang"):
            scores = full_shelf.engine.rank(question)
            assert {full_shelf.slugs[number] for number in scores} == set(full_shelf.found(question))
        assert full_shelf.engine.rank("???") == full_shelf.engine.rank("") == {}

    def test_a_question_without_words_finds_nothing(self, full_shelf: Shelf) -> None:
        assert full_shelf.search("???").total == 0
        assert full_shelf.search("zzqqxx").total == 0

    def test_pages_neither_overlap_nor_miss_anything(self, full_shelf: Shelf) -> None:
        for sort in Sort:
            pages = [full_shelf.found(page=page, page_size=24, sort=sort, near=(-3.2, 104.0)) for page in range(1, 6)]
            assert [len(page) for page in pages] == [24, 24, 24, 8, 0]
            assert len({slug for page in pages for slug in page}) == len(shelf())

    def test_wild_page_numbers_are_empty_pages(self, full_shelf: Shelf) -> None:
        assert full_shelf.found(page=10**12) == []
        assert full_shelf.found(page=-5, page_size=24) == full_shelf.found(page=1, page_size=24)
        assert len(full_shelf.found(page_size=10**9)) == len(shelf())

    def test_sorts_order_the_whole_answer(self, full_shelf: Shelf) -> None:
        cheap = [product(slug).price for slug in full_shelf.found("nanas", sort=Sort.PRICE)]
        assert cheap == sorted(cheap)
        dear = [product(slug).price for slug in full_shelf.found(sort=Sort.PRICE_DESC)]
        assert dear == sorted(dear, reverse=True)
        newest = [product(slug).published_at for slug in full_shelf.found(sort=Sort.NEWEST)]
        assert newest == sorted(newest, reverse=True)

    def test_distance_is_measured_from_the_given_place(self, full_shelf: Shelf) -> None:
        hiyung = (-2.99, 115.05)
        far = []
        for slug in full_shelf.found(sort=Sort.DISTANCE, near=hiyung):
            document = product(slug)
            assert document.latitude is not None
            assert document.longitude is not None
            far.append(kilometres(hiyung, (document.latitude, document.longitude)))
        assert all(one <= other + 0.1 for one, other in pairwise(far))
        assert full_shelf.found(sort=Sort.DISTANCE, near=None) == full_shelf.found()
        assert full_shelf.found(sort=Sort.DISTANCE, near=(float("nan"), 1.0)) == full_shelf.found()

    def test_filters_keep_what_they_say(self, full_shelf: Shelf) -> None:
        def matching(condition: object) -> set[str]:
            return {document.slug for document in shelf() if condition(document)}  # type: ignore[operator]

        assert set(full_shelf.found(category="kain")) == matching(lambda d: d.category == "kain")
        assert set(full_shelf.found(district="16.12.04")) == matching(lambda d: d.district_code == "16.12.04")
        assert set(full_shelf.found(village="16.12.01.2001")) == matching(lambda d: d.village_code == "16.12.01.2001")
        assert set(full_shelf.found(scheme="osop")) == matching(lambda d: d.scheme == "osop")
        assert set(full_shelf.found(certificate="halal")) == matching(lambda d: "halal" in d.certificates)
        assert set(full_shelf.found(in_stock=True)) == matching(lambda d: d.available > 0)
        assert set(full_shelf.found(min_price=50_000, max_price=100_000)) == matching(lambda d: 50_000 <= d.price <= 100_000)
        assert full_shelf.found(min_price=100_000, max_price=50_000) == []
        assert full_shelf.found(category="nowhere") == []

    def test_facets_count_what_choosing_them_would_show(self, full_shelf: Shelf) -> None:
        for text, chosen in (
            ("", {}),
            ("nanas", {}),
            ("", {"category": "kain"}),
            ("keripik", {"certificate": "pirt", "min_price": 20_000}),
        ):
            facets = full_shelf.search(text, **chosen).facets
            assert tuple(facets) == DIMENSIONS
            for dimension in ("category", "district", "village", "scheme", "certificate"):
                for value in facets[dimension]:
                    assert full_shelf.search(text, **{**chosen, dimension: value.value}).total == value.count
            for value in facets["price"]:
                low, high = value.value.split("-")
                band = {"min_price": int(low) if low else None, "max_price": int(high) if high else None}
                assert full_shelf.search(text, **{**chosen, **band}).total == value.count
            for value in facets["in_stock"]:
                if value.value == "true":
                    assert full_shelf.search(text, **{**chosen, "in_stock": True}).total == value.count

    def test_a_facet_ignores_its_own_filter(self, full_shelf: Shelf) -> None:
        chosen = full_shelf.search(category="kain").facets
        free = full_shelf.search().facets
        assert chosen["category"] == free["category"]
        assert chosen["village"] != free["village"]
        assert len(PRICE_BANDS) >= len(free["price"])

    def test_a_chosen_value_stays_in_its_facet_when_nothing_is_left(self, full_shelf: Shelf) -> None:
        values = {value.value: value.count for value in full_shelf.search("nanas", category="kriya").facets["category"]}
        assert values["kriya"] == 0

    def test_matches_are_marked_in_plain_text(self, full_shelf: Shelf) -> None:
        hit = full_shelf.search("nanas", village="16.12.01.2001").hits[0]
        assert "\x02" in hit.highlight
        assert hit.highlight.count("\x02") == hit.highlight.count("\x03")

    def test_suggestions_name_products_makers_villages_and_categories(self, full_shelf: Shelf) -> None:
        def kinds(text: str) -> set[tuple[str, str]]:
            return {(suggestion.kind, suggestion.label) for suggestion in full_shelf.engine.suggest(text, "id", 10)}

        assert ("product", "Tepung Mocaf") in kinds("tep")
        assert ("village", "Talang Bulang") in kinds("talang")
        assert ("category", "Anyaman") in kinds("anya")
        assert any(kind == "maker" for kind, _ in kinds("kebun"))
        assert full_shelf.engine.suggest("", "id") == []
        assert full_shelf.engine.suggest("???", "id") == []
        assert len(full_shelf.engine.suggest("k", "id", 3)) <= 3

    def test_suggestions_speak_the_language_of_the_page(self, full_shelf: Shelf) -> None:
        assert "Mocaf Flour" in {suggestion.label for suggestion in full_shelf.engine.suggest("moc", "en", 10)}

    def test_hostile_questions_are_answered_in_a_fifth_of_a_second(self, full_shelf: Shelf) -> None:
        full_shelf.search("nanas")  # the first question opens the index
        for text in HOSTILE:
            assert own_seconds(lambda text=text: full_shelf.search(text, page_size=24)) < 0.2, text[:60]  # type: ignore[misc]
            assert own_seconds(lambda text=text: full_shelf.engine.suggest(text, "id")) < 0.2, text[:60]  # type: ignore[misc]
            assert len(full_shelf.search(text, page_size=24).hits) <= 24


def own_seconds(ask: Callable[[], object]) -> float:
    """Processor time of a question, the quickest of three: how busy the machine is must not decide."""
    tries = []
    for _ in range(3):
        started = time.process_time()
        ask()
        tries.append(time.process_time() - started)
    return min(tries)


@pytest.fixture
def whoosh_shelf(tmp_path: Path) -> Shelf:
    """The shelf in Whoosh's index."""
    engine = WhooshEngine(tmp_path / "index")
    engine.rebuild(shelf())
    return Shelf(engine, {document.product_id: document.slug for document in shelf()})


@pytest.fixture(params=["whoosh", *(pytest.param(name, marks=POSTGRESQL) for name in ("postgresql", "postgresql, counted"))])
def indexed_shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """The shelf in an index that may be changed, in each engine that has one."""
    if request.param == "whoosh":
        yield request.getfixturevalue("whoosh_shelf")
        return
    with postgres_engine(request.getfixturevalue("database_url"), FEW_OF[request.param]) as engine:
        engine.rebuild(shelf())
        yield Shelf(engine, {document.product_id: document.slug for document in shelf()})


class TestTheIndex:
    """What only an index does: recall, corrections, changes."""

    def test_stems_are_for_recall_and_never_for_places(self, indexed_shelf: Shelf) -> None:
        assert indexed_shelf.found("tenunan")[:1] != []
        assert indexed_shelf.found("pandang") == indexed_shelf.found("pandang")

    def test_a_typing_error_is_corrected_only_when_nothing_was_found(self, indexed_shelf: Shelf) -> None:
        result = indexed_shelf.search("sasirngan")
        assert result.corrected
        assert result.did_you_mean == "sasirangan"
        assert indexed_shelf.slugs[result.hits[0].product_id] == "sasirangan"
        exact = indexed_shelf.search("sasirangan")
        assert not exact.corrected
        assert exact.did_you_mean is None

    def test_quotation_marks_that_find_nothing_are_taken_off(self, indexed_shelf: Shelf) -> None:
        result = indexed_shelf.search('"kencur ubi" keripik')
        assert (result.corrected, result.did_you_mean) == (True, "kencur ubi keripik")
        assert "keripik-ubi-kencur" in indexed_shelf.found('"kencur ubi" keripik')

    def test_quoted_words_are_marked_together(self, indexed_shelf: Shelf) -> None:
        marked = [hit.highlight for hit in indexed_shelf.search('"ubi kencur"').hits if hit.highlight]
        assert marked
        assert all("\x02" in text for text in marked)

    def test_a_correction_keeps_the_rest_of_the_question(self, indexed_shelf: Shelf) -> None:
        assert indexed_shelf.search("Minyak KEMRI!").did_you_mean == "Minyak kemiri!"

    def test_what_resembles_nothing_is_not_corrected(self, indexed_shelf: Shelf) -> None:
        result = indexed_shelf.search("xylophone")
        assert (result.total, result.corrected, result.did_you_mean) == (0, False, None)

    def test_changed_products_answer_at_once_and_deleted_ones_are_gone(self, indexed_shelf: Shelf) -> None:
        songket = product("songket")
        indexed_shelf.engine.apply([replace(songket, name_id="Kain Benang Emas", name_en="Gold Cloth")], [product("pempek").product_id])
        assert indexed_shelf.found("benang emas")[0] == "songket"
        assert "pempek" not in indexed_shelf.found("lenjer")
        assert indexed_shelf.search().total == len(shelf()) - 1 == indexed_shelf.engine.document_count()
        assert indexed_shelf.engine.healthy()

    def test_a_rebuild_reports_and_forgets_the_wish(self, indexed_shelf: Shelf) -> None:
        indexed_shelf.engine.request_rebuild("a test")
        indexed_shelf.engine.request_rebuild("another")
        assert indexed_shelf.engine.rebuild_reason() == "a test"
        reported: list[int] = []
        indexed_shelf.engine.rebuild(shelf()[:10], reported.append)
        assert reported[-1] == 10
        assert indexed_shelf.engine.rebuild_reason() is None
        assert indexed_shelf.search().total == 10 == len(indexed_shelf.engine.product_ids())

    def test_a_rebuild_that_fails_leaves_the_old_index(self, indexed_shelf: Shelf) -> None:
        with pytest.raises(OSError, match="no space"):
            indexed_shelf.engine.rebuild(_broken())
        assert indexed_shelf.search().total == len(shelf())
        indexed_shelf.engine.apply([shelf()[0]], [])  # the lock is free again
        assert indexed_shelf.engine.healthy()

    def test_one_writes_at_a_time(self, indexed_shelf: Shelf) -> None:
        with indexed_shelf.engine.exclusive():
            indexed_shelf.engine.apply([replace(product("songket"), price=1_234)], [])
            with ThreadPoolExecutor(1) as pool, pytest.raises(IndexBusy):
                pool.submit(_be_exclusive, indexed_shelf.engine).result()
            assert indexed_shelf.found("songket", min_price=1_234, max_price=1_234) == ["songket"]
        with indexed_shelf.engine.exclusive():
            pass

    def test_absurd_values_do_not_break_the_index(self, indexed_shelf: Shelf) -> None:
        absurd = replace(
            product("songket"),
            price=10**30,
            available=-5,
            popularity=-(10**30),
            name_id="",
            text_id="\x00" * 10,
            codes=("",),
            latitude=None,
        )
        indexed_shelf.engine.apply([absurd], [])
        assert indexed_shelf.engine.healthy()
        assert "songket" in indexed_shelf.found("lepus")


class TestTheFolder:
    """What Whoosh's files do."""

    def test_hundreds_of_small_commits_stay_few_files(self, whoosh_shelf: Shelf, tmp_path: Path) -> None:
        document = product("songket")
        for number in range(60):
            whoosh_shelf.engine.apply([replace(document, price=1_000 + number)], [])
        assert whoosh_shelf.search("songket").total == 1
        assert whoosh_shelf.found("songket", min_price=1_059, max_price=1_059) == ["songket"]
        assert sum(1 for path in (tmp_path / "index").rglob("*") if path.is_file()) < 25
        assert whoosh_shelf.engine.healthy()

    def test_a_rebuild_leaves_one_generation(self, whoosh_shelf: Shelf, tmp_path: Path) -> None:
        whoosh_shelf.engine.rebuild(shelf()[:10])
        assert len(list((tmp_path / "index").glob("generation-*"))) == 1

    def test_a_rebuild_that_fails_leaves_one_generation(self, whoosh_shelf: Shelf, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="no space"):
            whoosh_shelf.engine.rebuild(_broken())
        assert len(list((tmp_path / "index").glob("generation-*"))) == 1


def _broken() -> Iterator[SearchDocument]:
    yield shelf()[0]
    raise OSError("no space left on device")


def _be_exclusive(engine: SearchEngine) -> None:
    with engine.exclusive():
        pass
