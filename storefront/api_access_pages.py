"""Pages of a partner's API access, the same in the office and at the partner; each blueprint brings its frame and addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import N_, DomainError, NotAllowed, NotFound
from kernel.paging import parse_page
from orders.models.api_key import Scope
from orders.models.partner import Partner, PartnerBuyer
from orders.models.webhook import WebhookEvent, WebhookSubscription
from orders.wholesale import api_keys, webhooks
from orders.wholesale.webhooks import get_subscription
from storefront.api_access_forms import DELIVERIES, EVENTS, PROBLEMS, SCOPES, EventsForm, KeyForm, WebhookForm
from storefront.database import reading, transaction
from storefront.feed_links import feed_address
from storefront.fields import PageForm
from storefront.i18n import gettext as _
from storefront.integrations import safe_post
from storefront.security import current_actor
from storefront.templating import current_settings, external
from storefront.webhook_sending import sending_rules

#: Name of the page in the blueprint, and its values -> address.
Address = Callable[..., str]
#: Template's short name, status, values -> the page in the blueprint's frame.
Show = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Door:
    """Whose API access it is, who may be acted for, and how the blueprint addresses and shows its pages."""

    partner: Partner
    people: Sequence[PartnerBuyer]
    address: Address
    show: Show


def keys(door: Door) -> ResponseReturnValue:
    """All keys, and the form for a new one. The new secret is the answer to the POST itself: it has no address to ask again."""
    form = KeyForm(data={"buyer": door.people[0].user.code if door.people else ""})
    form.buyer.choices = [(each.user.code, each.user.name) for each in door.people]
    form.scopes.choices = [(scope.value, _(words)) for scope, words in SCOPES.items()]
    secrets: list[str] = []

    def work(session: Session) -> None:
        buyer = next(each for each in door.people if each.user.code == form.buyer.value)
        _key, secret = api_keys.issue_key(session, current_actor(), _partner(session, door), buyer, form.name.value, form.scopes.value)
        secrets.append(secret)

    if form.validate_on_submit() and _save(form, work):
        return _secret(door, secrets[0], "keys")
    found = api_keys.list_keys(reading(), door.partner.id)
    scope_words = {scope.value: _(words) for scope, words in SCOPES.items()}
    feeds = {key.code: feed_address(key.code, "csv") for key in found if Scope.CATALOGUE.value in key.scopes}
    return door.show("keys", _status(form), door=door, form=form, keys=found, now=clock.now(), scope_words=scope_words, feeds=feeds)


def key_act(door: Door, code: str, act: str) -> ResponseReturnValue:
    """Replace a key, or revoke it."""
    if act == "replace":
        with transaction() as session:
            _key, secret = api_keys.rotate_key(session, current_actor(), _partner(session, door), code)
        return _secret(door, secret, "keys")
    if act != "revoke":
        abort(404)
    with transaction() as session:
        api_keys.revoke_key(session, current_actor(), _partner(session, door), code)
    flash(_("The key opens nothing any more."), "success")
    return redirect(door.address("keys"), 303)


def webhook_list(door: Door) -> ResponseReturnValue:
    """All addresses, and the form for a new one."""
    form = WebhookForm()
    form.events.choices = _event_choices()
    secrets: list[str] = []

    def work(session: Session) -> None:
        safe_post.check_target(form.url.value, sending_rules())
        partner, seal = _partner(session, door), current_settings().secret_key
        _made, secret = webhooks.subscribe(session, current_actor(), partner, form.url.value, form.events.value, sealing_secret=seal)
        secrets.append(secret)

    if form.validate_on_submit() and _save(form, work):
        return _secret(door, secrets[0], "webhooks")
    found = webhooks.list_subscriptions(reading(), door.partner.id)
    return door.show("webhooks", _status(form), door=door, form=form, subscriptions=found, event_words=_event_words())


def webhook(door: Door, code: str) -> ResponseReturnValue:
    """One address: what it is told, how it stands, and the log of what was sent."""
    return _webhook_page(door, code, PageForm(formdata=None))


def webhook_act(door: Door, code: str, act: str) -> ResponseReturnValue:
    """One step about an address; a refusal is shown on its page."""
    actor, form = current_actor(), PageForm()
    acts: dict[str, Callable[[Session, Partner], object]] = {
        "ping": lambda session, partner: webhooks.ping(session, actor, partner, code),
        "resume": lambda session, partner: webhooks.resume(session, actor, partner, code),
        "end": lambda session, partner: webhooks.end_subscription(session, actor, partner, code),
        "resend": lambda session, partner: webhooks.resend(session, actor, partner, code, request.form.get("message", "")[:24]),
        "events": lambda session, partner: webhooks.change_events(session, actor, partner, code, request.form.getlist("events")),
    }
    if act == "secret":
        with transaction() as session:
            seal = current_settings().secret_key
            secret = webhooks.rotate_secret(session, actor, _partner(session, door), code, sealing_secret=seal)
        return _secret(door, secret, "webhooks")
    if act not in acts:
        abort(404)
    if not _save(form, lambda session: acts[act](session, _partner(session, door))):
        return _webhook_page(door, code, form, 409)
    flash(_ACTS[act](), "success")
    return redirect(door.address("webhooks") if act == "end" else door.address("webhook", webhook=code), 303)


_ACTS: dict[str, Callable[[], str]] = {
    "ping": lambda: _("A trial message is on its way. Its line appears below."),
    "resume": lambda: _("Messages go out again, those that were held first."),
    "end": lambda: _("Nothing more is sent to this address."),
    "resend": lambda: _("The message goes out again."),
    "events": lambda: _("The choice of events was saved."),
}


def _webhook_page(door: Door, code: str, form: PageForm, status: int = 200) -> ResponseReturnValue:
    session = reading()
    found = get_subscription(session, door.partner.id, code)
    number = parse_page(request.args.get("page", "")) if request.method == "GET" else 1
    events = EventsForm(formdata=None, data={"events": found.events})
    events.events.choices = _event_choices()
    return door.show(
        "webhook",
        status,
        door=door,
        form=form,
        events_form=events,
        subscription=found,
        page=webhooks.list_messages(session, found.id, number),
        page_url=lambda wanted: door.address("webhook", webhook=code, page=wanted),
        event_words=_event_words(),
        delivery_words=DELIVERIES,
        problem_words={word: _(words) for word, words in PROBLEMS.items()},
    )


def _secret(door: Door, secret: str, back: str) -> ResponseReturnValue:
    return door.show("secret", 200, door=door, secret=secret, back=door.address(back), is_key=back == "keys", base=external("/api/v1"))


def _partner(session: Session, door: Door) -> Partner:
    return session.get_one(Partner, door.partner.id)


def _event_choices() -> list[tuple[str, str]]:
    return [(event.value, _(words)) for event, words in EVENTS.items() if event is not WebhookEvent.PING]


def _event_words() -> dict[str, str]:
    return {event.value: _(words) for event, words in EVENTS.items()}


def _save(form: PageForm, work: Callable[[Session], object]) -> bool:
    """Do it; a refusal lands on the form, what is not there or not theirs stays a 404 or 403."""
    try:
        with transaction() as session:
            work(session)
    except (NotFound, NotAllowed):
        raise
    except safe_post.NoAnswer:
        form.refuse(safe_post.UnsafeTarget(N_("No server answers to this name."), field="url"))
        return False
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _status(form: PageForm) -> int:
    return 422 if form.is_submitted() else 200


def state_of(subscription: WebhookSubscription) -> str:
    """`paused`, `failing` or `well`, for the badge."""
    if subscription.paused_at is not None:
        return "paused"
    return "failing" if subscription.failing_from_at is not None else "well"
