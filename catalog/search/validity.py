"""Papers in a search document: kinds, with their days where these begin or end soon, so that an index answers right at midnight.

An entry is a kind ("halal"), or a kind with its days as ordinals ("halal:739950:739980"; either may be empty). The entry of LISTED says
until which day the web shop may show the product at all. Only what changes within HORIZON is written with its days: the index keeps few
different values, and the worker marks a product again before the horizon ends (catalog.search.queue).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

HORIZON = timedelta(days=30)
LISTED = "!listed"

#: Kind, first and last day.
Validity = tuple[str, date, date | None]


def write_claims(papers: Iterable[Validity], today: date, listed_until: date | None = None) -> tuple[str, ...]:
    """The entries of what is claimed on `today` or soon after."""
    steady, changing = set(), set()
    for kind, starts, ends in papers:
        if starts > today + HORIZON or (ends is not None and ends < today):
            continue
        first = starts if starts > today else None
        last = ends if ends is not None and ends <= today + HORIZON else None
        if first is None and last is None:
            steady.add(kind)
        else:
            changing.add((kind, _number(first), _number(last)))
    entries = {f"{kind}:{first}:{last}" for kind, first, last in changing if kind not in steady}
    if listed_until is not None:
        entries.add(f"{LISTED}::{_number(listed_until)}")
    return tuple(sorted(steady | entries))


@lru_cache(maxsize=4096)
def read_claims(value: str, day: date) -> tuple[str, ...]:
    """The kinds that a document's entries, joined by commas, claim on `day`."""
    return tuple(sorted({kind for kind, counts in _entries(value, day) if counts and kind != LISTED}))


@lru_cache(maxsize=4096)
def is_listed(value: str, day: date) -> bool:
    """Whether the web shop may still show the product on `day`."""
    return all(counts for kind, counts in _entries(value, day) if kind == LISTED)


def may_end(values: Sequence[str]) -> bool:
    """Whether any product leaves the web shop soon: only then every row has to be asked."""
    return any(LISTED in value for value in values)


def _entries(value: str, day: date) -> Iterable[tuple[str, bool]]:
    number = day.toordinal()
    for entry in filter(None, value.split(",")):
        kind, _, days = entry.partition(":")
        first, _, last = days.partition(":")
        yield kind, (not first or int(first) <= number) and (not last or number <= int(last))


def _number(day: date | None) -> str:
    return str(day.toordinal()) if day else ""
