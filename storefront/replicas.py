"""Copies of the database that guests' searches and lists are read from; whoever writes, pays or works reads the database itself.

A copy is asked at most once a second how far it has followed: the worker leaves a mark in the database, and a copy that shows an old mark
is behind, whatever kept it. One that is behind or does not answer is left alone until it is well again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, current_app, g, request
from flask_login import current_user
from sqlalchemy import Connection, Engine, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog.models.search import SearchMark
from catalog.search.queue import leave_mark
from kernel import clock
from storefront.database import db, reading, transaction
from storefront.logs import log

#: The worker leaves this mark so often while there are copies; a copy's lag is known as exactly.
HEARTBEAT, HEARTBEAT_SECONDS = "heartbeat", 2
CHECK_SECONDS = 1.0
#: A copy that cannot be reached is given up soon: a buyer is waiting.
_CONNECT_SECONDS = 2
_KEY = "etalase.replicas"

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Replica:
    """One copy, and what was last seen of it."""

    engine: Engine
    is_fit: bool = False
    checked_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_be_read(self, most: timedelta) -> bool:
        """Whether it has followed to within `most`; looked up again when the last look is old."""
        if time.monotonic() - self.checked_at < CHECK_SECONDS:
            return self.is_fit
        with self.lock:
            if time.monotonic() - self.checked_at >= CHECK_SECONDS:
                self._note(self._has_followed(most))
        return self.is_fit

    def give_up(self) -> None:
        """It failed under a question: nobody is sent there before the next look."""
        self._note(False)

    def _note(self, is_fit: bool) -> None:
        if is_fit is not self.is_fit:
            log.info("replica", host=self.engine.url.host or "", database=self.engine.url.database, is_read=is_fit)
        self.is_fit, self.checked_at = is_fit, time.monotonic()

    def _has_followed(self, most: timedelta) -> bool:
        try:
            with self.engine.connect() as connection:
                mark = connection.scalar(select(SearchMark.at).where(SearchMark.name == HEARTBEAT))
        except DBAPIError:
            return False
        return mark is not None and clock.now() - mark <= most


class Replicas:
    """All copies of an app, taken in turn."""

    def __init__(self, urls: list[str], most_lag: timedelta) -> None:
        options: dict[str, Any] = {"hide_parameters": True, "connect_args": {"connect_timeout": _CONNECT_SECONDS}}
        self._replicas = [Replica(create_engine(url, **options)) for url in urls]
        self._most_lag = most_lag
        self._turn = 0

    def choose(self) -> Replica | None:
        """A copy that may be read now, the next in turn; None without any."""
        self._turn += 1
        for number in range(len(self._replicas)):
            replica = self._replicas[(self._turn + number) % len(self._replicas)]
            if replica.may_be_read(self._most_lag):
                return replica
        return None

    def dispose(self) -> None:
        """Close all connections."""
        for replica in self._replicas:
            replica.engine.dispose()


def init_replicas(app: Flask, urls: list[str], most_lag: int) -> None:
    """Know the copies; nothing is opened before the first question."""
    app.extensions[_KEY] = Replicas(urls, timedelta(seconds=most_lag)) if urls else None
    app.teardown_appcontext(_close)


def _replicas() -> Replicas | None:
    return cast("Replicas | None", current_app.extensions[_KEY])


@contextmanager
def search_connection() -> Iterator[Connection]:
    """A connection for a question to the search: on a copy for guests, else on the database itself."""
    replica = _chosen()
    if replica is None:
        with db.engine.connect() as connection:
            yield connection
        return
    try:
        with replica.engine.connect() as connection:
            yield connection
    except DBAPIError:
        replica.give_up()
        raise


def browsing() -> Session:
    """The session for a page of lists: like `reading`, but on a copy for guests on pages made with `from_replica`."""
    if not g.get("reads_replica", False):
        return reading()
    if "replica_session" not in g:
        replica = _chosen()
        if replica is None:
            return reading()
        g.replica_session = Session(replica.engine, expire_on_commit=False)
    return cast("Session", g.replica_session)


def reads_copy() -> bool:
    """Whether this page is made from a copy, which may lag a little behind."""
    return g.get("replica") is not None


def from_replica(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """A view that reads through `browsing`; if the copy fails on the way, the page is made once more from the database itself."""

    @wraps(view)
    def page(*args: Given.args, **values: Given.kwargs) -> Answer:
        if _replicas() is None or request.method not in ("GET", "HEAD"):
            return view(*args, **values)
        g.reads_replica = True
        try:
            return view(*args, **values)
        except DBAPIError as error:
            if "replica_session" not in g:
                raise
            log.warning("replica failed under a page", error=type(error.orig).__name__)
            g.replica.give_up()
            _close()
            g.replica, g.reads_replica = None, False
            return view(*args, **values)

    return page


def keep_heartbeat() -> None:
    """The worker's mark, by which copies show how far they have followed."""
    if _replicas() is not None:
        with transaction() as session:
            leave_mark(session, HEARTBEAT)


def _chosen() -> Replica | None:
    """The copy of this request, the same from its beginning to its end; None for whoever is no guest, and without a fit copy."""
    replicas = _replicas()
    if replicas is None or not request or current_user.is_authenticated:
        return None
    if "replica" not in g:
        g.replica = replicas.choose()
    return cast("Replica | None", g.replica)


def _close(_error: BaseException | None = None) -> None:
    session = g.pop("replica_session", None)
    if session is not None:
        try:
            session.close()
        except DBAPIError:
            session.invalidate()
