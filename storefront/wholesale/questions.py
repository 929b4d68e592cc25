"""The list's address: filters read with a sentence for each wrong one, and the chips that take one away."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from kernel.errors import N_, InvalidInput
from kernel.paging import parse_page
from kernel.parsing import parse_whole_number
from orders.wholesale.questions import PAPER_FILTERS, OfferQuestion, OfferSort
from storefront.i18n import gettext as _
from storefront.templating import number
from storefront.words import word

LONGEST_WORDS = 100
_SLUG = re.compile(r"[a-z0-9_-]{1,60}", re.ASCII)
_REGION = re.compile(r"\d\d(\.\d\d){0,2}", re.ASCII)

#: Filters by the name they have in the address; `paper` may stand there several times.
NUMBERS: dict[str, tuple[str, str, int]] = {
    "monthly": ("monthly_at_least", N_("at least %(number)s a month"), 10_000_000),
    "case": ("case_at_most", N_("cases of at most %(number)s"), 10_000),
    "minimum": ("minimum_at_most", N_("minimum of at most %(number)s cases"), 100_000),
    "lead": ("lead_at_most", N_("within %(number)s days"), 365),
    "margin": ("margin_at_least", N_("margin from %(number)s%%"), 100),
}
LABELS = {
    "monthly": N_("Units a month, at least"),
    "case": N_("Units in a case, at most"),
    "minimum": N_("Minimum in cases, at most"),
    "lead": N_("Lead time in days, at most"),
    "margin": N_("Margin in percent, at least"),
    "category": N_("Category"),
    "region": N_("Made in"),
    "ready": N_("Ready for"),
    "paper": N_("Papers"),
    "deliver": N_("Delivered to"),
    "sort": N_("Sorted by"),
    "page": N_("Page"),
}
FILTERS = ("category", "region", "ready", "paper", *NUMBERS, "deliver")


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen: (value, label) pairs."""

    category: Sequence[tuple[str, str]]
    region: Sequence[tuple[str, str]]
    ready: Sequence[tuple[str, str]]
    deliver: Sequence[tuple[str, str]]

    @property
    def paper(self) -> list[tuple[str, str]]:
        """Papers that can be asked for."""
        return [(kind.value, word(kind, short=True)) for kind in PAPER_FILTERS]


@dataclass(slots=True)
class Asked:
    """What the address asks: `typed` as it was written, `problems` what was wrong with it, `question` what was understood."""

    path: str
    words: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    papers: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)
    question: OfferQuestion = field(default_factory=OfferQuestion)

    def parameters(self, **changes: Any) -> list[tuple[str, str]]:
        """The address's parameters with `changes`; another filter starts at page 1 again."""
        wanted: dict[str, Any] = {"q": self.words, **self.typed, "paper": self.papers, "page": None, **changes}
        pairs: list[tuple[str, str]] = []
        for name, value in wanted.items():
            values = value if isinstance(value, list | tuple) else [value]
            pairs += [(name, str(each)) for each in values if each not in (None, "")]
        return pairs

    def url(self, **changes: Any) -> str:
        """The list's address with `changes`."""
        query = urlencode(self.parameters(**changes))
        return f"{self.path}?{query}" if query else self.path

    def page_url(self, page: int) -> str:
        """The same list at another page."""
        return self.url(page=page if page > 1 else None)

    @property
    def query(self) -> str:
        """The question as a query string, for a file or a saved search."""
        return urlencode(self.parameters())

    @property
    def cleared_url(self) -> str:
        """The list without any filter; the words stay."""
        return self.url(**dict.fromkeys(FILTERS))

    @property
    def filter_count(self) -> int:
        """How many filters narrow the list."""
        return sum(1 for name in FILTERS if self.typed.get(name)) + len(self.papers)

    def chips(self, options: Options) -> list[tuple[str, str]]:
        """(label, address without it) for each filter."""
        chosen = {name: dict(getattr(options, name)) for name in ("category", "region", "ready", "deliver")}
        found = [(self.words and f"“{self.words}”", self.url(q=None))]
        for name, label in LABELS.items():
            text = self.typed.get(name, "")
            if name in NUMBERS and text:
                found.append((_(NUMBERS[name][1], number=number(int(text))), self.url(**{name: None})))
            elif name in chosen and text:
                said = chosen[name].get(text, text)
                found.append((said if name == "category" else f"{_(label)}: {said}", self.url(**{name: None})))
        papers = dict(options.paper)
        found += [(papers[kind], self.url(paper=[other for other in self.papers if other != kind])) for kind in self.papers]
        return [(label, url) for label, url in found if label]


def read_asked(args: MultiDict[str, str], path: str, *, ready: Collection[str], areas: Mapping[str, str]) -> Asked:
    """The question in an address. Nothing raises: what cannot be understood becomes a problem and is left out.

    `ready` are the keys of profiles, `areas` the area codes of the partner's branches by their code.
    """
    asked = Asked(path, words=" ".join(args.get("q", "").split())[:LONGEST_WORDS])
    read: dict[str, Any] = {}
    readers: dict[str, Callable[[str], Any]] = {
        "category": _matching(_SLUG),
        "region": _matching(_REGION),
        "ready": lambda text: text if text in ready else _refuse(),
        "deliver": lambda text: areas[text] if text in areas else _refuse(),
        "sort": _sort,
        "page": parse_page,
        **{name: _whole(most, name) for name, (_field, _said, most) in NUMBERS.items()},
    }
    fields = {"ready": "ready_for", "deliver": "deliver_to", **{name: known[0] for name, known in NUMBERS.items()}}
    for name, reader in readers.items():
        text = args.get(name, "").strip()[:60]
        if not text:
            continue
        try:
            value = reader(text)
        except InvalidInput as error:
            asked.problems.append(f"{_(LABELS[name])}: {_(error.message, **error.params)}")
            continue
        read[fields.get(name, name)] = value * 100 if name == "margin" else value
        if name != "page":
            asked.typed[name] = str(value) if name in NUMBERS else text
    kinds = tuple(kind for kind in PAPER_FILTERS if kind.value in args.getlist("paper"))
    asked.papers = tuple(kind.value for kind in kinds)
    asked.question = OfferQuestion(papers=kinds, **read)
    return asked


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: text if pattern.fullmatch(text) else _refuse()


def _whole(most: int, name: str) -> Callable[[str], int]:
    return lambda text: parse_whole_number(text, 0 if name == "lead" else 1, most, name)


def _sort(text: str) -> OfferSort:
    try:
        return OfferSort(text)
    except ValueError:
        raise InvalidInput(N_("Please choose one from the list.")) from None


def _refuse() -> Any:
    raise InvalidInput(N_("Please choose one from the list."))
