"""Which step may follow which: the life of an order and of one payment, as pure tables."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_, Conflict
from orders.gateways import ProviderState


class OrderState(StrEnum):
    """Where an order stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMED = "confirmed"
    READY = "ready"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PaymentState(StrEnum):
    """How far one attempt to pay has come. `review` waits for a person: the provider's facts do not match ours."""

    STARTED = "started"
    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    REVIEW = "review"
    RETURNED = "returned"  # was in review, and all of it went back to the buyer


class ReviewReason(StrEnum):
    """Why a payment waits for a person."""

    MISMATCH = "mismatch"  # amount, currency or order differ from ours; nothing was posted
    LATE = "late"  # the money is here, the hold had run out and the goods are gone
    CANCELLED = "cancelled"  # the money is here, the order had been cancelled
    PAID_TWICE = "paid_twice"  # the money is here, the order had been paid already


class WrongState(Conflict):
    """The order has moved on: what was asked for no longer fits."""

    message = N_("This is not possible for an order in this state. Please look again.")


#: The states in which goods are held for an order.
HOLDING = frozenset({OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED, OrderState.READY})

STEPS: dict[OrderState, frozenset[OrderState]] = {
    OrderState.AWAITING_PAYMENT: frozenset({OrderState.CONFIRMED, OrderState.CANCELLED, OrderState.EXPIRED}),
    OrderState.CONFIRMED: frozenset({OrderState.READY, OrderState.SHIPPED, OrderState.COMPLETED, OrderState.CANCELLED, OrderState.EXPIRED}),
    OrderState.READY: frozenset({OrderState.SHIPPED, OrderState.COMPLETED, OrderState.CANCELLED, OrderState.EXPIRED}),
    OrderState.SHIPPED: frozenset({OrderState.COMPLETED}),  # the goods have left: what goes wrong now is a refund
    OrderState.COMPLETED: frozenset(),
    OrderState.CANCELLED: frozenset(),
    OrderState.EXPIRED: frozenset({OrderState.CONFIRMED}),  # the money came late and the goods were still there
}


def check_step(now: OrderState, then: OrderState) -> None:
    """Refuse with WrongState unless `then` may follow `now`."""
    if then not in STEPS[now]:
        raise WrongState


#: Later entries win over earlier ones, whatever order the news arrives in; money beats everything but a person's review.
_RANK = (
    PaymentState.STARTED,
    PaymentState.OPEN,
    PaymentState.PROCESSING,
    PaymentState.EXPIRED,
    PaymentState.FAILED,
    PaymentState.PAID,
    PaymentState.REVIEW,
    PaymentState.RETURNED,
)
_MEANING = {
    ProviderState.OPEN: PaymentState.OPEN,
    ProviderState.PROCESSING: PaymentState.PROCESSING,
    ProviderState.EXPIRED: PaymentState.EXPIRED,
    ProviderState.FAILED: PaymentState.FAILED,
    ProviderState.PAID: PaymentState.PAID,
}
#: A payment that may still bring money; while one is, no other may be started and no goods are released.
UNDECIDED = frozenset({PaymentState.STARTED, PaymentState.OPEN, PaymentState.PROCESSING})
#: Money that staff confirm may also come after the time was up, or after they had given up on it.
CAN_BE_CONFIRMED = frozenset({PaymentState.OPEN, PaymentState.EXPIRED, PaymentState.FAILED})


def learn(now: PaymentState, said: ProviderState) -> PaymentState:
    """The state after the provider said `said`: never a step back, and the same for every order of the same news."""
    return max(now, _MEANING[said], key=_RANK.index)
