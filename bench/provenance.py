"""Events of very many movements as EPCIS: time and memory beside fetching the same rows.

    ./run bench provenance [--database sqlite postgresql] [--events 100000]

One real order of eight products is repeated inside the database until there are so many movements of sold goods; then the
document is written as the page does it, by a process of its own. The reference fetches the same movements. Memory is what
that process grew by, beside one of a tenth of the events: flat, however many there are. Limit: 60 s for 100,000.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.bulk_sales import LINES
from bench.consignment import shop
from bench.serving import ROOT
from catalog.models.stock import StockMovement
from catalog.provenance.epcis import write_document
from catalog.provenance.events import Asked, read_events
from kernel import clock
from kernel.engines import make_engine

SECONDS = 60.0
KINDS = ("rows", "epcis")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench provenance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite"])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--write", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        print(*write(*options.write))
        return
    for name in options.database:
        print(f"\n{name}")
        few, many = (measure(name, events) for events in (options.events // 10, options.events))
        seconds, grown, size, count = many["epcis"]
        verdict = "ok" if seconds <= SECONDS else "BEYOND THE LIMIT"
        ratio = seconds / many["rows"][0]
        print(f"  epcis, {count:,} events: {seconds:.1f} s, {size / 1e6:.1f} MB, {ratio:.1f} × fetching the rows: {verdict}")
        print(f"    memory +{grown:.1f} MB, +{few['epcis'][1]:.1f} MB for a tenth")


def measure(name: str, events: int) -> dict[str, tuple[float, float, int, int]]:
    """Kind -> (seconds, megabytes grown, bytes written, events)."""
    found = {}
    with shop(name, events // LINES) as (engine, _agreement_id):
        url = engine.url.render_as_string(hide_password=False)
        for kind in KINDS:
            command = [sys.executable, "-m", "bench.provenance", "--write", kind, url]
            seconds, grown, size, count = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
            found[kind] = (float(seconds), float(grown), int(size), int(count))
    return found


def write(kind: str, url: str) -> tuple[float, float, int, int]:
    """Write the document once; called in a process of its own, so that its memory is its own."""
    engine = make_engine(url)
    with Session(engine) as session:
        session.execute(select(StockMovement.id).limit(1)).all()
        before, begun = _resident(), time.perf_counter()
        size = count = 0
        if kind == "rows":
            for _row in session.execute(select(StockMovement.__table__).execution_options(stream_results=True)).yield_per(2_000):
                count += 1
        else:
            for part in write_document(read_events(session, Asked(is_private=True)), "https://bench.example", clock.now()):
                size += len(part.encode())
                count += 1
        return time.perf_counter() - begun, _resident() - before, size, count


def _resident() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
