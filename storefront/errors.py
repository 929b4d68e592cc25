"""Refusals and failures as pages in the house style, or as problem documents below /api/: 400 to 503 in the visitor's language."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from storefront.i18n import gettext as _
from storefront.logs import log
from storefront.problems import choose_language, is_for_machines, problem
from storefront.security import login_manager

STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409}
#: Seconds after which whoever met a full disk or a database that restarts may come again.
RETRY_AFTER = 30


def message_of(error: DomainError) -> str:
    """The refusal in the visitor's language."""
    return _(error.message, **error.params)


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _out_of_order)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _failed)


def _refused(error: DomainError) -> ResponseReturnValue:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return _page(status, message_of(error))


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("This form has expired. Please go back, reload the page and send it again."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if is_for_machines():
        choose_language()
        allowed = dict(error.get_headers()).get("Allow")
        return problem(error.code, headers={"Allow": allowed} if allowed else None)
    return _page(error.code, "")


def _out_of_order(error: OperationalError) -> ResponseReturnValue:
    """The database cannot be reached or written (full disk, restart): nothing of this request is kept, it may be sent again."""
    log.error("database out of order", error=type(error.orig).__name__, exc_info=error)
    return *_page(503, ""), {"Retry-After": str(RETRY_AFTER)}


def _unstorable(error: DataError) -> ResponseReturnValue:
    """Somebody sent what no column can hold, such as a NUL character to PostgreSQL: a bad request, and no fault of ours."""
    log.warning("unstorable value", error=type(error.orig).__name__)
    return _page(400, "")


def _failed(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("request failed", exc_info=error)
    return _page(500, "")


def _page(status: int, message: str) -> tuple[str | dict[str, str] | Response, int]:
    if is_for_machines():
        choose_language()
        return problem(status, message), status
    if request.path.startswith(("/webhooks/", "/healthz", "/readyz")) or request.accept_mimetypes.best == "application/json":
        return {"error": message or str(status)}, status
    if status >= 500:
        # Flask-Login looks the person up for every template; the database may be what failed, so this page is nobody's.
        g._login_user = login_manager.anonymous_user()
    return render_template("errors/error.html", status=status, message=message), status
