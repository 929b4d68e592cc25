"""The till's page, the worker that keeps it without a network, its manifest and icons: the same for everybody who asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for

from kernel.locales import DEFAULT_LANGUAGE, LANGUAGES
from storefront.assets import YEAR
from storefront.counter import drawing, files
from storefront.counter.words import all_words
from storefront.documents.receipt_words import all_receipt_words
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.security import talisman
from storefront.templating import current_settings

#: What the page starts with; everything that these import comes along.
MODULES = ("counter/main.js",)
#: The buyer's screen beside it.
DISPLAY = "counter/display.js"
STYLES = ("base/tokens.css", "base/reset.css", "base/type.css", "base/forms.css")
#: What the worker runs on: Workbox, each part once.
WORKBOX = tuple(f"vendor/workbox/workbox-{part}.prod.js" for part in ("core", "routing", "strategies", "precaching"))
#: Loaded when a camera is turned on; kept from then on, and fetched ahead while the till has nothing to do.
LATER = ("vendor/barcode/ponyfill.js", "vendor/barcode/zxing_reader.wasm")

#: Only this page runs the scanner's WebAssembly and speaks to a printer's bridge on the same machine.
POLICY = {
    "default-src": "'self'",
    "script-src": ["'self'", "'wasm-unsafe-eval'"],
    "connect-src": ["'self'", "http://127.0.0.1:*", "http://localhost:*"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:"],
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


#: Allows this page its camera too.
_with_policy: Callable[[Callable[[], Response]], Callable[[], Response]] = talisman(
    content_security_policy=POLICY, permissions_policy={"camera": "(self)", "screen-wake-lock": "(self)", "microphone": "()"}
)


@_with_policy
def till() -> Response:
    """The page without any sale, person or price: a worker keeps this very answer and shows it without a network."""
    response = Response(_shell(), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    return response


@_with_policy
def display() -> Response:
    """The buyer's screen: it shows what the till of the same browser tells it."""
    response = Response(_display(), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    return response


def worker() -> Response:
    """The service worker, with the list of what it keeps; a changed file makes this answer another one, and so a new version."""
    source = files.find_file(files.WORKER).body.decode("utf-8")
    kept = {each.address for each in _kept()}
    facts = {
        "version": version(),
        "precache": [
            {"url": _base(), "revision": hashlib.sha256(_shell().encode()).hexdigest()[:12]},
            {"url": url_for("counter.display"), "revision": hashlib.sha256(_display().encode()).hexdigest()[:12]},
            *({"url": address, "revision": None} for address in sorted(kept)),
        ],
        "workbox": [files.find_file(name).address for name in WORKBOX],
        "later": _later(),
    }
    response = Response(f"self.TILL = {json.dumps(facts)};\n{source}", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def manifest() -> Response:
    """What an installed till is called and how it looks on a home screen."""
    name = _("Till of %(shop)s", shop=current_settings().shop_name)
    facts = {
        "id": "/counter/",
        "name": name,
        "short_name": _("Till"),
        "lang": current_language(),
        "start_url": _base(),
        "scope": _base(),
        "display": "standalone",
        "background_color": drawing.GROUND,
        "theme_color": drawing.FIELD,
        "icons": [
            {"src": _icon(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, (size, purpose) in drawing.ICONS.items()
        ],
    }
    response = Response(json.dumps(facts, ensure_ascii=False), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def icon(name: str) -> Response:
    """One icon, drawn by our own code."""
    if name not in drawing.ICONS:
        abort(404)
    response = Response(drawing.draw(name), mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def version() -> str:
    """Twelve characters that change with any file of the till: what a device says it runs."""
    parts = [each.fingerprint for each in (*_kept(), *(files.find_file(name) for name in (*LATER, files.WORKER)))]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def _kept() -> list[files.File]:
    return list({each.name: each for each in (*_modules(), *files.list_needed(DISPLAY), *_styles())}.values())


def _modules() -> list[files.File]:
    return files.list_needed(*MODULES)


def _styles() -> list[files.File]:
    found = [files.find_file(name) for name in STYLES]
    return found + files.list_of("counter/", ".css")


def _base() -> str:
    return url_for("counter.till")


def _later() -> list[str]:
    return [each.address for each in files.list_needed(*LATER)]


def _icon(name: str) -> str:
    return f"/counter/icons/{name}.png?v={drawing.fingerprint()}"


def _shell() -> str:
    return render_template(
        "counter/till.html",
        modules=[each.address for each in _modules()],
        start=files.find_file(MODULES[0]).address,
        styles=[each.address for each in _styles()],
        icon=_icon("192"),
        facts=_facts(),
    )


def _display() -> str:
    start = files.find_file(DISPLAY).address
    return render_template(
        "counter/display.html", start=start, styles=[each.address for each in _styles()], icon=_icon("192"), facts=_facts()
    )


def _facts() -> dict[str, Any]:
    """What the page's modules are told; nothing in it depends on who asks."""
    return {
        "version": version(),
        "language": current_language(),
        "shop": current_settings().shop_name,
        "base": _base(),
        "bases": [("" if each == DEFAULT_LANGUAGE else f"/{each}") + "/counter/" for each in LANGUAGES],
        "origin": current_settings().base_url or request.host_url.rstrip("/"),
        "later": _later(),
        "words": all_words(),
        "receipt": all_receipt_words(),
        "debug": current_app.debug,
    }
