"""What a print job may ask for, and that a job asked for twice is printed once."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from catalog.barcodes import modules
from storefront.documents.columns import WIDTHS, Row, Style, width_of

MOST_ROWS, MOST_COPIES, LONGEST_ADDRESS = 3_000, 5, 400
#: So many finished jobs are remembered: a till asks again within seconds.
REMEMBERED = 500
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class BadJob(ValueError):
    """No job that could be printed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job as it was asked for."""

    job: str
    columns: int
    rows: tuple[Row, ...]
    cut: bool
    drawer: bool
    copies: int


def read_job(body: bytes) -> Wanted:
    """The job in a request's JSON; BadJob for anything else."""
    try:
        told: dict[str, Any] = json.loads(body)
        rows = tuple(Row(Style(style), str(text)) for style, text in told["rows"])
        wanted = Wanted(str(told["job"]), told["columns"], rows, bool(told["cut"]), bool(told["drawer"]), told["copies"])
    except (ValueError, KeyError, TypeError) as broken:
        raise BadJob(str(broken)) from broken
    _check(wanted)
    return wanted


def _check(wanted: Wanted) -> None:
    if not _ID.fullmatch(wanted.job):
        raise BadJob("no job id")
    if wanted.columns not in WIDTHS or not _is_from_one(wanted.copies, MOST_COPIES) or len(wanted.rows) > MOST_ROWS:
        raise BadJob("columns, copies or rows")
    for row in wanted.rows:
        _check_row(row, wanted.columns)


def _is_from_one(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most


def _check_row(row: Row, columns: int) -> None:
    if row.style is Style.QR:
        if not 1 <= len(row.text) <= LONGEST_ADDRESS:
            raise BadJob("address")
    elif row.style is Style.BARS:
        try:
            modules(row.text)
        except ValueError as broken:
            raise BadJob(str(broken)) from broken
    elif not row.text.isprintable() or width_of(row.text) > (columns // 2 if row.style is Style.DOUBLE else columns):
        raise BadJob("a row is too long or holds control signs")


class Jobs:
    """One job at a time. A job that was printed is answered again, not printed again; one that failed may be tried again."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._done: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def once(self, job: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `act` answered, now or before."""
        with self._turn:
            if job not in self._done:
                self._done[job] = act()
                while len(self._done) > REMEMBERED:
                    self._done.popitem(last=False)
            return self._done[job]
