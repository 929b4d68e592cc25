"""What a till is told about its entries, and the refusal of those that make no sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kernel.errors import N_, DomainError
from orders.models.till import EntryState


class NotUnderstood(DomainError):
    """What an entry says makes no sense here: it is set aside for a manager. `message` says why, in words for people."""

    message = N_("This entry cannot be read.")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One entry as a till sends it: the signed text, and beside it the buyer's phone, which is forgotten by the till."""

    id: str
    sequence: int
    body: str
    signature: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an entry; told again whenever it is delivered again.

    `message` is why it was set aside, as a msgid with `params` for its places; `reason` is the same in plain English.
    """

    id: str
    state: EntryState
    message: str = ""
    order_code: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """For the books and for logs; pages translate `message`."""
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True, slots=True)
class RescueResult:
    """What a rescue file brought: answers, and how many entries were known before or left out because they were altered."""

    device_code: str
    answers: list[Answer]
    known: int
    altered: int
