"""Real processes that start together and compete for one database."""

from __future__ import annotations

import multiprocessing
import queue
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import storefront.database  # noqa: F401 - the whole metadata, also in the children
from kernel.engines import WRITE, make_engine

#: Loaded once by a server process, from which every child is forked clean: no connection and no lock is inherited.
PRELOAD = ["storefront.app", "storefront.worker", "storefront.integrations.stripe_gateway", "flask_migrate", "alembic.command"]
PRELOAD += ["tests.races.racing", "tests.races.acts", "tests.faults.processes", "tests.races.warm"]
PATIENCE = 120

_processes = multiprocessing.get_context("forkserver")


class Act(Protocol):
    """What one racer does with its own engine; `start` blocks until everybody is ready."""

    def __call__(self, engine: Engine, start: Callable[[], object], *arguments: Any) -> object: ...


def race(url: str, act: Act, arguments: list[tuple[Any, ...]]) -> list[object]:
    """Run `act` once per tuple of arguments, each in its own process; what each returned, or AssertionError with its traceback."""
    _processes.set_forkserver_preload(PRELOAD)
    barrier = _processes.Barrier(len(arguments))
    answers: Any = _processes.Queue()
    racers = [_processes.Process(target=_run, args=(url, act, each, barrier, answers), daemon=True) for each in arguments]
    for racer in racers:
        racer.start()
    try:
        found = [answers.get(timeout=PATIENCE) for _ in racers]
    except queue.Empty:
        raise AssertionError("a racer never finished") from None
    finally:
        for racer in racers:
            racer.join(timeout=5)
            if racer.is_alive():
                racer.kill()
                racer.join()
            racer.close()
        answers.close()
        answers.join_thread()
    errors = [text for ok, text in found if not ok]
    assert not errors, "\n".join(str(error) for error in errors)
    return [answer for _ok, answer in found]


def run_to_its_death(url: str, act: Act, *arguments: Any) -> int | None:
    """One process without rivals that is expected to be killed; its exit status."""
    _processes.set_forkserver_preload(PRELOAD)
    barrier, answers = _processes.Barrier(1), _processes.Queue()
    racer = _processes.Process(target=_run, args=(url, act, arguments, barrier, answers), daemon=True)
    racer.start()
    racer.join(timeout=PATIENCE)
    return racer.exitcode


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A writing transaction as the web opens it."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options=WRITE)
        yield session
        session.commit()


def _run(url: str, act: Act, arguments: tuple[Any, ...], barrier: Barrier, answers: Any) -> None:
    try:
        engine = make_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        answers.put((True, act(engine, lambda: barrier.wait(PATIENCE), *arguments)))
        engine.dispose()
    except BaseException:
        barrier.abort()
        answers.put((False, traceback.format_exc()))
