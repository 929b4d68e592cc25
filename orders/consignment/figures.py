"""The figures of a statement, summed by the database: memory does not grow with the number of sales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog.models.product import Product, Variant
from catalog.models.stock import MovementKind, StockLevel, StockMovement
from orders.consignment.ledger import Books
from orders.consignment.statement_content import Line, Note
from orders.models.consignment import ConsignmentAccount, ConsignmentEntry, ConsignmentLoss, ConsignmentSale, EntryKind

#: How stock comes and goes between maker and outlet, in the order of `Content.ever`.
FLOWS = (MovementKind.RECEIVED, MovementKind.RETURNED_TO_MAKER, MovementKind.MOVED)
_LISTED = (EntryKind.FEE, EntryKind.CORRECTION, EntryKind.PAYOUT)


@dataclass(slots=True)
class Figures:
    """Sums of one period, or of everything up to now."""

    lines: tuple[Line, ...] = ()
    ever: dict[str, list[int]] = field(default_factory=dict)
    by_kind: dict[EntryKind, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def collect(
    session: Session, book: Books, before: Iterable[Line], ever: dict[str, list[int]], from_at: datetime | None, until_at: datetime
) -> Figures:
    """Everything of an agreement that was booked from `from_at` to just before `until_at`; `before` is the last statement's lines."""
    units: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for variant_id, values in _sales(session, book.agreement_id, from_at, until_at):
        units[variant_id] |= values
    for variant_id, cause, quantity, amount in _losses(session, book.agreement_id, from_at, until_at):
        units[variant_id][cause] = units[variant_id].get(cause, 0) + quantity
        units[variant_id]["losses"] = units[variant_id].get("losses", 0) + amount
    flows = _flows(session, book.agreement_id, until_at)
    names = _name(session, {*units, *flows})
    lines = {line.code: line for line in before}
    now_ever = {code: list(sums) for code, sums in ever.items()}
    for variant_id, sums in flows.items():
        now_ever[names[variant_id]["code"]] = sums
    by_code = {names[variant_id]["code"]: (names[variant_id], values) for variant_id, values in units.items()}
    for variant_id in flows:
        by_code.setdefault(names[variant_id]["code"], (names[variant_id], {}))
    found = []
    for code in sorted({*by_code, *(code for code, line in lines.items() if line.on_hand)}):
        name, values = by_code.get(code, ({}, {}))
        found.append(_line(code, name, values, lines.get(code), ever.get(code, [0, 0, 0]), now_ever.get(code, [0, 0, 0])))
    shown = tuple(
        line
        for line in found
        if any((line.on_hand, line.received, line.moved, line.sold, line.returned, line.written_off, line.gross)) or line.returned_to_maker
    )
    return Figures(shown, now_ever, *_entries(session, book, from_at, until_at))


def _line(code: str, name: dict[str, str], values: dict[str, int], before: Line | None, ever: list[int], now_ever: list[int]) -> Line:
    received, returned_to_maker, moved = (now - then for now, then in zip(now_ever, ever, strict=True))
    gone = sum(values.get(cause, 0) for cause in ("damaged", "expired", "lost", "sample"))
    on_hand = (before.on_hand if before else 0) + received + moved - returned_to_maker - gone
    on_hand += values.get("returned", 0) - values.get("sold", 0)
    flows = {"received": received, "moved": moved, "returned_to_maker": returned_to_maker, "on_hand": on_hand}
    names = {"name_id": name.get("name_id") or (before.name_id if before else code)}
    names["name_en"] = name.get("name_en") or (before.name_en if before else names["name_id"])
    return Line(code=code, **names, **values, **flows)  # type: ignore[arg-type]  # the keys are Line's own


def _during(column: InstrumentedAttribute[datetime], from_at: datetime | None, until_at: datetime) -> list[ColumnElement[bool]]:
    return [column < until_at] if from_at is None else [column >= from_at, column < until_at]


def _sales(session: Session, agreement_id: int, from_at: datetime | None, until_at: datetime) -> Iterable[tuple[int, dict[str, int]]]:
    by_level = (
        select(
            ConsignmentSale.level_id,
            func.sum(case((ConsignmentSale.reverses_id.is_(None), ConsignmentSale.quantity), else_=0)).label("sold"),
            func.sum(case((ConsignmentSale.reverses_id.is_not(None), -ConsignmentSale.quantity), else_=0)).label("returned"),
            func.sum(ConsignmentSale.gross).label("gross"),
            func.sum(ConsignmentSale.share).label("share"),
            func.sum(ConsignmentSale.commission).label("commission"),
        )
        .where(ConsignmentSale.agreement_id == agreement_id, *_during(ConsignmentSale.booked_at, from_at, until_at))
        .group_by(ConsignmentSale.level_id)
        .subquery()
    )
    columns = ("sold", "returned", "gross", "share", "commission")
    statement = (
        select(StockLevel.variant_id, *(func.sum(by_level.c[name]) for name in columns))
        .join(by_level, by_level.c.level_id == StockLevel.id)
        .group_by(StockLevel.variant_id)
    )
    for variant_id, *sums in session.execute(statement):
        yield variant_id, dict(zip(columns, map(int, sums), strict=True))


def _losses(session: Session, agreement_id: int, from_at: datetime | None, until_at: datetime) -> Iterable[tuple[int, str, int, int]]:
    statement = (
        select(StockLevel.variant_id, ConsignmentLoss.cause, func.sum(ConsignmentLoss.quantity), func.sum(ConsignmentLoss.amount))
        .join(StockLevel, StockLevel.id == ConsignmentLoss.level_id)
        .where(ConsignmentLoss.agreement_id == agreement_id, *_during(ConsignmentLoss.booked_at, from_at, until_at))
        .group_by(StockLevel.variant_id, ConsignmentLoss.cause)
    )
    for variant_id, cause, quantity, amount in session.execute(statement):
        yield variant_id, cause.value, int(quantity), int(amount)


def _flows(session: Session, agreement_id: int, until_at: datetime) -> dict[int, list[int]]:
    """Units ever received, returned and moved by variant. From the beginning each time: a movement that was committed late
    would otherwise fall between two statements.
    """
    statement = (
        select(StockLevel.variant_id, StockMovement.kind, func.sum(StockMovement.on_hand_change))
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .where(StockLevel.agreement_id == agreement_id, StockMovement.kind.in_(FLOWS), StockMovement.at < until_at)
        .group_by(StockLevel.variant_id, StockMovement.kind)
    )
    found: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for variant_id, kind, change in session.execute(statement):
        sign = -1 if kind is MovementKind.RETURNED_TO_MAKER else 1
        found[variant_id][FLOWS.index(kind)] = sign * int(change)
    return dict(found)


def _entries(session: Session, book: Books, from_at: datetime | None, until_at: datetime) -> tuple[dict[EntryKind, int], tuple[Note, ...]]:
    """What each kind of fact added to what is owed, and the fees, corrections and payouts one by one."""
    conditions = (
        ConsignmentEntry.agreement_id == book.agreement_id,
        ConsignmentEntry.account == ConsignmentAccount.OWED,
        *_during(ConsignmentEntry.booked_at, from_at, until_at),
    )
    sums = select(ConsignmentEntry.kind, func.sum(ConsignmentEntry.amount)).where(*conditions).group_by(ConsignmentEntry.kind)
    by_kind = {kind: -int(amount) for kind, amount in session.execute(sums)}
    if not any(kind in by_kind for kind in _LISTED):
        return by_kind, ()
    listed = select(ConsignmentEntry).where(*conditions, ConsignmentEntry.kind.in_(_LISTED)).order_by(ConsignmentEntry.id)
    notes = [
        Note(
            kind=entry.kind.value,
            on=book.day(entry.occurred_at).isoformat(),
            amount=-entry.amount,
            name=entry.posting,
            reason=entry.reason,
        )
        for entry in session.scalars(listed)
    ]
    return by_kind, tuple(notes)


def _name(session: Session, variant_ids: Collection[int]) -> dict[int, dict[str, str]]:
    rows: Iterable[Any] = session.execute(
        select(Variant.id, Variant.code, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(variant_ids))
    )
    return {
        variant_id: {
            "code": code,
            "name_id": f"{product_id}, {pack_id}",
            "name_en": f"{product_en or product_id}, {pack_en or pack_id}",
        }
        for variant_id, code, product_id, product_en, pack_id, pack_en in rows
    }
