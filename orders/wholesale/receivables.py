"""Money of partners: transfers that staff confirm, cards through the gateway, in parts; and what goes back (docs/invoices.md)."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, NotAllowed, NotFound
from kernel.inserts import insert_rows
from kernel.parsing import check_range
from kernel.people import Actor, Permission
from orders import ledger, manual_payments
from orders.checkout import new_attempt
from orders.gateways import PaymentLine, PaymentMethod, PaymentRequest
from orders.models.order import Order
from orders.models.partner import Partner
from orders.models.payment import Payment
from orders.models.purchase import PurchaseOrder
from orders.payments import PaymentUndecided, find_latest
from orders.states import UNDECIDED, PaymentState
from orders.wholesale.buyers import get_buyer
from orders.wholesale.purchasing import lock_purchase, subject_of
from orders.wholesale.states import PLACED


class NothingOutstanding(Conflict):
    """The order is paid, or not placed yet."""

    message = N_("Nothing is to be paid for this order now.")


class MoreThanOutstanding(Conflict):
    """The amount is larger than what is still to be paid."""

    message = N_("Only Rp%(outstanding)s is still to be paid. Please record what belongs to this order.")


def record_transfer(session: Session, actor: Actor, purchase_id: int, amount: int, proof: str) -> PurchaseOrder:
    """Staff have seen money in the account: all of it or a part. `proof` is its number there, good for one payment only.

    Raises NotAllowed, NothingOutstanding, MoreThanOutstanding, ProofTaken, InvalidInput.
    """
    purchase, order = _lock_payable(session, purchase_id)
    outlet = session.get_one(Outlet, purchase.outlet_id)
    if not actor.can(Permission.MANAGE_MONEY, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    check_range(amount, 1, 10**12, "amount")
    if amount > purchase.outstanding:
        raise MoreThanOutstanding(field="amount", outstanding=f"{purchase.outstanding:,}".replace(",", "."))
    payment = _open_attempt(session, order, outlet, PaymentMethod.BANK_TRANSFER, amount)
    manual_payments.confirm_payment(session, actor, payment.id, proof)
    session.refresh(purchase)
    return purchase


def open_card_payment(session: Session, actor: Actor, purchase_id: int) -> Payment:
    """The partner pays all that is outstanding by card. An attempt whose page is not open yet is opened again.

    Raises NotAllowed, NotFound, NothingOutstanding; PaymentUndecided while an earlier page may still bring money.
    """
    buyer = get_buyer(session, actor)
    purchase, order = _lock_payable(session, purchase_id)
    if purchase.partner_id != buyer.audience.partner_id:
        raise NotFound
    latest = find_latest(session, order.id)
    if latest is not None and latest.state in UNDECIDED:
        if latest.state is PaymentState.STARTED and latest.reference is None and latest.amount == purchase.outstanding:
            return latest
        raise PaymentUndecided
    outlet = session.get_one(Outlet, purchase.outlet_id)
    payment = _open_attempt(session, order, outlet, PaymentMethod.STRIPE, purchase.outstanding)
    audit.record(session, actor, "purchase.card_opened", subject_of(purchase), {"amount": payment.amount})
    return payment


def request_of(session: Session, payment: Payment, purchase: PurchaseOrder, *, success_url: str, cancel_url: str) -> PaymentRequest:
    """What the gateway is asked to collect; the same however often. Only reads."""
    order = session.get_one(Order, payment.order_id)
    partner = session.get_one(Partner, purchase.partner_id)
    return PaymentRequest(
        order_code=order.code,
        order_token=order.token,
        payment_id=payment.id,
        attempt=payment.attempt,
        amount=payment.amount,
        lines=(PaymentLine(f"{purchase.code} · {purchase.partner_number}", 1, payment.amount),),
        language=partner.language,
        email=partner.contact_email or None,
        expires_at=payment.expires_at,
        success_url=success_url,
        cancel_url=cancel_url,
        idempotency_key=payment.idempotency_key,
    )


def give_back(session: Session, actor: Actor, purchase_id: int, proof: str) -> int:
    """What a partner paid too much (goods rejected after payment, a late credit note) was sent back: all of it. The amount.

    Raises NotAllowed, NothingOutstanding, InvalidInput.
    """
    purchase = lock_purchase(session, purchase_id)
    outlet = session.get_one(Outlet, purchase.outlet_id)
    if not actor.can(Permission.MANAGE_MONEY, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    amount = -purchase.outstanding
    if amount <= 0 or purchase.order_id is None:
        raise NothingOutstanding
    number = manual_payments.normalise_proof(proof)
    ledger.post_given_back(session, f"purchase:{purchase.code}:back:{purchase.returned + amount}", purchase.order_id, amount)
    purchase.returned += amount
    purchase.changed_at = clock.now()
    session.flush()
    audit.record(session, actor, "purchase.given_back", subject_of(purchase), {"amount": amount, "proof": number})
    return amount


def _lock_payable(session: Session, purchase_id: int) -> tuple[PurchaseOrder, Order]:
    purchase = lock_purchase(session, purchase_id)
    if purchase.state not in PLACED or purchase.order_id is None or purchase.outstanding <= 0:
        raise NothingOutstanding
    return purchase, session.get_one(Order, purchase.order_id)


def _open_attempt(session: Session, order: Order, outlet: Outlet, method: PaymentMethod, amount: int) -> Payment:
    attempt = (session.scalar(select(func.max(Payment.attempt)).where(Payment.order_id == order.id)) or 0) + 1
    insert_rows(session, Payment, [new_attempt(order, attempt, method, outlet, clock.now()) | {"amount": amount}])
    payment = find_latest(session, order.id)
    if payment is None:
        raise NotFound
    return payment
