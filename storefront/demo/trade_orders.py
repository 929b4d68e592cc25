"""What buyers do in the demo's month: orders on the web, paid in three ways, collected or sent, and two that come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Price, Product, TravelLimit, Variant
from kernel import clock
from kernel.people import GUEST
from orders import checkout, fulfilment, manual_payments, parcels, refunds
from orders import payouts as refund_payouts
from orders.drafts import Contact
from orders.gateways import PaymentMethod
from orders.models.order import Channel, Order, OrderLine
from orders.models.payment import Payment
from orders.parcels import ParcelFacts
from orders.refund_states import RefundReason, RefundWay
from orders.shipping import Destination
from storefront.demo.cast import HOME

if TYPE_CHECKING:
    from storefront.demo.trade import Month

#: Orders in the month that is settled, and since then.
ORDERS, ORDERS_SINCE = 72, 14
_BUYERS = ("Pembeli Contoh Satu", "Pembeli Contoh Dua", "Pembeli Contoh Tiga", "Pembeli Contoh Empat", "Pembeli Contoh Lima")
#: A village near the outlet to which parcels go.
_SENT_TO = Destination(f"{HOME}.04.2001", "Jalan Contoh 12", "Rumah contoh di samping balai desa")


def sell_month(month: Month) -> None:
    """The orders from the first day to the day before the last, in the order of time; two of them come back in part."""
    days = (month.last - month.first).days
    for number in range(ORDERS):
        day = month.first + timedelta(days=number * days // ORDERS)
        order = _sell(month, number, day, 10 + number % 3 * 3, number * 17 % 50)
        if number in (ORDERS // 3, ORDERS // 2):
            _return(month, order, day + timedelta(days=1), is_fit=number == ORDERS // 2)


def sell_since(month: Month) -> None:
    """Fewer orders, from the last settlement to yesterday."""
    days = (clock.today(month.outlet.zone) - month.last).days
    for number in range(ORDERS_SINCE if days else 0):
        _sell(month, ORDERS + number, month.after(number * days // ORDERS_SINCE), 17, number * 3)


def prices_of(month: Month, variants: Sequence[Variant]) -> dict[int, int]:
    """Today's price of each by its id."""
    today = clock.today(month.outlet.zone)
    statement = select(Price.variant_id, Price.amount).where(Price.variant_id.in_([each.id for each in variants]), Price.starts_on <= today)
    return dict(month.session.execute(statement.order_by(Price.starts_on)).all())


def _sell(month: Month, number: int, day: date, hour: int, minute: int) -> Order:
    """One order from the cart to the buyer's hands. Every maker has its turn."""
    session, chance = month.session, month.chance
    chosen = [month.traders[number % len(month.traders)]]
    if number % 3 == 0:
        chosen.append(month.traders[(number * 5 + 7) % len(month.traders)])
    cart = {chance.choice(trader.variants).id: 1 + chance.randrange(2) for trader in chosen}
    is_sent = number % 4 == 1 and _can_travel(session, cart)
    method = PaymentMethod.BANK_TRANSFER if is_sent else (PaymentMethod.QRIS if number % 4 == 2 else PaymentMethod.PAY_AT_PICKUP)
    with month.on(day, hour, minute):
        order = checkout.place_order(
            session,
            GUEST,
            channel=Channel.WEB,
            cart_lines=cart,
            outlet_id=month.outlet.id,
            contact=Contact(name=_BUYERS[number % len(_BUYERS)], phone=f"+62812000{number:05d}", email=""),
            payment_method=method,
            checkout_key=f"demo-order-{month.last.isoformat()}-{number:03d}",
            language="id",
            destination=_SENT_TO if is_sent else None,
        )
    if method is not PaymentMethod.PAY_AT_PICKUP:
        with month.on(day, hour, minute + 5):
            payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
            manual_payments.confirm_payment(session, month.manager, payment.id, f"CONTOH{month.last:%y%m}{number:04d}")
    with month.on(day, hour + 1, minute):
        if is_sent:
            return parcels.ship_order(session, month.manager, order.id, [ParcelFacts("Kurir Contoh", f"CTH{number:09d}", 900)])
        return fulfilment.hand_over(session, month.cashier, order.id, order.code)


def _return(month: Month, order: Order, day: date, *, is_fit: bool) -> None:
    """One unit comes back, for sale again or not; the money is given in cash or by transfer."""
    session = month.session
    line = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id).limit(1)).one()
    payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
    way = RefundWay.CASH if payment.method is PaymentMethod.PAY_AT_PICKUP else RefundWay.TRANSFER
    reason = RefundReason.CHANGED_MIND if is_fit else RefundReason.DAMAGED
    with month.on(day, 11):
        refund = refunds.request_refund(session, month.manager, order.id, {line.id: (1, is_fit)}, reason, way, f"demo-return-{order.code}")
    with month.on(day, 11, 10):
        refund_payouts.record_paid_out(session, month.manager, refund.id, "Diterima pembeli (contoh)")


def _can_travel(session: Session, cart: dict[int, int]) -> bool:
    limits = session.scalars(
        select(Product.travel_limit).join(Variant, Variant.product_id == Product.id).where(Variant.id.in_(cart)).distinct()
    )
    return set(limits) == {TravelLimit.NONE}
