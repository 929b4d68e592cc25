"""The money at the stand-in: payment intents, charges, refunds, and the totals a shop must agree with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storefront.integrations.stripe_stand_in.cards import Card, Outcome
from storefront.integrations.stripe_stand_in.refusals import Refusal
from storefront.integrations.stripe_stand_in.store import Store, StripeObject

Emit = Callable[[str, StripeObject], None]

MESSAGES = {
    "card_declined": "Your card was declined.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "payment_intent_authentication_failure": "We are unable to authenticate your payment method.",
    "payment_intent_payment_attempt_expired": "The buyer did not pay in time.",
}
UNFINISHED = {"requires_payment_method", "requires_confirmation", "requires_action", "processing"}


class Charges:
    """Moves intents through Stripe's states; the caller holds the store's lock."""

    def __init__(self, store: Store, emit: Emit) -> None:
        self._store = store
        self._emit = emit

    def open_intent(self, amount: int, currency: str, **fields: Any) -> StripeObject:
        intent = self._store.add(
            "payment_intent",
            amount=amount,
            amount_received=0,
            amount_capturable=0,
            currency=currency,
            capture_method="automatic_async",
            confirmation_method="automatic",
            status="requires_payment_method",
            payment_method=None,
            latest_charge=None,
            last_payment_error=None,
            next_action=None,
            canceled_at=None,
            **fields,
        )
        self._emit("payment_intent.created", intent)
        return intent

    def confirm(self, intent: StripeObject, card: Card, bank_page: str) -> None:
        """Try the card: paid, waiting for the buyer's bank at `bank_page`, or a Refusal with the decline."""
        intent["payment_method"], intent["_card"] = f"pm_{card.brand}_{card.last4}", card.number
        if card.outcome is Outcome.ASKS_THE_BANK:
            intent["status"] = "requires_action"
            intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"url": bank_page}}
            self._emit("payment_intent.requires_action", intent)
        elif card.outcome is Outcome.DECLINED:
            self.decline(intent, card.code or "card_declined", card.decline_code, card_details(card))
        else:
            self.capture(intent, card_details(card))

    def wait(self, intent: StripeObject, kind: str) -> None:
        """A late method: the buyer is done, the money is not here."""
        intent.update(status="processing", payment_method=f"pm_{kind}")
        self._emit("payment_intent.processing", intent)

    def capture(self, intent: StripeObject, details: StripeObject) -> None:
        charge = self._charge(intent, details, status="succeeded", paid=True, captured=True)
        charge["amount_captured"] = intent["amount"]
        intent.update(status="succeeded", amount_received=intent["amount"], next_action=None, last_payment_error=None)
        self._emit("charge.succeeded", charge)
        self._emit("payment_intent.succeeded", intent)

    def decline(self, intent: StripeObject, code: str, decline_code: str | None, details: StripeObject) -> None:
        charge = self._charge(intent, details, status="failed", paid=False, captured=False, failure_code=code)
        refusal = Refusal(MESSAGES[code], status=402, kind="card_error", code=code, decline_code=decline_code, charge=charge["id"])
        intent.update(
            status="requires_payment_method",
            payment_method=None,
            next_action=None,
            last_payment_error=refusal.body["error"],
        )
        self._emit("charge.failed", charge)
        self._emit("payment_intent.payment_failed", intent)
        raise refusal

    def cancel(self, intent: StripeObject) -> None:
        if intent["status"] in UNFINISHED:
            intent.update(status="canceled", canceled_at=intent["created"], next_action=None)
            self._emit("payment_intent.canceled", intent)

    def refund(self, params: StripeObject) -> StripeObject:
        """All that is left, or `amount` of it; never above what was captured."""
        charge = self._charge_to_refund(params)
        left = charge["amount_captured"] - charge["amount_refunded"]
        if left == 0:
            raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
        amount = params.get("amount", left)
        if not 0 < amount <= left:
            raise Refusal(f"Refund amount ({amount}) is greater than unrefunded amount ({left})", param="amount")
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        refund = self._store.add(
            "refund",
            amount=amount,
            currency=charge["currency"],
            charge=charge["id"],
            payment_intent=charge["payment_intent"],
            status="succeeded",
            reason=params.get("reason"),
            metadata=params.get("metadata") or {},
        )
        self._emit("refund.created", refund)
        self._emit("charge.refunded", charge)
        return refund

    def totals(self) -> StripeObject:
        """What was captured and refunded, in whole rupiah, altogether and by order code."""
        orders: dict[str, dict[str, int]] = {}
        for charge in self._store.of_kind("charge"):
            if charge["currency"] == "idr":
                order = orders.setdefault(charge["metadata"].get("order_code", ""), {"captured": 0, "refunded": 0})
                order["captured"] += charge["amount_captured"] // 100
                order["refunded"] += charge["amount_refunded"] // 100
        captured = sum(order["captured"] for order in orders.values())
        refunded = sum(order["refunded"] for order in orders.values())
        return {"captured": captured, "refunded": refunded, "kept": captured - refunded, "orders": orders}

    def _charge(self, intent: StripeObject, details: StripeObject, **fields: Any) -> StripeObject:
        charge = self._store.add(
            "charge",
            amount=intent["amount"],
            amount_captured=0,
            amount_refunded=0,
            currency=intent["currency"],
            refunded=False,
            payment_intent=intent["id"],
            payment_method=intent["payment_method"],
            payment_method_details=details,
            metadata=intent["metadata"],
            **fields,
        )
        intent["latest_charge"] = charge["id"]
        return charge

    def _charge_to_refund(self, params: StripeObject) -> StripeObject:
        charge_id = params.get("charge")
        if charge_id is None:
            if "payment_intent" not in params:
                raise Refusal("One of the following params should be provided: payment_intent or charge.")
            intent = self._store.get(params["payment_intent"], "payment_intent")
            if intent["status"] != "succeeded":
                raise Refusal("This PaymentIntent does not have a successful charge to refund.")
            charge_id = intent["latest_charge"]
        return self._store.get(charge_id, "charge")


def late_details(kind: str) -> StripeObject:
    return {"type": kind, kind: {}}


def card_details(card: Card) -> StripeObject:
    return {"type": "card", "card": {"brand": card.brand, "last4": card.last4, "country": "ID"}}
