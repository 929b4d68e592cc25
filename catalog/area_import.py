"""Bring the official list of areas into the table: read and judge its rows, then insert or correct them batch by batch."""

from __future__ import annotations

import csv
import gzip
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from catalog.areas import fold_name, is_area_code, kind_of, level_of, parent_of
from catalog.models.area import Area, AreaLevel, VillageKind

DATA = Path(__file__).resolve().parent / "data"
#: The list that comes with the house (catalog/data/NOTICE.md says whose it is).
SHIPPED_LIST = DATA / "areas.csv.gz"
COLUMNS = ["code", "name", "postal_code", "latitude", "longitude"]
#: Few enough that an interruption loses a second of work, many enough that commits do not cost more than rows.
BATCH = 5_000


class NotAnAreaList(Exception):
    """The file is no list of areas at all; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One row of the table, ready to store. Field names are the column names."""

    code: str
    parent_code: str | None
    level: AreaLevel
    kind: VillageKind | None
    name: str
    short_name: str
    folded_name: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    zone: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out, by its number in the file (the heading is row 1), and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class AreaNames:
    """What the official list does not say, from `area_names.toml`."""

    short_names: Mapping[str, str]
    #: Province code -> WIB, WITA or WIT.
    zones: Mapping[str, str]


@dataclass(slots=True)
class ImportCount:
    """What a batch, or all of them together, did to the table."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def add(self, other: ImportCount) -> None:
        """Count `other` in."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged


def load_names(path: Path = DATA / "area_names.toml") -> AreaNames:
    """Short names and zones as kept in the data file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    zones = {province: zone for zone, provinces in data["zones"].items() for province in provinces}
    return AreaNames(data["short_names"], zones)


def read_list(path: Path, names: AreaNames) -> tuple[list[AreaRow], list[BadRow]]:
    """All usable rows of a `.csv` or `.csv.gz`, parents before children, and the others with their reasons.

    Raises NotAnAreaList when the file cannot be read as a table with the columns COLUMNS.
    """
    try:
        with _open(path) as file:
            return _judge(csv.reader(file, strict=True), names)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise NotAnAreaList(f"{path.name} cannot be read as a list of areas: {error}") from error


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _judge(rows: Iterator[list[str]], names: AreaNames) -> tuple[list[AreaRow], list[BadRow]]:
    if next(rows, None) != COLUMNS:
        raise NotAnAreaList(f"the first row must be {','.join(COLUMNS)}")
    good: dict[str, tuple[int, AreaRow]] = {}
    bad: list[BadRow] = []
    for number, cells in enumerate(rows, start=2):
        row = _read_row(cells, names)
        if isinstance(row, str):
            bad.append(BadRow(number, row))
        elif row.code in good:
            bad.append(BadRow(number, f"{row.code} was in row {good[row.code][0]} already"))
        else:
            good[row.code] = (number, row)
    return [row for _, row in sorted(good.values(), key=lambda pair: pair[1].code)], bad


def _read_row(cells: list[str], names: AreaNames) -> AreaRow | str:
    """The row, or why it cannot be used."""
    if len(cells) != len(COLUMNS):
        return f"{len(cells)} columns instead of {len(COLUMNS)}"
    code, name, postal_code, latitude, longitude = (cell.strip() for cell in cells)
    if not is_area_code(code):
        return f"{code!r} is not an area code"
    if not fold_name(name) or len(name) > 100:
        return "the name is missing or longer than 100 characters"
    if postal_code and not (len(postal_code) == 5 and postal_code.isascii() and postal_code.isdigit()):
        return f"{postal_code!r} is not a postal code of five digits"
    zone = names.zones.get(code[:2])
    if zone is None:
        return f"no time zone is known for province {code[:2]} (area_names.toml)"
    place = _read_place(latitude, longitude)
    if place is None:
        return f"{latitude!r}, {longitude!r} is not a place in or near Indonesia"
    return AreaRow(
        code=code,
        parent_code=parent_of(code),
        level=level_of(code),
        kind=kind_of(code),
        name=name,
        short_name=names.short_names.get(code, ""),
        folded_name=fold_name(name),
        postal_code=postal_code,
        latitude=place[0],
        longitude=place[1],
        zone=zone,
    )


def _read_place(latitude: str, longitude: str) -> tuple[float | None, float | None] | None:
    if not latitude and not longitude:
        return None, None
    try:
        place = (round(float(latitude), 6), round(float(longitude), 6))
    except ValueError:
        return None
    # Also refuses NaN, and latitude and longitude in the wrong order.
    return place if -12 <= place[0] <= 7 and 94 <= place[1] <= 142 else None


def batches(rows: Sequence[AreaRow], size: int = BATCH) -> Iterator[list[AreaRow]]:
    """`rows` in lists of `size`, in their order."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def import_areas(session: Session, batch: Sequence[AreaRow]) -> tuple[ImportCount, list[AreaRow]]:
    """Insert the new rows of `batch` and correct the changed ones; what is right already is not touched.

    Returns the counts, and the rows whose parent is neither in the table nor in the batch: they were left out.
    """
    known = _known(session, [row.code for row in batch])
    orphans = _orphans(session, batch, known)
    count = ImportCount()
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for row in batch:
        values = _values_of(row)
        if row.code in orphans:
            continue
        if row.code not in known:
            new.append(dict(zip(_NAMES, values, strict=True)))
        elif known[row.code] != values:
            changed.append({f"new_{name}": value for name, value in zip(_NAMES, values, strict=True)})
        else:
            count.unchanged += 1
    if new:
        session.execute(insert(Area), new)
    if changed:
        table = Area.__table__
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _NAMES if name != "code"}
        session.connection().execute(update(Area).where(table.c.code == bindparam("new_code")).values(columns), changed)
    count.added, count.changed = len(new), len(changed)
    return count, [row for row in batch if row.code in orphans]


_NAMES = tuple(field.name for field in fields(AreaRow))
_values_of = attrgetter(*_NAMES)


def _known(session: Session, codes: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    statement = select(*(getattr(Area, name) for name in _NAMES)).where(Area.code.in_(list(codes)))
    return {row[0]: tuple(row) for row in session.execute(statement)}


def _orphans(session: Session, batch: Sequence[AreaRow], known: Mapping[str, object]) -> set[str]:
    missing = {row.parent_code for row in batch if row.parent_code} - {row.code for row in batch} - known.keys()
    if missing:
        missing -= set(session.scalars(select(Area.code).where(Area.code.in_(missing))))
    orphans: set[str] = set()
    for row in batch:  # parents come first, so a whole branch without a root is found in one pass
        if row.parent_code in missing or row.parent_code in orphans:
            orphans.add(row.code)
    return orphans
