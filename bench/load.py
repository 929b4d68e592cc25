"""A small load generator for loopback: so many connections, one after another a request, times noted; one thread, bounded."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

HOST = "127.0.0.1"


@dataclass(slots=True)
class Load:
    """What one window of load showed: a time in seconds for every good answer."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds below which this share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000 if ordered else float("nan")


@dataclass(slots=True)
class _Visit:
    request: bytes
    begun: float
    answer: bytearray = field(default_factory=bytearray)
    is_sent: bool = False


def drive(
    port: int,
    paths: Sequence[str],
    *,
    connections: int,
    seconds: float = 0.0,
    requests: int | None = None,
    headers: str | Sequence[str] = "",
    good: int = 200,
) -> Load:
    """Ask for `paths` in turn with `connections` in flight, a new one per request, for so long or so often.

    `headers` are those of all requests, or each path has its own; `good` is the status that is wanted.
    """
    load, waiting = Load(), selectors.DefaultSelector()
    each = [headers] * len(paths) if isinstance(headers, str) else headers
    start = f" HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n"
    asked = cycle([f"GET {path}{start}{more}\r\n".encode() for path, more in zip(paths, each, strict=True)])
    begun = time.perf_counter()
    opened = connections
    for _ in range(connections):
        _open(port, next(asked), waiting)
    while waiting.get_map():
        for key, _events in waiting.select(timeout=10):
            visit: _Visit = key.data
            if not _step(key.fileobj, visit, waiting):  # type: ignore[arg-type]  # only sockets are registered
                continue
            now = time.perf_counter()
            if visit.answer.startswith(f"HTTP/1.1 {good}".encode()):
                load.times.append(now - visit.begun)
            else:
                load.errors += 1
            if opened < requests if requests else now - begun < seconds:
                opened += 1
                _open(port, next(asked), waiting)
    load.seconds = time.perf_counter() - begun
    return load


def _open(port: int, request: bytes, waiting: selectors.BaseSelector) -> None:
    visitor = socket.socket()
    visitor.setblocking(False)
    visitor.connect_ex((HOST, port))
    waiting.register(visitor, selectors.EVENT_WRITE, _Visit(request, time.perf_counter()))


def _step(visitor: socket.socket, visit: _Visit, waiting: selectors.BaseSelector) -> bool:
    """Send or read what is possible now; whether the visit has ended."""
    try:
        if not visit.is_sent:
            visitor.send(visit.request)
            visit.is_sent = True
            waiting.modify(visitor, selectors.EVENT_READ, visit)
            return False
        if chunk := visitor.recv(1 << 18):
            visit.answer += chunk
            return False
    except OSError:
        visit.answer.clear()
    waiting.unregister(visitor)
    visitor.close()
    return True
