"""What partners' programs are told: subscriptions, messages written with the facts they tell of, and the log of their delivery."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from kernel import audit, clock, outbox
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.ids import make_code, make_token
from kernel.inserts import insert_keyed_new
from kernel.paging import Page, read_page
from kernel.people import Actor
from kernel.sealing import seal, unseal
from orders.models.offer import AssortmentItem, Offer
from orders.models.partner import Partner, PartnerGroup, PartnerState
from orders.models.webhook import DeliveryState, WebhookDelivery, WebhookEvent, WebhookSubscription
from orders.wholesale.api_keys import ensure_may_keep_keys
from orders.wholesale.partners import subject_of

KIND = "webhook"
PURPOSE = "webhook secret"
#: As the Standard Webhooks specification writes secrets.
SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix, not a secret
#: How long both secrets sign after a change.
OVERLAP = timedelta(days=2)
#: After so long without a success a subscription pauses, and its partner is written to.
PATIENCE = timedelta(days=3)
MOST_SUBSCRIPTIONS = 10
LONGEST_URL = 500
PAGE_SIZE = 30


def subscribe(
    session: Session, actor: Actor, partner: Partner, url: str, events: Collection[str], *, sealing_secret: str
) -> tuple[WebhookSubscription, str]:
    """Send these events to `url` from now on; returns the signing secret, shown once. The address is checked by the sender.

    Raises NotAllowed, InvalidInput and Conflict.
    """
    ensure_may_keep_keys(session, actor, partner)
    wanted = _checked_events(events)
    if len(list_subscriptions(session, partner.id)) >= MOST_SUBSCRIPTIONS:
        raise Conflict(N_("There are %(most)s addresses already. Please end one that is not needed."), most=MOST_SUBSCRIPTIONS)
    secret = _new_secret()
    subscription = WebhookSubscription(
        code=make_code(),
        partner_id=partner.id,
        url=url[:LONGEST_URL],
        events=wanted,
        secret_sealed=seal(sealing_secret, PURPOSE, secret),
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    session.add(subscription)
    session.flush()
    audit.record(session, actor, "webhook.subscribed", subject_of(partner), {"webhook": subscription.code, "events": wanted})
    return subscription, secret


def change_events(session: Session, actor: Actor, partner: Partner, code: str, events: Collection[str]) -> None:
    """Tell it of other things from now on."""
    ensure_may_keep_keys(session, actor, partner)
    subscription = lock_subscription(session, partner, code)
    subscription.events = _checked_events(events)
    audit.record(session, actor, "webhook.events", subject_of(partner), {"webhook": code, "events": subscription.events})


def rotate_secret(session: Session, actor: Actor, partner: Partner, code: str, *, sealing_secret: str) -> str:
    """A new signing secret, shown once; the old one signs beside it for OVERLAP."""
    ensure_may_keep_keys(session, actor, partner)
    subscription = lock_subscription(session, partner, code)
    secret = _new_secret()
    subscription.old_secret_sealed, subscription.old_secret_ends_at = subscription.secret_sealed, clock.now() + OVERLAP
    subscription.secret_sealed = seal(sealing_secret, PURPOSE, secret)
    audit.record(session, actor, "webhook.secret", subject_of(partner), {"webhook": code})
    return secret


def end_subscription(session: Session, actor: Actor, partner: Partner, code: str) -> None:
    """Tell it nothing more; the log stays."""
    ensure_may_keep_keys(session, actor, partner)
    subscription = lock_subscription(session, partner, code)
    subscription.ended_at = clock.now()
    audit.record(session, actor, "webhook.ended", subject_of(partner), {"webhook": code})


def resume(session: Session, actor: Actor, partner: Partner, code: str) -> int:
    """End a pause and send what was held; how many messages."""
    ensure_may_keep_keys(session, actor, partner)
    subscription = lock_subscription(session, partner, code)
    subscription.paused_at = subscription.failing_from_at = None
    held = select(WebhookDelivery).where(
        WebhookDelivery.subscription_id == subscription.id, WebhookDelivery.state.in_((DeliveryState.HELD, DeliveryState.FAILED))
    )
    messages = session.scalars(held.order_by(WebhookDelivery.id)).all()
    for message in messages:
        _send_anew(session, message)
    audit.record(session, actor, "webhook.resumed", subject_of(partner), {"webhook": code, "messages": len(messages)})
    return len(messages)


def resend(session: Session, actor: Actor, partner: Partner, code: str, message_code: str) -> None:
    """Send one message again, whatever became of it: the receiver knows it by its id."""
    ensure_may_keep_keys(session, actor, partner)
    subscription = lock_subscription(session, partner, code)
    if subscription.paused_at is not None:
        raise Conflict(N_("This address is paused. Please resume it first."))
    statement = select(WebhookDelivery).where(WebhookDelivery.subscription_id == subscription.id, WebhookDelivery.code == message_code)
    message = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if message is None:
        raise NotFound
    _send_anew(session, message)


def ping(session: Session, actor: Actor, partner: Partner, code: str) -> None:
    """Send a message that says nothing, to try the receiver."""
    ensure_may_keep_keys(session, actor, partner)
    subscription = lock_subscription(session, partner, code)
    _write(session, [subscription], WebhookEvent.PING, f"ping:{make_token()[:12]}", {})


def announce(session: Session, partner_id: int, event: WebhookEvent, subject: str, facts: Mapping[str, Any]) -> int:
    """Tell a partner's programs, in the transaction of what happened. The same `subject` is told once; how many messages.

    `facts` are codes to look things up with, never figures: a message may end up in somebody's log.
    """
    return _write(session, _listeners(session, WebhookSubscription.partner_id == partner_id, event), event, subject, facts)


def announce_offer(
    session: Session, offer: Offer, event: WebhookEvent, about: str, facts: Mapping[str, Any], *, group_id: int | None = None
) -> int:
    """Tell every approved partner whose group sees the offer, or those of one group; others never learn that it exists."""
    seen = select(AssortmentItem.id).where(AssortmentItem.group_id == PartnerGroup.id, AssortmentItem.offer_id == offer.id).exists()
    groups = select(PartnerGroup.id).where(PartnerGroup.outlet_id == offer.outlet_id, or_(PartnerGroup.sees_everything, seen))
    if group_id is not None:
        groups = groups.where(PartnerGroup.id == group_id)
    return _write(session, _listeners(session, Partner.group_id.in_(groups), event), event, f"offer:{offer.code}:{about}", facts)


def list_listening_outlets(session: Session, event: WebhookEvent) -> set[int]:
    """The sellers of whom somebody wants to hear this at all."""
    statement = (
        select(Partner.outlet_id, WebhookSubscription.events)
        .join(WebhookSubscription, WebhookSubscription.partner_id == Partner.id)
        .where(WebhookSubscription.ended_at.is_(None), Partner.state == PartnerState.APPROVED)
    )
    return {outlet_id for outlet_id, events in session.execute(statement) if event.value in events}


def list_subscriptions(session: Session, partner_id: int) -> list[WebhookSubscription]:
    """Those that have not ended, the oldest first."""
    statement = select(WebhookSubscription).where(WebhookSubscription.partner_id == partner_id, WebhookSubscription.ended_at.is_(None))
    return list(session.scalars(statement.order_by(WebhookSubscription.id)))


def get_subscription(session: Session, partner_id: int, code: str) -> WebhookSubscription:
    """One of a partner's own; NotFound for every other."""
    found = [each for each in list_subscriptions(session, partner_id) if each.code == code.strip().upper()]
    if not found:
        raise NotFound
    return found[0]


def list_messages(session: Session, subscription_id: int, page: int = 1) -> Page[WebhookDelivery]:
    """The log of one subscription, the newest first."""
    statement = select(WebhookDelivery).where(WebhookDelivery.subscription_id == subscription_id)
    ordered = statement.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
    return read_page(session, ordered, number=page, size=PAGE_SIZE)


def lock_subscription(session: Session, partner: Partner, code: str) -> WebhookSubscription:
    """One of the partner's, its row locked until the commit; NotFound otherwise."""
    statement = select(WebhookSubscription).where(
        WebhookSubscription.partner_id == partner.id,
        WebhookSubscription.code == code.strip().upper(),
        WebhookSubscription.ended_at.is_(None),
    )
    found = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def secrets_of(subscription: WebhookSubscription, sealing_secret: str) -> list[bytes]:
    """The keys that sign now: the present one, and the old one while it overlaps."""
    sealed = [subscription.secret_sealed]
    if subscription.old_secret_ends_at is not None and subscription.old_secret_ends_at > clock.now():
        sealed.append(subscription.old_secret_sealed)
    return [base64.b64decode(unseal(sealing_secret, PURPOSE, each).removeprefix(SECRET_PREFIX)) for each in sealed]


# The sender's side.


def find_message(session: Session, message_id: int) -> WebhookDelivery | None:
    """A message with its subscription and partner, read anew."""
    statement = (
        select(WebhookDelivery)
        .where(WebhookDelivery.id == message_id)
        .options(joinedload(WebhookDelivery.subscription).joinedload(WebhookSubscription.partner))
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def record_delivered(session: Session, message_id: int, status: int) -> None:
    """The receiver took it; its address is well again."""
    message = session.get_one(WebhookDelivery, message_id)
    message.state, message.last_status, message.last_problem = DeliveryState.DELIVERED, status, ""
    message.attempts += 1
    message.tried_at = message.delivered_at = clock.now()
    session.get_one(WebhookSubscription, message.subscription_id).failing_from_at = None


def record_failed(session: Session, message_id: int, status: int | None, problem: str, *, is_last: bool) -> bool:
    """It did not arrive. Whether its address has been failing for so long that it pauses now; the partner is then written to."""
    message = session.get_one(WebhookDelivery, message_id)
    moment, subscription = clock.now(), session.get_one(WebhookSubscription, message.subscription_id)
    message.attempts += 1
    message.tried_at, message.last_status, message.last_problem = moment, status, problem[:40]
    if is_last:
        message.state = DeliveryState.FAILED
    if subscription.failing_from_at is None:
        subscription.failing_from_at = moment
    if subscription.paused_at is not None or subscription.failing_from_at > moment - PATIENCE:
        return False
    subscription.paused_at = moment
    partner = session.get_one(Partner, subscription.partner_id)
    payload = {
        "email": partner.contact_email,
        "language": partner.language,
        "name": partner.contact_name,
        "url": subscription.url,
        "since": subscription.failing_from_at.isoformat(),
    }
    outbox.enqueue(session, "mail.webhook_paused", f"mail.webhook_paused:{subscription.code}:{moment.isoformat()}", payload)
    return True


def record_held(session: Session, message_id: int) -> None:
    """Its address is paused: it waits until somebody resumes it."""
    session.get_one(WebhookDelivery, message_id).state = DeliveryState.HELD


def _listeners(session: Session, whose: Any, event: WebhookEvent) -> list[WebhookSubscription]:
    statement = (
        select(WebhookSubscription)
        .join(Partner, Partner.id == WebhookSubscription.partner_id)
        .where(whose, WebhookSubscription.ended_at.is_(None), Partner.state == PartnerState.APPROVED)
        .order_by(WebhookSubscription.id)
    )
    return [each for each in session.scalars(statement) if event.value in each.events]


def _write(
    session: Session, listeners: Collection[WebhookSubscription], event: WebhookEvent, subject: str, facts: Mapping[str, Any]
) -> int:
    moment = clock.now()
    rows = []
    for listener in listeners:
        code = f"evt_{secrets.token_hex(10)}"
        body = {"id": code, "type": event.value, "created_at": moment.isoformat(), "data": dict(facts)}
        rows.append(
            {
                "code": code,
                "subscription_id": listener.id,
                "event": event,
                "subject": subject,
                "body": json.dumps(body, separators=(",", ":")),
                "state": DeliveryState.WAITING,
                "last_status": None,
                "created_at": moment,
                "tried_at": None,
                "delivered_at": None,
            }
        )
    made = insert_keyed_new(session, WebhookDelivery, rows, "code") if rows else {}
    for code, message_id in made.items():
        outbox.enqueue(session, KIND, f"{KIND}:{code}:0", {"message": message_id})
    return len(made)


def _send_anew(session: Session, message: WebhookDelivery) -> None:
    message.resends += 1
    message.state = DeliveryState.WAITING
    session.flush()
    outbox.enqueue(session, KIND, f"{KIND}:{message.code}:{message.resends}", {"message": message.id})


def _checked_events(events: Collection[str]) -> list[str]:
    offered = [event.value for event in WebhookEvent if event is not WebhookEvent.PING]
    wanted = [event for event in offered if event in set(events)]
    if not wanted or len(wanted) != len(set(events)):
        raise InvalidInput(N_("Choose at least one event."), field="events")
    return wanted


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
