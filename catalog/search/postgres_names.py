"""Makers, villages, districts and categories in PostgreSQL: how many products each has, and how their names begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from catalog.search import analysis
from catalog.search.document import SearchDocument
from catalog.search.request import Suggestion
from catalog.search.suggesting import MAX_PER_KIND

#: Kind and key of a thing that has a name.
Thing = tuple[str, str]
#: Thing -> its name in both languages.
Labels = dict[Thing, tuple[str, str]]
KINDS = ("maker", "village", "district", "category")
#: Names looked at before the best are chosen.
_LOOKED_AT = 200
_AT_ONCE = 5_000


def names_of(document: SearchDocument) -> Labels:
    """The named things of a document."""
    lines = [*document.category_names.splitlines()[:2], ""]
    label = lines[0] or document.category
    return {
        ("maker", document.maker_slug): (document.maker, document.maker),
        ("village", document.village_code): (document.village, document.village),
        ("district", document.district_code): (document.district, document.district),
        ("category", document.category): (label, lines[1] or label),
    }


def change_names(
    connection: Connection, before: Mapping[int, Mapping[str, Any]], documents: Mapping[int, SearchDocument], deleted: Iterable[int]
) -> None:
    """Follow a batch of changes; `before` are the rows as they were, by product id."""
    counts: Counter[Thing] = Counter()
    labels: Labels = {}
    for product_id in {*documents, *deleted} & before.keys():
        counts.subtract((kind, before[product_id][kind]) for kind in KINDS)
    for document in documents.values():
        named = names_of(document)
        labels |= named
        counts.update(named.keys())
    changed = {thing: change for thing, change in counts.items() if thing in labels or change}
    if not changed:
        return
    known = _labels_of(connection, changed)
    rows = [_row(thing, labels.get(thing) or known.get(thing, ("", "")), change) for thing, change in changed.items()]
    connection.execute(text(_ADD), rows)
    renamed = [thing for thing in labels if labels[thing] != known.get(thing)]
    write_beginnings(connection, {thing: labels[thing] for thing in renamed})
    for statement in (
        "DELETE FROM beginning b USING named WHERE n <= 0 AND b.kind = named.kind AND b.key = named.key AND {}",
        "DELETE FROM named WHERE n <= 0 AND {}",
    ):
        fewer = [{"kind": kind, "key": key} for (kind, key), change in changed.items() if change < 0]
        if fewer:
            connection.execute(text(statement.format("named.kind = :kind AND named.key = :key")), fewer)


_ADD = (
    "INSERT INTO named VALUES (:kind, :key, :label_id, :label_en, :n)"
    " ON CONFLICT (kind, key) DO UPDATE SET n = named.n + excluded.n, label_id = excluded.label_id, label_en = excluded.label_en"
)


def _labels_of(connection: Connection, things: Iterable[Thing]) -> Labels:
    kinds, keys = zip(*things, strict=True)
    found = connection.execute(
        text(
            "SELECT kind, key, label_id, label_en FROM named"
            " JOIN unnest(CAST(:kinds AS text[]), CAST(:keys AS text[])) AS asked (kind, key) USING (kind, key)"
        ),
        {"kinds": list(kinds), "keys": list(keys)},
    )
    return {(kind, key): (label_id, label_en) for kind, key, label_id, label_en in found}


def _row(thing: Thing, label: tuple[str, str], count: int) -> dict[str, Any]:
    return {"kind": thing[0], "key": thing[1], "label_id": label[0], "label_en": label[1], "n": count}


def write_names(connection: Connection, labels: Labels, counts: Mapping[Thing, int]) -> None:
    """All names of a new index at once."""
    rows = [_row(thing, label, counts[thing]) for thing, label in labels.items()]
    _insert(connection, "named (kind, key, label_id, label_en, n)", "text[], text[], text[], text[], integer[]", rows)
    write_beginnings(connection, labels)


def write_beginnings(connection: Connection, labels: Labels) -> None:
    """Every word of the names as a place where somebody may begin to type; older ones of the same things go."""
    if labels:
        connection.execute(
            text(
                "DELETE FROM beginning USING unnest(CAST(:kinds AS text[]), CAST(:keys AS text[])) AS gone (kind, key)"
                " WHERE beginning.kind = gone.kind AND beginning.key = gone.key"
            ),
            {"kinds": [kind for kind, _ in labels], "keys": [key for _, key in labels]},
        )
    rows = [row for thing, label in labels.items() if label[0] for row in _beginnings(thing, label)]
    _insert(connection, "beginning (language, words, is_later, kind, key)", "text[], text[], boolean[], text[], text[]", rows)


def _insert(connection: Connection, table: str, kinds: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many rows in few statements; the keys of a row stand in the table's order."""
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        columns = {name: [row[name] for row in part] for name in part[0]}
        arrays = ", ".join(f"CAST(:{name} AS {kind})" for name, kind in zip(columns, kinds.split(", "), strict=True))
        connection.execute(text(f"INSERT INTO {table} SELECT * FROM unnest({arrays})"), columns)


def _beginnings(thing: Thing, label: tuple[str, str]) -> Iterable[dict[str, Any]]:
    for language, name in zip(("id", "en"), label, strict=True):
        words = analysis.words(name)
        for start in range(len(words)):
            yield {"language": language, "words": " ".join(words[start:]), "is_later": start > 0, "kind": thing[0], "key": thing[1]}


def find_names(connection: Connection, beginning: str, language: str, per_kind: int = MAX_PER_KIND) -> list[Suggestion]:
    """Things with a word that starts so; those that begin with it first, short names before long ones."""
    rows = connection.execute(
        text(
            "SELECT kind, key, label_id, label_en FROM"
            " (SELECT * FROM beginning WHERE language = :language AND words >= :low AND words < :high"
            " ORDER BY words LIMIT :most) AS near JOIN named USING (kind, key) ORDER BY is_later, length(near.words), near.words"
        ),
        {"language": language, "low": beginning, "high": beginning + "\U0010ffff", "most": _LOOKED_AT},
    )
    found: dict[Thing, Suggestion] = {}
    counts: Counter[str] = Counter()
    for kind, key, label_id, label_en in rows:
        if (kind, key) not in found and counts[kind] < per_kind:
            found[kind, key] = Suggestion(kind, label_en if language == "en" else label_id, key)
            counts[kind] += 1
    return list(found.values())
