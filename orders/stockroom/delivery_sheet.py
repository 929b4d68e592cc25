"""A delivery as a list in a CSV or XLSX file: columns found by their names, every row judged, good rows taken, bad ones told why.

The same file twice changes nothing: a row whose pack and lot stand on the note with the same figures is known already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.gtin import parse_gtin
from catalog.models.product import Variant
from catalog.stock import LARGEST_QUANTITY
from catalog.tables.lists import SheetRow, read_table
from kernel.errors import N_, DomainError, InvalidInput
from kernel.parsing import parse_date, parse_whole_number
from orders.models.delivery import Delivery, DeliveryLine
from orders.stockroom.delivery_lines import LineFacts, Shelf, append_lines, check_can_edit, checked, look_at

MOST_ROWS = 1_000
#: Words of column names by what the column holds.
COLUMNS: dict[str, frozenset[str]] = {
    "number": frozenset({"barcode", "gtin", "ean", "kode", "code", "sku", "plu", "varian", "variant", "kode varian", "kode batang"}),
    "quantity": frozenset({"jumlah", "qty", "quantity", "banyak", "pcs", "unit"}),
    "lot": frozenset({"lot", "batch", "kode lot", "lot code", "kode produksi", "bets"}),
    "produced_on": frozenset({"dibuat", "tanggal produksi", "tgl produksi", "produced on", "produced", "made on"}),
    "best_before_on": frozenset({"kedaluwarsa", "kadaluarsa", "exp", "expired", "baik sebelum", "best before", "tanggal kedaluwarsa"}),
    "note": frozenset({"catatan", "keterangan", "note", "notes"}),
}
_NEEDED = ("number", "quantity")


class RowResult(StrEnum):
    """What a row does."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the file, what it does, and if it is refused, why (an English msgid with its figures)."""

    number: int
    text: str
    result: RowResult
    variant: Variant | None = None
    facts: LineFacts | None = None
    reason: str = ""
    params: dict[str, Any] | None = None


class UnknownVariant(InvalidInput):
    """No pack has this number."""

    message = N_("No product of this maker has the code or barcode %(number)s.")


def plan_sheet(session: Session, delivery: Delivery, name: str, data: bytes) -> list[PlannedRow]:
    """What every row of the file would do. Only reads; raises InvalidInput for a file that is no such list."""
    check_can_edit(delivery)
    rows = read_table(name, data, COLUMNS, _NEEDED, most=MOST_ROWS)
    variants = _find_variants(session, rows)
    shelf = look_at(session, delivery, {variant.id: variant for variant in variants.values()}.values())
    planned = []
    for row in rows:
        found = _plan(delivery, shelf, variants, row)
        planned.append(found)
        if found.result is RowResult.NEW and found.variant is not None and found.facts is not None:
            _note(shelf, delivery, found.variant, found.facts)
    return planned


def import_sheet(session: Session, delivery: Delivery, name: str, data: bytes) -> list[PlannedRow]:
    """Put the good rows on the note and tell of all; a further run of the same file finds them known."""
    planned = plan_sheet(session, delivery, name, data)
    new = [(row.variant, row.facts) for row in planned if row.result is RowResult.NEW and row.variant is not None and row.facts is not None]
    if new:
        append_lines(session, delivery, new)
    return planned


def _plan(delivery: Delivery, shelf: Shelf, variants: dict[str, Variant], row: SheetRow) -> PlannedRow:
    text = " · ".join(cell for cell in row.cells.values() if cell)[:160]
    try:
        if row.problem:
            raise InvalidInput(row.problem)
        variant = variants.get(_folded(row.cells["number"]))
        if variant is None or shelf.makers.get(variant.product_id) != delivery.maker_id:
            raise UnknownVariant(number=row.cells["number"][:20])
        facts = _facts(row)
        known = _known(shelf, variant, facts)
        if known is not None:
            return PlannedRow(row.number, text, RowResult.KNOWN, variant, facts)
        facts = checked(delivery, shelf, variant, facts)
        other = shelf.lines.get((variant.id, facts.lot_code))
        if other is not None:
            raise InvalidInput(N_("This pack and lot stand on the note already with %(quantity)s units."), quantity=other.quantity)
    except DomainError as refusal:
        return PlannedRow(row.number, text, RowResult.REFUSED, reason=refusal.message, params=refusal.params)
    return PlannedRow(row.number, text, RowResult.NEW, variant, facts)


def _facts(row: SheetRow) -> LineFacts:
    cells = row.cells
    return LineFacts(
        quantity=parse_whole_number(_whole(cells["quantity"]), 1, LARGEST_QUANTITY, "quantity"),
        lot_code=cells.get("lot", ""),
        produced_on=_day(cells.get("produced_on", ""), "produced_on"),
        best_before_on=_day(cells.get("best_before_on", ""), "best_before_on"),
    )


def _known(shelf: Shelf, variant: Variant, facts: LineFacts) -> DeliveryLine | None:
    """The line that this row made in an earlier run: the same pack, figures and dates, and the lot where the row names one."""
    for (variant_id, lot_code), line in shelf.lines.items():
        same_lot = not facts.lot_code.strip() or lot_code == facts.lot_code.strip().upper()
        same_dates = all(
            typed is None or typed == noted
            for typed, noted in ((facts.produced_on, line.produced_on), (facts.best_before_on, line.best_before_on))
        )
        if variant_id == variant.id and line.id is not None and same_lot and same_dates and line.quantity == facts.quantity:
            return line
    return None


def _note(shelf: Shelf, delivery: Delivery, variant: Variant, facts: LineFacts) -> None:
    """Later rows of the file see this one as if it stood on the note; it has no id, so it is nobody's earlier run."""
    shelf.lines[variant.id, facts.lot_code] = DeliveryLine(
        variant_id=variant.id,
        lot_code=facts.lot_code,
        produced_on=facts.produced_on,
        best_before_on=facts.best_before_on,
        quantity=facts.quantity,
    )
    shelf.noted[variant.product_id, facts.lot_code] = facts.best_before_on


def _find_variants(session: Session, rows: Sequence[SheetRow]) -> dict[str, Variant]:
    """Variants by everything that names them: code, barcode, our own number."""
    typed = {_folded(row.cells["number"]) for row in rows if row.cells.get("number")}
    numbers = set(typed)
    for text in typed:
        try:
            numbers.add(parse_gtin(text))
        except InvalidInput:
            continue
    found: dict[str, Variant] = {}
    statement = (
        select(Variant)
        .where(Variant.is_active, or_(Variant.code.in_(numbers), Variant.gtin.in_(numbers), Variant.internal_number.in_(numbers)))
        .options(joinedload(Variant.product))
    )
    for variant in session.scalars(statement):
        for name in (variant.code, variant.gtin, variant.internal_number):
            if name:
                found[name] = variant
    for text in typed - found.keys():
        try:
            canonical = parse_gtin(text)
        except InvalidInput:
            continue
        if canonical in found:
            found[text] = found[canonical]
    return found


def _folded(text: str) -> str:
    """A code as it is compared; a spreadsheet may have made a number of a barcode."""
    return _whole(text.strip().upper())


def _whole(text: str) -> str:
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _day(text: str, field: str) -> date | None:
    return parse_date(text, field=field) if text.strip() else None
