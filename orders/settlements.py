"""Matching statements to payments: what each row of an uploaded list means, and posting those that leave no doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_token
from kernel.inserts import insert_new
from kernel.people import Actor, Permission
from orders import manual_payments, payments
from orders.counter.settling import ByAmount, find_by_amount
from orders.counter.unmatched import end_unmatched
from orders.gateways import CONFIRMED_BY_STAFF, PaymentMethod
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.settlement import StatementFile, StatementLine
from orders.statements import StatementRow, decode, read_rows
from orders.states import CAN_BE_CONFIRMED

#: How long an uploaded list can be looked at; it holds names of people who are no buyers of ours.
KEPT = timedelta(days=30)
#: The ways to pay whose money a list shows: staff confirm it, or saw the slip of the card terminal.
IN_LISTS = CONFIRMED_BY_STAFF | {PaymentMethod.CARD_TERMINAL}
_AT_ONCE = 500
_Value = TypeVar("_Value")


class RowResult(StrEnum):
    """What a row means."""

    CONFIRMS = "confirms"  # certain: the money of a payment that nobody has confirmed yet
    MATCHES = "matches"  # certain: the line of a payment that staff have confirmed
    IMPORTED = "imported"  # posted before
    PARTIAL = "partial"  # an order's code with less money than it costs
    OVER = "over"  # … with more
    SETTLED = "settled"  # the order has its line already, or is not paid this way
    TAKEN = "taken"  # its number has confirmed the payment of another order
    UNKNOWN = "unknown"  # no order of this outlet
    OUTGOING = "outgoing"  # money that left the account
    UNREADABLE = "unreadable"  # no amount


CERTAIN = frozenset({RowResult.CONFIRMS, RowResult.MATCHES})


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row with what it means; `expected` is the amount that the order's payment asks for."""

    row: StatementRow
    result: RowResult
    order_code: str = ""
    payment_id: int | None = None
    expected: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    payment_id: int
    order_code: str
    amount: int
    can_be_confirmed: bool
    is_paid: bool
    is_matched: bool


def upload_statement(session: Session, actor: Actor, outlet: Outlet, method: PaymentMethod, name: str, data: bytes) -> StatementFile:
    """Keep a list for a look before anything is posted. Raises NotAllowed, UnreadableStatement and InvalidInput."""
    if not actor.can(Permission.MANAGE_MONEY, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    if method not in IN_LISTS:
        raise InvalidInput(field="method")
    text = decode(data)
    if not read_rows(text, ""):
        raise InvalidInput(N_("This file has no rows below its column names."), field="file")
    moment = clock.now()
    session.execute(delete(StatementFile).where(StatementFile.uploaded_at < moment - KEPT))
    file = StatementFile(
        token=make_token(),
        outlet_id=outlet.id,
        method=method,
        name="".join(sign for sign in name if sign.isprintable())[:120],
        text=text.replace("\x00", ""),
        uploaded_by_id=actor.user_id,
        uploaded_at=moment,
    )
    session.add(file)
    session.flush()
    return file


def get_file(session: Session, actor: Actor, token: str) -> StatementFile:
    """An uploaded list of an outlet in reach, with its outlet; NotFound elsewhere."""
    file = session.scalar(select(StatementFile).where(StatementFile.token == token).options(joinedload(StatementFile.outlet)))
    if file is None or not actor.can(Permission.MANAGE_MONEY, area_code=file.outlet.area_code, outlet_id=file.outlet_id):
        raise NotFound
    return file


def list_files(session: Session, actor: Actor, limit: int = 20) -> list[StatementFile]:
    """The lists of the outlets in reach, the newest first."""
    statement = select(StatementFile).join(Outlet, Outlet.id == StatementFile.outlet_id).where(*reach_of(actor, Permission.MANAGE_MONEY))
    statement = statement.order_by(StatementFile.uploaded_at.desc(), StatementFile.id.desc()).limit(limit)
    return list(session.scalars(statement.options(joinedload(StatementFile.outlet))))


def plan_statement(session: Session, file: StatementFile) -> list[PlannedRow]:
    """What every row of the list means today. Only reads.

    Certain is a row that names an order by its code, or by the number with which staff confirmed it, with exactly the
    amount asked for, once; or the line of a payment at the counter by day and amount. Everything else is told and left alone.
    """
    rows = read_rows(file.text, f"{file.outlet_id}:{file.method.value}")
    imported = set(_imported(session, (row.row_hash for row in rows)))
    by_code, by_proof = _find_candidates(session, file, rows)
    by_amount = find_by_amount(session, file.outlet_id, file.method, [row for row in rows if row.row_hash not in imported])
    planned, used = [], set[int]()
    for row in rows:
        if row.row_hash in imported:
            planned.append(PlannedRow(row, RowResult.IMPORTED))
            continue
        found = _plan_row(row, by_code, by_proof, by_amount, used)
        if found.result in CERTAIN and found.payment_id is not None:
            used.add(found.payment_id)
        planned.append(found)
    return planned


def post_certain(session: Session, actor: Actor, token: str) -> dict[RowResult, int]:
    """Confirm and mark what leaves no doubt, row by row, each once; how many of each. Doing it again changes nothing."""
    file = get_file(session, actor, token)
    posted = dict.fromkeys(CERTAIN, 0)
    certain = {each.payment_id: each for each in plan_statement(session, file) if each.result in CERTAIN and each.payment_id is not None}
    _lock_orders(session, sorted(certain))
    for payment_id, planned in certain.items():
        if _post(session, actor, file, planned, payment_id):
            posted[planned.result] += 1
    file.posted_at = clock.now()
    details = {"file": file.name, "method": file.method.value} | {result.value: count for result, count in posted.items()}
    audit.record(session, actor, "settlement.posted", f"outlet:{file.outlet.code}", details)
    session.flush()
    return posted


def _lock_orders(session: Session, payment_ids: Sequence[int]) -> None:
    """All orders first, in one order for everybody, before any stock is touched (docs/stock.md)."""
    for part in _parts(payment_ids):
        orders = select(Payment.order_id).where(Payment.id.in_(part))
        session.execute(select(Order.id).where(Order.id.in_(orders)).order_by(Order.id).with_for_update())


def _post(session: Session, actor: Actor, file: StatementFile, planned: PlannedRow, payment_id: int) -> bool:
    """One row: its line first, which only one of two importers can write, then what it means."""
    row = planned.row
    line = {
        "outlet_id": file.outlet_id,
        "method": file.method,
        "row_hash": row.row_hash,
        "booked_on": row.booked_on,
        "description": row.description,
        "reference": row.reference,
        "amount": row.amount,
        "payment_id": payment_id,
        "imported_by_id": actor.user_id,
        "imported_at": clock.now(),
    }
    payment, order = payments.lock_payment(session, payment_id)
    if not insert_new(session, StatementLine, [line]):
        return False
    if payment.paid_at is None:
        manual_payments.confirm_payment(session, actor, payment_id, _proof_of(session, file.method, row))
    manual_payments.mark_matched(session, actor, payment, order.code)
    end_unmatched(session, actor, payment_id)
    return True


def _proof_of(session: Session, method: PaymentMethod, row: StatementRow) -> str:
    """The bank's own number where it has one that is new, else the line itself: banks also write `0000` there."""
    try:
        proof = manual_payments.normalise_proof(row.reference)
    except InvalidInput:
        proof = ""
    if proof and manual_payments.find_proof(session, method, proof) is None:
        return proof
    return f"LINE-{row.row_hash[:24].upper()}"


def _plan_row(
    row: StatementRow, by_code: dict[str, list[_Candidate]], by_proof: dict[str, _Candidate], by_amount: ByAmount, used: set[int]
) -> PlannedRow:
    if row.amount is None or row.amount == 0:
        return PlannedRow(row, RowResult.UNREADABLE)
    if row.amount < 0:
        return PlannedRow(row, RowResult.OUTGOING)
    proven = by_proof.get(_folded(row.reference))
    codes = [code for code in row.order_codes if code in by_code]
    if proven is not None and codes and proven.order_code not in codes:
        return PlannedRow(row, RowResult.TAKEN, codes[0])
    if proven is None and not codes:
        sold = by_amount.find(row, used)
        return (
            PlannedRow(row, RowResult.MATCHES, sold.order_code, sold.payment_id, sold.amount)
            if sold
            else PlannedRow(row, RowResult.UNKNOWN)
        )
    if proven is None and len(codes) > 1:  # two codes in one text are a doubt, whatever the amount says
        return PlannedRow(row, RowResult.UNKNOWN, ", ".join(codes))
    code = proven.order_code if proven is not None else codes[0]
    return _plan_for(row, code, [proven] if proven is not None else by_code[code], used)


def _plan_for(row: StatementRow, code: str, candidates: Sequence[_Candidate], used: set[int]) -> PlannedRow:
    """The row for one order's payments of this kind, the latest first."""
    amount = row.amount or 0
    free = [each for each in candidates if not each.is_matched and each.payment_id not in used and (each.is_paid or each.can_be_confirmed)]
    if not free:
        return PlannedRow(row, RowResult.SETTLED, code)
    # Money that staff have confirmed is looked for first: this is most likely its line. A split payment has several.
    paid = [each for each in free if each.is_paid]
    chosen = next((each for each in paid if each.amount == amount), paid[0] if paid else free[0])
    if amount != chosen.amount:
        result = RowResult.PARTIAL if amount < chosen.amount else RowResult.OVER
        return PlannedRow(row, result, code, chosen.payment_id, chosen.amount)
    return PlannedRow(row, RowResult.MATCHES if chosen.is_paid else RowResult.CONFIRMS, code, chosen.payment_id, chosen.amount)


def _find_candidates(
    session: Session, file: StatementFile, rows: Sequence[StatementRow]
) -> tuple[dict[str, list[_Candidate]], dict[str, _Candidate]]:
    """Payments of this outlet and kind, by order code and by the number that confirmed them."""
    statement = (
        select(Order.code, Payment)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.outlet_id == file.outlet_id)
        .order_by(Payment.order_id, Payment.attempt.desc())
    )
    codes = list(dict.fromkeys(code for row in rows for code in row.order_codes))
    proofs = list(dict.fromkeys(proof for row in rows if (proof := _folded(row.reference))))
    by_code: dict[str, list[_Candidate]] = {}
    for part in _parts(codes):
        for code, payment in session.execute(statement.where(Order.code.in_(part))):
            known = by_code.setdefault(code, [])
            if payment.method is file.method:
                known.append(_candidate(code, payment))
    by_proof = {
        payment.proof or "": _candidate(code, payment)
        for part in _parts(proofs)
        for code, payment in session.execute(statement.where(Payment.method == file.method, Payment.proof.in_(part)))
    }
    return by_code, by_proof


def _candidate(code: str, payment: Payment) -> _Candidate:
    return _Candidate(
        payment_id=payment.id,
        order_code=code,
        amount=payment.amount,
        can_be_confirmed=payment.state in CAN_BE_CONFIRMED,
        is_paid=payment.paid_at is not None,
        is_matched=payment.matched_at is not None,
    )


def _imported(session: Session, hashes: Iterable[str]) -> Iterator[str]:
    for part in _parts(list(hashes)):
        yield from session.scalars(select(StatementLine.row_hash).where(StatementLine.row_hash.in_(part)))


def _parts(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _folded(reference: str) -> str:
    return "".join(reference.upper().split())
