"""What partners' programs are told: once for each thing, only what they asked for, held while paused, and written about after days."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM, Actor
from orders.models.webhook import DeliveryState, WebhookDelivery, WebhookEvent, WebhookSubscription
from orders.wholesale import webhooks
from orders.wholesale.webhooks import OVERLAP, PATIENCE
from tests.make_api import Trade, make_trade
from tests.make_wholesale import make_group, make_partner

SEAL = "a-secret-for-tests-only-0123456789"
NOON = datetime(2026, 11, 30, 5, tzinfo=UTC)
URL = "https://mart.example.com/hook"


@pytest.fixture
def trade(session: Session) -> Trade:
    return make_trade(session)


def subscribe(session: Session, trade: Trade, *events: str) -> WebhookSubscription:
    return webhooks.subscribe(session, SYSTEM, trade.partner, URL, events or ("order.shipped",), sealing_secret=SEAL)[0]


def announce(session: Session, trade: Trade, code: str = "AAAA3333") -> int:
    facts = {"order": code}
    return webhooks.announce(session, trade.partner.id, WebhookEvent.ORDER_SHIPPED, f"order:{code}", facts)


def messages(session: Session) -> list[WebhookDelivery]:
    return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id).execution_options(populate_existing=True)))


def waiting(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "webhook").order_by(OutboxMessage.id)))


def test_the_same_thing_is_told_once(session: Session, trade: Trade) -> None:
    subscribe(session, trade)
    assert [announce(session, trade), announce(session, trade), announce(session, trade, "CCCC4444")] == [1, 0, 1]
    assert len(waiting(session)) == 2
    body = json.loads(messages(session)[0].body)
    assert body["type"] == "order.shipped"
    assert body["data"] == {"order": "AAAA3333"}
    assert body["id"] == messages(session)[0].code


def test_only_what_was_asked_for_and_only_by_whom(session: Session, trade: Trade) -> None:
    subscribe(session, trade, "invoice.issued")
    other = make_partner(session, trade.outlet, make_group(session, trade.outlet, "Rivals"), name="Saingan")
    webhooks.subscribe(session, SYSTEM, other, URL, ["order.shipped"], sealing_secret=SEAL)
    assert announce(session, trade) == 0
    assert webhooks.announce(session, other.id, WebhookEvent.ORDER_SHIPPED, "order:X", {}) == 1


@pytest.mark.parametrize("events", [(), ("order.shipped", "everything"), ("ping",)])
def test_only_events_that_exist_can_be_chosen(session: Session, trade: Trade, events: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        webhooks.subscribe(session, SYSTEM, trade.partner, URL, events, sealing_secret=SEAL)


def test_a_stranger_may_do_nothing(session: Session, trade: Trade) -> None:
    hook = subscribe(session, trade)
    for act in (webhooks.ping, webhooks.resume, webhooks.end_subscription):
        with pytest.raises(NotAllowed):
            act(session, Actor(None, "nobody"), trade.partner, hook.code)


def test_another_partners_address_is_not_there(session: Session, trade: Trade) -> None:
    hook = subscribe(session, trade)
    other = make_partner(session, trade.outlet, make_group(session, trade.outlet, "Rivals"), name="Saingan")
    with pytest.raises(NotFound):
        webhooks.ping(session, SYSTEM, other, hook.code)
    with pytest.raises(NotFound):
        webhooks.get_subscription(session, other.id, hook.code)


def test_both_secrets_sign_until_the_overlap_is_over(session: Session, trade: Trade) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        hook = subscribe(session, trade)
        [old] = webhooks.secrets_of(hook, SEAL)
        webhooks.rotate_secret(session, SYSTEM, trade.partner, hook.code, sealing_secret=SEAL)
        new, beside = webhooks.secrets_of(hook, SEAL)
        assert (beside, new != old) == (old, True)
        assert len(new) == 32
        clock.move_to(NOON + OVERLAP)
        assert webhooks.secrets_of(hook, SEAL) == [new]


def test_the_secret_is_not_in_the_database(session: Session, trade: Trade) -> None:
    hook, secret = webhooks.subscribe(session, SYSTEM, trade.partner, URL, ["order.shipped"], sealing_secret=SEAL)
    assert secret.removeprefix("whsec_") not in hook.secret_sealed


def test_after_days_of_failure_it_pauses_and_the_partner_is_written_to_once(session: Session, trade: Trade) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        subscribe(session, trade)
        announce(session, trade)
        [message] = messages(session)
        assert webhooks.record_failed(session, message.id, 500, "", is_last=False) is False
        clock.move_to(NOON + PATIENCE)
        assert webhooks.record_failed(session, message.id, None, "timeout", is_last=False) is True
        assert webhooks.record_failed(session, message.id, None, "timeout", is_last=True) is False
    letters = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.webhook_paused")).all()
    assert [letter.payload["url"] for letter in letters] == [URL]


def test_a_success_in_between_ends_the_count(session: Session, trade: Trade) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        hook = subscribe(session, trade)
        announce(session, trade)
        announce(session, trade, "CCCC4444")
        first, second = messages(session)
        webhooks.record_failed(session, first.id, 500, "", is_last=False)
        webhooks.record_delivered(session, second.id, 204)
        assert hook.failing_from_at is None
        clock.move_to(NOON + PATIENCE)
        assert webhooks.record_failed(session, first.id, 500, "", is_last=False) is False


def test_resuming_sends_what_was_held_under_new_keys(session: Session, trade: Trade) -> None:
    hook = subscribe(session, trade)
    announce(session, trade)
    [message] = messages(session)
    hook.paused_at = NOON
    webhooks.record_held(session, message.id)
    session.flush()
    with pytest.raises(Conflict):
        webhooks.resend(session, SYSTEM, trade.partner, hook.code, message.code)
    assert webhooks.resume(session, SYSTEM, trade.partner, hook.code) == 1
    assert messages(session)[0].state is DeliveryState.WAITING
    assert [each.key for each in waiting(session)] == [f"webhook:{message.code}:0", f"webhook:{message.code}:1"]


def test_a_message_can_be_sent_again_and_stays_the_same(session: Session, trade: Trade) -> None:
    hook = subscribe(session, trade)
    announce(session, trade)
    [before] = [(each.code, each.body) for each in messages(session)]
    webhooks.record_delivered(session, messages(session)[0].id, 200)
    webhooks.resend(session, SYSTEM, trade.partner, hook.code, before[0])
    assert [(each.code, each.body) for each in messages(session)] == [before]
    assert len(waiting(session)) == 2


def test_an_ended_address_hears_nothing(session: Session, trade: Trade) -> None:
    hook = subscribe(session, trade)
    webhooks.end_subscription(session, SYSTEM, trade.partner, hook.code)
    assert announce(session, trade) == 0
    assert webhooks.list_subscriptions(session, trade.partner.id) == []


def test_the_messages_outlast_a_day_and_a_half_of_silence() -> None:
    """F43: a receiver that is down for 24 hours still gets everything; tried for the last time after more than two days."""
    from kernel import outbox

    waits = [min(timedelta(seconds=15 * 2 ** min(attempt, 11)), outbox.LONGEST_WAIT["webhook"]) for attempt in range(1, 19)]
    assert outbox.most_attempts("webhook") == 19
    assert sum(waits, timedelta()) > timedelta(days=2)
    assert timedelta(days=1) < PATIENCE
