"""Writes generations of the index: single commits with a manifest, whole rebuilds, and the removal of what is left over."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.writing import SegmentWriter

from catalog.search import analysis
from catalog.search.document import SearchDocument
from catalog.search.engine import Progress, SearchUnavailable
from catalog.search.folder import MANIFEST, Manifest, SearchFolder, seal
from catalog.search.side_file import SUFFIX
from catalog.search.side_file import write as write_side_file
from catalog.search.snapshot import VOCABULARY_FIELDS
from catalog.search.whoosh_columns import read_columns
from catalog.search.whoosh_files import FORMAT, INDEX_NAME, Codec, ReadingStorage, schema, whoosh_fields
from catalog.search.whoosh_postings import PostingPool

#: Segments with fewer living documents are gathered when there are more than MANY_SMALL of them and nothing waits (`tidy`);
#: beside changes only when there are more than TOO_MANY, as an import leaves them.
SMALL_SEGMENT = 1_000
MANY_SMALL, TOO_MANY = 8, 24
#: Nothing is added any more to what is gathered after this long; writing it down takes about as long again.
GATHER_SECONDS = 0.25
_REPORT_EVERY = 100


class Writer(SegmentWriter):  # type: ignore[misc]
    """A Whoosh writer whose commit publishes nothing by itself: readers follow the manifest, written afterwards."""

    kept: Sequence[Any] = ()

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, codec=Codec())
        self.pool = PostingPool()

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        self.kept = segments


def apply(folder: SearchFolder, documents: Sequence[SearchDocument], deleted: Iterable[int]) -> None:
    """Commit changes to the current generation. The caller holds the folder's lock. Raises SearchUnavailable."""
    generation = folder.current()
    before = folder.read_manifest(generation)
    if before.format != FORMAT:
        raise SearchUnavailable("the index has another format")
    _remove_unpublished(generation, before)
    with _writer(generation) as writer:
        _delete(writer, generation, {document.product_id for document in documents} | set(deleted))
        for document in documents:
            writer.add_document(**whoosh_fields(document))
        writer.commit(mergetype=partial(_gather, most=TOO_MANY))
    _publish(folder, generation, writer, before)


def tidy(folder: SearchFolder) -> bool:
    """Gather some small segments, for a moment; whether there was anything to do. The caller holds the folder's lock."""
    generation = folder.current()
    before = folder.read_manifest(generation)
    segments = TOC.read(FileStorage(str(generation)), INDEX_NAME, gen=before.contents, schema=schema()).segments
    if before.format != FORMAT or len(_small(segments)) <= MANY_SMALL:
        return False
    _remove_unpublished(generation, before)
    with _writer(generation) as writer:
        writer.commit(mergetype=partial(_gather, most=MANY_SMALL))
    _publish(folder, generation, writer, before)
    return True


def rebuild(folder: SearchFolder, documents: Iterable[SearchDocument], progress: Progress | None) -> None:
    """Write `documents` into a fresh generation and point to it. The caller holds the folder's lock."""
    generation = folder.new_generation()
    try:
        TOC.create(FileStorage(str(generation)), schema(), INDEX_NAME)
        with _writer(generation) as writer:
            for done, document in enumerate(documents, 1):
                writer.add_document(**whoosh_fields(document))
                if progress and done % _REPORT_EVERY == 0:
                    progress(done)
            writer.commit(merge=False)
            if progress:
                progress(writer.doc_count())
        _publish(folder, generation, writer, None)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    folder.point_to(generation)
    folder.forget_rebuild_request()
    folder.remove_old_generations()


@contextmanager
def _writer(generation: Path) -> Iterator[Writer]:
    """A writer that is cancelled on any error, a full disk included: Whoosh would keep its lock for ever."""
    index = FileIndex(FileStorage(str(generation)), schema(), INDEX_NAME)
    writer = Writer(index)
    try:
        yield writer
    finally:
        if not writer.is_closed:
            with suppress(Exception):
                writer.cancel()
            _force_unlock(writer)


def _force_unlock(writer: Writer) -> None:
    """When even cancelling failed (no space for a temporary file), let go of the lock at least."""
    if writer.writelock is not None and not writer.is_closed:
        with suppress(Exception):
            writer.writelock.release()


def _delete(writer: Writer, generation: Path, product_ids: set[int]) -> None:
    storage = ReadingStorage(str(generation))
    for segment in writer.segments:
        reader = SegmentReader(storage, writer.schema, segment)
        for product_id in product_ids:
            with suppress(TermNotFound):
                for row in reader.postings("key", str(product_id).encode()).all_ids():
                    if not segment.is_deleted(row):
                        segment.delete_document(row)


def _gather(writer: Writer, segments: Sequence[Any], *, most: int) -> list[Any]:
    """Merge policy: drop empty segments; of more than `most` small ones gather the smallest, as far as GATHER_SECONDS reach."""
    living = [segment for segment in segments if segment.doc_count() > 0]
    small = _small(living)
    gathered: list[Any] = []
    until = time.monotonic() + GATHER_SECONDS
    for segment in small if len(small) > most else ():
        if len(gathered) > 1 and time.monotonic() > until:
            break
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
        gathered.append(segment)
    return [segment for segment in living if segment not in gathered]


def _small(segments: Sequence[Any]) -> list[Any]:
    """The small ones, smallest first."""
    return sorted((segment for segment in segments if segment.doc_count() < SMALL_SEGMENT), key=lambda segment: segment.doc_count())


def _publish(folder: SearchFolder, generation: Path, writer: Writer, before: Manifest | None) -> None:
    known = before.files if before else {}
    names = [_toc_name(writer.generation)]
    for segment in writer.kept:
        _complete(generation, segment)
        names += sorted(path.name for path in generation.glob(segment.segment_id() + ".*"))
    manifest = Manifest(
        format=FORMAT,
        words=before.words if before else analysis.fingerprint(),
        documents=sum(segment.doc_count() for segment in writer.kept),
        contents=writer.generation,
        files={name: known.get(name) or seal(generation / name) for name in names},
    )
    folder.write_manifest(generation, manifest)
    _purge(generation, {MANIFEST, *manifest.files})


def _complete(generation: Path, segment: Any) -> None:
    """Write what lies beside a new segment."""
    path = generation / (segment.segment_id() + SUFFIX)
    if path.exists():
        return
    reader = SegmentReader(ReadingStorage(str(generation)), schema(), segment)
    words = {word.decode() for field in VOCABULARY_FIELDS for word, _ in reader.iter_field(field)}
    size = segment.doc_count_all()
    texts = (reader.stored_fields(row)["shown"] for row in range(size))
    write_side_file(path, *read_columns(reader, size), texts, (word for word in words if not word.startswith(analysis.MEANING_MARK)))


def _toc_name(commit: int) -> str:
    name: str = TOC._filename(INDEX_NAME, commit)
    return name


def _remove_unpublished(generation: Path, manifest: Manifest) -> None:
    """Drop what a killed writer committed but never published: its changes are still in the queue."""
    _purge(generation, {MANIFEST, *manifest.files})


def _purge(generation: Path, keep: set[str]) -> None:
    for path in generation.iterdir():
        if path.name in keep or path.name.endswith("LOCK"):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
