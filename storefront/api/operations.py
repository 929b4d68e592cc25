"""What an operation of the API is: its address, what it asks for and answers, and who may call it. The document is made from this."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from orders.models.api_key import Scope

#: `{slug}` in an address, as OpenAPI writes it.
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A changing part of an address: what may stand there (a regular expression) and an example."""

    pattern: str
    example: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, read and allowed: the session to read with (or to write in), who calls, and what was asked and sent."""

    session: Session
    #: Who calls, when the operation has a scope (storefront.api.callers.Identified).
    caller: Any = None
    asked: Any = None
    body: Any = None
    places: Mapping[str, str] = field(default_factory=dict)
    #: The caller's idempotency key, of calls that change something.
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One address and method. `scope` None is open to everybody and may be kept by shared caches."""

    path: str
    view: Callable[[Call], BaseModel]
    answer: type[BaseModel]
    #: English msgids; /developers shows them in the page's language.
    summary: str
    tag: str
    method: str = "GET"
    scope: Scope | None = None
    asked: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    status: int = 200
    #: Of the answer; another vocabulary's JSON says so.
    media_type: str = "application/json"

    @property
    def name(self) -> str:
        """The view's name, which is also the endpoint's and the operation's id."""
        return self.view.__name__

    @property
    def rule(self) -> str:
        """The address as Flask writes it."""
        return _PLACE.sub(r"<\1>", self.path)

    @property
    def writes(self) -> bool:
        """Whether it changes something, and so needs an idempotency key."""
        return self.method != "GET"
