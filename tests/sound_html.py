"""Reads a page as strictly as the HTML standard wants it: what is opened is closed, stands where it may, and what is named exists.

Pure Python, so that every page of every test can be held to it. The long set asks html-validate as well (tests/html_validate.py).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _words("area base br col embed hr img input link meta param source track wbr")
SECTIONS = _words("address article aside footer header main nav section")
HEADINGS = _words("h1 h2 h3 h4 h5 h6 hgroup")
BLOCKS = SECTIONS | HEADINGS | _words("blockquote details dialog div dl fieldset figure form hr menu ol p pre search table ul")
PHRASES = _words(
    "a abbr audio b bdi bdo br button canvas cite code data datalist del dfn em embed i iframe img input ins kbd label link "
    "map mark math meta meter noscript object output picture progress q ruby s samp script select slot small span strong sub "
    "sup svg template textarea time u var video wbr"
)
INNER = _words(
    "html head title base body style caption col colgroup tbody thead tfoot tr td th dd dt li figcaption legend summary "
    "option optgroup rp rt source track area"
)
KNOWN = BLOCKS | PHRASES | INNER | VOID
#: May hold what is around them, and nothing else.
TRANSPARENT = _words("a ins del noscript map slot")
#: Hold words and what stands among words.
WORDS_ONLY = _words(
    "p h1 h2 h3 h4 h5 h6 pre span button label abbr b bdi bdo cite code data dfn em i kbd mark meter output progress q s samp "
    "small strong sub sup time u var legend summary title"
)
#: An element and the only ones it may stand in.
HOMES = {
    "li": ("ul", "ol", "menu"),
    "dt": ("dl", "div"),
    "dd": ("dl", "div"),
    "tr": ("thead", "tbody", "tfoot", "table"),
    "td": ("tr",),
    "th": ("tr",),
    "thead": ("table",),
    "tbody": ("table",),
    "tfoot": ("table",),
    "caption": ("table",),
    "colgroup": ("table",),
    "col": ("colgroup",),
    "option": ("select", "optgroup", "datalist"),
    "optgroup": ("select",),
    "summary": ("details",),
    "legend": ("fieldset",),
    "figcaption": ("figure",),
    "source": ("picture", "audio", "video"),
}
#: Elements and the only ones that may stand in them; no words of their own.
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "menu": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup", "hr"},
    "optgroup": {"option"},
    "picture": {"source", "img"},
}
#: A <div> that groups terms may hold nothing else.
GROUPED = frozenset({"dt", "dd"})
ANYWHERE = frozenset({"script", "template"})
INTERACTIVE = _words("a button select textarea label details iframe embed")
#: Attributes that name other elements of the page.
NAMES = (
    "for",
    "list",
    "form",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "aria-activedescendant",
    "popovertarget",
)
Attributes = list[tuple[str, str | None]]


def faults_of(page: str) -> list[str]:
    """What the standard would not have in this page, each with its line."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.finish()


class _Reader(HTMLParser):
    """Follows the tags with a stack of what is open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: dict[str, int] = {}
        self.named: list[tuple[str, str, int]] = []
        self.counts: dict[str, int] = {}
        self.starts_well = False

    def fault(self, text: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_decl(self, decl: str) -> None:
        self.starts_well = decl.lower() == "doctype html" and not self.open

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._note(tag, attrs)
        if "svg" not in self.open and "math" not in self.open:
            self._place(tag, dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        if "svg" in self.open or "math" in self.open or tag in VOID:
            self._note(tag, attrs)
            if tag in VOID:
                self._place(tag, dict(attrs))
        else:
            self.fault(f"<{tag}/> closes nothing in HTML")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.fault(f"</{tag}> of an element that is never closed")
        elif not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> while {self.open[-1:] or 'nothing'} is open")
            if tag in self.open:
                del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in CHILDREN and data.strip():
            self.fault(f"words straight in <{self.open[-1]}>: {data.strip()[:30]!r}")

    def finish(self) -> list[str]:
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.faults += [
            f"line {line}: {name}={reference!r} names nothing" for name, reference, line in self.named if reference not in self.ids
        ]
        if not self.starts_well:
            self.faults.append("no <!doctype html>")
        for tag in ("html", "head", "title", "body", "main", "h1"):
            if self.counts.get(tag, 0) not in ((0, 1) if tag == "h1" else (1,)):
                self.faults.append(f"{self.counts.get(tag, 0)} times <{tag}>")
        return self.faults

    def _note(self, tag: str, attrs: Attributes) -> None:
        if "svg" not in self.open:
            self.counts[tag] = self.counts.get(tag, 0) + 1
        names = [name for name, _value in attrs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault(f"<{tag}> has {name} twice")
        for name, value in attrs:
            self._note_attribute(tag, name, value or "")

    def _note_attribute(self, tag: str, name: str, value: str) -> None:
        line = self.getpos()[0]
        if name == "id":
            if value in self.ids:
                self.fault(f"id={value!r} again, after line {self.ids[value]}")
            if not value or re.search(r"\s", value):
                self.fault(f"id={value!r} is no name")
            self.ids.setdefault(value, line)
        elif name in NAMES:
            self.named += [(name, reference, line) for reference in value.split()]
        elif name == "href" and tag == "a" and value.startswith("#") and value != "#":
            self.named.append((name, value[1:], line))

    def _place(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag not in KNOWN:
            self.fault(f"<{tag}> is no element of HTML")
        parent = self.open[-1] if self.open else ""
        if tag in HOMES and parent not in HOMES[tag]:
            self.fault(f"<{tag}> in <{parent}>")
        if parent in CHILDREN and tag not in CHILDREN[parent] | ANYWHERE:
            self.fault(f"<{tag}> straight in <{parent}>")
        if self.open[-2:] == ["dl", "div"] and tag not in GROUPED | ANYWHERE:
            self.fault(f"<{tag}> beside the terms of a <dl>")
        if tag in BLOCKS and (holder := self._holder()) in WORDS_ONLY and not (tag in HEADINGS and holder in ("legend", "summary")):
            self.fault(f"<{tag}> among the words of <{holder}>")
        if tag == "img" and "alt" not in attrs:
            self.fault("<img> without alt")
        self._place_interactive(tag, attrs)

    def _holder(self) -> str:
        """The element whose rules count here: <a> and its kind let through what is around them."""
        return next((tag for tag in reversed(self.open) if tag not in TRANSPARENT), "")

    def _place_interactive(self, tag: str, attrs: dict[str, str | None]) -> None:
        is_interactive = tag in INTERACTIVE or (tag == "input" and attrs.get("type") != "hidden") or "tabindex" in attrs
        for holder in ("a", "button"):
            if is_interactive and holder in self.open:
                self.fault(f"<{tag}> in <{holder}>: two things to press in one place")
        for alone in ("form", "label", "main"):
            if tag == alone and alone in self.open:
                self.fault(f"<{tag}> in <{tag}>")
