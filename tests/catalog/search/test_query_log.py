"""The query log: a spool line per search, a row by the worker, a report of what was not found."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.search import SearchQuery
from catalog.search import query_log
from kernel.spool import MAX_BYTES


def collect_all(session: Session, folder: Path) -> None:
    query_log.set_aside(folder)
    query_log.discard(query_log.collect(session, folder, settle_seconds=0))


def test_searches_reach_the_table_and_the_report(session: Session, tmp_path: Path) -> None:
    for text, total in (("Durian  BEKU", 0), ("durian beku", 0), ("keripik", 12), ("kue lapis", 0)):
        query_log.record(tmp_path, text, "id", total)
    assert session.scalar(select(func.count()).select_from(SearchQuery)) == 0
    collect_all(session, tmp_path)
    assert session.scalar(select(func.count()).select_from(SearchQuery)) == 4
    report = query_log.found_nothing(session)
    assert [(asked.text, asked.times) for asked in report] == [("durian beku", 2), ("kue lapis", 1)]
    assert report[0].last_at.tzinfo
    assert list(tmp_path.iterdir()) == []


def test_nothing_empty_and_no_address_is_noted(session: Session, tmp_path: Path) -> None:
    for text in ("", "   ", "someone@example.org"):
        query_log.record(tmp_path, text, "id", 0)
    assert not (tmp_path / query_log.SPOOL).exists()


def test_an_unwritable_folder_and_broken_lines_disturb_nobody(session: Session, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    query_log.record(tmp_path / "file" / "spool", "nanas", "id", 1)
    query_log.record(tmp_path, "nanas \ud800", "id", 1)
    with open(tmp_path / query_log.SPOOL, "ab") as spool:
        spool.write(b'{"at": 1, "text"\n\xff\xfe\n[]\n{"at": 1e400, "text": "x", "language": "id", "total": 0}\n')
    collect_all(session, tmp_path)
    assert session.scalar(select(func.count()).select_from(SearchQuery)) == 1


def test_a_full_spool_takes_no_more(tmp_path: Path) -> None:
    (tmp_path / query_log.SPOOL).write_bytes(b"x" * MAX_BYTES)
    query_log.record(tmp_path, "nanas", "id", 1)
    assert (tmp_path / query_log.SPOOL).stat().st_size == MAX_BYTES


def note(folder: Path, number: int) -> None:
    for line in range(200):
        query_log.record(folder, f"proses {number} baris {line}", "id", line)


def test_lines_of_several_processes_never_mix(session: Session, tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=note, args=(tmp_path, number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    collect_all(session, tmp_path)
    assert session.scalar(select(func.count()).select_from(SearchQuery)) == 800


def test_old_questions_are_forgotten(session: Session, tmp_path: Path) -> None:
    query_log.record(tmp_path, "nanas", "id", 0)
    collect_all(session, tmp_path)
    query_log.forget_old(session)
    assert session.scalar(select(func.count()).select_from(SearchQuery)) == 1
