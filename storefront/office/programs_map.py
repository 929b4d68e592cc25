"""URL map of partners' keys and webhooks in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import programs
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
MANAGE = Permission.MANAGE_WHOLESALE

ROUTES: list[Route] = [
    Route("/partners/<partner>/keys", programs.partner_keys, MANAGE, FORM, step_up=True),
    Route("/partners/<partner>/keys/<key>/<act>", programs.partner_key_act, MANAGE, POST, step_up=True),
    Route("/partners/<partner>/webhooks", programs.partner_webhooks, MANAGE, FORM, step_up=True),
    Route("/partners/<partner>/webhooks/<webhook>", programs.partner_webhook, MANAGE),
    Route("/partners/<partner>/webhooks/<webhook>/<act>", programs.partner_webhook_act, MANAGE, POST, step_up=True),
]
