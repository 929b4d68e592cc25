"""SQLite's own full-text search, set up and asked as its documentation advises: the reference of `bench search`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from catalog.search.columns import PRICE_BANDS
from catalog.search.document import SearchDocument
from catalog.search.request import SearchRequest, Sort
from catalog.search.spelling import distance

FACETS = ("category", "district", "village", "scheme", "band", "stocked")
_SNIPPET = "snippet(f, 1, '[', ']', '…', 24)"


class Fts5:
    """A database with the goods as a table, their texts in FTS5, and a trigram table of the vocabulary."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA cache_size=-262144")
        self.connection.execute("PRAGMA mmap_size=2000000000")

    def build(self, all_documents: Iterable[SearchDocument]) -> None:
        """Load everything."""
        run = self.connection
        run.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT, text TEXT, maker TEXT, place TEXT, category TEXT, district TEXT,"
            " village TEXT, scheme TEXT, price INT, stocked INT, popularity INT, band INT);"
            "CREATE VIRTUAL TABLE f USING fts5(name, text, maker, place, content='p', content_rowid='id', prefix='2 3 4');"
            "CREATE TABLE paper(kind TEXT, id INT);"
        )
        for d in all_documents:
            band = sum(d.price >= start for start in PRICE_BANDS) - 1
            place = f"{d.village} {d.district} {d.regency}"
            row = (d.product_id, d.name_id, d.text_id, d.maker, place, d.category, d.district_code, d.village_code, d.scheme)
            run.execute(f"INSERT INTO p VALUES ({','.join('?' * 13)})", (*row, d.price, d.available > 0, d.popularity, band))
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
        """One page with snippets and the exact total, with facets if wanted; the total."""
        if request.with_facets:
            return self._with_facets(request)
        match, page = _match(request), _page(request)
        ranked = f"SELECT rowid, {_SNIPPET} FROM f WHERE f MATCH ? AND rank MATCH 'bm25(10, 2, 6, 6)' ORDER BY rank {page}"
        self.connection.execute(ranked, (match,)).fetchall()
        total: int = self.connection.execute("SELECT count(*) FROM f WHERE f MATCH ?", (match,)).fetchone()[0]
        return total

    def correct(self, request: SearchRequest) -> int:
        """One typing error: known words sharing trigrams, the nearest by edit distance, then the search."""
        word = request.text
        trigrams = " OR ".join(f'"{word[start : start + 3]}"' for start in range(len(word) - 2))
        near = [term for (term,) in self.connection.execute("SELECT term FROM near WHERE near MATCH ? LIMIT 400", (trigrams,))]
        near = sorted((distance(word, term, 1), term) for term in near if distance(word, term, 1) <= 1)
        return self.search(SearchRequest(near[0][1], with_facets=False)) if near else 0

    def suggest(self, request: SearchRequest) -> int:
        """Eight names with a word that starts so."""
        rows = self.connection.execute(
            "SELECT p.id, p.name FROM f JOIN p ON p.id = f.rowid WHERE f MATCH ? ORDER BY p.popularity DESC LIMIT 8",
            (f"name:{request.text}*",),
        )
        return len(rows.fetchall())

    def _with_facets(self, request: SearchRequest) -> int:
        """What matches is gathered once with all that is counted; each facet then ignores its own filter."""
        run, match, page = self.connection, _match(request), _page(request)
        low, high = request.min_price, request.max_price or 10**12
        filters = {"category": "category = :category" * bool(request.category), "band": "price BETWEEN :low AND :high" * (low is not None)}
        values = {"match": match, "category": request.category, "low": low, "high": high}

        def where(without: str = "") -> str:
            return " AND ".join(["1", *(text for name, text in filters.items() if text and name != without)])

        source = "p"
        if match:
            source = "m"
            run.execute(f"CREATE TEMP TABLE IF NOT EXISTS m(id INTEGER PRIMARY KEY, {', '.join(FACETS)}, price INT)")
            run.execute("DELETE FROM m")
            run.execute(
                f"INSERT INTO m SELECT p.id, {', '.join(FACETS)}, price FROM f JOIN p ON p.id = f.rowid WHERE f MATCH :match", values
            )
        for column in FACETS:
            run.execute(f"SELECT {column}, count(*) FROM {source} WHERE {where(column)} GROUP BY 1", values).fetchall()
        run.execute(f"SELECT kind, count(*) FROM {source} JOIN paper USING(id) WHERE {where()} GROUP BY 1", values).fetchall()
        total: int = run.execute(f"SELECT count(*) FROM {source} WHERE {where()}", values).fetchone()[0]
        if match and request.sort is Sort.RELEVANCE:
            ranked = f"SELECT rowid, {_SNIPPET} FROM f WHERE f MATCH :match AND rank MATCH 'bm25(10, 2, 6, 6)' ORDER BY rank {page}"
            run.execute(ranked, values).fetchall()
            return total
        order = "price, id" if request.sort is Sort.PRICE else "popularity DESC, id"
        shown = run.execute(f"SELECT id FROM {source} WHERE {where()} ORDER BY {order} {page}", values).fetchall()
        if match:
            ids = ",".join(str(number) for (number,) in shown)
            run.execute(f"SELECT rowid, {_SNIPPET} FROM f WHERE f MATCH :match AND rowid IN ({ids})", values).fetchall()
        return total


def _match(request: SearchRequest) -> str:
    """The question in FTS5's words; what stands in quotation marks stays one phrase."""
    text = request.text
    return text if text.startswith('"') else " ".join(f'"{word}"' for word in text.split())


def _page(request: SearchRequest) -> str:
    return f"LIMIT {request.page_size} OFFSET {(request.page - 1) * request.page_size}"
