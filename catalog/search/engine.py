"""The narrow door of the search: what any engine must answer, and the one error with which it gives up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from catalog.search.document import SearchDocument
from catalog.search.request import SearchRequest, SearchResult, Suggestion

#: Told how many documents are indexed so far.
Progress = Callable[[int], None]


class SearchUnavailable(Exception):
    """The engine cannot answer. `damaged`: the index is missing, broken or of another version, so a rebuild will help."""

    def __init__(self, reason: str, *, damaged: bool = True) -> None:
        super().__init__(reason)
        self.damaged = damaged


class IndexBusy(Exception):
    """Another process writes the index and did not finish within our patience; the changes wait in the queue."""


class SearchEngine(Protocol):
    """What every engine does. `search`, `rank` and `suggest` raise nothing but SearchUnavailable, whatever was typed."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one question."""
        ...

    def rank(self, text: str) -> dict[int, float]:
        """Product id -> how well it answers the words alone, without filters, facets or snippets. For lists of other audiences."""
        ...

    def suggest(self, text: str, language: str, limit: int = 8) -> list[Suggestion]:
        """What the person typing `text` may want to write."""
        ...

    def version(self) -> str | None:
        """Another text whenever answers may be others, read at little cost; None while there is nothing to answer from.

        An engine whose answers change only with tables that renew the mark of pages (kernel.marks) may always say the same.
        """
        ...

    def apply(self, documents: Sequence[SearchDocument], deleted: Sequence[int]) -> None:
        """Put `documents` in (replacing older versions) and take the products `deleted` out. Waits for other writers."""
        ...

    def tidy(self) -> bool:
        """Spend a fraction of a second on bringing the index in order, when nothing waits; whether there was anything to do."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the only writer for a while; `apply` inside the block does not wait. Raises IndexBusy at once if somebody else is."""
        ...

    def document_count(self) -> int:
        """How many products can be found."""
        ...

    def product_ids(self) -> set[int]:
        """Which products can be found, for comparing with the database."""
        ...

    def healthy(self) -> bool:
        """Whether count, stored data and a known query agree. Never raises."""
        ...

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> None:
        """Index `documents` afresh beside what answers now, then switch over at once."""
        ...

    def request_rebuild(self, reason: str) -> None:
        """Ask the worker for a rebuild; the first reason is kept."""
        ...

    def rebuild_reason(self) -> str | None:
        """Why a rebuild was asked for, or None."""
        ...
