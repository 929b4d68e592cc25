"""Money that cashiers say came and that no statement shows: found some days later, told once, ended by its line or by a manager."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import Actor
from orders import manual_payments, payments
from orders.counter import incidents
from orders.counter.incidents import open_incident, resolve_incident
from orders.gateways import PaymentMethod
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.shift import CounterIncident, CounterSale, IncidentKind
from orders.states import PaymentState

#: Banks and QRIS providers settle on the next working day; a long weekend and a day to upload the list fit in.
LOOKED_FOR = timedelta(days=5)
#: Money this old is an accountant's matter; looking further back would open cases for a past without lists.
FORGOTTEN = timedelta(days=60)
SETTLED_LATER = (PaymentMethod.QRIS, PaymentMethod.CARD_TERMINAL, PaymentMethod.BANK_TRANSFER)
FOUND, NOT_PAID = "found", "not_paid"


def open_unmatched(session: Session, limit: int = 200) -> int:
    """Open one incident for each counter payment that no list has shown for LOOKED_FOR; how many. Run again while it returns `limit`."""
    now = clock.now()
    known = exists().where(CounterIncident.payment_id == Payment.id, CounterIncident.kind == IncidentKind.UNMATCHED_TENDER)
    statement = (
        select(Payment.id, Payment.order_id, Payment.method, Payment.amount, Payment.proof, Order.outlet_id, CounterSale.entry_id)
        .join(Order, Order.id == Payment.order_id)
        .join(CounterSale, CounterSale.order_id == Order.id)
        .where(
            Payment.state == PaymentState.PAID,
            Payment.matched_at.is_(None),
            Payment.method.in_(SETTLED_LATER),
            CounterSale.sold_at < now - LOOKED_FOR,
            CounterSale.sold_at >= now - FORGOTTEN,
            ~known,
        )
        .order_by(Payment.id)
        .limit(limit)
    )
    rows = session.execute(statement).all()
    for row in rows:
        open_incident(
            session,
            IncidentKind.UNMATCHED_TENDER,
            f"unmatched:{row.id}",
            row.outlet_id,
            entry_id=row.entry_id,
            order_id=row.order_id,
            payment_id=row.id,
            detail={"method": row.method.value, "amount": row.amount, "reference": row.proof or ""},
        )
    return len(rows)


def decide_unmatched(session: Session, actor: Actor, code: str, resolution: str, note: str = "") -> CounterIncident:
    """A manager found the money, which matches the payment by hand, or it never came. Twice is once."""
    incident = incidents.get_incident(session, actor, code)
    payment, order = payments.lock_payment(session, incident.payment_id or 0)  # before the incident: so does who posts a list
    incident = resolve_incident(session, actor, code, resolution, note)
    if incident.resolution == FOUND and payment.matched_at is None:
        manual_payments.mark_matched(session, actor, payment, order.code)
    return incident


def end_unmatched(session: Session, actor: Actor, payment_id: int) -> None:
    """The payment's line was found in a list after all."""
    incident = session.scalar(
        select(CounterIncident).where(
            CounterIncident.payment_id == payment_id,
            CounterIncident.kind == IncidentKind.UNMATCHED_TENDER,
            CounterIncident.resolved_at.is_(None),
        )
    )
    if incident is not None:
        incidents.end_incident(session, actor, incident, FOUND)
