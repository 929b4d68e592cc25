"""How the stand-in says no: Stripe's error envelope with its type, code and parameter."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer other than 200, in the shape of docs.stripe.com/api/errors."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        known = {"type": kind, "message": message, "code": code, "param": param, **more}
        self.body = {"error": {name: value for name, value in known.items() if value is not None}}

    @property
    def code(self) -> str:
        """The most exact word Stripe gives: the decline code where a card was declined."""
        error = self.body["error"]
        return str(error.get("decline_code") or error.get("code") or "")


def missing(kind: str, object_id: str) -> Refusal:
    return Refusal(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param="id")
