"""Seven ways an index breaks: each is noticed, answered from the database within a second, and leads to a rebuild."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalog.search import queue, rebuilding, searching
from catalog.search.engine import SearchUnavailable
from catalog.search.request import SearchRequest
from catalog.search.whoosh_engine import WhooshEngine
from catalog.search.whoosh_files import FORMAT
from tests import make
from tests.catalog.search.shelf import shelf


def generation(root: Path) -> Path:
    return next(root.glob("generation-*"))


def segment(root: Path) -> Path:
    return next(generation(root).glob("*.seg"))


def remove_everything(root: Path) -> None:
    shutil.rmtree(root)


def remove_pointer(root: Path) -> None:
    (root / "current").unlink()


def cut_segment(root: Path) -> None:
    os.truncate(segment(root), segment(root).stat().st_size // 2)


def overwrite(root: Path, part: str) -> None:
    """Garbage in the middle of one part of the segment, same length, as a failing disk leaves it."""
    from whoosh.filedb.compound import CompoundStorage
    from whoosh.filedb.filestore import FileStorage

    storage = CompoundStorage(FileStorage(str(generation(root))).open_file(segment(root).name))
    name = next(name for name in storage.list() if name.endswith(part))
    offset, length = storage.range(name)
    storage.close()
    with open(segment(root), "r+b") as file:
        file.seek(offset + length // 4)
        file.write(random.Random(5).randbytes(length // 2))


def garble_postings(root: Path) -> None:
    overwrite(root, ".pst")


def garble_terms(root: Path) -> None:
    overwrite(root, ".trm")


def empty_contents(root: Path) -> None:
    next(generation(root).glob("*.toc")).write_bytes(b"")


def foreign_version(root: Path) -> None:
    manifest = generation(root) / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', '"format": 0'))


DAMAGES = [remove_everything, remove_pointer, cut_segment, garble_postings, garble_terms, empty_contents, foreign_version]
damaged = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the whole shelf in an index."""
    WhooshEngine(tmp_path / "index").rebuild(shelf())
    return tmp_path / "index"


@damaged
@pytest.mark.parametrize("already_open", [True, False])
def test_no_damage_is_answered_from_the_index(root: Path, damage: Callable[[Path], None], already_open: bool) -> None:
    engine = WhooshEngine(root)
    if already_open:
        engine.search(SearchRequest("nanas"))
    damage(root)
    with pytest.raises(SearchUnavailable) as refusal:
        engine.search(SearchRequest("nanas"))
    assert refusal.value.damaged
    with pytest.raises(SearchUnavailable):
        engine.suggest("nanas", "id")
    assert not engine.healthy()
    with pytest.raises(SearchUnavailable):
        engine.apply(shelf()[:1], [])


@damaged
def test_the_database_answers_and_the_index_comes_back_by_itself(session: Session, root: Path, damage: Callable[[Path], None]) -> None:
    product = make.make_product(session, name_id="Selai Nanas", name_en="Pineapple Jam")
    engine = WhooshEngine(root)
    damage(root)
    started = time.process_time()  # our own time: how busy the machine is must not decide
    result = searching.search(engine, session, SearchRequest("selai nanas"))
    assert time.process_time() - started < 1
    assert result.source == "database"
    assert [hit.product_id for hit in result.hits] == [product.id]
    assert searching.suggest(engine, session, "selai", "id")
    assert engine.rebuild_reason()
    assert rebuilding.rebuild_if_wanted(session, engine)
    assert searching.search(engine, session, SearchRequest("selai nanas")).source == "index"
    assert engine.healthy()
    assert engine.rebuild_reason() is None


def test_damage_while_nobody_asks_is_found_by_the_health_check(root: Path) -> None:
    engine = WhooshEngine(root)
    assert rebuilding.check_health(engine)
    before = segment(root).stat()
    overwrite(root, ".pst")
    os.utime(segment(root), ns=(before.st_atime_ns, before.st_mtime_ns))  # looks untouched
    assert not rebuilding.check_health(engine)
    assert engine.rebuild_reason() == "the health check failed"


def test_a_damaged_index_is_not_read_again_for_every_question(root: Path) -> None:
    engine = WhooshEngine(root)
    garble_postings(root)
    with pytest.raises(SearchUnavailable):
        engine.search(SearchRequest("nanas"))
    started = time.process_time()
    for _ in range(100):
        with pytest.raises(SearchUnavailable):
            engine.search(SearchRequest("nanas"))
    assert time.process_time() - started < 2


def test_another_word_file_asks_for_a_rebuild_and_still_answers(root: Path) -> None:
    manifest = next(root.glob("generation-*")) / "manifest.json"
    data = manifest.read_text()
    start = data.index('"words": "') + 10
    manifest.write_text(data[:start] + "0" * 16 + data[start + 16 :])
    engine = WhooshEngine(root)
    assert engine.search(SearchRequest("nanas")).total > 0
    assert engine.rebuild_reason() == "the word list changed"


def test_a_folder_that_cannot_be_written_still_answers_from_the_database(session: Session, tmp_path: Path) -> None:
    make.make_product(session)
    (tmp_path / "file").write_text("in the way")
    engine = WhooshEngine(tmp_path / "file" / "index")
    assert searching.search(engine, session, SearchRequest()).source == "database"


def test_what_a_killed_writer_left_behind_is_cleaned_by_the_next(root: Path) -> None:
    folder = generation(root)
    for name in ("MAIN_orphan0000000000.seg", "MAIN_orphan0000000000.trm", "_MAIN_99.toc.1234"):
        (folder / name).write_bytes(b"left behind")
    (folder / "MAIN.tmp").mkdir(exist_ok=True)
    (folder / "MAIN.tmp" / "run").write_bytes(b"left behind")
    engine = WhooshEngine(root)
    engine.apply(shelf()[:1], [])
    assert not [path for path in folder.iterdir() if "orphan" in path.name or "_99." in path.name or path.is_dir()]
    assert engine.healthy()


def test_an_error_while_writing_frees_the_lock_and_keeps_the_index(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog.search.whoosh_writing import Writer

    engine = WhooshEngine(root)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_commit_toc", full)
        with pytest.raises(OSError, match="No space"):
            engine.apply(shelf()[:1], [])
    assert engine.search(SearchRequest()).total == len(shelf())
    engine.apply(shelf()[:1], [])
    assert engine.healthy()


def write_on_a_full_disk(root: Path) -> None:
    """In a process of its own: no file may grow, then space is back."""
    import resource

    sys.dont_write_bytecode = True  # Python would keep a module that it loads meanwhile cut short, for every later process
    engine = WhooshEngine(root)
    before = engine.document_count()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    with pytest.raises(OSError):  # noqa: PT011 - EFBIG here, ENOSPC on a real disk
        engine.apply(shelf(), [])
    with pytest.raises(OSError):  # noqa: PT011
        engine.rebuild(shelf())
    assert engine.search(SearchRequest("nanas")).total > 0
    assert engine.document_count() == before
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    engine.apply(shelf()[:3], [])
    assert engine.healthy()
    os._exit(0)


def test_a_full_disk_leaves_the_old_index_and_a_free_lock(root: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=write_on_a_full_disk, args=(root,))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert WhooshEngine(root).healthy()
    assert len(list(root.glob("generation-*"))) == 1


def test_index_and_database_are_compared_product_by_product(session: Session, tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    one, other = make.make_product(session), make.make_product(session)
    make.make_product(session, price=None)
    rebuilding.rebuild(session, engine)
    assert rebuilding.find_differences(session, engine) == rebuilding.Differences(frozenset(), frozenset())
    engine.apply([replace(shelf()[0], product_id=10**6)], [one.id])
    assert rebuilding.find_differences(session, engine) == rebuilding.Differences(frozenset({one.id}), frozenset({10**6}))
    queue.mark_many(session, [one.id, 10**6])
    assert rebuilding.find_differences(session, engine) == rebuilding.Differences(frozenset(), frozenset())
    assert other.id in engine.product_ids()
