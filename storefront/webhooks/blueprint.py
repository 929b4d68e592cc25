"""URL map of messages from providers; each is signed, none carries a form token."""

from __future__ import annotations

from flask import Blueprint

from storefront.routing import Reach, Route, add_routes
from storefront.security import csrf
from storefront.webhooks import stripe_events

ROUTES: list[Route] = [
    Route("/stripe", stripe_events.stripe, Reach.SIGNATURE, ("POST",)),
]

blueprint = add_routes(Blueprint("webhooks", __name__, url_prefix="/webhooks"), ROUTES)
csrf.exempt(blueprint)
