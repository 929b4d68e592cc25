"""Checkout Sessions: opened by the shop, paid by a buyer on the hosted page, or run out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from storefront.integrations.stripe_stand_in.cards import CARDS, Card
from storefront.integrations.stripe_stand_in.charges import Charges, Emit, card_details, late_details
from storefront.integrations.stripe_stand_in.refusals import Refusal
from storefront.integrations.stripe_stand_in.store import Store, StripeObject, unix_now

SHORTEST_LIFE, LONGEST_LIFE = 30 * 60, 24 * 60 * 60
#: About half a US dollar, in the currency's hundredths.
SMALLEST_TOTAL = {"idr": 800_000, "usd": 50}
METADATA_KEYS, KEY_LENGTH, VALUE_LENGTH = 50, 40, 500


class Sessions:
    """Every change of a session; the caller holds the store's lock."""

    def __init__(self, store: Store, charges: Charges, emit: Emit) -> None:
        self._store = store
        self._charges = charges
        self._emit = emit

    def open(self, params: StripeObject, base: str) -> StripeObject:
        lines = [_line(number, line) for number, line in enumerate(params.get("line_items", []))]
        total = sum(line["amount_total"] for line in lines)
        _refuse_unusable(params, lines, total)
        session = self._store.add(
            "checkout.session",
            mode="payment",
            ui_mode="hosted_page",
            status="open",
            payment_status="unpaid",
            currency=lines[0]["currency"],
            amount_subtotal=total,
            amount_total=total,
            client_reference_id=params.get("client_reference_id"),
            customer=None,
            customer_email=params.get("customer_email"),
            customer_details=None,
            metadata=params.get("metadata") or {},
            payment_intent=None,
            success_url=params["success_url"],
            cancel_url=params.get("cancel_url"),
            locale=params.get("locale"),
            adaptive_pricing=params.get("adaptive_pricing"),
            expires_at=params.get("expires_at", unix_now() + LONGEST_LIFE),
            url=None,
            _lines=lines,
            _intent_metadata=params.get("payment_intent_data", {}).get("metadata") or {},
        )
        session["url"] = session["_page"] = f"{base}/c/pay/{session['id']}"
        return session

    def get(self, session_id: str) -> StripeObject:
        """The session as it is at this moment: whoever looks too late finds it expired."""
        session = self._store.get(session_id, "checkout.session")
        if session["status"] == "open" and session["expires_at"] <= unix_now():
            self._close(session)
        return session

    def sweep(self) -> None:
        """Close every session whose time has come, and tell the shop."""
        for session in self._store.of_kind("checkout.session"):
            self.get(session["id"])

    def expire(self, session_id: str) -> StripeObject:
        session = self.get(session_id)
        if session["status"] != "open":
            raise Refusal('Only Checkout Sessions with a status in ["open"] can be expired.', param="session")
        self._close(session)
        return session

    def pay(self, session: StripeObject, card: Card, email: str, bank_page: str) -> str | None:
        """Try a card on an open session.

        Returns the bank's page where the buyer must agree first, or None once it is paid. `bank_page` is the address
        of that page with `{intent}` in it. Raises Refusal when the card is declined; the session stays open.
        """
        intent = self._intent(session, email)
        self._charges.confirm(intent, card, bank_page.format(intent=intent["id"]))
        if intent["status"] == "requires_action":
            return str(intent["next_action"]["redirect_to_url"]["url"])
        self._complete(session, "paid")
        return None

    def authenticate(self, session: StripeObject, *, agreed: bool) -> None:
        """The buyer's answer to the bank; Refusal when they did not agree."""
        intent = self._store.get(session["payment_intent"], "payment_intent")
        details = card_details(CARDS[intent["_card"]])
        if not agreed:
            self._charges.decline(intent, "payment_intent_authentication_failure", None, details)
        self._charges.capture(intent, details)
        self._complete(session, "paid")

    def promise(self, session: StripeObject, kind: str, email: str) -> None:
        """A late method was chosen: the session is complete and nothing is paid yet."""
        self._charges.wait(self._intent(session, email), kind)
        self._complete(session, "unpaid")

    def settle(self, session: StripeObject, *, arrived: bool) -> None:
        """The promised money arrives, or never will."""
        intent_id = session["payment_intent"]
        intent = self._store.get(intent_id, "payment_intent") if intent_id else None
        if session["status"] != "complete" or intent is None or intent["status"] != "processing":
            raise Refusal("Only a complete and unpaid session can be settled.")
        details = late_details(intent["payment_method"].removeprefix("pm_"))
        if arrived:
            self._charges.capture(intent, details)
            session["payment_status"] = "paid"
            self._emit("checkout.session.async_payment_succeeded", session)
            return
        try:
            self._charges.decline(intent, "payment_intent_payment_attempt_expired", None, details)
        except Refusal:
            self._emit("checkout.session.async_payment_failed", session)

    def of_intent(self, intent_id: str) -> StripeObject:
        for session in self._store.of_kind("checkout.session"):
            if session["payment_intent"] == intent_id:
                return self.get(session["id"])
        raise Refusal("No session belongs to this payment.", status=404)

    def _intent(self, session: StripeObject, email: str) -> StripeObject:
        session["customer_details"] = {"email": email, "name": None, "phone": None, "address": None}
        if session["payment_intent"]:
            return self._store.get(session["payment_intent"], "payment_intent")
        intent = self._charges.open_intent(session["amount_total"], session["currency"], metadata=session["_intent_metadata"])
        session["payment_intent"] = intent["id"]
        return intent

    def _complete(self, session: StripeObject, payment_status: str) -> None:
        session.update(status="complete", payment_status=payment_status, url=None)
        self._emit("checkout.session.completed", session)

    def _close(self, session: StripeObject) -> None:
        if session["payment_intent"]:
            self._charges.cancel(self._store.get(session["payment_intent"], "payment_intent"))
        session.update(status="expired", url=None)
        self._emit("checkout.session.expired", session)


def _line(number: int, line: StripeObject) -> StripeObject:
    where = f"line_items[{number}]"
    price: dict[str, Any] = line.get("price_data") or {}
    name = str((price.get("product_data") or {}).get("name", "")).strip()
    quantity, unit_amount = line.get("quantity", 1), price.get("unit_amount", -1)
    if not name:
        raise Refusal("You must specify price_data with a product_data name.", param=f"{where}[price_data]")
    if quantity < 1:
        raise Refusal("Quantity must be at least 1.", code="parameter_invalid_integer", param=f"{where}[quantity]")
    if unit_amount < 0:
        param = f"{where}[price_data][unit_amount]"
        raise Refusal("Amounts must not be negative.", code="parameter_invalid_integer", param=param)
    return {
        "description": name,
        "quantity": quantity,
        "currency": str(price["currency"]).lower(),
        "amount_total": unit_amount * quantity,
    }


def _refuse_unusable(params: StripeObject, lines: list[StripeObject], total: int) -> None:
    if params.get("mode") != "payment" or params.get("ui_mode", "hosted_page") != "hosted_page":
        raise Refusal("This stand-in opens hosted pages in payment mode only.", param="ui_mode")
    if not lines:
        raise Refusal("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if len({line["currency"] for line in lines}) > 1:
        raise Refusal("All line items must have the same currency.", param="line_items")
    if total < SMALLEST_TOTAL.get(lines[0]["currency"], 50):
        message = "The Checkout Session's total amount must convert to at least 50 cents."
        raise Refusal(message, code="amount_too_small", param="line_items")
    for name in ("success_url", "cancel_url"):
        address = urlsplit(params.get(name) or ("" if name == "success_url" else "http://none"))
        if address.scheme not in ("http", "https") or not address.netloc:
            raise Refusal("Not a valid URL", code="url_invalid", param=name)
    if not SHORTEST_LIFE <= params.get("expires_at", unix_now() + LONGEST_LIFE) - unix_now() <= LONGEST_LIFE:
        message = "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from now."
        raise Refusal(message, param="expires_at")
    _refuse_long_metadata(params)


def _refuse_long_metadata(params: StripeObject) -> None:
    for about in (params.get("metadata") or {}, (params.get("payment_intent_data") or {}).get("metadata") or {}):
        if len(about) > METADATA_KEYS or any(len(key) > KEY_LENGTH or len(about[key]) > VALUE_LENGTH for key in about):
            raise Refusal("Metadata takes 50 keys of 40 characters, with values of 500.", param="metadata")
