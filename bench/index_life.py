"""Processes of their own beside `bench search`: one opens the index, one asks while it changes. Each prints JSON.

python -m bench.index_life open FOLDER
python -m bench.index_life watch FOLDER COMMITS
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.goods import questions
from catalog.search.request import SearchRequest
from catalog.search.whoosh_engine import WhooshEngine

#: The product that changes, found by its code, and the price it gets at its first change.
CODE, FIRST_PRICE = "K000001", 10_000_000


@dataclass
class Stopwatch:
    """Milliseconds by the wall and of the processor, a figure for each question."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def time(self, ask: Callable[[], object]) -> None:
        """Ask once."""
        wall, processor = time.perf_counter(), time.process_time()
        ask()
        self.processor.append((time.process_time() - processor) * 1e3)
        self.wall.append((time.perf_counter() - wall) * 1e3)


def anonymous_megabytes() -> float:
    """Memory of this process that no file stands behind."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


def open_index(folder: Path) -> dict[str, float]:
    """Milliseconds to open, and memory afterwards: at once, and after questions of every kind."""
    asked = questions(10)
    before, opening = anonymous_megabytes(), Stopwatch()
    engine = WhooshEngine(folder)
    opening.time(engine.document_count)
    opened = anonymous_megabytes()
    for task, request in asked:
        if task == "suggest":
            engine.suggest(request.text, "id")
        else:
            engine.search(request)
    return {
        "wall ms": opening.wall[0],
        "processor ms": opening.processor[0],
        "anonymous MB": opened - before,
        "after questions": anonymous_megabytes() - before,
    }


def watch(folder: Path, commits: int) -> dict[str, list[float]]:
    """Asks for the changing product and a list page in turn until the last change was seen: when each was, how long questions took."""
    engine, asking, seen = WhooshEngine(folder), Stopwatch(), list[float]()
    engine.search(SearchRequest())
    print("ready", flush=True)

    def look() -> bool:
        found = engine.search(SearchRequest(CODE, min_price=FIRST_PRICE + len(seen), with_facets=False)).total > 0
        if found:
            seen.append(time.perf_counter())
        return found

    while len(seen) < commits:
        asking.time(look)
        while len(seen) < commits and look():  # several commits may have come at once
            pass
        asking.time(lambda: engine.search(SearchRequest()))
        time.sleep(0.002)
    return {"seen": seen, "wall": asking.wall, "processor": asking.processor}


def main() -> None:
    """One of the two."""
    kind, folder, *rest = sys.argv[1:]
    print(json.dumps(open_index(Path(folder)) if kind == "open" else watch(Path(folder), int(rest[0]))))


if __name__ == "__main__":
    main()
