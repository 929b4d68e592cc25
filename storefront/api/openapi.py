"""The API's own description (OpenAPI 3.1), made from the operations and the very models that check what comes in and goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from storefront.api.operations import Operation

Json = dict[str, Any]
VERSION = "1.0.0"
_REFERENCE = "#/components/schemas/{model}"
#: Refusals that any call can meet, and those that only some can.
_ALWAYS = (400, 406, 422, 429, 500, 503)
_SAYS = {
    400: "The request cannot be read.",
    401: "No valid API key.",
    403: "The key's scopes do not include this, or the partner may not do it.",
    404: "Not there, or not for this caller.",
    406: "Only JSON is answered.",
    409: "A rival change, or the same idempotency key is being worked on.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A value cannot be used; `errors` name the fields.",
    429: "Too many requests; `Retry-After` says for how long to wait.",
    500: "A fault of ours.",
    503: "Out of order for a moment; `Retry-After` says for how long.",
}
PROBLEM: Json = {
    "type": "object",
    "description": "A refusal (RFC 9457). `code` is for programs, `title` and `detail` are in the caller's language.",
    "required": ["type", "title", "status", "code"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "additionalProperties": False,
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}


def make_document(operations: Sequence[Operation], *, title: str, server: str, contact_url: str) -> Json:
    """The whole document."""
    schemas = _schemas(operations)
    paths: Json = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": VERSION,
            "summary": "What the shop shows, and what partners buy, for machines.",
            "contact": {"url": contact_url},
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for operation in operations)],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "A partner's API key."}},
            "responses": {str(status): _problem(says, status) for status, says in _SAYS.items()},
        },
    }


def _schemas(operations: Sequence[Operation]) -> Json:
    wanted: list[tuple[type[BaseModel], Any]] = [(operation.answer, "serialization") for operation in operations]
    wanted += [(operation.body, "validation") for operation in operations if operation.body]
    _names, found = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REFERENCE)
    definitions: Json = found.get("$defs", {})
    return definitions


def _operation(operation: Operation) -> Json:
    found: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.view.__doc__ or "",
        "tags": [operation.tag],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
        "security": [{"key": [operation.scope.value]}] if operation.scope else [],
    }
    if operation.body:
        schema = {"$ref": _REFERENCE.format(model=operation.body.__name__)}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _parameters(operation: Operation) -> list[Json]:
    found: list[Json] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": place.says,
            "schema": {"type": "string", "pattern": place.pattern},
            "example": place.example,
        }
        for name, place in operation.places.items()
    ]
    if operation.asked:
        schema = operation.asked.model_json_schema()
        for name, rule in schema.get("properties", {}).items():
            parameter: Json = {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": _plain(rule)}
            if "description" in rule:
                parameter["description"] = rule["description"]
            found.append(parameter)
    if operation.writes:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "Made by the caller, new for every new intent. The same key again gets the same answer.",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,80}$"},
            }
        )
    return found


def _plain(rule: Json) -> Json:
    """A parameter's schema: an address cannot say null, so "or null" is left out, and so are the words beside it."""
    kept = {key: value for key, value in rule.items() if key not in ("title", "description", "anyOf")}
    if kept.get("default", 0) is None:
        kept.pop("default")
    choices = [choice for choice in rule.get("anyOf", ()) if choice.get("type") != "null"]
    return {**kept, **choices[0]} if choices else kept


def _responses(operation: Operation) -> Json:
    schema = {"$ref": _REFERENCE.format(model=operation.answer.__name__)}
    headers: Json = {}
    if not operation.writes:
        headers["ETag"] = {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}}
    done: Json = {"description": "Done.", "content": {operation.media_type: {"schema": schema}}, "headers": headers}
    statuses = set(_ALWAYS)
    if operation.scope:
        statuses |= {401, 403}
        headers |= {
            name: {"description": says, "schema": {"type": "integer"}}
            for name, says in (
                ("RateLimit-Limit", "Calls in a minute."),
                ("RateLimit-Remaining", "Calls left in this minute."),
                ("RateLimit-Reset", "Seconds until the next minute begins."),
            )
        }
    if operation.places:
        statuses.add(404)
    if operation.writes:
        statuses |= {404, 409, 413, 415}
    found: Json = {str(operation.status): done}
    if not operation.writes:
        found["304"] = {"description": "Not changed since the ETag that was sent."}
    return found | {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}


def _problem(says: str, status: int) -> Json:
    found: Json = {"description": says, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    if status in (429, 503):
        found["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return found
