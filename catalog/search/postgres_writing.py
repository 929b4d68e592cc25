"""Writes the PostgreSQL index: changes of single products in one transaction a batch, and whole generations beside what answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from catalog.rotation import circle_place
from catalog.search.columns import numbers
from catalog.search.document import SearchDocument
from catalog.search.engine import SearchUnavailable
from catalog.search.near import forms_of
from catalog.search.postgres_lexemes import AREAS, COUNTED, FACTS, WORD, area_number, facts_of, lexemes_of, vector_of
from catalog.search.postgres_lexemes import vocabulary_of as vocabulary_changes
from catalog.search.postgres_names import change_names
from catalog.search.postgres_tables import CHUNK, CHUNK_BITS, FORMAT, PRODUCT_COLUMNS, ZERO

#: In a lexeme, who may have a bit string.
MAY_HAVE_BITS = "(left(lexeme, 1) = ANY(:counted) AND n > :few)"


@dataclass(frozen=True, slots=True)
class State:
    """The row that says which generation answers."""

    format: int
    words: str
    generation: str
    documents: int
    next_number: int
    version: int


def row_of(document: SearchDocument, vector: str) -> dict[str, Any]:
    """A document as a row of `product`, without its number."""
    number = numbers(document)
    place = {name: None if number[name] != number[name] else number[name] for name in ("latitude", "longitude")}
    whole = ("price", "available", "published", "popularity", "name_length")
    return {
        "product_id": document.product_id,
        "slug": document.slug,
        **{name: _storable(getattr(document, name)) for name in ("name_id", "name_en", "text_id", "text_en")},
        "maker": document.maker_slug,
        "category": document.category,
        "district": document.district_code,
        "village": document.village_code,
        "scheme": document.scheme,
        "certificates": ",".join(sorted(document.certificates)),
        **{name: int(number[name]) for name in whole},
        **place,
        "in_stock": document.available > 0,
        "turn": circle_place(document.product_id),
        "words": vector,
    }


def _storable(written: str) -> str:
    """PostgreSQL keeps every character but this one."""
    return written.replace("\x00", " ")


# changes


def apply(connection: Connection, state: State, few: int, documents: Sequence[SearchDocument], deleted: Sequence[int]) -> None:
    """Put documents in and take products out, in the caller's transaction. The caller holds the writer's lock."""
    if state.format != FORMAT:
        raise SearchUnavailable("the index has another format")
    change = _Change(connection, state, few)
    change.run({document.product_id: document for document in documents}, set(deleted))


class _Change:
    """One batch: the rows, and every count and bit that follows from what they were and what they are."""

    def __init__(self, connection: Connection, state: State, few: int) -> None:
        self._connection = connection
        self._few = few
        self._next_number = state.next_number
        self._counts: Counter[str] = Counter()
        #: lexeme -> number -> 1 or 0
        self._bits: dict[str, dict[int, int]] = {}
        self._documents = 0

    def run(self, documents: dict[int, SearchDocument], deleted: set[int]) -> None:
        before = self._rows_before({*documents, *deleted})
        for product_id in deleted - documents.keys():
            if product_id in before:
                self._take_out(before[product_id])
        rows = [self._put_in(document, before.get(product_id)) for product_id, document in documents.items()]
        gone = sorted(before.keys() & deleted - documents.keys())
        if gone:
            self._connection.execute(text("DELETE FROM product WHERE product_id = ANY(:gone)"), {"gone": gone})
        if rows:
            self._connection.execute(text(_UPSERT), rows)
        change_names(self._connection, before, documents, deleted)
        self._write_counts()
        self._write_bits()
        self._connection.execute(
            text("UPDATE state SET documents = documents + :more, next_number = :next, version = version + 1"),
            {"more": self._documents, "next": self._next_number},
        )

    def _rows_before(self, product_ids: set[int]) -> dict[int, dict[str, Any]]:
        statement = text(
            "SELECT product_id, number, category, district, village, scheme, certificates, price, in_stock, maker,"
            " tsvector_to_array(words) AS lexemes FROM product WHERE product_id = ANY(:ids)"
        )
        return {row["product_id"]: dict(row) for row in self._connection.execute(statement, {"ids": sorted(product_ids)}).mappings()}

    def _take_out(self, before: dict[str, Any]) -> None:
        self._documents -= 1
        self._note(_lexemes_before(before), before["number"], 0)

    def _put_in(self, document: SearchDocument, before: dict[str, Any] | None) -> dict[str, Any]:
        found = lexemes_of(document)
        row = row_of(document, vector_of(found))
        lexemes = {*found, *facts_of(row)}
        if before and before["village"] == row["village"]:
            number, held = before["number"], _lexemes_before(before)
            self._note(held - lexemes, number, 0)
            self._note(lexemes - held, number, 1)
            return {"number": number, **row}
        if before:
            self._take_out(before)
        self._documents += 1
        number = self._new_number(row)
        self._note(lexemes, number, 1)
        return {"number": number, **row}

    def _new_number(self, row: Mapping[str, Any]) -> int:
        number, self._next_number = self._next_number, self._next_number + 1
        place = {
            **{name: area_number(row[name]) for name in AREAS},
            "chunk": number >> CHUNK_BITS,
            "start": number % CHUNK + 1,
        }
        split = self._connection.execute(text("UPDATE piece SET is_whole = false WHERE village = :village"), place).rowcount
        piece = {**place, "is_whole": not split}
        self._connection.execute(text("INSERT INTO piece VALUES (:district, :village, :chunk, :start, 1, :is_whole)"), piece)
        self._connection.execute(text("INSERT INTO district_piece VALUES (:district, :chunk, :start, 1)"), place)
        return number

    def _note(self, lexemes: Iterable[str], number: int, bit: int) -> None:
        for lexeme in lexemes:
            self._counts[lexeme] += 1 if bit else -1
            self._bits.setdefault(lexeme, {})[number] = bit

    def _write_counts(self) -> None:
        changes = {lexeme: change for lexeme, change in self._counts.items() if change}
        changes |= {word: change for word, change in vocabulary_changes(changes).items() if change}
        if not changes:
            return
        new = self._connection.scalars(
            text(
                "INSERT INTO term (lexeme, n) SELECT * FROM unnest(CAST(:lexemes AS text[]), CAST(:changes AS integer[]))"
                " ON CONFLICT (lexeme) DO UPDATE SET n = term.n + excluded.n"
                " RETURNING CASE WHEN xmax = 0 THEN lexeme END"
            ),
            {"lexemes": sorted(changes), "changes": [changes[lexeme] for lexeme in sorted(changes)]},
        ).all()
        write_forms(self._connection, [lexeme[1:] for lexeme in new if lexeme and lexeme[0] == WORD])

    def _write_bits(self) -> None:
        """Change the bits of lexemes that have bit strings, and make those of lexemes that became frequent."""
        if not self._bits:
            return
        asked = {"lexemes": sorted(self._bits), "counted": list(COUNTED), "few": self._few}
        kept = self._connection.scalars(text("SELECT lexeme FROM term WHERE lexeme = ANY(:lexemes) AND has_bits"), asked).all()
        changes = [
            {"lexeme": lexeme, "chunk": number >> CHUNK_BITS, "place": number % CHUNK, "bit": bit}
            for lexeme in sorted(kept)
            for number, bit in sorted(self._bits[lexeme].items())
        ]
        if changes:
            self._connection.execute(text(_SET_BIT), changes)
        promoted = self._connection.scalars(
            text(
                "UPDATE term SET has_bits = true WHERE lexeme = ANY(:lexemes) AND NOT has_bits"
                f" AND ({MAY_HAVE_BITS} OR lexeme ~ :facts) RETURNING lexeme"
            ),
            {**asked, "facts": FACT_PATTERN},
        ).all()
        for lexeme in promoted:
            self._connection.execute(text(_PROMOTE_FACT if lexeme[0] == "#" else _PROMOTE), {"lexeme": lexeme, **self._members(lexeme)})

    def _members(self, lexeme: str) -> dict[str, Any]:
        return {"numbers": [number for number, bit in self._bits[lexeme].items() if bit]} if lexeme[0] == "#" else {}


FACT_PATTERN = f"^(#({'|'.join(FACTS)})=|[*]$)"
_UPSERT = (
    f"INSERT INTO product (number, {', '.join(PRODUCT_COLUMNS)}) VALUES (:number, "
    + ", ".join(f"CAST(:{name} AS {'tsvector' if name == 'words' else kind.split()[0]})" for name, kind in PRODUCT_COLUMNS.items())
    + ") ON CONFLICT (product_id) DO UPDATE SET number = excluded.number, "
    + ", ".join(f"{name} = excluded.{name}" for name in PRODUCT_COLUMNS if name != "product_id")
)
_SET_BIT = (
    f"INSERT INTO bits SELECT :lexeme, :chunk, set_bit({ZERO}, :place, :bit)"
    " ON CONFLICT (lexeme, chunk) DO UPDATE SET bits = set_bit(bits.bits, :place, :bit)"
)
_GATHER = f"INSERT INTO bits SELECT CAST(:lexeme AS text), number >> {CHUNK_BITS}, bit_or(set_bit({ZERO}, number & {CHUNK - 1}, 1))"
_PROMOTE = f"{_GATHER} FROM product WHERE words @@ CAST(quote_literal(:lexeme) AS tsquery) GROUP BY 2"
#: A fact nobody had before: those of this batch are all there are.
_PROMOTE_FACT = f"{_GATHER} FROM unnest(CAST(:numbers AS integer[])) AS number GROUP BY 2"


def _lexemes_before(before: Mapping[str, Any]) -> set[str]:
    return {*before["lexemes"], *facts_of(before)}


def write_forms(connection: Connection, words: Sequence[str]) -> None:
    """Put the forms of words of the vocabulary into the table that corrects typing errors."""
    keys, numbers = forms_of(words)
    if keys:
        values = {"keys": list(keys), "words": [words[number] for number in numbers]}
        connection.execute(text("INSERT INTO near SELECT * FROM unnest(CAST(:keys AS bigint[]), CAST(:words AS text[]))"), values)
