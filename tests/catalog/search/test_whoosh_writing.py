"""Four processes index at once and others read: nobody sees a lock error, nothing is lost; killed writers leave no trace."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from catalog.search import whoosh_writing
from catalog.search.engine import IndexBusy
from catalog.search.request import SearchRequest
from catalog.search.whoosh_engine import WhooshEngine
from tests.catalog.search.shelf import shelf

PROCESSES, COMMITS = 4, 6
fork = multiprocessing.get_context("fork")


def write(root: Path, barrier: Barrier, number: int) -> None:
    engine = WhooshEngine(root)
    barrier.wait()
    for commit in range(COMMITS):
        document = shelf()[number * COMMITS + commit]
        engine.apply([replace(document, name_id=f"{document.name_id} berkilau{number}")], [])
    os._exit(0)


def read(root: Path, barrier: Barrier) -> None:
    engine = WhooshEngine(root)
    barrier.wait()
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        if engine.search(SearchRequest()).total != len(shelf()):
            os._exit(1)
        engine.search(SearchRequest("keripik"))
        engine.suggest("ker", "id")
    os._exit(0)


@pytest.mark.race
def test_four_processes_indexing_at_once_show_no_lock_error(tmp_path: Path) -> None:
    root = tmp_path / "index"
    engine = WhooshEngine(root)
    engine.rebuild(shelf())
    barrier = fork.Barrier(PROCESSES + 1)
    processes = [fork.Process(target=write, args=(root, barrier, number)) for number in range(PROCESSES)]
    processes.append(fork.Process(target=read, args=(root, barrier)))
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)
    for number in range(PROCESSES):
        assert engine.search(SearchRequest(f"berkilau{number}")).total == COMMITS
    assert engine.document_count() == len(shelf())
    assert engine.healthy()


@pytest.mark.race
def test_one_drainer_at_a_time_and_the_second_does_not_wait(tmp_path: Path) -> None:
    one, other = WhooshEngine(tmp_path), WhooshEngine(tmp_path)
    one.rebuild(shelf())
    with one.exclusive():
        one.apply(shelf()[:1], [])  # the holder itself may write
        started = time.monotonic()
        with pytest.raises(IndexBusy), other.exclusive():
            pass
        assert time.monotonic() - started < 5
    with other.exclusive():
        other.apply(shelf()[:1], [])


def write_for_ever(root: Path) -> None:
    engine = WhooshEngine(root)
    while True:
        engine.apply(shelf()[:20], [])


@pytest.mark.race
def test_killed_writers_leave_a_readable_index_and_no_lock(tmp_path: Path) -> None:
    root = tmp_path / "index"
    engine = WhooshEngine(root)
    engine.rebuild(shelf())
    for number in range(8):
        writer = fork.Process(target=write_for_ever, args=(root,))
        writer.start()
        time.sleep(0.05 + number * 0.02)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        assert engine.search(SearchRequest()).total == len(shelf())
        assert engine.healthy()
    engine.apply(shelf()[:1], [])
    while engine.tidy():
        pass
    assert sum(1 for path in root.rglob("*") if path.is_file()) < 25


def search_in_child(engine: WhooshEngine, expected: int) -> None:
    good = all(engine.search(SearchRequest("keripik")).total == expected for _ in range(200))
    os._exit(0 if good else 1)


@pytest.mark.race
def test_an_engine_opened_before_the_fork_serves_all_children(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(shelf())
    expected = engine.search(SearchRequest("keripik")).total
    children = [fork.Process(target=search_in_child, args=(engine, expected)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]


@pytest.mark.race
def test_threads_share_an_engine_while_commits_arrive(tmp_path: Path) -> None:
    WhooshEngine(tmp_path).rebuild(shelf())
    engine, writer = WhooshEngine(tmp_path), WhooshEngine(tmp_path)
    questions = ["", "keripik", "nanas kering", "sasirngan", "kopi ngada", "tas", "jahe", "ke"]

    def ask(number: int) -> int:
        for turn in range(60):
            text = questions[(number + turn) % len(questions)]
            assert engine.search(SearchRequest(text, page_size=200)).total > 0
            engine.suggest(text or "ma", "id")
            assert engine.healthy() or turn % 10  # now and then, beside everything else
        return number

    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(ask, range(8))
        for _ in range(10):
            writer.apply(shelf()[:3], [])
        assert list(answers) == list(range(8))


def test_more_than_a_bytes_worth_of_villages_keep_their_names(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    model = shelf()[0]
    engine.rebuild(
        replace(model, product_id=number, slug=f"p{number}", village_code=f"16.12.01.{number % 700:04d}", village=f"Desa {number % 700}")
        for number in range(1, 1_401)
    )
    for code in (0, 255, 256, 257, 699):
        result = engine.search(SearchRequest(village=f"16.12.01.{code:04d}"))
        assert {hit.product_id % 700 for hit in result.hits} == {code}
        assert result.total == 2


def segments(root: Path) -> int:
    return sum(1 for _ in root.rglob("*.seg"))


def test_changes_do_not_wait_for_segments_to_be_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, reader = WhooshEngine(tmp_path), WhooshEngine(tmp_path)
    engine.rebuild(shelf())
    for number in range(12):
        engine.apply([replace(shelf()[number], name_id=f"Berkilau {number}")], [])
        reader.search(SearchRequest())
    assert segments(tmp_path) == 13
    monkeypatch.setattr(whoosh_writing, "GATHER_SECONDS", 0.0)  # two at a time is the least
    assert engine.tidy()
    assert segments(tmp_path) == 12
    while engine.tidy():
        pass
    assert segments(tmp_path) == whoosh_writing.MANY_SMALL
    assert reader.search(SearchRequest("berkilau")).total == 12
    assert reader.document_count() == len(shelf())
    assert reader.search(SearchRequest(page_size=200)) == WhooshEngine(tmp_path).search(SearchRequest(page_size=200))


def test_an_import_is_gathered_beside_its_changes(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(shelf())
    for number in range(whoosh_writing.TOO_MANY + 6):
        engine.apply([replace(shelf()[0], product_id=1_000 + number)], [])
    assert segments(tmp_path) <= whoosh_writing.TOO_MANY + 1
    assert engine.document_count() == len(shelf()) + whoosh_writing.TOO_MANY + 6
    assert engine.healthy()


def test_who_tidies_gives_way_to_who_writes(tmp_path: Path) -> None:
    engine, other = WhooshEngine(tmp_path), WhooshEngine(tmp_path)
    engine.rebuild(shelf())
    for document in shelf()[:12]:
        engine.apply([document], [])
    with engine.exclusive():
        assert not other.tidy()
    assert other.tidy()
