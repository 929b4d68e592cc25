"""URL map of partners' API access in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import api_access
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
MANAGE = Permission.MANAGE_WHOLESALE

ROUTES: list[Route] = [
    Route("/partners/<partner>/keys", api_access.partner_keys, MANAGE, FORM, step_up=True),
    Route("/partners/<partner>/keys/<key>/<act>", api_access.partner_key_act, MANAGE, POST, step_up=True),
    Route("/partners/<partner>/webhooks", api_access.partner_webhooks, MANAGE, FORM, step_up=True),
    Route("/partners/<partner>/webhooks/<webhook>", api_access.partner_webhook, MANAGE),
    Route("/partners/<partner>/webhooks/<webhook>/<act>", api_access.partner_webhook_act, MANAGE, POST, step_up=True),
]
