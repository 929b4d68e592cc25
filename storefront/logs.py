"""Structured log lines with a request id and no personal data: method, route, status, time; never a query, body or name."""

from __future__ import annotations

import json
import logging
import sys
import time
import uuid
from datetime import UTC, datetime

from flask import Flask, Response, g, has_app_context, request

from config import Settings

_logger = logging.getLogger("etalase")


class Log:
    """What happened as an event with fields: `log.info("request", status=200)`."""

    def info(self, event: str, **fields: object) -> None:
        """An ordinary event."""
        _note(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """Something to look at when it repeats."""
        _note(logging.WARNING, event, fields)

    def error(self, event: str, *, exc_info: BaseException | None = None, **fields: object) -> None:
        """Something failed."""
        _note(logging.ERROR, event, fields, exc_info)


log = Log()


def _note(level: int, event: str, fields: dict[str, object], error: BaseException | None = None) -> None:
    if _logger.isEnabledFor(level):
        _logger.log(level, "%s", event, extra={"fields": fields}, exc_info=error)


class JsonLines(logging.Handler):
    """One JSON object per line on standard error, from our events and from the libraries' warnings alike."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line; a log that cannot be written must not fail the page."""
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except (OSError, ValueError):
            self.handleError(record)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {"event": record.getMessage(), **getattr(record, "fields", {}), "level": record.levelname.lower()}
        if has_app_context() and "request_id" in g:
            line["request_id"] = g.request_id
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        if record.name != _logger.name:
            line["logger"] = record.name
        if record.exc_info:
            line["exception"] = logging.Formatter().formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def init_logs(app: Flask, settings: Settings) -> None:
    """JSON lines on standard error, one per request."""
    root = logging.getLogger()
    if not any(isinstance(handler, JsonLines) for handler in root.handlers):
        root.addHandler(JsonLines())
    _logger.setLevel(logging.getLevelNamesMapping().get(settings.log_level, logging.INFO))
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = uuid.uuid4().hex[:16]


def _end(response: Response) -> Response:
    elapsed = (time.perf_counter() - g.started) * 1000 if "started" in g else 0.0
    response.headers["X-Request-Id"] = g.get("request_id", "")
    # The rule, not the path: a guest link's token is a secret.
    rule = request.url_rule.rule if request.url_rule else "(none)"
    log.info("request", method=request.method, route=rule, status=response.status_code, ms=round(elapsed, 1))
    return response
