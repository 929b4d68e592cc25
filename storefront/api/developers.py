"""The API's document for machines, and the page that explains it to the people who write them."""

from __future__ import annotations

import hashlib
import json

from flask import Response, current_app, render_template, request

from kernel.errors import N_
from storefront.api.catalogue import OPERATIONS
from storefront.api.openapi import make_document
from storefront.api.serving import PUBLIC_CACHE
from storefront.i18n import current_language
from storefront.templating import current_settings, external

_EXTENSION = "etalase.api_document"
#: One text per language, so that it can be read and changed as a whole.
TEXTS = {"id": "api/_developers_id.html", "en": "api/_developers_en.html"}
#: The parts of the table, with their headings.
TAGS = (
    ("public", N_("Open to everybody")),
    ("offers", N_("Offers, prices, stock and papers")),
    ("trade", N_("Quotes, orders and invoices")),
)


def openapi() -> Response:
    """The document; it is made once for each address under which we are reached."""
    body = _document(external("/api/v1"))
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = PUBLIC_CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response


def developers() -> str:
    """How to call, with every operation in a table."""
    base = external("/api/v1")
    return render_template(
        "api/developers.html",
        text=TEXTS[current_language()],
        tags=TAGS,
        operations=OPERATIONS,
        base=base,
        document_address=f"{base}/openapi.json",
    )


def _document(server: str) -> bytes:
    made: dict[str, bytes] = current_app.extensions.setdefault(_EXTENSION, {})
    if server not in made:
        made.clear()
        title = f"{current_settings().shop_name} API"
        made[server] = json.dumps(make_document(OPERATIONS, title=title, server=server, contact_url=external("/about"))).encode()
    return made[server]
