"""The quick order pad: item numbers and cases, pasted or from a CSV or XLSX file, each row answered with goods or a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.tables.lists import SheetRow, read_table
from kernel.errors import N_, InvalidInput
from orders.wholesale.buyers import Audience
from orders.wholesale.goods import MOST_ITEMS, Goods, find_by_numbers
from orders.wholesale.price_lists import MOST_CASES

COLUMNS: Mapping[str, frozenset[str]] = {
    "sku": frozenset({"sku", "kode", "kode barang", "code", "item", "item code", "barcode", "gtin", "ean", "plu"}),
    "cases": frozenset({"cases", "case", "karton", "dus", "jumlah karton", "quantity", "qty", "jumlah"}),
}
_ROW = re.compile(r"([^\s,;:]+)[\s,;:]+x?\s*([0-9]{1,9})\s*(?:karton|cases?|dus|ctn)?\.?", re.IGNORECASE)
UNKNOWN = N_("We found no item with this number in your list.")
NO_NUMBER = N_("Give the number of cases as a whole number, such as 12.")
NOT_A_ROW = N_("This row should be an item number and a number of cases, such as V000123 12.")
TWICE = N_("This item stands in the list twice; its cases were added up.")


@dataclass(frozen=True, slots=True)
class PadRow:
    """One row as it was typed. `problem` is an English msgid, or ""; a row that was added to an earlier one has a `note`."""

    number: int
    sku: str
    cases: int
    goods: Goods | None
    problem: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PadAnswer:
    """What the pad understood: rows in their order, and cases by offer of those without a problem."""

    rows: tuple[PadRow, ...]
    lines: Mapping[int, int]

    @property
    def problems(self) -> int:
        """How many rows were not understood."""
        return sum(bool(row.problem) for row in self.rows)


def read_pasted(session: Session, audience: Audience, text: str) -> PadAnswer:
    """Rows of pasted text: `V000123 12`, `V000123;12`, `8991234567890<tab>3`. InvalidInput for nothing, or too much."""
    typed = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not typed:
        raise InvalidInput(N_("Please type or paste at least one item number with its number of cases."), field="rows")
    _check_count(len(typed))
    rows = []
    for number, line in typed:
        found = _ROW.fullmatch(line)
        rows.append((number, found[1] if found else line[:60], found[2] if found else "", "" if found else NOT_A_ROW))
    return _answer(session, audience, rows)


def read_file(session: Session, audience: Audience, name: str, data: bytes) -> PadAnswer:
    """Rows of a CSV or XLSX file with columns for item and cases. InvalidInput when it is no such file."""
    sheet = read_table(name, data, COLUMNS, ("sku", "cases"), most=MOST_ITEMS)
    if not sheet:
        raise InvalidInput(N_("Please type or paste at least one item number with its number of cases."), field="file")
    return _answer(session, audience, [_cells(row) for row in sheet])


def _cells(row: SheetRow) -> tuple[int, str, str, str]:
    return row.number, row.cells.get("sku", "")[:60], row.cells.get("cases", ""), row.problem


def _answer(session: Session, audience: Audience, typed: Iterable[tuple[int, str, str, str]]) -> PadAnswer:
    rows = list(typed)
    known = find_by_numbers(session, audience, {sku.upper() for _number, sku, _cases, problem in rows if not problem})
    lines: Counter[int] = Counter()
    answered = []
    for number, sku, cases, unread in rows:
        goods = known.get(sku.upper())
        quantity = int(cases) if cases.isascii() and cases.isdigit() and len(cases) < 10 else 0
        problem = unread or _problem(goods, quantity)
        note = ""
        if goods is not None and not problem:
            note = TWICE if goods.offer_id in lines else ""
            lines[goods.offer_id] += quantity
        answered.append(PadRow(number, sku, quantity, goods, problem, note))
    return PadAnswer(tuple(answered), dict(lines))


def _problem(goods: Goods | None, cases: int) -> str:
    if goods is None:
        return UNKNOWN
    return "" if 1 <= cases <= MOST_CASES else NO_NUMBER


def _check_count(count: int) -> None:
    if count > MOST_ITEMS:
        raise InvalidInput(N_("An order holds at most %(most)s different items."), field="rows", most=MOST_ITEMS)
