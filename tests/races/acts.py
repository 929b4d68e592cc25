"""What the racers do: buy, pay, sweep; each a plain function that a fresh process can import."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Engine, Table, bindparam, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.stock import StockLevel
from kernel.errors import DomainError
from kernel.people import GUEST, SYSTEM
from kernel.prepared import Prepared
from orders import checkout, fulfilment, holds, ledger, parcels, payments, payouts, refunds, vouchers
from orders.drafts import Contact
from orders.gateways import PaymentMethod, ProviderFacts, ProviderState, RefundFacts
from orders.models.order import Channel, Order, OrderLine
from orders.models.voucher import Voucher
from orders.parcels import ParcelFacts
from orders.refund_states import RefundReason, RefundWay
from orders.vouchers import VoucherRefused
from tests.races.racing import writing

Start = Callable[[], object]


def place(session: Session, outlet_id: int, cart: dict[int, int], key: str, **changes: Any) -> str:
    """One order by card; its code."""
    values: dict[str, Any] = {
        "channel": Channel.WEB,
        "cart_lines": cart,
        "outlet_id": outlet_id,
        "contact": Contact("Pembeli Contoh", "+6281234567890", "pembeli@contoh.example"),
        "payment_method": PaymentMethod.STRIPE,
        "checkout_key": key,
        "language": "id",
    }
    return checkout.place_order(session, GUEST, **(values | changes)).code


def buy_one(engine: Engine, start: Start, outlet_id: int, variant_id: int) -> tuple[str, float]:
    """One unit, as a buyer: the order's code or `sold out`, and how long it took."""
    start()
    began = time.perf_counter()
    try:
        with writing(engine) as session:
            code = place(session, outlet_id, {variant_id: 1}, uuid4().hex)
    except stock.OutOfStock:
        code = "sold out"
    return code, time.perf_counter() - began


def buy_what_was_seen(engine: Engine, start: Start, outlet_id: int, variant_id: int, guarded: bool) -> str:
    """One unit, trusting what was read before the others bought; without the guard this is read-check-write."""
    look = stock.find_candidates
    with Session(engine) as session:
        seen = [look(session, outlet_id, [variant_id])]
    stock.find_candidates = lambda *arguments: seen.pop() if seen else look(*arguments)  # type: ignore[assignment]
    if not guarded:
        levels = cast(Table, StockLevel.__table__)
        units = bindparam("quantity", type_=levels.c.held.type)
        unguarded = update(levels).where(levels.c.id == bindparam("level")).values(held=0 + units)
        stock_locks.HOLD = Prepared(unguarded.returning(levels.c.on_hand.label("free")))
    start()
    try:
        with writing(engine) as session:
            return place(session, outlet_id, {variant_id: 1}, uuid4().hex)
    except stock.OutOfStock:
        return "sold out"


def send_the_same_form(engine: Engine, start: Start, outlet_id: int, variant_id: int, key: str) -> str:
    """A double click that reaches several workers."""
    start()
    with writing(engine) as session:
        return place(session, outlet_id, {variant_id: 1}, key)


def promise_the_last_but_one(engine: Engine, start: Start, outlet_id: int, variant_id: int, phone: str) -> str:
    """One unit, to be paid at pickup."""
    start()
    changes = {"payment_method": PaymentMethod.PAY_AT_PICKUP, "contact": Contact("Pembeli Contoh", phone)}
    try:
        with writing(engine) as session:
            return place(session, outlet_id, {variant_id: 1}, uuid4().hex, **changes)
    except stock.OutOfStock as refusal:
        return type(refusal).__name__


def buy_many(engine: Engine, start: Start, outlet_id: int, variant_ids: list[int], times: int) -> float:
    """The same cart again and again; the longest wait in seconds."""
    start()
    longest = 0.0
    for _ in range(times):
        began = time.perf_counter()
        with writing(engine) as session:
            place(session, outlet_id, dict.fromkeys(variant_ids, 1), uuid4().hex)
        longest = max(longest, time.perf_counter() - began)
    return longest


def settle_all(engine: Engine, start: Start, facts: list[ProviderFacts], event: str) -> int:
    """The same news about each payment in turn; `event` sets this messenger's event ids apart, or not."""
    start()
    for number, fact in enumerate(facts):
        with writing(engine) as session:
            payments.settle(session, fact.payment_id, fact, ("stripe", f"evt_{event}_{number}", "checkout.session.completed"))
    return len(facts)


def sweep_until_nothing_is_left(engine: Engine, start: Start, limit: int) -> list[str]:
    """What a worker does; the codes it swept."""
    start()
    swept: list[str] = []
    while True:
        with writing(engine) as session:
            codes = holds.sweep_expired(session, limit)
        swept += codes
        if not codes:
            return swept


def sweep_and_die(engine: Engine, start: Start, after: int) -> None:
    """A sweeper that is killed in the middle of its work, with rows changed and nothing committed."""
    start()
    left, post = [after], ledger.post_dropped

    def post_or_die(*arguments: Any, **named: Any) -> bool:
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return post(*arguments, **named)

    ledger.post_dropped = post_or_die  # type: ignore[assignment]
    with writing(engine) as session:
        holds.sweep_expired(session)


def paid(order_code: str, payment_id: int, amount: int) -> ProviderFacts:
    """What the provider says of a payment that succeeded."""
    return ProviderFacts(f"cs_{payment_id}", ProviderState.PAID, amount, "idr", order_code, payment_id, f"pi_{payment_id}")


def refund_all(engine: Engine, start: Start, order_id: int, guarded: bool = True) -> str:
    """All of a paid order back, asked for by somebody who looked before the others asked.

    Without the guard nobody waits for the order's row and everybody believes what they saw: a read-check-write.
    """
    if not guarded:
        _refund_without_guard(engine, order_id)
    with Session(engine) as session:
        rows = session.execute(select(OrderLine.id, OrderLine.quantity).where(OrderLine.order_id == order_id)).all()
    wanted = {row.id: (row.quantity, True) for row in rows}
    start()
    try:
        with writing(engine) as session:
            return refunds.request_refund(session, SYSTEM, order_id, wanted, RefundReason.OTHER, RefundWay.PROVIDER, uuid4().hex).code
    except DomainError as refusal:
        return type(refusal).__name__


def _refund_without_guard(engine: Engine, order_id: int) -> None:
    with Session(engine, expire_on_commit=False) as session:
        payment = refunds.find_paid(session, order_id)
        order = session.get_one(Order, order_id)
        assert payment is not None
        session.expunge_all()
    refunds.lock_order = lambda session, _order_id: session.merge(order, load=False)
    refunds.find_paid = lambda session, _order_id: session.merge(payment, load=False)
    refunds.read_past = lambda *_: refunds.Past(os.getpid(), 0, 0, {})
    refunds.carry_out = lambda *_: None


def refund_or_cancel(engine: Engine, start: Start, order_id: int, code: str, what: str) -> str:
    """Rivals around one paid order: refund all of it, cancel it, or hand it over."""
    if what == "refund":
        return refund_all(engine, start, order_id)
    start()
    try:
        with writing(engine) as session:
            if what == "cancel":
                fulfilment.cancel_order(session, SYSTEM, order_id, "habis")
            else:
                fulfilment.hand_over(session, SYSTEM, order_id, code)
    except DomainError as refusal:
        return type(refusal).__name__
    return what


def settle_refunds(engine: Engine, start: Start, news: list[tuple[int, RefundFacts]], event: str) -> int:
    """The same news about each refund in turn."""
    start()
    for number, (refund_id, facts) in enumerate(news):
        with writing(engine) as session:
            payouts.settle_refund(session, refund_id, facts, ("stripe", f"evt_{event}_{number}", "charge.refunded"))
    return len(news)


def use_voucher(
    engine: Engine, start: Start, outlet_id: int, variant_id: int, code: str, guarded: bool, phone: str = "+6281234567890"
) -> str:
    """One unit with a voucher that looked usable before the others bought; without the guard this is read-check-write."""
    look = vouchers.find_discount
    with Session(engine) as session:
        seen = [look(session, code, 25_000, outlet_id=outlet_id, phone=phone)]
        uses = session.scalars(select(Voucher.uses).where(Voucher.code == code)).one()
    vouchers.find_discount = lambda *arguments, **named: seen.pop() if seen else look(*arguments, **named)  # type: ignore[assignment]
    if not guarded:
        table = cast(Table, Voucher.__table__)
        blind = update(table).where(table.c.id == bindparam("voucher_id")).values(uses=uses + 1)
        vouchers.CLAIM = blind.returning(table.c.once_per_phone)
    start()
    try:
        with writing(engine) as session:
            return place(session, outlet_id, {variant_id: 1}, uuid4().hex, voucher_code=code, contact=Contact("Pembeli Contoh", phone))
    except VoucherRefused as refusal:
        return type(refusal).__name__


def end_order(engine: Engine, start: Start, order_id: int, how: str) -> str:
    """End an unpaid order: cancelled by staff, or swept because its time is over."""
    start()
    try:
        with writing(engine) as session:
            if how == "sweep":
                return "swept" if holds.sweep_expired(session) else "nothing"
            fulfilment.cancel_order(session, SYSTEM, order_id, "batal")
    except DomainError as refusal:
        return type(refusal).__name__
    return how


def ship(engine: Engine, start: Start, order_id: int, number: str, guarded: bool = True) -> str:
    """One of several people who hand the same order to the courier; without the guard each believes what they saw before."""
    if not guarded:
        with Session(engine, expire_on_commit=False) as session:
            seen = session.get_one(Order, order_id)
            session.expunge_all()
        fulfilment.lock_order = lambda session, _order_id: session.merge(seen, load=False)
    start()
    try:
        with writing(engine) as session:
            parcels.ship_order(session, SYSTEM, order_id, [ParcelFacts("Kurir Contoh", number)])
    except (DomainError, DBAPIError) as refusal:
        return type(refusal).__name__
    return number


def ship_or_refund(engine: Engine, start: Start, order_id: int, what: str) -> str:
    """Rivals around one paid order that is to be sent."""
    return refund_all(engine, start, order_id) if what == "refund" else ship(engine, start, order_id, what)
