"""How a decided refund reaches its buyer: sent to the provider, or given as cash or transfer, and settled once (docs/refunds.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock, outbox
from kernel.errors import N_, InvalidInput, NotAllowed
from kernel.inserts import insert_new
from kernel.people import SYSTEM, Actor, Permission
from orders import ledger
from orders.gateways import PaymentMethod, ProviderRefundState, RefundFacts
from orders.models.order import Order
from orders.models.payment import Account, Payment, ProviderEvent
from orders.models.refund import Refund
from orders.payments import CURRENCY
from orders.refund_states import RefundState, RefundWay, WayNotPossible, refund_key_of, ways_for
from orders.refunds import lock_refund, move_refund
from orders.rounding import SMALLEST_COIN, round_cash
from orders.states import PaymentState, WrongState

#: How long a refund belongs to whoever asked the provider; after that the answer counts as lost.
LEASE = timedelta(minutes=2)
#: How often the provider is asked about a refund that it has accepted and not finished.
PENDING_PAUSE = timedelta(hours=1)
ACCOUNTS = {RefundWay.PROVIDER: Account.STRIPE, RefundWay.CASH: Account.CASH, RefundWay.TRANSFER: Account.BANK}


@dataclass(frozen=True, slots=True)
class RefundCall:
    """What the gateway must be asked, with no transaction open; the same however often it is asked."""

    refund_id: int
    method: PaymentMethod
    reference: str
    amount: int
    idempotency_key: str


def list_to_send(session: Session, limit: int = 50) -> list[int]:
    """Refunds the provider has to be asked about: new ones, those whose answer was lost, and those it has not finished."""
    statement = select(Refund.id).where(_is_sendable()).order_by(Refund.id).limit(limit)
    return list(session.scalars(statement))


def record_sent(session: Session, refund_id: int) -> RefundCall | None:
    """Claim a refund for asking the provider; None when it is done, not decided yet, or somebody else is asking.

    Commit, call `Gateway.refund` with what is returned, then `settle_refund` or `record_refused`.
    """
    claimed = session.execute(
        update(Refund)
        .where(Refund.id == refund_id, _is_sendable())
        .values(state=RefundState.SENT, sent_at=clock.now())
        .returning(Refund.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    return None if claimed is None else _calls(session, Refund.id == claimed)[0]


def list_asked(session: Session, order_code: str) -> list[RefundCall]:
    """The refunds of an order whose answer is awaited: a message of the provider is a reason to ask about each again."""
    return _calls(session, and_(Order.code == order_code, Refund.state == RefundState.SENT))


def settle_refund(session: Session, refund_id: int, facts: RefundFacts, event: tuple[str, str, str] | None = None) -> Refund:
    """Believe the provider about one refund; the same for the page, the message and the worker.

    Has its effect once and never moves backwards. Facts about another amount change nothing.
    """
    refund, order = lock_refund(session, refund_id)
    if event is not None:
        provider, event_id, kind = event
        row = {"provider": provider, "event_id": event_id, "kind": kind[:80], "received_at": clock.now()}
        insert_new(session, ProviderEvent, [row])
    if refund.state is not RefundState.SENT or facts.amount != refund.amount or facts.currency.lower() != CURRENCY:
        return refund
    if facts.state is ProviderRefundState.SUCCEEDED:
        _succeed(session, SYSTEM, refund, order, facts.reference)
    elif facts.state is ProviderRefundState.FAILED:
        _fail(session, refund, order)
    elif refund.provider_reference is None:
        refund.provider_reference = facts.reference
        session.flush()
    return refund


def record_refused(session: Session, refund_id: int) -> Refund:
    """The provider said a certain no: staff may try again, or give the money in another way."""
    refund, order = lock_refund(session, refund_id)
    if refund.state is RefundState.SENT:
        _fail(session, refund, order)
    return refund


def record_paid_out(session: Session, actor: Actor, refund_id: int, proof: str) -> Refund:
    """Staff gave the cash or made the transfer. `proof` is who received it, or the bank's reference. Harmless when done before."""
    refund, order = lock_refund(session, refund_id)
    _check_may_refund(session, actor, order)
    proof = " ".join(proof.split())
    if not 2 <= len(proof) <= 120:
        raise InvalidInput(N_("Please write who received the cash, or the bank's reference."), field="proof")
    if refund.way is RefundWay.PROVIDER or refund.authorised_at is None:
        raise WrongState
    if refund.state is not RefundState.SUCCEEDED:
        if refund.state is not RefundState.REQUESTED:
            raise WrongState
        _succeed(session, actor, refund, order, proof)
    return refund


def record_given(session: Session, actor: Actor, refund: Refund, order: Order, given: int, proof: str) -> None:
    """`given` left a till's drawer for a refund that was carried out just now, with its order locked; `proof` is the receipt."""
    _succeed(session, actor, refund, order, proof, given)


def retry_refund(session: Session, actor: Actor, refund_id: int, way: RefundWay) -> Refund:
    """Try a failed refund again, in the same or another way. It keeps its number and its lines; nothing is refunded anew."""
    refund, order = lock_refund(session, refund_id)
    _check_may_refund(session, actor, order)
    method = session.get_one(Payment, refund.payment_id).method
    if way not in ways_for(method, after_failure=True):
        raise WayNotPossible(field="way")
    tries = refund.tries + 1
    key = refund_key_of(order.code, refund.number, tries)
    values = {"state": RefundState.REQUESTED, "way": way, "tries": tries, "idempotency_key": key, "provider_reference": None}
    if not move_refund(session, refund, RefundState.FAILED, values):
        raise WrongState
    audit.record(session, actor, "refund.retried", f"order:{order.code}", {"refund": refund.code, "way": way.value})
    return refund


def cash_to_give(session: Session, refund: Refund) -> int:
    """What changes hands for a refund in cash: all that the order left in the drawer when this is all of it, else rounded."""
    if refund.way is not RefundWay.CASH:
        return refund.amount
    in_drawer = ledger.balance(session, refund.order_id)[Account.CASH]
    return in_drawer if abs(in_drawer - refund.amount) < SMALLEST_COIN else -round_cash(-refund.amount).cash


def _is_sendable() -> Any:
    moment = clock.now()
    lost = and_(Refund.provider_reference.is_(None), Refund.sent_at <= moment - LEASE)
    pending = and_(Refund.provider_reference.is_not(None), Refund.sent_at <= moment - PENDING_PAUSE)
    return and_(
        Refund.way == RefundWay.PROVIDER,
        Refund.authorised_at.is_not(None),
        or_(Refund.state == RefundState.REQUESTED, and_(Refund.state == RefundState.SENT, or_(lost, pending))),
    )


def _calls(session: Session, condition: Any) -> list[RefundCall]:
    statement = (
        select(Refund.id, Payment.method, Payment.reference, Refund.amount, Refund.idempotency_key)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Refund.order_id)
        .where(condition)
        .order_by(Refund.id)
    )
    return [RefundCall(row.id, row.method, row.reference or "", row.amount, row.idempotency_key) for row in session.execute(statement)]


def _succeed(session: Session, actor: Actor, refund: Refund, order: Order, reference: str, given: int | None = None) -> None:
    """The buyer has the money: post it, write to them, and close a payment that was in review."""
    given = cash_to_give(session, refund) if given is None else given
    values = {"state": RefundState.SUCCEEDED, "provider_reference": reference[:120], "settled_at": clock.now()}
    if not move_refund(session, refund, refund.state, values):
        return
    ledger.post_refunded(session, refund.code, order.id, refund.amount, ACCOUNTS[refund.way], given)
    details = {"refund": refund.code, "amount": refund.amount, "way": refund.way.value, "given": given}
    audit.record(session, actor, "refund.succeeded", f"order:{order.code}", details)
    payment = session.get_one(Payment, refund.payment_id, populate_existing=True)
    if payment.state is PaymentState.REVIEW:
        payment.state = PaymentState.RETURNED
    if order.contact_email:
        payload = {"order_id": order.id, "token": order.token, "language": order.language, "refund": refund.code}
        outbox.enqueue(session, "mail.order_refunded", f"mail.order_refunded:{refund.code}", payload)
    session.flush()


def _fail(session: Session, refund: Refund, order: Order) -> None:
    if move_refund(session, refund, RefundState.SENT, {"state": RefundState.FAILED}):
        audit.record(session, SYSTEM, "refund.failed", f"order:{order.code}", {"refund": refund.code})


def _check_may_refund(session: Session, actor: Actor, order: Order) -> None:
    outlet = session.get_one(Outlet, order.outlet_id)
    if not actor.can(Permission.REFUND_ORDERS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
