"""Payment attempts: what a gateway is asked, and what its facts mean for an order; one transition for page, webhook and worker."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import Outlet
from kernel import audit, clock, crashpoints
from kernel.errors import N_, Conflict, DomainError, NotFound
from kernel.inserts import insert_new, insert_rows
from kernel.locales import pick
from kernel.people import SYSTEM, Actor
from kernel.prepared import Prepared
from orders import ledger, vouchers
from orders.checkout import check_fulfilment, check_open_orders, new_attempt, write_to_buyer
from orders.gateways import PAID_LATER, PaymentLine, PaymentMethod, PaymentRequest, ProviderFacts, ProviderState, StartedPayment
from orders.holds import close_payments, hold_deadline
from orders.models.order import Channel, Order, OrderLine
from orders.models.payment import Payment, ProviderEvent
from orders.order_rows import insert_allocations
from orders.outlet_payments import check_method
from orders.states import UNDECIDED, OrderState, PaymentState, ReviewReason, check_step, learn
from orders.wholesale import credit

#: How often a buyer may begin to pay the same order; each attempt prolongs the hold.
MOST_ATTEMPTS = 5
CURRENCY = "idr"


class CannotPay(Conflict):
    """The order is paid, over, or has been tried too often."""

    message = N_("This order can no longer be paid here. Please look at its state, or place a new order.")


class PaymentUndecided(Conflict):
    """An earlier attempt may still bring money: it must be closed at the provider first."""

    message = N_("An earlier payment for this order is still open. Please finish it, or wait until it is closed.")


def begin_payment(session: Session, order: Order, *, success_url: str, cancel_url: str) -> PaymentRequest | None:
    """What the gateway must be asked to open the order's latest attempt; None when nothing is left to open.

    Only reads. The same attempt gives the same request however often it is asked for. Ask the gateway after the
    commit, with no transaction open, then call `record_started` or `record_refused`.
    """
    payment = find_latest(session, order.id)
    if payment is None or payment.state is not PaymentState.STARTED or order.state is not OrderState.AWAITING_PAYMENT:
        return None
    lines = session.execute(
        select(OrderLine.name_id, OrderLine.name_en, OrderLine.quantity, OrderLine.unit_price)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.position)
    )
    return PaymentRequest(
        order_code=order.code,
        order_token=order.token,
        payment_id=payment.id,
        attempt=payment.attempt,
        amount=payment.amount,
        lines=_payment_lines(order, lines),
        language=order.language,
        email=order.contact_email or None,
        expires_at=payment.expires_at,
        success_url=success_url,
        cancel_url=cancel_url,
        idempotency_key=payment.idempotency_key,
    )


def _payment_lines(order: Order, lines: Iterable[Row[str, str, int, int]]) -> tuple[PaymentLine, ...]:
    """What the provider shows; it must add up to the total, and knows no lines below zero."""
    if order.discount_total:
        return (PaymentLine(order.code, 1, order.total),)
    found = [PaymentLine(pick(order.language, row.name_id, row.name_en), row.quantity, row.unit_price) for row in lines]
    if order.shipping_total:
        found.append(PaymentLine(pick(order.language, "Ongkos kirim", "Shipping"), 1, order.shipping_total))
    return tuple(found)


def record_started(session: Session, payment_id: int, started: StartedPayment) -> Payment:
    """The gateway opened the payment: remember where. Harmless when it was recorded, or settled, before."""
    payment, _order = lock_payment(session, payment_id)
    if payment.reference not in (None, started.reference):
        raise Conflict
    payment.reference = started.reference
    payment.redirect_url = started.redirect_url
    payment.state = learn(payment.state, ProviderState.OPEN)
    session.flush()
    return payment


def record_refused(session: Session, payment_id: int) -> Payment:
    """The gateway said a certain no: this attempt is over, another way of paying may be tried."""
    payment, _order = lock_payment(session, payment_id)
    if payment.state is PaymentState.STARTED:
        payment.state = PaymentState.FAILED
        session.flush()
    return payment


def retry_payment(session: Session, actor: Actor, order_id: int, method: PaymentMethod) -> Order:
    """A new attempt after one that was declined or ran out, while the goods are still held; the hold begins anew.

    Raises CannotPay, PaymentUndecided, MethodNotPossible, and for what is paid later TooManyOpenOrders and LastPiece.
    """
    order = lock_order(session, order_id)
    moment = clock.now()
    if order.state is not OrderState.AWAITING_PAYMENT or order.hold_until is None or order.hold_until <= moment:
        raise CannotPay
    latest = find_latest(session, order.id)
    if latest is not None and latest.state is PaymentState.STARTED and latest.reference is None and latest.method is method:
        return order  # its opening was never answered: it is opened again under the same key
    close_payments(session, [order.id])
    states = session.scalars(select(Payment.state).where(Payment.order_id == order.id)).all()
    if UNDECIDED.intersection(states):
        raise PaymentUndecided
    if len(states) >= MOST_ATTEMPTS or not set(states) <= {PaymentState.FAILED, PaymentState.EXPIRED}:
        raise CannotPay
    outlet = session.get_one(Outlet, order.outlet_id)
    check_method(outlet, method, order.total)
    check_fulfilment(method, order.fulfilment)
    if method in PAID_LATER:
        check_open_orders(session, order.contact_phone)
        _check_last_piece(session, order)
    if method is PaymentMethod.PAY_AT_PICKUP:
        order.state = OrderState.CONFIRMED
    insert_rows(session, Payment, [new_attempt(order, len(states) + 1, method, outlet, moment)])
    order.hold_until = hold_deadline(method, outlet, moment, order.pickup_at)
    audit.record(session, actor, "payment.retried", f"order:{order.code}", {"attempt": len(states) + 1, "method": method.value})
    session.flush()
    return order


def settle(session: Session, payment_id: int, facts: ProviderFacts, event: tuple[str, str, str] | None = None) -> Order:
    """Believe the provider's facts about one payment; the same for return page, webhook and reconciler.

    Claims the order's row first, so that rivals queue; has its effect once and never moves backwards. `event` is
    (provider, event id, kind) of the message that led here: a second delivery changes nothing. NotFound for a
    payment that is not ours.
    """
    payment, order = lock_payment(session, payment_id)
    if event is not None and not claim_event(session, event):
        return order
    state = learn(payment.state, facts.state)
    if state is payment.state:
        return order
    if not _matches(payment, order, facts):
        if facts.state in (ProviderState.PAID, ProviderState.PROCESSING):
            _put_in_review(session, order, payment, ReviewReason.MISMATCH)
        return order
    if not _advance(session, payment, state, facts.reference):
        return order
    if state is PaymentState.PAID:
        ledger.post_captured(session, payment.id, order.id, payment.amount, payment.method)
        crashpoints.here("payment.posted")
        _fulfil(session, order, payment)
    session.flush()
    return order


def lock_order(session: Session, order_id: int) -> Order:
    """The order, read anew with its row locked until the commit (SQLite: the whole database is); NotFound otherwise."""
    statement = select(Order).where(Order.id == order_id).with_for_update().execution_options(populate_existing=True)
    order = session.scalar(statement)
    if order is None:
        raise NotFound
    return order


def check_is_retail(order: Order) -> None:
    """NotFound for a partner's order, which moves on through `orders.wholesale` only."""
    if order.channel is Channel.WHOLESALE:
        raise NotFound


def lock_payment(session: Session, payment_id: int) -> tuple[Payment, Order]:
    """A payment read anew, after its order's row was locked; NotFound otherwise."""
    order_id = session.scalar(select(Payment.order_id).where(Payment.id == payment_id))
    if order_id is None:
        raise NotFound
    order = lock_order(session, order_id)
    payment = session.scalars(select(Payment).where(Payment.id == payment_id).execution_options(populate_existing=True)).one()
    return payment, order


_LATEST = select(Payment).where(Payment.order_id == bindparam("order_id")).order_by(Payment.attempt.desc()).limit(1)


def find_latest(session: Session, order_id: int) -> Payment | None:
    """The order's latest attempt to pay."""
    return session.scalar(_LATEST, {"order_id": order_id})


_HOW_FAR = Prepared(
    select(Payment.state, Payment.method, Payment.redirect_url)
    .where(Payment.order_id == bindparam("order_id"))
    .order_by(Payment.attempt.desc())
    .limit(1)
)


def describe_latest(session: Session, order_id: int) -> Any:
    """`state`, `method` and `redirect_url` of the latest attempt; None before the first."""
    rows = _HOW_FAR.run(session, {"order_id": order_id})
    return rows[0] if rows else None


def find_payment_by_reference(session: Session, reference: str) -> Payment | None:
    """The payment that carries a provider's id."""
    return session.scalar(select(Payment).where(Payment.reference == reference))


def is_paid(session: Session, order_id: int, but: Collection[int] = ()) -> bool:
    """Whether money for the order has arrived, other than by the payments `but`."""
    paid = select(func.count(Payment.id)).where(
        Payment.order_id == order_id, Payment.paid_at.is_not(None), Payment.state == PaymentState.PAID, Payment.id.not_in(but)
    )
    return bool(session.scalar(paid))


_KNOWN = select(ProviderEvent.id).where(ProviderEvent.provider == bindparam("provider"), ProviderEvent.event_id == bindparam("event_id"))


def knows_event(session: Session, event: tuple[str, str, str]) -> bool:
    """Whether this event has had its effect: then the provider need not be asked again. `claim_event` decides among rivals."""
    provider, event_id, _kind = event
    return bool(session.scalar(_KNOWN, {"provider": provider, "event_id": event_id}))


def claim_event(session: Session, event: tuple[str, str, str]) -> bool:
    """Note a provider's event (provider, event id, kind); whether it is new. The first transaction to commit has its effect."""
    provider, event_id, kind = event
    row = {"provider": provider, "event_id": event_id, "kind": kind[:80], "received_at": clock.now()}
    return bool(insert_new(session, ProviderEvent, [row]))


def _matches(payment: Payment, order: Order, facts: ProviderFacts) -> bool:
    """Whether the provider speaks of this very payment; one difference is enough to doubt all of it."""
    return (
        facts.amount == payment.amount
        and facts.currency.lower() == CURRENCY
        and facts.order_code == order.code
        and facts.payment_id == payment.id
        and payment.reference in (None, facts.reference)
    )


def _advance(session: Session, payment: Payment, state: PaymentState, reference: str) -> bool:
    """Move the payment, unless somebody else has since it was read: the claim holds even without the row lock."""
    changed = session.execute(
        update(Payment)
        .where(Payment.id == payment.id, Payment.state == payment.state)
        .values(
            state=state,
            reference=func.coalesce(Payment.reference, reference),
            paid_at=clock.now() if state is PaymentState.PAID else None,
        )
        .returning(Payment.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    session.refresh(payment)
    return changed is not None


def _fulfil(session: Session, order: Order, payment: Payment) -> None:
    """The money is here and posted: let the order go on, or tell staff why it cannot. A partner pays in parts."""
    if order.channel is Channel.WHOLESALE:
        if not credit.record_paid(session, order, payment):
            _put_in_review(session, order, payment, ReviewReason.PAID_TWICE)
    elif is_paid(session, order.id, but=[payment.id]):
        _put_in_review(session, order, payment, ReviewReason.PAID_TWICE)
    elif order.state is OrderState.CANCELLED:
        _put_in_review(session, order, payment, ReviewReason.CANCELLED)
    elif order.state is OrderState.EXPIRED and not _hold_again(session, order):
        _put_in_review(session, order, payment, ReviewReason.LATE)
    else:
        if order.state in (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED):
            check_step(order.state, OrderState.CONFIRMED)
            order.state = OrderState.CONFIRMED
        order.hold_until = None
        audit.record(session, SYSTEM, "order.paid", f"order:{order.code}", {"payment": payment.id, "amount": payment.amount})
        write_to_buyer(session, order, "mail.order_paid")


def _hold_again(session: Session, order: Order) -> bool:
    """Money that came after the hold ran out: take the goods and the voucher once more, if they are still there."""
    lines = session.execute(select(OrderLine.id, OrderLine.variant_id, OrderLine.quantity).where(OrderLine.order_id == order.id)).all()
    wanted = {line.variant_id: line.quantity for line in lines}
    if not vouchers.take_again(session, order):
        return False
    try:
        held = stock.hold_stock(session, order.outlet_id, wanted, f"order:{order.code}")
    except DomainError:
        vouchers.give_back_uses(session, [order.id])
        return False
    insert_allocations(session, {line.variant_id: line.id for line in lines}, held)
    ledger.post_placed(session, order.code, order.id, order.total, "revived", shipping=order.shipping_total, discount=order.discount_total)
    return True


def _put_in_review(session: Session, order: Order, payment: Payment, reason: ReviewReason) -> None:
    """Leave it to a person: the office lists it, and the buyer is told that we are looking at it."""
    payment.state = PaymentState.REVIEW
    payment.review_reason = reason
    audit.record(session, SYSTEM, "payment.review", f"order:{order.code}", {"payment": payment.id, "reason": reason.value})
    session.flush()


def _check_last_piece(session: Session, order: Order) -> None:
    """Goods held for a card may not be the last ones when the buyer turns to paying later (docs/stock.md)."""
    wanted = {
        row.variant_id: row.quantity
        for row in session.execute(select(OrderLine.variant_id, OrderLine.quantity).where(OrderLine.order_id == order.id))
    }
    stock.check_last_piece(session, order.outlet_id, wanted)
