"""A bad network between a till and its shop, made at the shop's end, where no browser can tell the difference."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PORTAL = b"<!doctype html><title>Selamat datang di Wi-Fi hotel</title><p>Silakan masuk dulu.</p>"
STRANGER = b'{"status": "ok", "answers": [], "accepted": true}'


@dataclass
class Weather:
    """Stands before the app and lets questions of tills through, or not.

    `mode` is `fair`, `dead` (the connection is closed without a word), `portal` (200 with a page of its own), `stranger`
    (200 with JSON that is not ours), `stall` (silence until it clears up), or `deaf` (the shop does the work, the answer is lost).
    With `lost`, so many of ten answers are lost while it is fair, evenly spread. `poison` answers 422 or 500 for everything that names it.
    """

    app: WSGIApplication
    mode: str = "fair"
    lost: int = 0
    poison: tuple[str, int] | None = None
    #: Questions that came, and answers that were lost.
    asked: int = 0
    gone: int = 0
    _clear: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "/counter/api/" not in environ["PATH_INFO"]:
            return self.app(environ, start_response)
        self.asked += 1
        if self.mode == "stall":
            self._clear.wait(60)
            return self._cut(environ)
        if self.mode == "dead":
            return self._cut(environ)
        if self.mode == "portal":
            return _said(start_response, PORTAL, "text/html; charset=utf-8")
        if self.mode == "stranger":
            return _said(start_response, STRANGER, "application/json")
        if self.poison and self._names(environ, self.poison[0]):
            return _said(start_response, b'{"error": "poison"}', "application/json", f"{self.poison[1]} POISON")
        if self.mode == "deaf" or self.asked * self.lost % 10 < self.lost:
            for _part in self.app(environ, lambda *_args: bytearray().extend):  # type: ignore[arg-type]
                pass
            self.gone += 1
            return self._cut(environ | {"CONTENT_LENGTH": "0"})
        return self.app(environ, start_response)

    def _names(self, environ: WSGIEnvironment, word: str) -> bool:
        from io import BytesIO

        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        return word.encode() in body

    @staticmethod
    def _cut(environ: Any) -> Iterable[bytes]:
        """Close the line once the question was heard; what werkzeug still writes goes nowhere."""
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        line: socket.socket = environ["werkzeug.socket"]
        line.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError

    @contextmanager
    def turns(self, mode: str) -> Iterator[None]:
        """Inside the block the network is like this."""
        self._clear.clear()
        self.mode = mode
        try:
            yield
        finally:
            self.mode = "fair"
            self._clear.set()


def _said(start_response: StartResponse, body: bytes, kind: str, status: str = "200 OK") -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
