"""Serving the stand-in on this machine: in a thread for tests, in the foreground for the demo."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from storefront.integrations.stripe_stand_in.app import create_app
from storefront.integrations.stripe_stand_in.bank import Bank

HOST = "127.0.0.1"
SWEEP_SECONDS = 2


class _Quiet(WSGIRequestHandler):
    """No line per request: the demo's terminal belongs to the shop."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return None


@contextmanager
def running(bank: Bank, port: int = 0, public_url: str | None = None) -> Iterator[str]:
    """The stand-in's address while it serves from a thread; port 0 takes a free one."""
    server = _server(bank, port, public_url)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="stripe-stand-in", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


def serve(bank: Bank, port: int, public_url: str | None = None) -> None:
    """Serve until interrupted, closing sessions whose time has come."""
    threading.Thread(target=_sweep_forever, args=(bank,), name="stand-in-sweep", daemon=True).start()
    _server(bank, port, public_url).serve_forever()


def _server(bank: Bank, port: int, public_url: str | None) -> BaseWSGIServer:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return make_server(HOST, port, create_app(bank, public_url=public_url), threaded=True, request_handler=_Quiet)


def _sweep_forever(bank: Bank) -> None:
    while True:
        time.sleep(SWEEP_SECONDS)
        with bank.changing():
            bank.sessions.sweep()
