"""Stripe's documented test cards and what each of them does (docs.stripe.com/testing)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    PAID = "paid"
    DECLINED = "declined"
    ASKS_THE_BANK = "asks_the_bank"  # 3-D Secure


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    outcome: Outcome
    brand: str = "visa"
    code: str | None = None
    decline_code: str | None = None

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        return " ".join(self.number[start : start + 4] for start in range(0, 16, 4))


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", Outcome.PAID),
        Card("5555555555554444", Outcome.PAID, "mastercard"),
        Card("4000003600000006", Outcome.PAID),
        Card("4000000000003220", Outcome.ASKS_THE_BANK),
        Card("4000002500003155", Outcome.ASKS_THE_BANK),
        Card("4000002760003184", Outcome.ASKS_THE_BANK),
        Card("4000000000000002", Outcome.DECLINED, code="card_declined", decline_code="generic_decline"),
        Card("4000000000009995", Outcome.DECLINED, code="card_declined", decline_code="insufficient_funds"),
        Card("4000000000009987", Outcome.DECLINED, code="card_declined", decline_code="lost_card"),
        Card("4000000000000069", Outcome.DECLINED, code="expired_card", decline_code="expired_card"),
        Card("4000000000000127", Outcome.DECLINED, code="incorrect_cvc", decline_code="incorrect_cvc"),
        Card("4000000000000119", Outcome.DECLINED, code="processing_error", decline_code="processing_error"),
    )
}
#: The three a newcomer is shown on the page.
SHOWN = (CARDS["4242424242424242"], CARDS["4000000000000002"], CARDS["4000000000003220"])
