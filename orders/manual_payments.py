"""Money that no provider reports: staff say that a QRIS payment or a transfer has arrived, or that it will not (docs/payments.md)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed
from kernel.people import Actor, Permission
from orders import payments
from orders.gateways import CONFIRMED_BY_STAFF, BankTransferGateway, LocalGateway, PaymentMethod, ProviderFacts, ProviderState, QrisGateway
from orders.models.order import Order
from orders.models.payment import Payment
from orders.states import CAN_BE_CONFIRMED, PaymentState, WrongState

_WORDS: dict[PaymentMethod, LocalGateway] = {
    PaymentMethod.QRIS: QrisGateway(),
    PaymentMethod.BANK_TRANSFER: BankTransferGateway(),
}
SHORTEST_PROOF, LONGEST_PROOF = 4, 60


class ProofTaken(Conflict):
    """The number from the app or the bank has confirmed another payment already; `order_code` says whose."""

    message = N_("This number has already confirmed the payment of order %(code)s. Please look at both payments again.")

    def __init__(self, order_code: str) -> None:
        self.order_code = order_code
        super().__init__(field="proof", code=order_code)


def confirm_payment(session: Session, actor: Actor, payment_id: int, proof: str) -> Order:
    """Staff have seen the money in the merchant app or the account; `proof` is its number there, good for one payment only.

    Posts the money and lets the order go on, or puts the payment in review, exactly as a provider's word would.
    Raises NotAllowed, InvalidInput, ProofTaken, WrongState when there is nothing to confirm (any more).
    """
    payment, order = payments.lock_payment(session, payment_id)
    check_may_confirm(session, actor, order)
    if payment.method not in CONFIRMED_BY_STAFF or payment.state not in CAN_BE_CONFIRMED:
        raise WrongState
    _keep_proof(session, actor, payment, normalise_proof(proof))
    details = {"payment": payment.id, "method": payment.method.value, "amount": payment.amount, "proof": payment.proof}
    audit.record(session, actor, "payment.confirmed", f"order:{order.code}", details)
    return payments.settle(session, payment.id, _facts(order, payment, ProviderState.PAID))


def refuse_payment(session: Session, actor: Actor, payment_id: int, reason: str) -> Order:
    """Staff have looked and the money is not there: the buyer may try again while the goods are held."""
    payment, order = payments.lock_payment(session, payment_id)
    check_may_confirm(session, actor, order)
    if payment.method not in CONFIRMED_BY_STAFF or payment.state is not PaymentState.OPEN:
        raise WrongState
    audit.record(session, actor, "payment.refused", f"order:{order.code}", {"payment": payment.id, "reason": reason.strip()[:240]})
    return payments.settle(session, payment.id, _facts(order, payment, ProviderState.FAILED))


def mark_matched(session: Session, actor: Actor, payment: Payment, order_code: str) -> None:
    """The payment's line stands in the bank statement or the settlement list."""
    payment.matched_at = clock.now()
    audit.record(session, actor, "payment.matched", f"order:{order_code}", {"payment": payment.id, "amount": payment.amount})
    session.flush()


def find_proof(session: Session, method: PaymentMethod, proof: str) -> tuple[int, str] | None:
    """(payment id, order code) of the payment that this number confirmed, if any."""
    statement = (
        select(Payment.id, Order.code).join(Order, Order.id == Payment.order_id).where(Payment.method == method, Payment.proof == proof)
    )
    row = session.execute(statement).first()
    return (row.id, row.code) if row else None


def normalise_proof(text: str) -> str:
    """The number as it is compared: capital letters without spaces; InvalidInput when it is too short or too long."""
    proof = "".join(sign for sign in text.upper() if sign.isprintable() and not sign.isspace())
    if not SHORTEST_PROOF <= len(proof) <= LONGEST_PROOF:
        raise InvalidInput(N_("Type the number that the app or the bank shows for this payment."), field="proof")
    return proof


def check_may_confirm(session: Session, actor: Actor, order: Order) -> None:
    """Refuse whoever may not hand over goods at the order's outlet."""
    outlet = session.get_one(Outlet, order.outlet_id)
    if not actor.can(Permission.HAND_OVER_ORDERS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed


def _keep_proof(session: Session, actor: Actor, payment: Payment, proof: str) -> None:
    known = find_proof(session, payment.method, proof)
    if known is None:
        try:
            with session.begin_nested():
                payment.proof, payment.confirmed_by_id = proof, actor.user_id
            return
        except IntegrityError:  # a colleague used the same number a moment ago
            session.refresh(payment)
            known = find_proof(session, payment.method, proof)
    if known is None or known[0] != payment.id:
        raise ProofTaken(known[1] if known else "")


def _facts(order: Order, payment: Payment, state: ProviderState) -> ProviderFacts:
    word = _WORDS[payment.method].word
    reference = payment.reference or f"{word}-{order.code}-{payment.id}-{payment.amount}"
    return ProviderFacts(reference, state, payment.amount, payments.CURRENCY, order.code, payment.id, None)
