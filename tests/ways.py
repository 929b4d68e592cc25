"""Follows what a person is shown: every link and every form of the pages they can reach, beginning where they come in."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

#: Statuses behind something that was shown and should not have been.
DEAD_ENDS = frozenset({400, 401, 403, 404, 405, 410})
#: Addresses of one route that are asked for: the first of a long list say what the others would.
OF_A_KIND = 2


@dataclass
class Form:
    """A form as a page shows it: where it leads, how, and what it sends when its first button is pressed untouched."""

    method: str
    action: str
    values: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The links and forms of one page, in their order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: tuple[str, Form | None] = "", None
        self._pressed: set[int] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("method", "get").lower(), given.get("action", ""))
            self._by_id[given.get("id", "")] = self._form
            self.forms.append(self._form)
        elif tag in ("input", "textarea", "button", "select", "option"):
            self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if "form" in given else self._form
        kind = given.get("type", "submit" if tag == "button" else "text")
        if tag == "select":
            self._select = given.get("name", ""), form
        elif tag == "option":
            self._option(given)
        elif form is not None and "disabled" not in given:
            self._input(form, kind, given)

    def _option(self, given: dict[str, str]) -> None:
        """The chosen one counts; where none is, the first."""
        name, form = self._select
        if form is not None and ("selected" in given or all(known != name for known, _ in form.values)):
            form.values = [(known, value) for known, value in form.values if known != name] + [(name, given.get("value", ""))]

    def _input(self, form: Form, kind: str, given: dict[str, str]) -> None:
        if kind in ("submit", "image"):
            if id(form) in self._pressed:
                return
            self._pressed.add(id(form))
            form.action = given.get("formaction", form.action)
        elif kind in ("button", "reset", "file") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        if given.get("name"):
            form.values.append((given["name"], given.get("value", "on" if kind == "checkbox" else "")))


#: Asks for an address: "GET" or "POST", the path, and what a form sends -> the status, where it leads to, and the page if it is one.
Ask = Callable[[str, str, list[tuple[str, str]]], tuple[int, str, str]]


@dataclass
class Walk:
    """One person's way through the house. Each path is asked for once; of one route, and of its filters, only the first few."""

    app: Flask
    ask: Ask
    #: Which endpoints are looked at; links to others are asked for by somebody else.
    is_theirs: Callable[[str], bool]
    seen: set[tuple[str, str]] = field(default_factory=set)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    waiting: deque[tuple[str, str]] = field(default_factory=deque)

    def faults(self, *doors: str) -> Iterator[str]:
        """What is wrong behind anything that is shown on the way from `doors`: "POST /office/x: 403, shown on /office/y"."""
        self.waiting.extend((door, "the door") for door in doors)
        while self.waiting:
            address, shown_on = self.waiting.popleft()
            if not self._is_next("GET", address):
                continue
            status, location, html = self.ask("GET", address, [])
            if is_dead(status):
                yield f"GET {address}: {status}, shown on {shown_on}"
                continue
            if location:
                self.waiting.append((urljoin(address, location), shown_on))
            yield from self._look_at(address, Page(html))

    def _look_at(self, address: str, page: Page) -> Iterator[str]:
        self.waiting.extend((urldefrag(urljoin(address, link))[0], address) for link in page.links)
        for form in page.forms:
            target = urldefrag(urljoin(address, form.action))[0]
            if form.method == "get":
                self.waiting.append((target.partition("?")[0], address))
            elif self._is_next("POST", target):
                status, _location, _html = self.ask("POST", target, form.values)
                if is_dead(status):
                    yield f"POST {target}: {status}, shown on {address}"

    def _is_next(self, method: str, address: str) -> bool:
        """Whether it is of this house, in the language of the house, somebody's own, and not asked for yet. Unknown addresses are."""
        parts = urlsplit(address)
        if parts.netloc not in ("", "localhost") or parts.scheme not in ("", "http") or parts.path.startswith("/en"):
            return False
        route = self._endpoint(method, parts.path)
        key = (method, f"{route}?" if parts.query else parts.path)
        if key in self.seen or self.taken[method, route] >= OF_A_KIND or (route and not self.is_theirs(route)):
            return False
        self.seen.add(key)
        self.taken[method, route] += 1
        return True

    def _endpoint(self, method: str, path: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(path, method=method)[0])
        except HTTPException:
            return ""


def is_dead(status: int) -> bool:
    """Whether nobody should have been shown the way here."""
    return status in DEAD_ENDS or status >= 500
