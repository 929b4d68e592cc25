"""F30: writing processes killed without warning, again and again: what was acknowledged is there, and the file is sound."""

from __future__ import annotations

import os
import random
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from kernel.engines import make_engine
from orders.invariants import check_all
from orders.models.order import Order
from tests.faults.processes import start, wait_for
from tests.make import make_outlet
from tests.make_stock import make_goods
from tests.races import acts
from tests.races.racing import writing

pytestmark = pytest.mark.race

WRITERS = 4


def write_until_killed(url: str, outlet_id: int, variant_ids: list[int], notes: str) -> None:
    """Orders without end; each code is noted after its commit, as an answer to a buyer would be."""
    engine = make_engine(url)
    acknowledged = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        with writing(engine) as session:
            code = acts.place(session, outlet_id, dict.fromkeys(variant_ids, 1), uuid4().hex)
        os.write(acknowledged, f"{code}\n".encode())


class Writers:
    """Four writers, each with notes of its own; whoever is killed gets a successor."""

    def __init__(self, url: str, outlet_id: int, variant_ids: list[int], folder: Path) -> None:
        self._arguments, self._folder, self._numbers = (url, outlet_id, variant_ids), folder, count()
        self.running: list[tuple[BaseProcess, Path]] = []

    def add(self) -> None:
        notes = self._folder / f"{next(self._numbers)}.txt"
        self.running.append((start(write_until_killed, *self._arguments, str(notes)), notes))

    def kill(self, process: BaseProcess, notes: Path) -> None:
        self.running.remove((process, notes))
        assert process.is_alive(), f"a writer died by itself: {process.exitcode}"
        process.kill()
        process.join()

    def acknowledged(self) -> list[str]:
        return [code for file in self._folder.glob("*.txt") for code in file.read_text().split("\n")[:-1]]


@pytest.mark.parametrize("kills", [20, pytest.param(500, marks=pytest.mark.long)])
def test_acknowledged_orders_outlive_their_writers(fresh_database_url: str, database: Engine, tmp_path: Path, kills: int) -> None:
    with writing(database) as session:
        outlet = make_outlet(session)
        goods = [make_goods(session, 90_000, outlet=outlet) for _ in range(3)]
    dice = random.Random(30)
    writers = Writers(fresh_database_url, outlet.id, [each.variant.id for each in goods], tmp_path)
    try:
        for _kill in range(kills):
            while len(writers.running) < WRITERS:
                writers.add()
            process, notes = dice.choice(writers.running)
            seen = notes.stat().st_size if notes.exists() else 0
            wait_for(lambda notes=notes, seen=seen: notes.exists() and notes.stat().st_size > seen, "a writer writes")  # type: ignore[misc]
            writers.kill(process, notes)
    finally:
        for process, notes in list(writers.running):
            writers.kill(process, notes)
    acknowledged = writers.acknowledged()
    assert len(acknowledged) >= kills
    with Session(database) as session:
        placed = set(session.scalars(select(Order.code)))
        assert len(set(acknowledged)) == len(acknowledged)
        assert set(acknowledged) - placed == set(), "acknowledged and lost"
        assert len(placed) <= len(acknowledged) + kills + WRITERS, "written without an acknowledgement: at most one per kill"
        assert check_all(session) == []
        if database.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
