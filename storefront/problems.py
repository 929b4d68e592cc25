"""Refusals for machines: problem documents (RFC 9457) in the caller's language, with a code that a program can act on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, request

from kernel.errors import N_
from kernel.locales import DEFAULT_LANGUAGE, LANGUAGES
from storefront.i18n import current_language
from storefront.i18n import gettext as _

MEDIA_TYPE = "application/problem+json"
#: Everything below is answered for machines, whatever they accept.
API_PREFIX = "/api/"

#: Status -> the code programs look at, and what people read.
KINDS: dict[int, tuple[str, str]] = {
    400: ("unreadable", N_("The request cannot be read.")),
    401: ("key_needed", N_("A valid API key is needed.")),
    403: ("not_allowed", N_("This API key may not do this.")),
    404: ("not_found", N_("We could not find that.")),
    405: ("method_not_allowed", N_("This address does not know this method.")),
    406: ("not_acceptable", N_("This address answers in JSON only.")),
    409: ("conflict", N_("This was changed in the meantime. Please look again.")),
    413: ("too_large", N_("The request is too large.")),
    415: ("not_json", N_("Please send JSON.")),
    422: ("invalid", N_("Some values cannot be used.")),
    429: ("too_many_requests", N_("Too many requests. Please wait before the next one.")),
    500: ("failed", N_("Something went wrong on our side.")),
    503: ("out_of_order", N_("We are out of order for a moment. Please try again soon.")),
}


def is_for_machines() -> bool:
    """Whether the asked address belongs to the API."""
    return request.path.startswith(API_PREFIX)


def choose_language() -> str:
    """The caller's language: that of the address (`/en/api/…`), else what `Accept-Language` likes best."""
    language = current_language()
    if language == DEFAULT_LANGUAGE:
        language = request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
    g.language = language
    return language


def problem(
    status: int,
    detail: str = "",
    *,
    code: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The refusal as a response. `errors` name the fields, as `{"field", "code", "message"}`."""
    usual, title = KINDS.get(status, KINDS[500] if status >= 500 else KINDS[400])
    said: dict[str, Any] = {"type": "about:blank", "title": _(title), "status": status, "code": code or usual}
    if detail:
        said["detail"] = detail
    if errors:
        said["errors"] = [dict(error) for error in errors]
    response = Response(json.dumps(said, ensure_ascii=False), status=status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = current_language()
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response
