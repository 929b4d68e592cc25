"""A partner's keys and webhooks in the office that looks after it."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from orders.wholesale.partners import get_partner
from storefront import program_pages
from storefront.database import reading
from storefront.program_pages import Door
from storefront.security import current_actor

TEMPLATES = {
    "keys": "office/programs/keys.html",
    "secret": "office/programs/secret.html",
    "webhooks": "office/programs/webhooks.html",
    "webhook": "office/programs/webhook.html",
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
    return program_pages.keys(_door(partner))


def partner_key_act(partner: str, key: str, act: str) -> ResponseReturnValue:
    """Replace or revoke one."""
    return program_pages.key_act(_door(partner), key, act)


def partner_webhooks(partner: str) -> ResponseReturnValue:
    """Its webhooks."""
    return program_pages.webhook_list(_door(partner))


def partner_webhook(partner: str, webhook: str) -> ResponseReturnValue:
    """One of them, with its log."""
    return program_pages.webhook(_door(partner), webhook)


def partner_webhook_act(partner: str, webhook: str, act: str) -> ResponseReturnValue:
    """One step about it."""
    return program_pages.webhook_act(_door(partner), webhook, act)


def _door(code: str) -> Door:
    """The partner, when it lies in reach; 404 otherwise."""
    partner = get_partner(reading(), current_actor(), code)

    def address(name: str, **values: Any) -> str:
        return url_for(ENDPOINTS[name], partner=partner.code, **values)

    def show(name: str, status: int, **values: Any) -> ResponseReturnValue:
        return render_template(TEMPLATES[name], **values, state_of=program_pages.state_of), status, {"Cache-Control": "no-store"}

    return Door(partner, [each for each in partner.buyers if each.is_active], address, show)
