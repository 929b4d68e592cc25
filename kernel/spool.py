"""Lines that pages note in a file until the worker moves them to the database: a GET never writes to it (docs/search.md)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Beyond this size nothing more is noted until the worker has caught up: a flood must not fill the disk.
MAX_BYTES = 4_000_000
#: A file set aside is collected only after writers that had it open are done.
SETTLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Spool:
    """One kind of line, in files called `name` in whatever folder."""

    name: str

    def note(self, folder: Path, fact: Mapping[str, Any]) -> None:
        """Append one line. Never raises."""
        line = json.dumps(fact)
        with suppress(OSError, ValueError):
            folder.mkdir(parents=True, exist_ok=True)
            # One short write to a file opened for appending: lines of several processes never mix.
            descriptor = os.open(folder / self.name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                if os.fstat(descriptor).st_size < MAX_BYTES:
                    os.write(descriptor, line.encode() + b"\n")
            finally:
                os.close(descriptor)

    def set_aside(self, folder: Path) -> None:
        """Begin a new file, so that the old one can be collected in peace."""
        if (folder / self.name).exists():
            with suppress(OSError):
                os.rename(folder / self.name, folder / f"{self.name}.{time.time_ns()}")

    def settled(self, folder: Path, settle_seconds: float = SETTLE_SECONDS) -> list[Path]:
        """The files that can be collected, the oldest first."""
        oldest = time.time() - settle_seconds
        return [path for path in sorted(folder.glob(f"{self.name}.*")) if path.stat().st_mtime <= oldest]


def read_lines(path: Path) -> Iterator[Any]:
    """What was noted; half a line of a killed process is passed over."""
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            with suppress(ValueError):
                yield json.loads(line)


def discard(files: Iterable[Path]) -> None:
    """Delete collected files, after the commit."""
    for path in files:
        path.unlink(missing_ok=True)
