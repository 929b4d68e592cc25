"""A page with the till's printing modules and nothing else: files come straight from static/, no server is needed."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Browser, Error, Page, Route

from tests.house.sources import ROOT

ORIGIN = "https://till.example"
_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>t</title><link rel="stylesheet" href="/base/reset.css">'
    '<link rel="stylesheet" href="/counter/print.css">'
    '<script type="application/json" id="till-facts">{facts}</script><main>not on paper</main>'
)


@contextmanager
def opened(browser: Browser, facts: dict[str, Any]) -> Iterator[Page]:
    """The page with those facts, under the policy of the till's page."""
    html = _PAGE.format(facts=json.dumps(facts))

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        policy = {"Content-Security-Policy": "default-src 'self'; connect-src 'self' http://127.0.0.1:*"}
        if path == "/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=policy)
            return
        file = ROOT / "static" / path.removeprefix("/")
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/javascript")

    context = browser.new_context()
    # What a person allows once: that the shop's page may speak to a program on this machine. Older ones ask nobody.
    with suppress(Error):
        context.grant_permissions(["local-network-access"], origin=ORIGIN)
    page = context.new_page()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")
    try:
        yield page
    finally:
        context.close()
