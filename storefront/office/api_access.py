"""A partner's API access (its keys and webhooks) in the office that looks after it."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from orders.wholesale.partners import get_partner
from storefront import api_access_pages
from storefront.api_access_pages import Door
from storefront.database import reading
from storefront.security import current_actor

TEMPLATES = {
    "keys": "office/api_access/keys.html",
    "secret": "office/api_access/secret.html",
    "webhooks": "office/api_access/webhooks.html",
    "webhook": "office/api_access/webhook.html",
}
#: Short name of a page -> endpoint.
ENDPOINTS = {
    "keys": "office.partner_keys",
    "key_act": "office.partner_key_act",
    "webhooks": "office.partner_webhooks",
    "webhook": "office.partner_webhook",
    "webhook_act": "office.partner_webhook_act",
}


def partner_keys(partner: str) -> ResponseReturnValue:
    """Its keys."""
    return api_access_pages.keys(_door(partner))


def partner_key_act(partner: str, key: str, act: str) -> ResponseReturnValue:
    """Replace or revoke one."""
    return api_access_pages.key_act(_door(partner), key, act)


def partner_webhooks(partner: str) -> ResponseReturnValue:
    """Its webhooks."""
    return api_access_pages.webhook_list(_door(partner))


def partner_webhook(partner: str, webhook: str) -> ResponseReturnValue:
    """One of them, with its log."""
    return api_access_pages.webhook(_door(partner), webhook)


def partner_webhook_act(partner: str, webhook: str, act: str) -> ResponseReturnValue:
    """One step about it."""
    return api_access_pages.webhook_act(_door(partner), webhook, act)


def _door(code: str) -> Door:
    """The partner, when it lies in reach; 404 otherwise."""
    partner = get_partner(reading(), current_actor(), code)

    def address(name: str, **values: Any) -> str:
        return url_for(ENDPOINTS[name], partner=partner.code, **values)

    def show(name: str, status: int, **values: Any) -> ResponseReturnValue:
        return render_template(TEMPLATES[name], **values, state_of=api_access_pages.state_of), status, {"Cache-Control": "no-store"}

    return Door(partner, [each for each in partner.buyers if each.is_active], address, show)
