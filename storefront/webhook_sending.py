"""Sends the webhooks that wait in the outbox: signed, each on its own, outside of any transaction (docs/webhooks.md)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from kernel import clock, crashpoints, outbox
from kernel.outbox import Claim
from orders.models.webhook import DeliveryState
from orders.wholesale import watching, webhooks
from storefront.database import end_reading, reading, transaction
from storefront.integrations import safe_post
from storefront.integrations.safe_post import NoAnswer, Rules, UnsafeTarget
from storefront.logs import log
from storefront.templating import current_settings

#: Messages of one round: a slow receiver takes up to five seconds, and others wait behind it.
AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is needed to send one message, read before the network is asked."""

    url: str
    code: str
    body: bytes
    keys: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The receiver's status, or a word for why there is none."""

    status: int | None
    problem: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send_waiting_webhooks(limit: int = AT_ONCE) -> int:
    """Send what is due; how many were taken. What fails is tried again by the outbox, later and later."""
    with transaction() as session:
        claims = outbox.claim_due(session, limit, webhooks.KIND)
    return sum(_send(claim) for claim in claims)


def watch_offers() -> int:
    """What days and sales change about offers, told to programs and to those who follow the lists; how many messages."""
    with transaction() as session:
        watching.touch_turned(session)
        return watching.tell_expired_papers(session) + watching.tell_low_stock(session)


def sending_rules() -> Rules:
    """Who may be called: the public internet by https; in a demo and in tests this machine too."""
    return Rules(allows_loopback=not current_settings().is_production)


def sign(code: str, moment: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The three headers of the Standard Webhooks specification; one signature for every key that signs now."""
    content = f"{code}.{moment}.".encode() + body
    signatures = [base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys]
    return {
        "webhook-id": code,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def _send(claim: Claim) -> bool:
    letter = _read(claim)
    if letter is None:
        return False
    outcome = _post(letter)
    crashpoints.here("webhook.sent")
    message_id = int(claim.payload["message"])
    with transaction() as session:
        if outcome.is_taken:
            outbox.record_sent(session, claim)
            webhooks.record_delivered(session, message_id, outcome.status or 0)
            return True
        outbox.record_failure(session, claim, NoAnswer(outcome.problem))
        if webhooks.record_failed(session, message_id, outcome.status, outcome.problem, is_last=claim.is_last):
            log.warning("webhook paused", message=letter.code)
    return False


def _read(claim: Claim) -> _Letter | None:
    """The letter; None when there is nothing to send (any more). A paused address holds it without another try."""
    message = webhooks.find_message(reading(), int(claim.payload["message"]))
    subscription = message.subscription if message is not None else None
    if message is None or subscription is None or subscription.ended_at is not None or message.state is DeliveryState.DELIVERED:
        end_reading()
        with transaction() as session:
            outbox.record_sent(session, claim)
        return None
    if subscription.paused_at is not None:
        number = message.id
        end_reading()
        with transaction() as session:
            webhooks.record_held(session, number)
            outbox.record_sent(session, claim)
        return None
    keys = webhooks.secrets_of(subscription, current_settings().secret_key)
    letter = _Letter(subscription.url, message.code, message.body.encode(), keys)
    end_reading()
    return letter


def _post(letter: _Letter) -> _Outcome:
    headers = {"Content-Type": "application/json", "User-Agent": "Etalase-Webhooks/1"}
    headers |= sign(letter.code, int(clock.real_now().timestamp()), letter.body, letter.keys)
    try:
        return _Outcome(safe_post.post(letter.url, letter.body, headers, sending_rules()))
    except NoAnswer as failure:
        return _Outcome(None, failure.problem)
    except UnsafeTarget:
        return _Outcome(None, "unsafe address")
