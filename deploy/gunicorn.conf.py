"""Gunicorn for one box: two synchronous workers on loopback behind nginx; more cores, more workers."""

import gc
import multiprocessing
from typing import Any

bind = "127.0.0.1:8000"
workers = max(2, multiprocessing.cpu_count())
worker_class = "sync"
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None  # the app writes one structured line per request
preload_app = True  # what never changes (code, texts, page templates) is loaded once and shared; a new release needs a restart, not HUP
control_socket_disable = True

# Hardly anything that loading makes goes away again: a collector that looks every 700 objects takes a fifth of the start.
USUAL = gc.get_threshold()
gc.set_threshold(50_000, 10, 1_000)


def when_ready(server: Any) -> None:
    """Before the workers are forked: refuse a database of another release, load what all of them need, and let go of the database.

    What is there then stays for good, so that the garbage collector need not walk through it, which would also make copies of it.
    """
    from storefront.readiness import check_start
    from storefront.serving import load_shared

    app = server.app.wsgi()
    if "etalase.settings" in getattr(app, "extensions", ()):
        check_start(app)
        load_shared(app)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*USUAL)
