"""The figures of a shift: one calculation for the X report in its midst and the Z report at its end (docs/tills.md)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from kernel.people import User
from orders.gateways import PaymentMethod
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundLine
from orders.models.shift import CashDirection, CashMove, CounterReturn, CounterSale, Shift, ShiftClosing
from orders.models.till import EntryKind, EntryState, TillEntry

#: The ways of paying in the order of a report, by the word that tills use.
TENDERS = {
    "cash": PaymentMethod.CASH,
    "qris": PaymentMethod.QRIS,
    "card": PaymentMethod.CARD_TERMINAL,
    "transfer": PaymentMethod.BANK_TRANSFER,
}
#: Between the part of a closing's note that is translated and the rest.
NOTE_BREAK = " · "
_EVENTS = (EntryKind.DRAWER_OPENED, EntryKind.CART_CANCELLED, EntryKind.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class TenderFigures:
    """One way of paying, whole rupiah. Of cash: what went into and out of the drawer, rounded to coins."""

    method: str
    #: What sales brought, and what returns took (by transfer: what the office transfers).
    sold: int
    returned: int
    #: How many payments.
    receipts: int
    #: What should be there: for cash with the float and what was put in or taken out.
    expected: int
    #: None: nobody counted it (yet).
    counted: int | None

    @property
    def difference(self) -> int | None:
        """Counted less expected: negative when something is missing."""
        return None if self.counted is None else self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a manager wants to see by name; `kind` is a word of ACTS, `amount` whole rupiah or 0."""

    kind: str
    at: datetime
    cashier: str
    supervisor: str
    reason: str
    amount: int


#: What is listed by name: discounts and prices by hand, returns, cash out and in, drawers, carts given up, hand-overs.
ACTS = ("discount", "price", "return", "cash_out", "cash_in", "drawer", "cancelled", "cancelled_after_payment", "hand_over")


@dataclass(frozen=True, slots=True)
class Share:
    """A maker's units and money, or a cashier's receipts and money; returns taken off."""

    name: str
    units: int
    amount: int


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """Everything an X or Z report says in numbers."""

    tenders: tuple[TenderFigures, ...]
    opening_float: int
    cash_in: int
    cash_out: int
    #: Totals of receipts, what rounding of cash added (negative: took), and what was taken off.
    receipts: int
    sold: int
    rounding: int
    discount: int
    counter_discount: int
    returns: int
    returned: int
    cancelled_carts: int
    cancelled_lines: int
    cancelled_amount: int
    drawer_openings: int
    price_changes: int
    hand_overs: int
    by_maker: tuple[Share, ...]
    by_cashier: tuple[Share, ...]
    acts: tuple[Act, ...]
    #: Of the last closing; 0: not closed yet.
    version: int
    is_provisional: bool
    #: A msgid or a cashier's own words, and what is not translated.
    note: str
    note_detail: str


@dataclass(frozen=True, slots=True)
class _Money:
    """What moved, by tender word."""

    payments: dict[str, tuple[int, int]]
    receipts: int
    sold: int
    discount: int
    counter_discount: int
    cash: int
    returns: dict[str, tuple[int, int]]
    cash_back: int
    cash_in: int
    cash_out: int

    def expected(self, opening_float: int) -> dict[str, int]:
        """What should be there by tender: I5 for cash, what receipts say for the others."""
        found = {word: self.payments.get(word, (0, 0))[1] for word in TENDERS}
        return found | {"cash": opening_float + self.cash - self.cash_back + self.cash_in - self.cash_out}


def expected_of(session: Session, shift: Shift) -> dict[str, int]:
    """What should be there now, whole rupiah by tender word."""
    return _money_of(session, shift.id).expected(shift.opening_float)


def last_closing(session: Session, shift_id: int) -> ShiftClosing | None:
    """The latest version, if the shift was closed."""
    statement = select(ShiftClosing).where(ShiftClosing.shift_id == shift_id).order_by(ShiftClosing.version.desc()).limit(1)
    return session.scalar(statement)


def split_note(note: str) -> tuple[str, str]:
    """The msgid of a closing's note, and what follows untranslated."""
    first, _break, rest = note.partition(NOTE_BREAK)
    return first, rest


def figures_of(session: Session, shift: Shift) -> ShiftFigures:
    """The figures as they are now. Only reads; for a closed shift they equal its last closing (I5)."""
    money, closing = _money_of(session, shift.id), last_closing(session, shift.id)
    expected, counted = money.expected(shift.opening_float), closing.counted if closing else {}
    events, prices, acts = _read_journal(session, shift)
    note, note_detail = split_note(closing.note) if closing else ("", "")
    cancelled = [each for each in events if each["kind"] == EntryKind.CART_CANCELLED]
    rounding = money.cash - money.payments.get("cash", (0, 0))[1] + money.returns.get("cash", (0, 0))[1] - money.cash_back
    return ShiftFigures(
        tenders=tuple(_tender(word, money, expected[word], counted.get(word)) for word in TENDERS),
        opening_float=shift.opening_float,
        cash_in=money.cash_in,
        cash_out=money.cash_out,
        receipts=money.receipts,
        sold=money.sold,
        rounding=rounding,
        discount=money.discount,
        counter_discount=money.counter_discount,
        returns=sum(count for count, _amount in money.returns.values()),
        returned=sum(amount for _count, amount in money.returns.values()),
        cancelled_carts=len(cancelled),
        cancelled_lines=sum(len(each["lines"]) for each in cancelled),
        cancelled_amount=sum(each["total"] for each in cancelled),
        drawer_openings=sum(each["kind"] == EntryKind.DRAWER_OPENED for each in events),
        price_changes=prices,
        hand_overs=sum(each["kind"] == EntryKind.HANDED_OVER for each in events),
        by_maker=_by_maker(session, shift.id),
        by_cashier=_by_cashier(session, shift.id),
        acts=tuple(acts),
        version=closing.version if closing else 0,
        is_provisional=closing is not None and closing.is_provisional,
        note=note,
        note_detail=note_detail,
    )


def _tender(word: str, money: _Money, expected: int, counted: int | None) -> TenderFigures:
    count, sold = money.payments.get(word, (0, 0))
    returned = money.returns.get(word, (0, 0))[1]
    if word == "cash":
        sold, returned = money.cash, money.cash_back
    return TenderFigures(word, sold, returned, count, expected, counted)


def _money_of(session: Session, shift_id: int) -> _Money:
    words = {method: word for word, method in TENDERS.items()}
    payments = session.execute(
        select(Payment.method, func.count(), func.sum(Payment.amount))
        .join(CounterSale, CounterSale.order_id == Payment.order_id)
        .where(CounterSale.shift_id == shift_id, Payment.paid_at.is_not(None))
        .group_by(Payment.method)
    ).all()
    sales = session.execute(
        select(
            func.count(),
            *(_sum(column) for column in (Order.total, Order.discount_total, CounterSale.counter_discount)),
            _sum(CounterSale.cash_given - CounterSale.cash_change),
        )
        .join(Order, Order.id == CounterSale.order_id)
        .where(CounterSale.shift_id == shift_id)
    ).one()
    returns = session.execute(
        select(Refund.way, func.count(), func.sum(Refund.amount), func.sum(CounterReturn.cash))
        .join(Refund, Refund.id == CounterReturn.refund_id)
        .where(CounterReturn.shift_id == shift_id)
        .group_by(Refund.way)
    ).all()
    went_in = CashMove.direction == CashDirection.IN
    moves = select(_sum(case((went_in, CashMove.amount), else_=0)), _sum(case((went_in, 0), else_=CashMove.amount))).where(
        CashMove.shift_id == shift_id
    )
    cash_in, cash_out = session.execute(moves).one()
    return _Money(
        payments={words[method]: (int(count), int(amount)) for method, count, amount in payments if method in words},
        receipts=int(sales[0]),
        sold=int(sales[1]),
        discount=int(sales[2]),
        counter_discount=int(sales[3]),
        cash=int(sales[4]),
        returns={way.value: (int(count), int(amount)) for way, count, amount, _cash in returns},
        cash_back=sum(int(cash) for *_facts, cash in returns),
        cash_in=int(cash_in),
        cash_out=int(cash_out),
    )


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _by_maker(session: Session, shift_id: int) -> tuple[Share, ...]:
    """What makers' goods brought after discounts."""
    sold = (
        select(OrderLine.maker_name, func.sum(OrderLine.quantity), func.sum(OrderLine.line_total - OrderLine.discount))
        .join(CounterSale, CounterSale.order_id == OrderLine.order_id)
        .where(CounterSale.shift_id == shift_id)
        .group_by(OrderLine.maker_name)
    )
    returned = (
        select(OrderLine.maker_name, -func.sum(RefundLine.quantity), -func.sum(RefundLine.amount))
        .join(RefundLine, RefundLine.line_id == OrderLine.id)
        .join(CounterReturn, CounterReturn.refund_id == RefundLine.refund_id)
        .where(CounterReturn.shift_id == shift_id)
        .group_by(OrderLine.maker_name)
    )
    return _shares((*session.execute(sold), *session.execute(returned)))


def _by_cashier(session: Session, shift_id: int) -> tuple[Share, ...]:
    """How many receipts each person wrote, and what they came to."""
    sold = (
        select(User.name, func.count(), func.sum(Order.total))
        .join(CounterSale, CounterSale.cashier_id == User.id)
        .join(Order, Order.id == CounterSale.order_id)
        .where(CounterSale.shift_id == shift_id)
        .group_by(User.id, User.name)
    )
    returned = (
        select(User.name, func.count(), -func.sum(Refund.amount))
        .join(CounterReturn, CounterReturn.cashier_id == User.id)
        .join(Refund, Refund.id == CounterReturn.refund_id)
        .where(CounterReturn.shift_id == shift_id)
        .group_by(User.id, User.name)
    )
    return _shares((*session.execute(sold), *session.execute(returned)))


def _shares(rows: Iterable[Any]) -> tuple[Share, ...]:
    units: defaultdict[str, int] = defaultdict(int)
    amounts: defaultdict[str, int] = defaultdict(int)
    for name, count, amount in rows:
        units[name] += int(count)
        amounts[name] += int(amount)
    return tuple(Share(name, units[name], amounts[name]) for name in sorted(units, key=lambda name: (-amounts[name], name)))


def _read_journal(session: Session, shift: Shift) -> tuple[list[dict[str, Any]], int, list[Act]]:
    """Events that are nowhere but in the journal, lines whose price was changed by hand, and what is listed by name."""
    names: dict[str, str] = {}
    rows = session.execute(
        select(TillEntry.kind, TillEntry.body, TillEntry.happened_at)
        .where(TillEntry.shift_code == shift.code, TillEntry.till_id == shift.till_id, TillEntry.state == EntryState.ACCEPTED)
        .order_by(TillEntry.happened_at, TillEntry.sequence, TillEntry.id)
    ).all()
    bodies = [(at, json.loads(body)) for _kind, body, at in rows]
    codes = {code for _at, body in bodies for code in (body.get("cashier"), (body.get("supervision") or {}).get("code")) if code}
    names = {row.code: row.name for row in session.execute(select(User.code, User.name).where(User.code.in_(codes)))} if codes else {}
    events = [body for _at, body in bodies if body["kind"] in _EVENTS]
    changed = sum(
        line["unit_price"] != line["list_price"] for _at, body in bodies if body["kind"] == EntryKind.SALE for line in body["lines"]
    )
    return events, changed, [act for at, body in bodies for act in _acts_of(at, body, names)]


def _acts_of(at: datetime, body: dict[str, Any], names: dict[str, str]) -> Iterable[Act]:
    allowed = body.get("supervision") or {}
    people = names.get(body["cashier"], body["cashier"]), names.get(allowed.get("code", ""), allowed.get("code", ""))
    reason = body.get("reason") or allowed.get("reason") or ""
    for kind, amount in _words_of(body):
        yield Act(kind, at, *people, reason, amount)


def _words_of(body: dict[str, Any]) -> list[tuple[str, int]]:
    """Under which words an entry is listed, and with what amount."""
    kind = body["kind"]
    if kind == EntryKind.SALE:
        changed = sum((line["unit_price"] - line["list_price"]) * line["quantity"] for line in body["lines"])
        has_changed = any(line["unit_price"] != line["list_price"] for line in body["lines"])
        discount = body.get("discount", 0)
        return [*([("discount", discount)] if discount else []), *([("price", changed)] if has_changed else [])]
    if kind == EntryKind.CASH_MOVED:
        return [("cash_in" if body["direction"] == "in" else "cash_out", body["amount"])]
    if kind == EntryKind.CART_CANCELLED:
        return [("cancelled_after_payment" if body["after_payment"] else "cancelled", body["total"])]
    if kind == EntryKind.RETURN:
        return [("return", body["amount"])]
    if kind == EntryKind.HANDED_OVER:
        return [("hand_over", body.get("counted") or 0)]
    return [("drawer", 0)] if kind == EntryKind.DRAWER_OPENED else []
