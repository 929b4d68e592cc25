"""Orders for tests, placed through the one verb that everybody uses."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.people import GUEST
from orders import checkout, payments
from orders.drafts import Contact
from orders.gateways import NullGateway, PaymentMethod, ProviderFacts, ProviderState
from orders.models.order import Channel, Order
from orders.models.payment import Payment
from tests.make_stock import Goods

CARD, PICKUP = PaymentMethod.STRIPE, PaymentMethod.PAY_AT_PICKUP


def contact(**changes: str) -> Contact:
    """A buyer with everything."""
    return Contact(**({"name": "Pembeli Contoh", "phone": "+6281234567890", "email": "pembeli@contoh.example"} | changes))


def place(session: Session, *goods: Goods, quantity: int = 1, **changes: Any) -> Order:
    """An order of `quantity` units of each, at the first one's outlet, to be paid by card unless told otherwise."""
    values: dict[str, Any] = {
        "channel": Channel.WEB,
        "cart_lines": {each.variant.id: quantity for each in goods},
        "outlet_id": goods[0].outlet.id if goods else 0,
        "contact": contact(),
        "payment_method": CARD,
        "checkout_key": uuid4().hex,
        "language": "id",
    }
    actor = changes.pop("actor", GUEST)
    return checkout.place_order(session, actor, **(values | changes))


def payment_of(session: Session, order: Order) -> Payment:
    """The latest attempt, read anew."""
    statement = select(Payment).where(Payment.order_id == order.id).order_by(Payment.attempt.desc()).limit(1)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def open_page(session: Session, order: Order, gateway: NullGateway) -> Payment:
    """Open the payment at the gateway and record it, as the web does in two transactions."""
    request = payments.begin_payment(session, order, success_url="https://shop.example/ok", cancel_url="https://shop.example/back")
    assert request is not None
    return payments.record_started(session, request.payment_id, gateway.start(request))


def facts_of(session: Session, order: Order, state: ProviderState = ProviderState.PAID, **changes: Any) -> ProviderFacts:
    """What a provider would say about the order's latest attempt."""
    payment = payment_of(session, order)
    values = {
        "reference": payment.reference or f"ref_{payment.id}",
        "state": state,
        "amount": payment.amount,
        "currency": "idr",
        "order_code": order.code,
        "payment_id": payment.id,
        "payment_intent": None,
    } | changes
    return ProviderFacts(**values)


def pay(session: Session, order: Order, **changes: Any) -> Order:
    """The provider says that the latest attempt is paid."""
    facts = facts_of(session, order, **changes)
    return payments.settle(session, payment_of(session, order).id, facts)
