"""How long a delivery of 500 lines takes: the list read and judged, put on the note, counted, and booked by the maker's word.

    ./run bench receiving [--lines 500] [--postgresql]

Each step is a transaction of its own, as the web runs it. The promise is about the booking, from the maker's word to stock
that can be sold; the import of the list is told beside it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from bench.orders import prepared
from catalog.models.stock import StockLevel
from kernel import clock
from kernel.engines import WRITE, make_engine
from kernel.people import Permission
from orders.invariants import check_all
from orders.models.delivery import ConfirmedBy
from orders.stockroom import deliveries, delivery_sheet
from tests.make import make_variant
from tests.make_stockroom import make_room

SECONDS = 3.0
PRODUCTS = 20


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench receiving", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    kind = "postgresql" if asked.postgresql else "sqlite"
    with tempfile.TemporaryDirectory(prefix="bench-receiving-") as place, prepared(kind, Path(place)) as ground:
        engine = make_engine(ground.url)
        measure(engine, asked.lines, kind)
        engine.dispose()


def measure(engine: Engine, lines: int, kind: str) -> None:
    """Import, count and book one delivery; print what each took."""
    with writing(engine) as session:
        room = make_room(session, shelf_life_days=180)
        codes = [make_variant(session, room.product).code for _number in range(PRODUCTS)]
        best_before = (clock.today() + timedelta(days=150)).isoformat()
        rows = [f"{codes[number % PRODUCTS]},{number % 40 + 1},L{number // PRODUCTS:04d},{best_before}" for number in range(lines)]
        sheet = ("kode,jumlah,lot,exp\n" + "\n".join(rows)).encode()
        delivery_id, code = (made := deliveries.open_delivery(session, room.manager, room.outlet, room.maker)).id, made.code

    def take(session: Session) -> None:
        note = deliveries.get_delivery(session, room.manager, Permission.EDIT_STOCK, code)
        assert len(delivery_sheet.import_sheet(session, note, "titipan.csv", sheet)) == lines

    steps: dict[str, Callable[[Session], object]] = {
        "import of the list": take,
        "the outlet's count": lambda session: deliveries.confirm_count(session, room.manager, delivery_id),
        "the maker's word": lambda session: deliveries.confirm_by_maker(session, delivery_id, 1, ConfirmedBy.LINK, "Ibu Contoh"),
    }
    print(f"{lines} lines, {kind}")
    taken = {name: timed(engine, name, work) for name, work in steps.items()}
    with Session(engine) as session:
        levels = session.scalar(select(func.count()).select_from(StockLevel).where(StockLevel.outlet_id == room.outlet.id))
        breaches = check_all(session)
    booking = taken["the outlet's count"] + taken["the maker's word"]
    print(f"  {'holds ' if booking <= SECONDS else 'MISSED'}  counted and booked in at most {SECONDS:.0f} s: {booking:.2f} s")
    print(f"  {'holds ' if levels == lines and not breaches else 'MISSED'}  every line is on the shelf once, every invariant holds")


def timed(engine: Engine, name: str, work: Callable[[Session], object]) -> float:
    """Seconds of one step with its commit; its statements are counted too."""
    statements = 0

    def note(*_facts: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(engine, "after_cursor_execute", note)
    began = time.perf_counter()
    with writing(engine) as session:
        work(session)
    seconds = time.perf_counter() - began
    event.remove(engine, "after_cursor_execute", note)
    print(f"  {name:<20} {seconds:6.2f} s  {statements:4d} statements")
    return seconds


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A writing transaction as the web opens it."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options=WRITE)
        yield session
        session.commit()


if __name__ == "__main__":
    main()
