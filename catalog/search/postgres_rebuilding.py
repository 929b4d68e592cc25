"""Makes a generation of the PostgreSQL index in one transaction: it is there when it is whole, and a failure leaves nothing behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, text

from catalog.search import analysis
from catalog.search.columns import PRICE_BANDS
from catalog.search.document import SearchDocument
from catalog.search.engine import Progress
from catalog.search.postgres_lexemes import AREAS, COUNTED, STEPS, WORD, WORD_FIELDS, area_number, lexemes_of, vector_of
from catalog.search.postgres_names import Labels, Thing, names_of, write_names
from catalog.search.postgres_tables import CHUNK, CHUNK_BITS, FORMAT, INDEXES, PRODUCT_COLUMNS, TABLES, ZERO
from catalog.search.postgres_writing import FACT_PATTERN, MAY_HAVE_BITS, row_of, write_forms

_REPORT_EVERY = 100
_AREA = r"^\d\d[.]\d\d[.]\d\d([.]\d\d\d\d)?$"
_WORDS_AT_ONCE = 5_000


def rebuild(
    connection: Connection, home: str, generation: str, few: int, documents: Iterable[SearchDocument], progress: Progress | None
) -> None:
    """Write `documents` into the new schema `generation` and point to it, in the caller's transaction."""
    connection.execute(text(f'CREATE SCHEMA "{generation}"'))
    use(connection, generation, home)
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    connection.execute(text("SET LOCAL work_mem = '128MB'"))
    _run(connection, TABLES)
    names, counts = _load(connection, documents, progress)
    following = _number(connection)
    _run(connection, INDEXES)
    count_terms(connection)
    write_bits(connection, few, following)
    write_names(connection, names, counts)
    words = connection.scalars(text("SELECT substr(lexeme, 2) FROM term WHERE left(lexeme, 1) = :word"), {"word": WORD}).all()
    for start in range(0, len(words), _WORDS_AT_ONCE):
        write_forms(connection, words[start : start + _WORDS_AT_ONCE])
    for table in ("product", "term", "bits", "piece", "district_piece", "near", "named", "beginning"):
        connection.execute(text(f"ANALYZE {table}"))
    _point(connection, generation, following)


def use(connection: Connection, generation: str, home: str) -> None:
    """Let plain table names mean those of `generation`, until the transaction ends."""
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": f'"{generation}", "{home}"'})


def _run(connection: Connection, statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        connection.execute(text(statement))


def _load(connection: Connection, documents: Iterable[SearchDocument], progress: Progress | None) -> tuple[Labels, Counter[Thing]]:
    """Read all documents into a table without order; the names they mention."""
    columns = ", ".join(PRODUCT_COLUMNS)
    connection.execute(text("CREATE TEMPORARY TABLE loaded (LIKE product) ON COMMIT DROP"))
    connection.execute(text("ALTER TABLE loaded DROP COLUMN number"))
    labels: Labels = {}
    counts: Counter[Thing] = Counter()
    done = 0
    with _cursor(connection) as cursor, cursor.copy(f"COPY loaded ({columns}) FROM STDIN") as copy:
        for done, document in enumerate(documents, 1):
            row = row_of(document, vector_of(lexemes_of(document)))
            copy.write_row([row[name] for name in PRODUCT_COLUMNS])
            named = names_of(document)
            labels |= named
            counts.update(named.keys())
            if progress and done % _REPORT_EVERY == 0:
                progress(done)
    if progress:
        progress(done)
    return labels, counts


def _cursor(connection: Connection) -> Any:
    """psycopg's own, for COPY: SQLAlchemy has none."""
    return connection.connection.cursor()


def _number(connection: Connection) -> int:
    """Give every product its number, village by village; the first number that is free."""
    counted = connection.execute(text("SELECT district, village, count(*) FROM loaded GROUP BY 1, 2 ORDER BY 2, 1")).all()
    following, first, pieces = 0, [], []
    for district, village, count in counted:
        if following % CHUNK + count > CHUNK >= count:
            following += CHUNK - following % CHUNK  # a village that fits lies in one bit string
        first.append({"district": district, "village": village, "first": following})
        numbers = {"district": area_number(district), "village": area_number(village)}
        parts = list(_parts(following, count))
        pieces += [{**numbers, **part, "is_whole": len(parts) == 1} for part in parts]
        following += count
    connection.execute(text('CREATE TEMPORARY TABLE "first" (district text, village text COLLATE "C", first integer) ON COMMIT DROP'))
    _insert(connection, 'INSERT INTO "first" VALUES (:district, :village, :first)', first)
    columns = ", ".join(name for name in PRODUCT_COLUMNS)
    numbered = "first + row_number() OVER (PARTITION BY village, district ORDER BY product_id) - 1"
    connection.execute(
        text(
            f"INSERT INTO product (number, {columns}) SELECT {numbered}, {columns}"
            ' FROM loaded JOIN "first" USING (village, district) ORDER BY 1'
        )
    )
    connection.execute(text("TRUNCATE loaded"))
    _insert(connection, "INSERT INTO piece VALUES (:district, :village, :chunk, :start, :length, :is_whole)", pieces)
    _insert(connection, "INSERT INTO district_piece VALUES (:district, :chunk, :start, :length)", list(_joined(pieces)))
    return following


def _parts(first: int, count: int) -> Iterator[dict[str, int]]:
    """A range of numbers as one place in each bit string it touches; places begin at 1."""
    while count > 0:
        length = min(count, CHUNK - first % CHUNK)
        yield {"chunk": first >> CHUNK_BITS, "start": first % CHUNK + 1, "length": length}
        first, count = first + length, count - length


def _joined(pieces: Iterable[dict[str, int]]) -> Iterator[dict[str, int]]:
    """Neighbouring places of one district as one."""
    current: dict[str, int] | None = None
    for piece in pieces:
        place = {name: piece[name] for name in ("district", "chunk", "start", "length")}
        if current and (current["district"], current["chunk"]) == (place["district"], place["chunk"]):
            current["length"] = place["start"] + place["length"] - current["start"]
        else:
            if current:
                yield current
            current = place
    if current:
        yield current


def _insert(connection: Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 1_000):
        connection.execute(text(statement), rows[start : start + 1_000])


def count_terms(connection: Connection) -> None:
    """How many products hold each lexeme and each fact, and how frequent the words of the vocabulary are."""
    connection.execute(text("INSERT INTO term (lexeme, n) SELECT word, ndoc FROM ts_stat('SELECT words FROM product')"))
    connection.execute(text(f"INSERT INTO term (lexeme, n) SELECT lexeme, count(*) FROM {_FACT_ROWS} GROUP BY 1"), _fact_values())
    areas = " UNION ALL ".join(
        f"SELECT '#{name}=' || CASE WHEN {name} ~ '{_AREA}' THEN replace({name}, '.', '') ELSE '0' END, count(*) FROM product GROUP BY 1"
        for name in AREAS
    )
    connection.execute(text(f"INSERT INTO term (lexeme, n) {areas}"))
    connection.execute(
        text(
            "INSERT INTO term (lexeme, n) SELECT :word || substr(lexeme, 2), sum(n) FROM term"
            " WHERE left(lexeme, 1) = ANY(:fields) AND substr(lexeme, 2, 1) <> :mark GROUP BY 1"
        ),
        {"word": WORD, "fields": list(WORD_FIELDS), "mark": analysis.MEANING_MARK},
    )
    connection.execute(text("ANALYZE term"))


def write_bits(connection: Connection, few: int, following: int) -> None:
    """The bit strings of all facts and of the lexemes that more than `few` products hold, a chunk of numbers at a time."""
    connection.execute(
        text(f"UPDATE term SET has_bits = true WHERE {MAY_HAVE_BITS} OR lexeme ~ :facts"),
        {"counted": list(COUNTED), "few": few, "facts": FACT_PATTERN},
    )
    rows = (
        f"(SELECT number, unnest(tsvector_to_array(words)) AS lexeme FROM product WHERE number >= :first AND number < :last"
        f" UNION ALL SELECT number, lexeme FROM {_FACT_ROWS} WHERE number >= :first AND number < :last) AS found"
    )
    statement = text(
        f"INSERT INTO bits SELECT lexeme, :chunk, bit_or(set_bit({ZERO}, number & {CHUNK - 1}, 1))"
        f" FROM {rows} JOIN term USING (lexeme) WHERE has_bits GROUP BY lexeme"
    )
    for chunk in range((following >> CHUNK_BITS) + 1):
        connection.execute(statement, {"chunk": chunk, "first": chunk * CHUNK, "last": (chunk + 1) * CHUNK, **_fact_values()})


#: The facts of every product as lexemes: what `facts_of` says, in SQL.
_FACT_ROWS = (
    "(SELECT number, unnest(ARRAY['*', '#category=' || category, '#scheme=' || scheme, '#certificates=' || certificates,"
    " '#band=' || greatest(0, width_bucket(price, CAST(:bands AS bigint[])) - 1),"
    " '#step=' || greatest(0, width_bucket(price, CAST(:steps AS bigint[])) - 1),"
    " '#in_stock=' || CAST(in_stock AS integer)]) COLLATE \"C\" AS lexeme FROM product) AS facts"
)


def _fact_values() -> dict[str, list[int]]:
    return {"bands": list(PRICE_BANDS), "steps": list(STEPS)}


def _point(connection: Connection, generation: str, following: int) -> None:
    """Let `generation` answer from the commit on."""
    connection.execute(
        text(
            "INSERT INTO state SELECT true, :format, :words, :generation, (SELECT count(*) FROM product), :following, 1"
            " ON CONFLICT (one) DO UPDATE SET format = excluded.format, words = excluded.words, generation = excluded.generation,"
            " documents = excluded.documents, next_number = excluded.next_number, version = state.version + 1"
        ),
        {"format": FORMAT, "words": analysis.fingerprint(), "generation": generation, "following": following},
    )
    connection.execute(text("DELETE FROM wish"))
