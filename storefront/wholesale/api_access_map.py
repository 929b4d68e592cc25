"""URL map of a partner's own API access; storefront.wholesale.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.routing import Route
from storefront.wholesale import api_access

FORM, POST = ("GET", "POST"), ("POST",)
BUY = Permission.BUY_WHOLESALE

ROUTES: list[Route] = [
    Route("/company/keys", api_access.own_keys, BUY, FORM),
    Route("/company/keys/<key>/<act>", api_access.own_key_act, BUY, POST),
    Route("/company/webhooks", api_access.own_webhooks, BUY, FORM),
    Route("/company/webhooks/<webhook>", api_access.own_webhook, BUY),
    Route("/company/webhooks/<webhook>/<act>", api_access.own_webhook_act, BUY, POST),
]
