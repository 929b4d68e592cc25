"""The /v1 addresses the SDK calls, as one table: verb, rule, parameters and the handler behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.refusals import Refusal, missing
from storefront.integrations.stripe_stand_in.store import StripeObject
from storefront.integrations.stripe_stand_in.validation import Params

USUAL_PAGE, LARGEST_PAGE = 10, 100


@dataclass(frozen=True, slots=True)
class Call:
    """One request: checked parameters, its path, the id in it (or ""), and the address browsers know us by."""

    params: Params
    path: str
    object_id: str
    public_url: str


Handler = Callable[[Bank, Call], StripeObject]


@dataclass(frozen=True, slots=True)
class Endpoint:
    verb: str
    rule: str
    params: str  # a name in validation.PARAMETERS
    handler: Handler


def retrieve(kind: str) -> Handler:
    def handler(bank: Bank, call: Call) -> StripeObject:
        return bank.store.public(bank.store.get(call.object_id, kind), call.params.get("expand", []))

    return handler


def listing(kind: str, *filters: str) -> Handler:
    """A page, newest first; `filters` are the parameters that must equal the field of the same name."""

    def handler(bank: Bank, call: Call) -> StripeObject:
        bank.sessions.sweep()
        wanted = {name: call.params[name] for name in filters if name in call.params}
        found = [item for item in bank.store.of_kind(kind) if all(item.get(name) == wanted[name] for name in wanted)]
        return _page(bank, [item for item in found if _is_within(item["created"], call.params)], call)

    return handler


def list_events(bank: Bank, call: Call) -> StripeObject:
    bank.sessions.sweep()
    types = call.params.get("types") or [call.params.get("type")]
    found = [event for event in bank.store.of_kind("event") if types == [None] or event["type"] in types]
    return _page(bank, [event for event in found if _is_within(event["created"], call.params)], call)


def open_session(bank: Bank, call: Call) -> StripeObject:
    return _sent(bank, call, bank.sessions.open(call.params, call.public_url))


def retrieve_session(bank: Bank, call: Call) -> StripeObject:
    return _sent(bank, call, bank.sessions.get(call.object_id))


def expire_session(bank: Bank, call: Call) -> StripeObject:
    return _sent(bank, call, bank.sessions.expire(call.object_id))


def list_line_items(bank: Bank, call: Call) -> StripeObject:
    lines = bank.sessions.get(call.object_id)["_lines"]
    return {
        "object": "list",
        "url": call.path,
        "has_more": False,
        "data": [{"id": f"li_{number}", "object": "item", **line} for number, line in enumerate(lines)],
    }


def refund(bank: Bank, call: Call) -> StripeObject:
    return _sent(bank, call, bank.charges.refund(call.params))


def create_webhook_endpoint(bank: Bank, call: Call) -> StripeObject:
    try:
        endpoint = bank.webhooks.register(call.params["url"], enabled_events=call.params["enabled_events"])
    except ValueError as error:
        raise Refusal(str(error), code="url_invalid", param="url") from None
    return {**bank.store.public(endpoint), "secret": endpoint["_secret"]}


ENDPOINTS = (
    Endpoint("POST", "/checkout/sessions", "session.create", open_session),
    Endpoint("GET", "/checkout/sessions", "session.list", listing("checkout.session", "payment_intent", "status")),
    Endpoint("GET", "/checkout/sessions/<object_id>", "session.retrieve", retrieve_session),
    Endpoint("GET", "/checkout/sessions/<object_id>/line_items", "session.line_items", list_line_items),
    Endpoint("POST", "/checkout/sessions/<object_id>/expire", "session.expire", expire_session),
    Endpoint("GET", "/payment_intents", "payment_intent.list", listing("payment_intent")),
    Endpoint("GET", "/payment_intents/<object_id>", "payment_intent.retrieve", retrieve("payment_intent")),
    Endpoint("GET", "/charges", "charge.list", listing("charge", "payment_intent")),
    Endpoint("GET", "/charges/<object_id>", "charge.retrieve", retrieve("charge")),
    Endpoint("POST", "/refunds", "refund.create", refund),
    Endpoint("GET", "/refunds", "refund.list", listing("refund", "payment_intent", "charge")),
    Endpoint("GET", "/refunds/<object_id>", "refund.retrieve", retrieve("refund")),
    Endpoint("GET", "/events", "event.list", list_events),
    Endpoint("GET", "/events/<object_id>", "event.retrieve", retrieve("event")),
    Endpoint("POST", "/webhook_endpoints", "webhook_endpoint.create", create_webhook_endpoint),
    Endpoint("GET", "/webhook_endpoints", "webhook_endpoint.list", listing("webhook_endpoint")),
)


def _sent(bank: Bank, call: Call, found: StripeObject) -> StripeObject:
    return bank.store.public(found, call.params.get("expand", []))


def _page(bank: Bank, found: list[StripeObject], call: Call) -> StripeObject:
    """Stripe's cursors: `starting_after` goes on to older objects, `ending_before` back to newer ones."""
    params = call.params
    ids = [item["id"] for item in found]
    limit = params.get("limit", USUAL_PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refusal("Limit must be between 1 and 100.", code="parameter_invalid_integer", param="limit")
    for cursor in ("starting_after", "ending_before"):
        if cursor in params and params[cursor] not in ids:
            raise missing("object", params[cursor])
    if "ending_before" in params:
        newer = found[: ids.index(params["ending_before"])]
        page, has_more = newer[-limit:], len(newer) > limit
    else:
        rest = found[ids.index(params["starting_after"]) + 1 :] if "starting_after" in params else found
        page, has_more = rest[:limit], len(rest) > limit
    expand = [path.removeprefix("data.") for path in params.get("expand", [])]
    return {
        "object": "list",
        "url": call.path,
        "has_more": has_more,
        "data": [bank.store.public(item, expand) for item in page],
    }


def _is_within(created: int, params: Mapping[str, Any]) -> bool:
    wanted = params.get("created")
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return created == wanted
    compare = {
        "gt": created.__gt__,
        "gte": created.__ge__,
        "lt": created.__lt__,
        "lte": created.__le__,
    }
    return all(compare[name](bound) for name, bound in wanted.items())
