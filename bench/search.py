"""The search beside SQLite FTS5 doing the same work: hits with snippets, exact total and all facets. Prints ratios.

    python bench/search.py [--documents 10000] [--rounds 5] [--questions 40]

Both engines answer the same questions over the same documents in alternating rounds of one process; a figure is the median
over rounds of the round's median (p50) and 95th percentile (p95), in milliseconds. A ratio below 1 means ours is faster.
FTS5 knows neither synonyms, stems, spellings nor typing errors, so "one typo" compares with a trigram table, and FTS5's
totals may differ from ours where a meaning has several words.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from catalog.search.columns import PRICE_BANDS
from catalog.search.document import SearchDocument
from catalog.search.request import SearchRequest, Sort
from catalog.search.whoosh_engine import WhooshEngine

SEED = 20261121
SHELVES = {
    "makanan-ringan": "keripik singkong pisang tempe kerupuk rengginang pedas gurih",
    "kopi-teh": "kopi arabika robusta bubuk biji sangrai teh hijau",
    "anyaman": "anyaman bambu rotan tas keranjang topi tikar purun",
    "kain": "batik tenun ikat songket kain selendang sarung katun",
    "minuman": "madu hutan kelulut jahe kunyit temulawak jamu serbuk",
    "bumbu": "gula aren semut kelapa lada pala cengkeh vanili",
    "lauk": "ikan asin teri abon cumi terasi udang salai",
    "bahan-pokok": "beras merah hitam organik ketan putih tepung mocaf",
}
QUALITIES = ("asli", "premium", "murni", "khas", "segar", "super", "tradisional", "alami", "unggulan", "pilihan")
SYLLABLES = [consonant + vowel for consonant in "bcdghjklmnprstwy" for vowel in "aiu"]
SCHEMES, PAPERS = ("ovop", "ovop", "ocop", "osop"), ((), ("pirt",), ("halal", "pirt"), ("bpom",))

Question = tuple[str, SearchRequest]


def vocabulary(size: int = 12_000) -> list[str]:
    """Invented words; the first are used far more often than the last."""
    dice, words = random.Random(SEED), dict[str, None]()
    while len(words) < size:
        words["".join(dice.choice(SYLLABLES) for _ in range(dice.choice((2, 3, 3, 4)))) + dice.choice(("", "n", "ng", "r", "s"))] = None
    return list(words)


def documents(count: int) -> Iterator[SearchDocument]:
    """The deterministic catalogue: 8 shelves, 60 districts, 1,200 villages, descriptions of 28 to 44 words."""
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(words))))
    for number in range(1, count + 1):
        dice = random.Random(SEED + number)
        shelf = dice.choice(list(SHELVES))
        first, second = dice.sample(SHELVES[shelf].split(), 2)
        text = dice.choices(words, cum_weights=weights, k=dice.randint(28, 44))
        for _ in range(dice.randint(2, 6)):
            text[dice.randrange(len(text))] = dice.choice(SHELVES[shelf].split())
        village = dice.randrange(1_200)
        yield SearchDocument(
            product_id=number,
            slug=f"produk-{number}",
            name_id=f"{first} {second} {dice.choice(QUALITIES)} {dice.choice(words[:3000])}".title(),
            name_en="",
            text_id=" ".join(text),
            text_en="",
            maker=f"Dapur {words[village]} {words[village + 1]}",
            maker_slug=f"dapur-{village}",
            village=f"Suka{words[village + 40]}",
            village_code=f"16.{village // 200:02d}.{village // 20:02d}.{village:04d}",
            district=f"Muara {words[village // 20]}",
            district_code=f"16.{village // 200:02d}.{village // 20:02d}",
            regency="Kabupaten Contoh",
            category=shelf,
            category_names=f"{shelf}\n{shelf}",
            scheme=dice.choice(SCHEMES),
            certificates=dice.choice(PAPERS),
            codes=(f"K{number:06d}",),
            price=500 * dice.randint(10, 800),
            available=dice.randint(0, 60),
            latitude=-3 - village / 1_000,
            longitude=104 + village / 1_000,
            published_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
            popularity=dice.randint(0, 50),
        )


def questions(count: int) -> list[Question]:
    """The tasks in fixed order, `count` questions each."""
    dice = random.Random(SEED)
    every = [word for line in SHELVES.values() for word in line.split()]
    found: list[Question] = []
    for _ in range(count):
        word, shelf = dice.choice(every), dice.choice(list(SHELVES))
        one, two = dice.sample(SHELVES[shelf].split(), 2)
        cut = dice.randrange(1, len(word) - 1)
        low = dice.choice((20_000, 50_000))
        found += [
            ("browse a page", SearchRequest(page=dice.randint(1, 5))),
            ("browse, filtered", SearchRequest(category=shelf, min_price=low, sort=Sort.PRICE)),
            ("one word", SearchRequest(word)),
            ("two words", SearchRequest(f"{one} {two}")),
            ("word, filters, price", SearchRequest(word, category=shelf, min_price=low, max_price=low * 4, sort=Sort.PRICE)),
            ("page 20", SearchRequest(word, page=20)),
            ("one typo", SearchRequest(word[:cut] + word[cut + 1 :] + "q"[: len(word) <= 4])),
            ("suggest", SearchRequest(word[: dice.choice((2, 3, 4))])),
        ]
    return found


class Fts5:
    """SQLite's own full-text search, set up as its documentation advises."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA cache_size=-65536")

    def build(self, all_documents: list[SearchDocument]) -> None:
        run = self.connection
        run.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT, text TEXT, maker TEXT, place TEXT, category TEXT, district TEXT,"
            " village TEXT, scheme TEXT, price INT, available INT, popularity INT, band INT);"
            "CREATE VIRTUAL TABLE f USING fts5(name, text, maker, place, content='p', content_rowid='id', prefix='2 3 4');"
            "CREATE TABLE paper(kind TEXT, id INT);"
        )
        for d in all_documents:
            band = sum(d.price >= start for start in PRICE_BANDS) - 1
            place = f"{d.village} {d.district} {d.regency}"
            row = (d.product_id, d.name_id, d.text_id, d.maker, place, d.category, d.district_code, d.village_code, d.scheme)
            run.execute(f"INSERT INTO p VALUES ({','.join('?' * 13)})", (*row, d.price, d.available, d.popularity, band))
            run.executemany("INSERT INTO paper VALUES (?, ?)", [(kind, d.product_id) for kind in d.certificates])
        run.executescript(
            "INSERT INTO f(f) VALUES('rebuild'); INSERT INTO f(f) VALUES('optimize');"
            "CREATE INDEX p_popular ON p(popularity DESC, id); CREATE INDEX p_category ON p(category, price);"
            "CREATE INDEX paper_id ON paper(id);"
            "CREATE VIRTUAL TABLE words USING fts5vocab('f', 'row');"
            "CREATE VIRTUAL TABLE near USING fts5(term, tokenize='trigram');"
            "INSERT INTO near SELECT term FROM words WHERE doc > 1; ANALYZE;"
        )
        run.commit()

    def search(self, request: SearchRequest) -> int:
        """Hits with snippets, total and seven facets, each ignoring its own filter; the total."""
        match = " ".join(f'"{word}"' for word in request.text.split())
        run, facets = self.connection, []
        source = "p JOIN f ON f.rowid = p.id AND f.f MATCH :match" if match else "p"
        filters = {
            "category": "p.category = :category" if request.category else "",
            "price": "p.price BETWEEN :low AND :high" if request.min_price is not None else "",
        }
        values = {"match": match, "category": request.category, "low": request.min_price, "high": request.max_price or 10**12}
        if match:  # once, not once per facet
            run.execute("CREATE TEMP TABLE IF NOT EXISTS m(id INTEGER PRIMARY KEY)")
            run.execute("DELETE FROM m")
            run.execute("INSERT INTO m SELECT rowid FROM f WHERE f MATCH :match", values)
        narrowed = "p JOIN m USING(id)" if match else "p"

        def where(without: str = "") -> str:
            return " AND ".join(["1", *(text for name, text in filters.items() if text and name != without)])

        for column in ("category", "district", "village", "scheme"):
            facets.append(run.execute(f"SELECT {column}, count(*) FROM {narrowed} WHERE {where(column)} GROUP BY 1", values).fetchall())
        facets.append(run.execute(f"SELECT band, count(*) FROM {narrowed} WHERE {where('price')} GROUP BY 1", values).fetchall())
        facets.append(run.execute(f"SELECT available > 0, count(*) FROM {narrowed} WHERE {where()} GROUP BY 1", values).fetchall())
        facets.append(
            run.execute(f"SELECT kind, count(*) FROM {narrowed} JOIN paper USING(id) WHERE {where()} GROUP BY 1", values).fetchall()
        )
        total: int = run.execute(f"SELECT count(*) FROM {narrowed} WHERE {where()}", values).fetchone()[0]
        order = {Sort.PRICE: "p.price", Sort.RELEVANCE: "bm25(f, 10, 2, 6, 6)" if match else "p.popularity DESC"}[request.sort]
        snippet = "snippet(f, 1, '[', ']', '…', 24)" if match else "''"
        page = f"LIMIT {request.page_size} OFFSET {(request.page - 1) * request.page_size}"
        run.execute(f"SELECT p.id, {snippet} FROM {source} WHERE {where()} ORDER BY {order}, p.id {page}", values).fetchall()
        return total

    def correct(self, request: SearchRequest) -> int:
        """One typing error: known words sharing trigrams, the nearest by edit distance, then the search."""
        from catalog.search.spelling import distance

        word = request.text
        trigrams = " OR ".join(f'"{word[start : start + 3]}"' for start in range(len(word) - 2))
        near = [term for (term,) in self.connection.execute("SELECT term FROM near WHERE near MATCH ? LIMIT 400", (trigrams,))]
        near = sorted((distance(word, term, 1), term) for term in near if distance(word, term, 1) <= 1)
        return self.search(SearchRequest(near[0][1])) if near else 0

    def suggest(self, request: SearchRequest) -> int:
        """Eight names with a word that starts so."""
        rows = self.connection.execute(
            "SELECT p.id, p.name FROM f JOIN p ON p.id = f.rowid WHERE f MATCH ? ORDER BY p.popularity DESC LIMIT 8",
            (f"name:{request.text}*",),
        )
        return len(rows.fetchall())


def timed(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1_000


def round_of(asked: list[Question], engines: dict[str, dict[str, Callable[[SearchRequest], object]]]) -> dict[tuple[str, str], list[float]]:
    """All questions once per engine; the engines take turns task by task."""
    times: dict[tuple[str, str], list[float]] = {}
    for task in dict.fromkeys(task for task, _ in asked):
        for name, answers in engines.items():
            answer = answers.get(task, answers["search"])
            times[task, name] = [timed(partial(answer, request)) for kind, request in asked if kind == task]
    return times


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def megabytes(path: Path) -> float:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6


def memory_of_a_reader(folder: Path) -> None:
    """Printed by a process of its own that opens the index and asks every kind of question."""
    before = resident_megabytes()
    engine = WhooshEngine(folder)
    opened = timed(engine.document_count)
    for _, request in questions(10):
        engine.search(request)
        engine.suggest(request.text, "id")
    after = resident_megabytes()
    print(f"reader opens in {opened:.0f} ms and grows by {after - before:.0f} MB to {after:.0f} MB")


def resident_megabytes() -> float:
    """Memory of this process now; its maximum where /proc does not say."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=40, help="per task and round")
    parser.add_argument("--reader", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.reader:
        memory_of_a_reader(arguments.reader)
        return
    with tempfile.TemporaryDirectory(prefix="bench-search-") as place:
        ours, theirs = WhooshEngine(Path(place) / "index"), Fts5(Path(place) / "fts5.db")
        everything = list(documents(arguments.documents))
        built = timed(lambda: ours.rebuild(everything)), timed(lambda: theirs.build(everything))
        print(f"{arguments.documents} documents. Build: ours {built[0] / 1e3:.1f} s, FTS5 {built[1] / 1e3:.1f} s.", end=" ")
        print(f"Size: ours {megabytes(Path(place) / 'index'):.0f} MB, FTS5 {(Path(place) / 'fts5.db').stat().st_size / 1e6:.0f} MB.")
        subprocess.run([sys.executable, __file__, "--reader", str(Path(place) / "index")], check=True)
        commits = [timed(partial(ours.apply, [document], [])) for document in everything[:20]]
        reopen = []
        for document in everything[:10]:
            ours.apply([document], [])
            reopen.append(timed(partial(ours.search, SearchRequest())))
        print(f"one-product commit {statistics.median(commits):.1f} ms, first list page after it {statistics.median(reopen):.1f} ms")
        ours.rebuild(everything)
        engines: dict[str, dict[str, Callable[[SearchRequest], object]]] = {
            "ours": {"search": ours.search, "suggest": lambda request: ours.suggest(request.text, "id")},
            "FTS5": {"search": theirs.search, "one typo": theirs.correct, "suggest": theirs.suggest},
        }
        asked = questions(arguments.questions)
        round_of(asked, engines)  # warm
        rounds = [round_of(asked, engines) for _ in range(arguments.rounds)]
        print(f"\n{'ms':22}{'ours p50':>10}{'p95':>8}{'FTS5 p50':>11}{'p95':>8}{'ratio p50':>11}{'p95':>7}")
        for task in dict.fromkeys(task for task, _ in asked):
            figures = {
                name: [statistics.median(percentile(times[task, name], share) for times in rounds) for share in (0.5, 0.95)]
                for name in engines
            }
            (a, b), (c, d) = figures["ours"], figures["FTS5"]
            print(f"{task:22}{a:10.2f}{b:8.2f}{c:11.2f}{d:8.2f}{a / c:11.2f}{b / d:7.2f}")


if __name__ == "__main__":
    main()
