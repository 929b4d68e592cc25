"""The words of refunds: where one stands, why it was given, how the money goes back; pure tables."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_, DomainError
from orders.gateways import PaymentMethod


class RefundState(StrEnum):
    """How far a refund has come. The buyer has the money once it has `succeeded`."""

    REQUESTED = "requested"  # decided, or waiting for a second person (authorised_at is empty)
    SENT = "sent"  # the provider was asked; its answer may have been lost
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # a certain no: it can be tried again, perhaps in another way
    REJECTED = "rejected"  # the second person said no; nothing happened


class RefundReason(StrEnum):
    """Why money goes back."""

    DAMAGED = "damaged"
    WRONG_GOODS = "wrong_goods"
    NOT_AVAILABLE = "not_available"
    CHANGED_MIND = "changed_mind"
    CANNOT_DELIVER = "cannot_deliver"  # a payment in review: the order is over, or was paid before
    OTHER = "other"


class RefundWay(StrEnum):
    """How the money goes back."""

    PROVIDER = "provider"
    CASH = "cash"
    TRANSFER = "transfer"


class WayNotPossible(DomainError):
    """The provider of this payment cannot give money back, or has not been tried yet."""

    message = N_("The money of this payment cannot go back in this way. Please choose another one.")


#: Payments whose provider can give the money back by itself; for these it is always tried first (docs/refunds.md).
BY_PROVIDER = frozenset({PaymentMethod.STRIPE})


def ways_for(method: PaymentMethod, *, after_failure: bool = False) -> tuple[RefundWay, ...]:
    """In which ways a payment can be given back, the first one being the usual one."""
    if method not in BY_PROVIDER:
        return (RefundWay.CASH, RefundWay.TRANSFER)
    return (RefundWay.PROVIDER, RefundWay.CASH, RefundWay.TRANSFER) if after_failure else (RefundWay.PROVIDER,)


def refund_key_of(order_code: str, number: int, tries: int = 1) -> str:
    """The idempotency key of one refund. Only a certain no makes the next try a new one."""
    key = f"order-{order_code}-refund-{number}"
    return key if tries == 1 else f"{key}-try-{tries}"
