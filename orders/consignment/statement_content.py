"""What stands on a statement: plain values, their canonical JSON, and its hash."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One variant in one period: units by what became of them, and whole rupiah.

    on_hand = on hand before + received + moved − sold + returned − returned_to_maker − damaged − expired − lost − sample.
    """

    code: str
    name_id: str
    name_en: str
    received: int = 0
    #: Came from other outlets, or went there (negative).
    moved: int = 0
    sold: int = 0
    #: By buyers.
    returned: int = 0
    returned_to_maker: int = 0
    damaged: int = 0
    expired: int = 0
    #: Less what was found again.
    lost: int = 0
    sample: int = 0
    on_hand: int = 0
    gross: int = 0
    commission: int = 0
    share: int = 0
    #: What the outlet pays for units nobody bought.
    losses: int = 0

    @property
    def written_off(self) -> int:
        """Units gone without a buyer."""
        return self.damaged + self.expired + self.lost + self.sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One fee, correction or payout: `amount` is what it adds to what is owed."""

    kind: str
    on: str
    amount: int
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A statement. Days are ISO texts in the outlet's zone.

    owed = opening + share + losses + purchases + fees + corrections + paid; fees and payments are negative.
    """

    code: str
    number: int
    agreement: str
    maker_name: str
    village_name: str
    outlet_name: str
    operator_name: str
    is_sample: bool
    zone: str
    from_on: str | None
    to_on: str
    terms: dict[str, Any]
    opening: int
    gross: int
    commission: int
    share: int
    losses: int
    purchases: int
    fees: int
    corrections: int
    paid: int
    owed: int
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    #: Units ever received, returned to the maker and moved, by variant: the next statement counts from here.
    ever: dict[str, list[int]] = field(default_factory=dict)
    previous_hash: str = ""
    version: int = 1

    def total(self, name: str) -> int:
        """The sum of a column of the lines."""
        return sum(getattr(line, name) for line in self.lines)


def write(content: Content) -> str:
    """Canonical JSON: the same facts always give the same text."""
    return json.dumps(asdict(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(text: str) -> Content:
    """The content that `write` wrote."""
    values = json.loads(text)
    values["lines"] = tuple(Line(**line) for line in values["lines"])
    values["notes"] = tuple(Note(**note) for note in values["notes"])
    return Content(**values)


def hash_of(text: str) -> str:
    """SHA-256 of canonical JSON, in hexadecimal."""
    return sha256(text.encode()).hexdigest()
