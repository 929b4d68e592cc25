"""The scan page: the phone's camera where there is one, a plain box where not; a known code leads to its page."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from catalog.provenance.codes import LONGEST, read_code
from catalog.provenance.packs import find_by_code
from catalog.variants import find_variant_by_number
from storefront.database import reading
from storefront.provenance.resolver import page_of
from storefront.security import talisman

#: Only this page and the till run the scanner's WebAssembly and use the camera.
POLICY = {
    "default-src": "'self'",
    "script-src": ["'self'", "'wasm-unsafe-eval'"],
    "img-src": ["'self'", "data:"],
    "media-src": ["'self'", "blob:"],
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
_with_camera: Callable[[Callable[[], ResponseReturnValue]], Callable[[], ResponseReturnValue]] = talisman(
    content_security_policy=POLICY, permissions_policy={"camera": "(self)", "microphone": "()"}
)


@_with_camera
def scan() -> ResponseReturnValue:
    """The page without a code; with one, the page of its pack or lot, or what can be done when we do not know it."""
    text = "".join(sign for sign in request.args.get("code", "") if sign.isprintable() or sign == "\x1d").strip()[:LONGEST]
    if not text:
        return render_template("provenance/scan.html", code="")
    address = _address_of(text)
    if address:
        return redirect(address, 303)
    return render_template("provenance/scan.html", code=text), 404


def _address_of(text: str) -> str:
    """Where the code leads, in the page's language; empty when we do not know it."""
    scanned = read_code(text)
    variant = find_variant_by_number(reading(), scanned.number)
    pack = find_by_code(reading(), variant.code, scanned.lot[:20]) if variant else None
    return page_of(pack) if pack else ""
