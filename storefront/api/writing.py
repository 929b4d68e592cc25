"""Calls that change something: a body of the described shape, and an idempotency key, so that a call sent twice happens once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, request
from pydantic import ValidationError

from kernel import crashpoints, idempotency
from kernel.errors import N_
from kernel.idempotency import OtherRequest, StoredAnswer
from storefront.api.callers import Identified
from storefront.api.operations import Call, Operation
from storefront.api.refusals import Refused
from storefront.database import end_reading, transaction
from storefront.errors import message_of
from storefront.i18n import gettext as _
from storefront.problems import problem

_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")


def write(operation: Operation, caller: Identified, places: Mapping[str, str]) -> Response:
    """Do it once for each key, and give the same answer as often as it is asked for. Answer and work are one transaction."""
    key, body = _read_key(), _read_body(operation)
    asked = idempotency.digest(operation.method.encode(), request.path.encode(), request.get_data())
    end_reading()
    try:
        with transaction() as session:
            claimed = idempotency.claim(session, f"partner:{caller.key.partner_id}", key, asked)
    except OtherRequest as refusal:
        raise Refused(problem(422, message_of(refusal), code="key_reused")) from None
    if isinstance(claimed, StoredAnswer):
        return _answer(claimed.status, claimed.body, is_replay=True)
    crashpoints.here("api.claimed")
    try:
        with transaction() as session:
            made = operation.view(Call(session=session, caller=caller, body=body, places=places, key=key)).model_dump_json()
            idempotency.store(session, claimed, operation.status, made)
    except BaseException:
        with transaction() as session:
            idempotency.release(session, claimed)
        raise
    crashpoints.here("api.answered")
    return _answer(operation.status, made, is_replay=False)


def _answer(status: int, body: str, *, is_replay: bool) -> Response:
    response = Response(body, status=status, mimetype="application/json")
    response.headers["Idempotent-Replay"] = "true" if is_replay else "false"
    return response


def _read_key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise Refused(problem(400, _(N_("Please send an Idempotency-Key: 8 to 80 letters, digits, hyphens or underscores."))))
    return key


def _read_body(operation: Operation) -> Any:
    if operation.body is None:
        return None
    if request.mimetype != "application/json":
        raise Refused(problem(415))
    try:
        return operation.body.model_validate_json(request.get_data())
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors()):
            raise Refused(problem(400)) from None
        raise
