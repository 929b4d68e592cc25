"""The stand-in as a Flask application: the SDK's addresses, the hosted pages, the switches."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import NotFound

from storefront.integrations.stripe_stand_in import api, control, pages
from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.refusals import Refusal

LARGEST_BODY = 512 * 1024


def create_app(bank: Bank, *, public_url: str | None = None) -> Flask:
    """`public_url` is how browsers reach it, when that is not how the shop does."""
    app = Flask(__name__, static_url_path="/_stand_in/static")
    app.config.update(PUBLIC_URL=public_url and public_url.rstrip("/"), MAX_CONTENT_LENGTH=LARGEST_BODY)
    for room in (api, pages, control):
        app.register_blueprint(room.make_blueprint(bank))
    app.register_error_handler(404, _unknown_address)
    return app


def _unknown_address(error: NotFound) -> tuple[dict[str, Any], int] | NotFound:
    """The SDK reads JSON only, also when it asks for something this stand-in does not have."""
    if not request.path.startswith("/v1/"):
        return error
    return Refusal(f"Unrecognized request URL ({request.method}: {request.path}).").body, 404
