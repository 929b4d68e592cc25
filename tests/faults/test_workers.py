"""F39: two workers are started; each job has its effect once, and who dies is followed within two minutes."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.leases import Lease
from storefront import worker
from tests.conftest import make_settings
from tests.faults.processes import start, wait_for
from tests.races.racing import race, writing

pytestmark = pytest.mark.race


def take_one_turn(_engine: Engine, begin: Any, url: str, folder: Path, notes: str) -> bool:
    """A worker that starts together with another one, and does its job if it may."""
    from storefront.app import create_app

    app = create_app(make_settings(url, folder))
    begin()
    with app.app_context():
        turn = worker.Turn()
        worker.tick([worker.Task("note", lambda: _note(notes), 1)], 0.0, turn.is_ours)
        return turn.is_ours()


def work_for_ever(url: str, folder: Path, notes: str) -> None:
    """What `flask worker` does, with a lease of two seconds and one job."""
    from storefront.app import create_app

    worker.LEASE, worker.RENEW_AFTER = timedelta(seconds=2), 0.4
    worker.tasks = lambda: [worker.Task("note", lambda: _note(notes), 0)]
    with create_app(make_settings(url, folder)).app_context():
        worker.run_forever()


def _note(notes: str) -> None:
    file = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{os.getpid()}\n".encode())
    os.close(file)


def holder(engine: Engine) -> str:
    with Session(engine) as session:
        return session.scalar(select(Lease.holder)) or ""


@pytest.mark.parametrize("starts", [4, pytest.param(100, marks=pytest.mark.long)])
def test_of_two_workers_that_start_together_one_works(fresh_database_url: str, database: Engine, tmp_path: Path, starts: int) -> None:
    notes = tmp_path / "notes"
    for number in range(1, starts + 1):
        answers = race(fresh_database_url, take_one_turn, [(fresh_database_url, tmp_path, str(notes))] * 2)
        assert sorted(map(bool, answers)) == [False, True]
        assert len(notes.read_text().split()) == number
        with writing(database) as session:  # both ended without giving up their turn: time goes by
            session.execute(update(Lease).values(expires_at=clock.now() - timedelta(seconds=1)))


def test_a_killed_worker_is_followed_by_the_one_that_waits(fresh_database_url: str, database: Engine, tmp_path: Path) -> None:
    assert timedelta(seconds=worker.RENEW_AFTER) < worker.LEASE <= timedelta(minutes=2), "what production has"
    notes = tmp_path / "notes"
    workers = [start(work_for_ever, fresh_database_url, tmp_path, str(notes)) for _ in range(2)]
    try:
        wait_for(lambda: notes.exists() and len(notes.read_text().split()) >= 3, "somebody works")
        (first,) = {int(pid) for pid in notes.read_text().split()}
        assert f":{first}:" in holder(database)
        dead = next(process for process in workers if process.pid == first)
        dead.kill()
        dead.join()
        wait_for(lambda: len(set(notes.read_text().split())) == 2, "the other one takes over")
        pids = [int(pid) for pid in notes.read_text().split()]
        assert pids == sorted(pids, key=lambda pid: pid != first), "never both in turn"
    finally:
        for process in workers:
            process.kill()
            process.join()
