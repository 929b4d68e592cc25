"""What every way of paying promises: requests, facts, errors, the Gateway protocol, the local ways, and a Null twin.

Nothing here knows Flask, Stripe or the database. An adapter (storefront/integrations/) turns a provider's answers into
`ProviderFacts`; `orders.payments` decides what those facts mean for an order. Every amount is whole rupiah.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar, runtime_checkable

from kernel.errors import DomainError
from kernel.money import LARGEST_AMOUNT
from orders.gateway_refusals import (
    ClockDisagrees,
    GatewayRefused,
    GatewayUnavailable,
    OpeningTooLate,
    WebhookOutOfTime,
    WebhookRefused,
)
from orders.qris import LARGEST_PAYMENT

#: The refusals are part of the protocol and are imported from here.
__all__ = [
    "ClockDisagrees",
    "GatewayRefused",
    "GatewayUnavailable",
    "OpeningTooLate",
    "WebhookOutOfTime",
    "WebhookRefused",
]

#: How long a hosted payment page stays open. Stripe refuses less than 30 minutes counted on its own clock, so one
#: minute is added for the way there; a hold must outlive it (35 minutes, docs/decisions).
SESSION_LIFE = timedelta(minutes=31)

T = TypeVar("T")
LOCAL_REFERENCE = re.compile(r"(pickup|qris|transfer)-(.+)-([0-9]{1,18})-([0-9]{1,12})")


class PaymentMethod(StrEnum):
    STRIPE = "stripe"
    PAY_AT_PICKUP = "pay_at_pickup"
    #: The outlet's own QRIS code, made out for the amount.
    QRIS = "qris"
    BANK_TRANSFER = "bank_transfer"
    #: At the counter: notes and coins, and the bank's card terminal beside the till.
    CASH = "cash"
    CARD_TERMINAL = "card_terminal"


#: Money that arrives at the outlet without telling us: staff confirm it (docs/payments.md).
CONFIRMED_BY_STAFF = frozenset({PaymentMethod.QRIS, PaymentMethod.BANK_TRANSFER})
#: Ways without a provider: an attempt is open as soon as it is made, and we close it by ourselves.
LOCAL = CONFIRMED_BY_STAFF | {PaymentMethod.PAY_AT_PICKUP}
#: Ways whose provider can be asked what it received; at a counter nobody is there to ask.
AT_PROVIDER = frozenset({PaymentMethod.STRIPE})
#: Promises that last for a day or longer: never for the last piece, and only so many for a phone number (docs/stock.md).
PAID_LATER = frozenset({PaymentMethod.PAY_AT_PICKUP, PaymentMethod.BANK_TRANSFER})


class ProviderState(StrEnum):
    """What the provider says about one payment; only PAID is money."""

    OPEN = "open"  # the buyer may still pay
    PROCESSING = "processing"  # the buyer is done, the money is still on its way (QRIS, virtual account)
    PAID = "paid"
    FAILED = "failed"  # the money will not come
    EXPIRED = "expired"  # closed before anybody paid; it can no longer be paid


class ProviderRefundState(StrEnum):
    """What the provider says about one refund."""

    PENDING = "pending"  # accepted, the buyer does not have it yet
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One line the buyer reads on the payment page: a product, or delivery, or a fee."""

    name: str
    quantity: int
    unit_price: int

    @property
    def total(self) -> int:
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """Everything a provider needs to collect one payment attempt of one order.

    `idempotency_key` must be derived from the order and the attempt (`idempotency_key_of`), never random: whoever asks
    again after a lost answer gets the payment that was already opened. `success_url` may hold no secret of the shop
    beyond the order's own guest token.
    """

    order_code: str
    order_token: str
    payment_id: int
    attempt: int
    amount: int
    lines: tuple[PaymentLine, ...]
    language: str
    email: str | None
    expires_at: datetime
    success_url: str
    cancel_url: str
    idempotency_key: str

    @property
    def lines_total(self) -> int:
        return sum(line.total for line in self.lines)


@dataclass(frozen=True, slots=True)
class StartedPayment:
    """`reference` names the payment at the provider; without `redirect_url` the buyer stays with us."""

    reference: str
    redirect_url: str | None


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What the provider holds to be true right now; compare all of it before believing that an order is paid."""

    reference: str
    state: ProviderState
    amount: int
    currency: str
    order_code: str
    payment_id: int
    payment_intent: str | None


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What the provider holds to be true about one refund."""

    reference: str
    state: ProviderRefundState
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A verified message of a provider: a reason to look (`Gateway.fetch(reference)`), never a fact by itself.

    `id` is unique per event and repeats when the provider delivers again. `reference` is the `StartedPayment.reference`
    (Stripe: the Checkout Session's id), or None where the event is about something else. `order_code` is the order
    that the message claims to be about, where it names one.
    """

    id: str
    type: str
    reference: str | None
    payment_intent: str | None
    created_at: datetime
    order_code: str | None = None
    #: Whole rupiah and currency that the message claims, where it names them.
    amount: int | None = None
    currency: str | None = None

    def agrees_with(self, facts: ProviderFacts) -> bool:
        """Whether the message claims the amount and currency that the provider holds to be true."""
        return self.amount in (None, facts.amount) and self.currency in (None, facts.currency)


class Gateway(Protocol):
    """One way to collect money. Each call may raise GatewayUnavailable (unknown) or GatewayRefused (certain no).

    Call it with no lock held and no transaction open: it may cross the network.
    """

    @property
    def method(self) -> PaymentMethod: ...

    @property
    def minimum(self) -> int:
        """The smallest amount that can be paid this way."""

    @property
    def maximum(self) -> int:
        """The largest amount that can be paid this way."""

    def start(self, request: PaymentRequest) -> StartedPayment:
        """Open the payment, or return the one already opened under the same idempotency key."""

    def fetch(self, reference: str) -> ProviderFacts:
        """Read the facts anew."""

    def expire(self, reference: str) -> ProviderFacts:
        """Close the payment if it is still open and return the facts after that.

        The answer may be PAID or PROCESSING: the buyer was faster, and stock must not be released.
        """


@runtime_checkable
class RefundingGateway(Gateway, Protocol):
    """A gateway whose provider gives money back by itself; for the others staff give cash or make a transfer."""

    def refund(self, reference: str, amount: int, idempotency_key: str) -> RefundFacts:
        """Give back `amount` of the payment `reference`, or tell how the refund under this key stands.

        However often it is asked with the same key, also after a lost answer, there is one refund.
        """


class SignedGateway(Gateway, Protocol):
    """A gateway whose provider sends signed messages."""

    def verify_webhook(self, body: bytes, signature: str | None, now: datetime) -> WebhookEvent:
        """The event in the raw `body`; raises WebhookRefused unless the provider signed it just now."""


def idempotency_key_of(order_code: str, attempt: int) -> str:
    """The one key of this attempt, the same however often it is retried."""
    return f"order-{order_code}-attempt-{attempt}"


class LocalGateway:
    """Money that no provider reports: nobody to ask, so the reference itself carries the facts.

    It is always open or expired here; what staff see is a fact of our own (`orders.fulfilment`, `orders.manual_payments`).
    """

    method: PaymentMethod
    word: str
    minimum = 1
    maximum = LARGEST_AMOUNT

    def start(self, request: PaymentRequest) -> StartedPayment:
        _refuse_wrong_total(request)
        return StartedPayment(f"{self.word}-{request.order_code}-{request.payment_id}-{request.amount}", None)

    def fetch(self, reference: str) -> ProviderFacts:
        return self._facts(reference, ProviderState.OPEN)

    def expire(self, reference: str) -> ProviderFacts:
        return self._facts(reference, ProviderState.EXPIRED)

    def _facts(self, reference: str, state: ProviderState) -> ProviderFacts:
        parts = LOCAL_REFERENCE.fullmatch(reference)
        if parts is None or parts[1] != self.word:
            raise GatewayRefused
        _word, order_code, payment_id, amount = parts.groups()
        return ProviderFacts(reference, state, int(amount), "idr", order_code, int(payment_id), None)


class PayAtPickupGateway(LocalGateway):
    """Money that changes hands at the counter."""

    method = PaymentMethod.PAY_AT_PICKUP
    word = "pickup"


class QrisGateway(LocalGateway):
    """The outlet's own QRIS code, made out for the amount."""

    method = PaymentMethod.QRIS
    word = "qris"
    maximum = LARGEST_PAYMENT


class BankTransferGateway(LocalGateway):
    """A transfer to the outlet's account with the order code as its reference."""

    method = PaymentMethod.BANK_TRANSFER
    word = "transfer"


class NullGateway:
    """The twin for tests: keeps payments in memory and plays the outcomes a test scripts.

    `settle` says what the provider holds; `fail_next` makes the next call raise, before the work or, as with a lost
    answer, after it; `calls` tells what was asked, in order.
    """

    minimum = 1
    maximum = LARGEST_AMOUNT

    def __init__(self, method: PaymentMethod = PaymentMethod.STRIPE, page: str = "https://pay.example") -> None:
        self.method = method
        self.page = page
        self.calls: list[tuple[str, str]] = []
        self.requests: dict[str, PaymentRequest] = {}  # by idempotency key
        self._payments: dict[str, ProviderFacts] = {}
        self._reference_of: dict[str, str] = {}  # by idempotency key
        self._failures: list[tuple[DomainError, bool]] = []
        self.refunds: dict[str, RefundFacts] = {}  # by idempotency key
        self.refund_state = ProviderRefundState.SUCCEEDED
        self._refunded: dict[str, int] = {}  # by reference

    def start(self, request: PaymentRequest) -> StartedPayment:
        self.calls.append(("start", request.idempotency_key))
        return self._answer(lambda: self._open(request))

    def fetch(self, reference: str) -> ProviderFacts:
        self.calls.append(("fetch", reference))
        return self._answer(lambda: self._known(reference))

    def expire(self, reference: str) -> ProviderFacts:
        self.calls.append(("expire", reference))
        return self._answer(lambda: self._close(reference))

    def refund(self, reference: str, amount: int, idempotency_key: str) -> RefundFacts:
        self.calls.append(("refund", idempotency_key))
        return self._answer(lambda: self._give_back(reference, amount, idempotency_key))

    # -- what a test scripts

    def settle(
        self,
        reference: str,
        state: ProviderState = ProviderState.PAID,
        *,
        amount: int | None = None,
        currency: str | None = None,
        order_code: str | None = None,
    ) -> ProviderFacts:
        """Let the provider hold `state` from now on; amount, currency and order may be made wrong on purpose."""
        known = self._known(reference)
        intent = f"pi_{reference}" if state is ProviderState.PAID else known.payment_intent
        self._payments[reference] = facts = replace(
            known,
            state=state,
            amount=known.amount if amount is None else amount,
            currency=currency or known.currency,
            order_code=order_code or known.order_code,
            payment_intent=intent,
        )
        return facts

    def fail_next(self, error: DomainError | None = None, *, after_the_work: bool = False) -> None:
        """Make the next call raise (GatewayUnavailable unless told); several calls queue up."""
        self._failures.append((error or GatewayUnavailable(), after_the_work))

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(self._payments)

    # -- how it works

    def _answer(self, work: Callable[[], T]) -> T:
        if not self._failures:
            return work()
        error, after_the_work = self._failures.pop(0)
        if after_the_work:
            work()
        raise error

    def _open(self, request: PaymentRequest) -> StartedPayment:
        _refuse_wrong_total(request)
        if (known := self.requests.get(request.idempotency_key)) is not None and known != request:
            raise GatewayRefused
        reference = self._reference_of.setdefault(request.idempotency_key, f"null_{len(self._reference_of) + 1}")
        self.requests[request.idempotency_key] = request
        self._payments.setdefault(
            reference,
            ProviderFacts(reference, ProviderState.OPEN, request.amount, "idr", request.order_code, request.payment_id, None),
        )
        return StartedPayment(reference, f"{self.page}/{reference}")

    def _known(self, reference: str) -> ProviderFacts:
        if reference not in self._payments:
            raise GatewayRefused
        return self._payments[reference]

    def _close(self, reference: str) -> ProviderFacts:
        facts = self._known(reference)
        if facts.state is ProviderState.OPEN:
            facts = self._payments[reference] = replace(facts, state=ProviderState.EXPIRED)
        return facts

    def _give_back(self, reference: str, amount: int, key: str) -> RefundFacts:
        if key not in self.refunds:
            paid = self._known(reference)
            before = self._refunded.get(reference, 0)
            if paid.state is not ProviderState.PAID or before + amount > paid.amount:
                raise GatewayRefused
            self._refunded[reference] = before + amount
            self.refunds[key] = RefundFacts(f"null_refund_{len(self.refunds) + 1}", self.refund_state, amount, paid.currency)
        return replace(self.refunds[key], state=self.refund_state)


def _refuse_wrong_total(request: PaymentRequest) -> None:
    if request.amount < 1 or request.lines_total != request.amount:
        raise GatewayRefused
