"""Taking in a till's sales beside a bare SQLAlchemy Core transaction (bench/bare_orders.py), in the same process, database and run.

    ./run bench counter [--database sqlite postgresql] [--rounds 5] [--seconds 1.5]

Each sale is a signed entry with three lines of 300 products, paid in cash: its signature is verified, its body read, and it becomes
an order with lines, payment, ledger, stock movements, audit and receipt, as when a till delivers it. Measured are a delivery with
one sale per commit, and in batches of fifty as tills send them; of the outlet's own goods, which is what the reference sells, and
of makers' goods, each of which also credits its maker. Rounds alternate with the reference; medians. SQLite runs with full sync.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bench import bare_orders
from bench.orders import PRODUCTS, Ground, breaches, prepared
from catalog.models.product import Variant
from catalog.models.stock import Outlet
from kernel.engines import WRITE, make_engine
from kernel.people import SYSTEM
from orders.consignment.agreements import create_agreement
from orders.counter.devices import find_device
from orders.counter.entries import Envelope, receive_entries
from orders.models.order import Order
from orders.models.till import EntryState
from tests.make import make_maker
from tests.make_consignment import make_consigned, terms
from tests.make_counter import Tablet, make_device
from tests.make_counter import make_till as make_place

SHARE = 0.4
BATCH, DAY = 50, 200
#: Makers whose goods stand on the shelf.
MAKERS = 20


@dataclass(slots=True)
class Desk:
    """A paired device, and what it can sell: codes and prices of own goods and of makers' goods."""

    tablet: Tablet
    own: list[tuple[str, int]] = field(default_factory=list)
    makers: list[tuple[str, int]] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench counter", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5)
    asked = parser.parse_args()
    verdicts: dict[str, bool] = {}
    with tempfile.TemporaryDirectory(prefix="bench-counter-") as place:
        for name in asked.database:
            with prepared(name, Path(place)) as ground:
                measure(ground, asked.rounds, asked.seconds, verdicts)
                verdicts[f"{name}: every invariant holds afterwards"] = not breaches(ground)
    for target, holds in verdicts.items():
        print(f"  {'holds ' if holds else 'MISSED'}  {target}")


def measure(ground: Ground, rounds: int, seconds: float, verdicts: dict[str, bool]) -> None:
    """The reference and the ways of delivering in turn."""
    engine = make_engine(ground.url)
    desk = open_desk(engine, ground)
    shapes = {
        "own goods, one per commit": (desk.own, 1),
        "own goods, fifty": (desk.own, BATCH),
        "makers' goods, fifty": (desk.makers, BATCH),
    }
    rates: dict[str, list[Rate]] = {name: [] for name in ("bare", *shapes)}
    for _ in range(rounds):
        rates["bare"].append(rate_of(iter(lambda: sell_bare(engine), None), seconds))
        for name, (goods, size) in shapes.items():
            rates[name].append(rate_of(deliveries(engine, desk, goods, size), seconds))
    bare = statistics.median(each.wall for each in rates["bare"])
    print(f"\n{ground.name}: sales/s, medians of {rounds} rounds of {seconds} s")
    print(f"{'':<28}{'sales/s':>9}{'of bare':>9}{'of bare, CPU':>14}\n{'bare':<28}{bare:9,.0f}")
    for name in shapes:
        pairs = list(zip(rates[name], rates["bare"], strict=True))
        ratios = [ours.wall / theirs.wall for ours, theirs in pairs]
        cpu = statistics.median(ours.cpu / theirs.cpu for ours, theirs in pairs)
        print(f"{name:<28}{statistics.median(each.wall for each in rates[name]):9,.0f}{statistics.median(ratios):9.2f}{cpu:14.2f}")
        verdicts[f"{ground.name}: {name}: at least {SHARE} of bare"] = statistics.median(ratios) >= SHARE
    began, before = time.perf_counter(), count_orders(engine)
    for envelopes in [[desk_sale(desk, desk.makers) for _ in range(BATCH)] for _ in range(DAY // BATCH)]:
        deliver(engine, desk, envelopes)
    took = time.perf_counter() - began
    print(f"{DAY} sales of makers' goods in batches of {BATCH}, signing included: {took:.2f} s")
    verdicts[f"{ground.name}: {DAY} sales are all there"] = count_orders(engine) - before == DAY
    engine.dispose()


@dataclass(frozen=True, slots=True)
class Rate:
    """Sales in a second on the wall's clock, and in a second of processor time, which other work on the machine disturbs less."""

    wall: float
    cpu: float


def rate_of(acts: Iterator[int], seconds: float) -> Rate:
    """How quick `acts` are, each of them timed; making them ready is not."""
    done, spent, worked = 0, 0.0, 0.0
    next(acts)  # warm
    gc.collect()
    while spent < seconds:
        began, cpu = time.perf_counter(), time.process_time()
        number = next(acts)
        if number:
            spent += time.perf_counter() - began
            worked += time.process_time() - cpu
            done += number
    return Rate(done / spent, done / worked)


def deliveries(engine: Engine, desk: Desk, goods: list[tuple[str, int]], size: int) -> Iterator[int]:
    """Deliveries of so many sales; a 0 stands for a moment in which the next ones are written and signed."""
    while True:
        ready = [[desk_sale(desk, goods) for _ in range(size)] for _ in range(max(2, BATCH // size))]
        yield 0
        for envelopes in ready:
            deliver(engine, desk, envelopes)
            yield size


def sell_bare(engine: Engine) -> int:
    """The reference's whole transaction."""
    dice = random.Random()
    with engine.connect().execution_options(**WRITE) as connection, connection.begin():
        bare_orders.place(connection, sorted(dice.sample(range(1, PRODUCTS + 1), 3)), dice)
    return 1


def deliver(engine: Engine, desk: Desk, envelopes: list[Envelope]) -> None:
    """One delivery, as the web takes it."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options=WRITE)
        device = find_device(session, desk.tablet.token)
        assert device is not None
        answers = receive_entries(session, device, envelopes, device_now=desk.tablet.now())
        session.commit()
    if any(answer.state is not EntryState.ACCEPTED for answer in answers):
        raise RuntimeError(f"refused: {next(answer.reason for answer in answers if answer.reason)}")


def desk_sale(desk: Desk, goods: list[tuple[str, int]]) -> Envelope:
    """One signed sale of three products."""
    chosen = random.sample(goods, 3)
    lines = [{"variant": code, "quantity": 1, "unit_price": price, "list_price": price} for code, price in chosen]
    return desk.tablet.sign(desk.tablet.sale(lines=lines))


def open_desk(engine: Engine, ground: Ground) -> Desk:
    """A till at the outlet with an open shift, and makers' goods beside the outlet's own."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options=WRITE)
        outlet = session.get_one(Outlet, ground.outlet_id)
        tablet = make_device(session, make_place(session, outlet))
        desk = Desk(tablet)
        codes = session.scalars(select(Variant.code).where(Variant.id.in_(ground.variant_ids)))
        desk.own = [(code, 25_000) for code in codes]
        for _ in range(MAKERS):
            agreement = create_agreement(session, SYSTEM, make_maker(session), outlet, terms())
            for _ in range(PRODUCTS // MAKERS):
                desk.makers.append((make_consigned(session, agreement, 100_000).variant.code, 25_000))
        receive_entries(session, tablet.device, [tablet.sign(tablet.opened())], device_now=tablet.now())
        session.commit()
    return desk


def count_orders(engine: Engine) -> int:
    """Orders in the books."""
    with Session(engine) as session:
        return session.scalar(select(func.count(Order.id))) or 0


if __name__ == "__main__":
    main()
