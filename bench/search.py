"""The search beside SQLite FTS5 doing the same work, at several sizes. Prints ratios and how each figure grows.

    ./run bench search [--sizes 1000 10000 100000] [--rounds 5] [--questions 40] [--clock wall|processor] [--folder KEPT]

Both engines answer the same questions over the same documents in alternating rounds of one process; a figure is the median over
rounds of the round's percentile, in milliseconds. A ratio below 1 means ours is faster. On a busy machine measure processor time.

Rows up to "page 50" are 24 hits with snippets and the exact total, "facets, range, price order" and what starts with "page:" also the
seven facets of a list page. FTS5 knows neither synonyms, stems, spellings nor typing errors: "one typo" compares with a trigram table.
Totals of one run are compared: they may differ where we know a spelling, a stem or a meaning more.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bench import growth
from bench.fts5 import Fts5
from bench.goods import Question, documents, questions
from bench.index_life import CODE, FIRST_PRICE
from catalog.search.request import SearchRequest
from catalog.search.whoosh_engine import WhooshEngine

Clock = Callable[[], float]
CLOCKS: dict[str, Clock] = {"wall": time.perf_counter, "processor": time.process_time}
SHARES = (0.5, 0.95, 0.99)


@dataclass
class Bench:
    """Both engines over one size."""

    size: int
    folder: Path
    clock: Clock

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ours, self.theirs = WhooshEngine(self.folder / "index"), Fts5(self.folder / "fts5.db")

    def milliseconds(self, ask: Callable[[], object]) -> float:
        """How long one call took."""
        started = self.clock()
        ask()
        return (self.clock() - started) * 1e3

    def build(self) -> dict[str, float]:
        """Index everything in both; the second build of ours replaces what answers meanwhile. Seconds."""
        if (self.folder / "done").exists():
            return {}
        everything = list(documents(self.size))
        seconds = {"FTS5": self.milliseconds(lambda: self.theirs.build(everything)) / 1e3}
        wall = time.perf_counter()
        seconds["ours"] = self.milliseconds(lambda: self.ours.rebuild(everything)) / 1e3
        seconds["ours, by the wall"] = time.perf_counter() - wall
        (self.folder / "done").touch()
        return seconds

    def opened(self) -> dict[str, float]:
        """What a fresh process needs to open the index."""
        command = [sys.executable, "-m", "bench.index_life", "open", str(self.folder / "index")]
        found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return found

    def changed(self, commits: int = 40) -> dict[str, float]:
        """Change one product again and again while another process asks. Milliseconds, 95th percentiles."""
        document = next(document for document in documents(1) if CODE in document.codes)
        command = [sys.executable, "-m", "bench.index_life", "watch", str(self.folder / "index"), str(commits)]
        begun, committing = [], []
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watcher:
            assert watcher.stdout is not None
            watcher.stdout.readline()
            for number in range(commits):
                time.sleep(0.15)
                begun.append(time.perf_counter())
                price = replace(document, price=FIRST_PRICE + number)
                committing.append(self.milliseconds(partial(self.ours.apply, [price], [])))
            told = json.loads(watcher.stdout.read())
        self.ours.apply([document], [])
        return {
            "commit": percentile(committing, 0.95),
            "seen by another process": percentile([(b - a) * 1e3 for a, b in zip(begun, told["seen"], strict=True)], 0.95),
            "longest question meanwhile": max(told["wall"]),
            "its processor time": max(told["processor"]),
        }

    def asked(self, count: int, rounds: int) -> dict[str, dict[str, list[float]]]:
        """Task -> engine -> the percentiles SHARES, in milliseconds."""
        every = questions(count)
        answers: dict[str, dict[str, Callable[[SearchRequest], object]]] = {
            "ours": {"suggest": lambda request: self.ours.suggest(request.text, "id")},
            "FTS5": {"suggest": self.theirs.suggest, "one typo": self.theirs.correct},
        }
        search: dict[str, Callable[[SearchRequest], object]] = {"ours": self.ours.search, "FTS5": self.theirs.search}
        found: dict[str, dict[str, list[float]]] = {}
        for task in dict.fromkeys(task for task, _ in every):
            requests = [request for kind, request in every if kind == task]
            asks = {name: answers[name].get(task, search[name]) for name in search}
            for ask in asks.values():  # warm
                for request in requests:
                    ask(request)
            times = [
                {name: [self.milliseconds(partial(ask, one)) for one in requests] for name, ask in asks.items()} for _ in range(rounds)
            ]
            found[task] = {name: [statistics.median(percentile(each[name], share) for each in times) for share in SHARES] for name in asks}
        return found

    def totals(self, count: int) -> tuple[int, int, int]:
        """Questions with a total, those with the same in both engines, and those in which FTS5 found more."""
        every: list[Question] = [each for each in questions(count) if each[0] not in ("suggest", "one typo")]
        pairs = [(self.ours.search(request).total, self.theirs.search(request)) for _, request in every]
        return len(pairs), sum(a == b for a, b in pairs), sum(b > a for a, b in pairs)


def percentile(values: list[float], share: float) -> float:
    """The value below which so many lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def megabytes(path: Path) -> float:
    """What a folder weighs."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6


def measure(bench: Bench, count: int, rounds: int) -> dict[str, float]:
    """Print everything about one size; our p95 by task, for the growth curves."""
    print(f"\n{bench.size:,} documents")
    built, opened = bench.build(), bench.opened()
    print("build, s:", {name: round(seconds, 1) for name, seconds in built.items()} or "kept from before")
    print(f"size, MB: ours {megabytes(bench.folder / 'index'):.0f}, FTS5 {(bench.folder / 'fts5.db').stat().st_size / 1e6:.0f}")
    print("opening:", {name: round(figure, 1) for name, figure in opened.items()})
    changed = bench.changed()
    print("a changed product, ms:", {name: round(figure, 1) for name, figure in changed.items()})
    found = bench.asked(count, rounds)
    print(f"{'ms':28}{'ours p50':>10}{'p95':>8}{'p99':>8}{'FTS5 p50':>10}{'p95':>8}{'p99':>8}{'ratio p50':>11}{'p95':>6}")
    for task, engines in found.items():
        ours, theirs = engines["ours"], engines["FTS5"]
        figures = "".join(f"{figure:{width}.2f}" for figure, width in zip([*ours, *theirs], (10, 8, 8) * 2, strict=True))
        print(f"{task:28}{figures}{ours[0] / theirs[0]:11.2f}{ours[1] / theirs[1]:6.2f}")
    asked, equal, less = bench.totals(count)
    print(f"totals: {equal} of {asked} equal, ours never smaller" if not less else f"totals: {equal} of {asked} equal, {less} SMALLER")
    seconds = {"build (s)": built["ours"], "build of FTS5 (s)": built["FTS5"]} if built else {}
    return seconds | {"opening": opened["processor ms"]} | changed | {task: engines["ours"][1] for task, engines in found.items()}


def main() -> None:
    """Every size, then the curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=40, help="per task and round")
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    parser.add_argument("--folder", type=Path, help="where to build, and to find again what was built")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-search-") as place:
        lines: dict[str, dict[int, float]] = {}
        for size in arguments.sizes:
            bench = Bench(size, (arguments.folder or Path(place)) / str(size), CLOCKS[arguments.clock])
            for name, figure in measure(bench, arguments.questions, arguments.rounds).items():
                lines.setdefault(name, {})[size] = figure
        if len(arguments.sizes) > 1:
            print("\n" + growth.table("ours, p95", lines))


if __name__ == "__main__":
    main()
