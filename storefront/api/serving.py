"""How a call becomes an answer: language, key, allowance, reading what was asked, one view, and an answer that caches understand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ValidationError

from kernel.errors import N_, Conflict, DomainError, NotAllowed, NotFound
from kernel.throttle import TooManyTries
from storefront.api.callers import Identified, identify
from storefront.api.operations import Call, Operation
from storefront.api.refusals import Refused
from storefront.api.writing import write
from storefront.database import reading
from storefront.errors import message_of
from storefront.i18n import gettext as _
from storefront.problems import choose_language, problem

#: Everybody's facts may be kept this long by shared caches; a partner's never are.
PUBLIC_CACHE = "public, max-age=60"
PARTNER_CACHE = "private, no-store"

STATUS: dict[type[DomainError], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, TooManyTries: 429}
#: What is wrong with a value, in words; anything else is "cannot be used".
_FAULTS = {
    "missing": N_("Please fill this in."),
    "extra_forbidden": N_("This field is not known here."),
    "repeated": N_("Please give this once."),
}


def serve(operation: Operation) -> Callable[..., Response]:
    """The Flask view of an operation; it keeps the operation's name."""

    @wraps(operation.view)
    def answer(**places: str) -> Response:
        choose_language()
        try:
            return _serve(operation, places)
        except Refused as refused:
            return refused.response
        except ValidationError as error:
            return problem(422, errors=[_fault(each) for each in error.errors()])
        except DomainError as refusal:
            return refusal_of(refusal)

    return answer


def refusal_of(refusal: DomainError, usual: int = 422) -> Response:
    """A refusal of the domain as a problem document; `usual` where its kind says nothing else."""
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), usual)
    message = message_of(refusal)
    errors = [{"field": refusal.field, "code": "refused", "message": message}] if refusal.field else []
    return problem(status, message, errors=errors)


def _serve(operation: Operation, places: Mapping[str, str]) -> Response:
    if operation.scope is None:
        response = _read(operation, None, places)
        response.headers["Cache-Control"] = PUBLIC_CACHE
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response
    caller = identify(operation.scope)
    response = _guarded(operation, caller, places)
    response.headers["Cache-Control"] = PARTNER_CACHE
    response.vary.add("Authorization")
    for name, value in caller.headers.items():
        response.headers[name] = value
    return response


def _guarded(operation: Operation, caller: Identified, places: Mapping[str, str]) -> Response:
    """A partner's call, whose refusals say how many calls are left too."""
    try:
        return write(operation, caller, places) if operation.writes else _read(operation, caller, places)
    except Refused as refused:
        return refused.response
    except ValidationError as error:
        return problem(422, errors=[_fault(each) for each in error.errors()])
    except DomainError as refusal:
        # What fits its description and is refused all the same is refused as things stand: a limit, a minimum, a stage.
        return refusal_of(refusal, 409 if operation.writes else 422)


def _read(operation: Operation, caller: Identified | None, places: Mapping[str, str]) -> Response:
    asked = read_query(operation)
    found = operation.view(Call(session=reading(), caller=caller, asked=asked, places=places))
    response = answer_with(found, operation.status, operation.media_type)
    response.make_conditional(request)
    return response


def answer_with(found: BaseModel, status: int, media_type: str = "application/json") -> Response:
    """The answer as JSON. The tag is weak, because the same answer may be compressed in several ways."""
    body = found.model_dump_json().encode()
    response = Response(body, status=status, mimetype=media_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
    return response


def read_query(operation: Operation) -> Any:
    """What stands behind the question mark, checked; a name that is not described is refused."""
    given = request.args.to_dict(flat=False)
    repeated = [name for name, values in given.items() if len(values) > 1]
    if repeated:
        raise Refused(problem(422, errors=[_fault({"loc": (name,), "type": "repeated"}) for name in repeated]))
    single = {name: values[0] for name, values in given.items()}
    if operation.asked is not None:
        return operation.asked.model_validate(single)
    if single:
        raise Refused(problem(422, errors=[_fault({"loc": (name,), "type": "extra_forbidden"}) for name in single]))
    return None


def _fault(error: Mapping[str, Any]) -> dict[str, str]:
    """One fault: where, which rule (pydantic's name for it), and in words."""
    message = _(_FAULTS.get(error["type"], N_("This value cannot be used.")))
    return {"field": ".".join(str(part) for part in error["loc"]), "code": error["type"], "message": message}
