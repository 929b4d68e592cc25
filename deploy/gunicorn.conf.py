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
preload_app = False  # each worker opens its own index and database connections
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Refuse a database of another release; then what was loaded stays for good, so that the garbage collector need not walk through it."""
    from storefront.readiness import check_start

    if "etalase.settings" in getattr(worker.wsgi, "extensions", ()):
        check_start(worker.wsgi)
    gc.collect()
    gc.freeze()
