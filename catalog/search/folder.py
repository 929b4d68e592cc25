"""The search folder: generations of the index, the pointer to the current one, the writer's lock, the wish for a rebuild."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.search.engine import IndexBusy, SearchUnavailable

POINTER = "current"
LOCK = "writer.lock"
WISH = "rebuild-requested"
MANIFEST = "manifest.json"
PREFIX = "generation-"
#: How long a writer waits for another one before it leaves its changes in the queue.
PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.02

#: What tells quickly whether a file was touched: inode, size, time of change.
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Manifest:
    """What a generation consists of after a commit. Readers trust only files whose size and checksum it names."""

    format: int
    #: Fingerprint of the word file the documents were analysed with.
    words: str
    documents: int
    #: Number of the Whoosh table of contents that belongs to this commit.
    contents: int
    #: file name -> [size, CRC-32, inode, time of change]: see `seal`
    files: Mapping[str, list[int]] = field(default_factory=dict)


class SearchFolder:
    """All paths and atomic moves of one search folder; knows nothing of what is inside the index files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # the pointer and the generations

    def current(self) -> Path:
        """The folder of the generation that answers. Raises SearchUnavailable when there is none."""
        try:
            name = (self.root / POINTER).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SearchUnavailable("no index yet, or its pointer is gone") from error
        path = self.root / name
        if not name.startswith(PREFIX) or "/" in name or not path.is_dir():
            raise SearchUnavailable("the pointer names no generation")
        return path

    def new_generation(self) -> Path:
        """An empty folder for a rebuild, numbered after all that exist."""
        self.root.mkdir(parents=True, exist_ok=True)
        number = 1 + max((self._number(path) for path in self.generations()), default=0)
        path = self.root / f"{PREFIX}{number:06d}"
        path.mkdir()
        return path

    def generations(self) -> list[Path]:
        """All generation folders, oldest first."""
        return sorted((path for path in self.root.glob(PREFIX + "*") if self._number(path)), key=self._number)

    def point_to(self, generation: Path) -> None:
        """Make `generation` the one that answers, in one atomic step."""
        replace_file(self.root / POINTER, generation.name.encode())

    def remove_old_generations(self) -> None:
        """Delete all but the current one; readers that still hold files open keep them until they look again."""
        keep = self.current()
        for path in self.generations():
            if path != keep:
                shutil.rmtree(path, ignore_errors=True)

    @staticmethod
    def _number(path: Path) -> int:
        digits = path.name.removeprefix(PREFIX)
        return int(digits) if digits.isascii() and digits.isdigit() else 0

    # the manifest

    def read_manifest(self, generation: Path) -> Manifest:
        """The manifest of `generation`. Raises SearchUnavailable when it is missing or not ours."""
        try:
            data: dict[str, Any] = json.loads((generation / MANIFEST).read_bytes())
            return Manifest(**data)
        except (OSError, ValueError, TypeError) as error:
            raise SearchUnavailable("the index has no readable manifest") from error

    def write_manifest(self, generation: Path, manifest: Manifest) -> None:
        """Publish a commit, in one atomic step."""
        replace_file(generation / MANIFEST, json.dumps(manifest.__dict__).encode())

    # the lock

    @contextmanager
    def writing(self, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Be the only writer of this folder, over all processes and threads. Raises IndexBusy after `patience` seconds.

        The lock dies with its process, so a killed writer never blocks the next one.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _wait_for(descriptor, patience)
            yield
        finally:
            os.close(descriptor)

    # the wish for a rebuild

    def request_rebuild(self, reason: str) -> None:
        """Leave the wish where the worker looks; a full or read-only disk must not turn an answer into an error."""
        with suppress(OSError):
            self.root.mkdir(parents=True, exist_ok=True)
            with open(self.root / WISH, "x") as file:
                file.write(reason)

    def rebuild_reason(self) -> str | None:
        """Why somebody wants a rebuild, or None."""
        try:
            return (self.root / WISH).read_text(errors="replace") or "requested"
        except OSError:
            return None

    def forget_rebuild_request(self) -> None:
        """The rebuild is done."""
        (self.root / WISH).unlink(missing_ok=True)


def _wait_for(descriptor: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise IndexBusy("another process writes the search index") from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` beside `path`, force it to the disk and put it in place: readers see the old or the new, never half."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def stamp(path: Path) -> Stamp | None:
    """The stamp of a file, or None when it is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def seal(path: Path) -> list[int]:
    """What a manifest keeps of a file: size and CRC-32, and the inode and time of change it had when these were taken."""
    known = stamp(path)
    return [*checksum(path), known[0], known[2]] if known else []


def is_as_sealed(path: Path, sealed: Sequence[int], seen: Stamp | None) -> bool:
    """Whether a file is what its writer sealed: by how it looks (`seen`), or else (a copy, a touched file) by its checksum."""
    if seen is not None and [seen[1], seen[0], seen[2]] == [sealed[0], *sealed[2:]]:
        return True
    return holds_seal(path, sealed)


def holds_seal(path: Path, sealed: Sequence[int]) -> bool:
    """Whether a file still has its size and checksum, however it looks."""
    return checksum(path) == list(sealed[:2])


def checksum(path: Path) -> list[int]:
    """Size and CRC-32 of a file: catches accidents; it is no protection against somebody who may write here."""
    size = crc = 0
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
    return [size, crc]
