"""A partner's own API access: its keys and webhooks, for its approvers."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from orders.models.partner import Partner
from orders.wholesale.buyers import list_buyers
from storefront import api_access_pages
from storefront.api_access_pages import Door
from storefront.database import reading
from storefront.wholesale.frame import enter_approver, show

TEMPLATES = {
    "keys": "wholesale/api_access/keys.html",
    "secret": "wholesale/api_access/secret.html",
    "webhooks": "wholesale/api_access/webhooks.html",
    "webhook": "wholesale/api_access/webhook.html",
}
#: Short name of a page -> endpoint.
ENDPOINTS = {
    "keys": "wholesale.own_keys",
    "key_act": "wholesale.own_key_act",
    "webhooks": "wholesale.own_webhooks",
    "webhook": "wholesale.own_webhook",
    "webhook_act": "wholesale.own_webhook_act",
}


def own_keys() -> ResponseReturnValue:
    """Our keys."""
    return api_access_pages.keys(_door())


def own_key_act(key: str, act: str) -> ResponseReturnValue:
    """Replace or revoke one."""
    return api_access_pages.key_act(_door(), key, act)


def own_webhooks() -> ResponseReturnValue:
    """Our webhooks."""
    return api_access_pages.webhook_list(_door())


def own_webhook(webhook: str) -> ResponseReturnValue:
    """One of them, with its log."""
    return api_access_pages.webhook(_door(), webhook)


def own_webhook_act(webhook: str, act: str) -> ResponseReturnValue:
    """One step about it."""
    return api_access_pages.webhook_act(_door(), webhook, act)


def _door() -> Door:
    """Our own company; NotAllowed for a buyer who does not look after it."""
    buyer = enter_approver()
    session = reading()
    partner = session.get_one(Partner, buyer.audience.partner_id)

    def address(name: str, **values: Any) -> str:
        return url_for(ENDPOINTS[name], **values)

    def page(name: str, status: int, **values: Any) -> ResponseReturnValue:
        return show(TEMPLATES[name], buyer, status, **values, state_of=api_access_pages.state_of)

    return Door(partner, [each for each in list_buyers(session, partner.id) if each.is_active], address, page)
