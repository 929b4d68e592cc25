"""Reads the forms of a page as a browser does and fills them in plausibly, so that every form of the shop can be tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: What is typed into an empty box, by a part of its name; the first that fits.
TYPED = (
    ("email", "contoh-baru@example.org"),
    ("phone", "0812 3456 7891"),
    ("password", "sebuah kata sandi panjang"),
    ("current", "sandi-rahasia-uji"),
    ("price", "15000"),
    ("amount", "15000"),
    ("value", "15000"),
    ("quantity", "1"),
    ("counted", "1"),
    ("on_hand", "1"),
    ("weight", "100"),
    ("net", "100"),
    ("percent", "10"),
    ("limit", "1"),
    ("days", "7"),
    ("from_on", "2026-11-21"),
    ("_on", "2027-11-21"),
    ("_at", "2027-11-21"),
    ("year", "2026"),
    ("village", "Karang Agung"),
    ("place", "Karang Agung"),
    ("code", "123456"),
    ("gtin", ""),
    ("url", ""),
)


@dataclass
class Form:
    """One `<form method="post">`: where it goes and what it would send."""

    action: str
    sent: dict[str, str] = field(default_factory=dict)
    #: Every name the form knows, sent or not.
    names: set[str] = field(default_factory=set)
    has_file: bool = False


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._page = page
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._choice: str | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect links, forms and their fields."""
        has = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        if tag == "form":
            self._form = Form(has.get("action") or self._page) if has.get("method", "get").lower() == "post" else None
            if self._form:
                self.forms.append(self._form)
                self._by_id[has.get("id", "")] = self._form
        elif "form" in has and tag == "input":  # stands elsewhere on the page and belongs to that form
            if (owner := self._by_id.get(has["form"])) and has.get("name"):
                owner.names.add(has["name"])
                self._read_input(owner, has["name"], has, tag)
        elif self._form is not None:
            self._read_field(tag, has)

    def _read_field(self, tag: str, has: dict[str, str]) -> None:
        form, name = self._form, has.get("name", "")
        assert form is not None
        if tag == "option" and self._choice is not None:
            value = has.get("value", "")
            if "selected" in has or (value and not form.sent.get(self._choice)):
                form.sent[self._choice] = value
            return
        if not name:
            return
        form.names.add(name)
        if tag == "select":
            self._choice = name
            form.sent.setdefault(name, "")
        elif tag == "textarea":
            self._text = name
            form.sent[name] = ""
        elif tag in ("input", "button"):
            self._read_input(form, name, has, tag)

    @staticmethod
    def _read_input(form: Form, name: str, has: dict[str, str], tag: str) -> None:
        kind = has.get("type", "submit" if tag == "button" else "text")
        if kind == "file":
            form.has_file = True
        elif kind == "radio":
            if "checked" in has or name not in form.sent:
                form.sent[name] = has.get("value", "on")
        elif kind == "checkbox":
            if "checked" in has or "required" in has:
                form.sent[name] = has.get("value", "on")
        elif kind == "submit":
            form.sent.setdefault(name, has.get("value", ""))
        else:
            form.sent[name] = has.get("value", "") or _typed(name, "required" in has)

    def handle_data(self, data: str) -> None:
        """The text of a textarea."""
        if self._text is not None and self._form is not None:
            self._form.sent[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = None
        elif tag == "textarea" and self._text is not None:
            if self._form is not None and not self._form.sent[self._text].strip():
                self._form.sent[self._text] = "Alasan contoh"
            self._text = None


def read_page(page: str, address: str) -> tuple[list[Form], list[str]]:
    """The forms that change something, filled in, and the links of a page at `address`."""
    reader = _Reader(address.partition("?")[0])
    reader.feed(page)
    return reader.forms, reader.links


def _typed(name: str, is_required: bool) -> str:
    if not is_required:
        return ""
    return next((text for part, text in TYPED if part in name), "Contoh")
