"""Structured log lines with a request id and no personal data: method, route, status, time; never a query, body or name."""

from __future__ import annotations

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request

from config import Settings

log = structlog.get_logger("etalase")


def init_logs(app: Flask, settings: Settings) -> None:
    """JSON lines on standard error, one per request."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(settings.log_level, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = uuid.uuid4().hex[:16]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    elapsed = (time.perf_counter() - g.started) * 1000 if "started" in g else 0.0
    response.headers["X-Request-Id"] = g.get("request_id", "")
    # The rule, not the path: a guest link's token is a secret.
    rule = request.url_rule.rule if request.url_rule else "(none)"
    log.info("request", method=request.method, route=rule, status=response.status_code, ms=round(elapsed, 1))
    return response
