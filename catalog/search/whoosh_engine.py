"""The default engine: answers from the current generation of the index and notices when it changes or breaks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from whoosh.index import TOC

from catalog.search import analysis, whoosh_writing
from catalog.search.answering import answer, scores_of
from catalog.search.bits import unpack
from catalog.search.columns import NameTables
from catalog.search.document import SearchDocument
from catalog.search.engine import IndexBusy, Progress, SearchUnavailable
from catalog.search.folder import MANIFEST, POINTER, Manifest, SearchFolder, Stamp, holds_seal, is_as_sealed, stamp
from catalog.search.query import MAX_CHARACTERS
from catalog.search.request import SearchRequest, SearchResult, Suggestion
from catalog.search.segments import Segment
from catalog.search.snapshot import Snapshot
from catalog.search.suggesting import NamedThings, named_things, product_suggestions
from catalog.search.whoosh_files import EVERY, FORMAT, INDEX_NAME, ReadingStorage, schema

_OPEN_TRIES = 3
#: A rebuild waits longer than a commit: a worker asked for it and nobody else will do it.
_REBUILD_PATIENCE = 120.0

Look = tuple[tuple[Path, Stamp | None], ...]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _View:
    """An opened commit and how its files looked then."""

    look: Look
    generation: Path
    manifest: Manifest
    segments: dict[str, Segment]
    snapshot: Snapshot


class WhooshEngine:
    """A SearchEngine over one folder. Cheap to make; opens the index at the first question; safe in threads and after a fork."""

    def __init__(self, folder: Path) -> None:
        self._folder = SearchFolder(folder)
        self._names = NameTables()
        self._lock = threading.RLock()
        self._view: _View | None = None
        self._pointer = self._folder.root / POINTER
        #: How the pointer looked when `version` read it last, and the manifest it led to.
        self._pointed: tuple[Stamp | None, Path] = (None, self._pointer)
        #: How the files looked when opening them failed, and why: not tried again until they change.
        self._refused: tuple[Look, str] | None = None
        #: The thread inside `exclusive`; the lock of the folder keeps all others out.
        self._writing_thread: int | None = None
        #: By language, with the names they were made from.
        self._things: dict[str, tuple[frozenset[tuple[str, ...]], NamedThings]] = {}

    # reading

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one question. Raises SearchUnavailable."""
        return self._from_index(lambda snapshot: answer(snapshot, request))

    def rank(self, text: str) -> dict[int, float]:
        """How well products answer the words alone. Raises SearchUnavailable."""
        return self._from_index(lambda snapshot: scores_of(snapshot, text))

    def suggest(self, text: str, language: str, limit: int = 8) -> list[Suggestion]:
        """What the person typing `text` may want to write. Raises SearchUnavailable."""
        words = analysis.words(text[:MAX_CHARACTERS])
        if not words or limit < 1:
            return []
        return self._from_index(lambda snapshot: self._suggest(snapshot, words, language, limit))

    def version(self) -> str | None:
        """The commit that answers, by how its manifest looks; nothing is opened."""
        pointer = stamp(self._pointer)
        if self._pointed[0] != pointer:
            try:
                self._pointed = (pointer, self._folder.current() / MANIFEST)
            except SearchUnavailable:
                return None
        published = stamp(self._pointed[1])
        return f"{published}" if published else None

    def document_count(self) -> int:
        """How many products can be found. Raises SearchUnavailable."""
        return self._from_index(lambda snapshot: snapshot.document_count)

    def product_ids(self) -> set[int]:
        """Which products can be found. Raises SearchUnavailable."""
        return self._from_index(lambda snapshot: {snapshot.columns.product_id[row] for row in unpack(snapshot.columns.alive)})

    def healthy(self) -> bool:
        """Every file's checksum, the document count and a term that every document holds agree. Never raises."""
        for _ in range(_OPEN_TRIES):
            try:
                snapshot = self._snapshot()
                view = self._view
                every = self._from_index(lambda asked: asked.held("key", EVERY).bit_count())
            except SearchUnavailable:
                return False
            if view is None or view.snapshot is not snapshot:
                continue  # another thread opened a newer commit
            if _intact(view) and every == snapshot.document_count == view.manifest.documents:
                return True
            if not _replaced(view):
                return False
        return False

    # writing

    def apply(self, documents: Sequence[SearchDocument], deleted: Sequence[int]) -> None:
        """Put documents in and take products out in one commit. Raises IndexBusy after waiting, SearchUnavailable."""
        if not documents and not deleted:
            return
        if self._writing_thread == threading.get_ident():
            self._apply(documents, deleted)
        else:
            with self._folder.writing():
                self._apply(documents, deleted)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Be the only writer for a while. Raises IndexBusy at once if somebody else is."""
        with self._folder.writing(patience=0):
            self._writing_thread = threading.get_ident()
            try:
                yield
            finally:
                self._writing_thread = None

    def _apply(self, documents: Sequence[SearchDocument], deleted: Sequence[int]) -> None:
        self._snapshot()  # a damaged index must not be written on
        whoosh_writing.apply(self._folder, documents, deleted)

    def tidy(self) -> bool:
        """Gather small segments for a moment. Raises SearchUnavailable; whoever else writes goes first."""
        try:
            with self._folder.writing(patience=0):
                return whoosh_writing.tidy(self._folder)
        except IndexBusy:
            return False

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> None:
        """Index afresh beside what answers now, then switch. Raises IndexBusy."""
        with self._folder.writing(_REBUILD_PATIENCE):
            whoosh_writing.rebuild(self._folder, documents, progress)

    def request_rebuild(self, reason: str) -> None:
        """Ask the worker for a rebuild."""
        self._folder.request_rebuild(reason)

    def rebuild_reason(self) -> str | None:
        """Why a rebuild was asked for, or None."""
        return self._folder.rebuild_reason()

    # inside

    def _from_index(self, ask: Callable[[Snapshot], Answer]) -> Answer:
        snapshot = self._snapshot()
        try:
            return ask(snapshot)
        except Exception as error:  # Whoosh answers damage with struct.error, KeyError, EOFError, AssertionError …
            reason, view = f"reading failed: {type(error).__name__}", self._view
            damaged = view is not None and not _intact(view) and not _replaced(view)
            if view is not None and damaged:
                self._refuse(view.look, reason)
            raise SearchUnavailable(reason, damaged=damaged) from error

    def _suggest(self, snapshot: Snapshot, words: Sequence[str], language: str, limit: int) -> list[Suggestion]:
        things = self._named_things(snapshot, language).find(" ".join(words))
        products = product_suggestions(snapshot, words, language, limit)
        if not things and not products:
            for known in snapshot.vocabulary.corrections(words[-1]):
                products = product_suggestions(snapshot, [*words[:-1], known], language, limit)
                if products:
                    break
        room = max(limit // 2, limit - len(products))
        return [*things[:room], *products][:limit]

    def _named_things(self, snapshot: Snapshot, language: str) -> NamedThings:
        kept = self._things.get(language)
        if kept is None or kept[0] is not snapshot.named:
            kept = self._things[language] = (snapshot.named, named_things(snapshot, language, kept[1] if kept else None))
        return kept[1]

    def _snapshot(self) -> Snapshot:
        """The current commit, opened anew only when the pointer, the manifest or a file looks different."""
        view = self._view
        if view is not None and _unchanged(view.look):
            return view.snapshot
        with self._lock:
            if self._refused and _unchanged(self._refused[0]):
                raise SearchUnavailable(self._refused[1])
            for attempt in range(_OPEN_TRIES):
                look = self._look()
                try:
                    self._view = view = self._open(look)
                except Exception as error:
                    if not _unchanged(look) and attempt + 1 < _OPEN_TRIES:
                        continue  # a writer published a commit meanwhile
                    self._refuse(look, _reason(error))
                    raise SearchUnavailable(_reason(error)) from error
                self._refused = None
                return view.snapshot
            raise SearchUnavailable("the index changes too fast", damaged=False)

    def _look(self) -> Look:
        """Pointer, manifest and index files as they are now, as far as there are any."""
        paths = [self._folder.root / POINTER]
        looked = [stamp(paths[0])]
        with suppress(SearchUnavailable):
            generation = self._folder.current()
            paths.append(generation / MANIFEST)
            looked.append(stamp(paths[1]))
            for name in self._folder.read_manifest(generation).files:
                paths.append(generation / name)
                looked.append(stamp(paths[-1]))
        return tuple(zip(paths, looked, strict=True))

    def _open(self, look: Look) -> _View:
        generation = self._folder.current()
        manifest = self._folder.read_manifest(generation)
        if manifest.format != FORMAT:
            raise SearchUnavailable("the index has another format")
        before = self._view if self._view and self._view.generation == generation else None
        self._verify(generation, manifest, look, before)
        storage = ReadingStorage(str(generation))
        toc = TOC.read(storage, INDEX_NAME, gen=manifest.contents, schema=schema())
        opened: dict[str, Segment] = {}
        for segment in toc.segments:
            name = segment.segment_id()
            opened[name] = before.segments[name] if before and name in before.segments else Segment(storage, segment, self._names)
        deleted = [frozenset(segment.deleted_docs()) for segment in toc.segments]
        snapshot = Snapshot(self._names, list(opened.values()), deleted, before.snapshot if before else None)
        if snapshot.document_count != manifest.documents:
            raise SearchUnavailable("the index holds another number of documents than it should")
        if manifest.words != analysis.fingerprint():
            self.request_rebuild("the word list changed")
        return _View(look, generation, manifest, opened, snapshot)

    def _verify(self, generation: Path, manifest: Manifest, look: Look, before: _View | None) -> None:
        """Refuse files that are not what their writer sealed. Damage that leaves a file's looks as they were is `healthy`'s to find."""
        seen = dict(before.look) if before else {}
        now = dict(look)
        for name, known in manifest.files.items():
            path = generation / name
            if path in now and now[path] is not None and seen.get(path) == now[path]:
                continue
            if not is_as_sealed(path, known, now.get(path)):
                raise SearchUnavailable(f"{name} is damaged")

    def _refuse(self, look: Look, reason: str) -> None:
        self._view = None
        self._refused = (look, reason)


def _intact(view: _View) -> bool:
    """Whether every file of the commit still has its checksum."""
    try:
        return all(holds_seal(view.generation / name, known) for name, known in view.manifest.files.items())
    except OSError:
        return False


def _replaced(view: _View) -> bool:
    """Whether the pointer or the manifest changed: somebody published a newer commit."""
    return not _unchanged(view.look[:2])


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, SearchUnavailable) else f"opening failed: {type(error).__name__}"


def _unchanged(look: Look) -> bool:
    return all(stamp(path) == known for path, known in look)
