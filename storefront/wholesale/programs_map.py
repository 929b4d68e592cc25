"""URL map of a partner's own keys and webhooks; storefront.wholesale.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.routing import Route
from storefront.wholesale import programs

FORM, POST = ("GET", "POST"), ("POST",)
BUY = Permission.BUY_WHOLESALE

ROUTES: list[Route] = [
    Route("/company/keys", programs.own_keys, BUY, FORM),
    Route("/company/keys/<key>/<act>", programs.own_key_act, BUY, POST),
    Route("/company/webhooks", programs.own_webhooks, BUY, FORM),
    Route("/company/webhooks/<webhook>", programs.own_webhook, BUY),
    Route("/company/webhooks/<webhook>/<act>", programs.own_webhook_act, BUY, POST),
]
