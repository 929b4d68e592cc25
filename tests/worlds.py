"""The cast's world, made once for a worker in a database of its own: every test finds it new and takes back what it changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, selectinload

from kernel.engines import make_engine
from kernel.people import User

if TYPE_CHECKING:
    from tests.cast import World

#: A world is made of now and today; an older one is made again, so that no test meets yesterday's.
KEPT_SECONDS = 600.0


class Worlds:
    """The newest world, its database, and the numbers under which its people are found there."""

    def __init__(self, template_url: str, server_url: str, folder: Path, worker_id: str) -> None:
        self._places = template_url, server_url, folder
        self._name = f"world_{worker_id}_{os.getpid()}"
        self._kept = ExitStack()
        self._engine: Engine | None = None
        self._made_at = 0.0
        self._ids: dict[str, int] = {}
        self._words: dict[str, str] = {}

    def engine(self) -> Engine:
        """An engine over the database with the world. Making it takes a quarter of a second, which thousands of tests would feel."""
        assert not time_machine.escape_hatch.is_travelling(), "the world is of today: let the test travel after the fixture"
        now = time.time()
        if self._engine is None or not 0 <= now - self._made_at < KEPT_SECONDS:
            self.close()
            self._engine, self._made_at = self._make(), now
        return self._engine

    def _make(self) -> Engine:
        from tests.cast import make_world
        from tests.conftest import fresh_copy

        engine = make_engine(self._kept.enter_context(fresh_copy(*self._places, self._name)))
        self._kept.callback(engine.dispose)
        with Session(engine, expire_on_commit=False) as session:
            world = make_world(session)
            self._ids = {part: user.id for part, user in world.people.items()}
            self._words = world.words
            session.commit()
        return engine

    def enter(self, session: Session) -> World:
        """The world as `session` sees it; what a test adds to its people and words stays with the test."""
        from tests.cast import World

        found = session.scalars(select(User).options(selectinload(User.grants)).where(User.id.in_(self._ids.values())))
        people = {user.id: user for user in found}
        session.commit()  # as after making it: nothing is under way
        return World({part: people[number] for part, number in self._ids.items()}, dict(self._words))

    def close(self) -> None:
        """Drop the database."""
        self._kept.close()
        self._engine = None


@pytest.fixture(scope="session")
def worlds(template_url: str, server_url: str, folder: Path, worker_id: str) -> Iterator[Worlds]:
    """Where this worker's world is kept."""
    worlds = Worlds(template_url, server_url, folder, worker_id)
    yield worlds
    worlds.close()


@pytest.fixture
def world(worlds: Worlds, session: Session) -> World:
    """The cast and what they may touch; the connection of such a test leads to the world's database (see tests/conftest.py)."""
    return worlds.enter(session)
