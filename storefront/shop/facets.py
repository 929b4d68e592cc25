"""The product list's address: query parameters read with a sentence for each wrong one, and the links and chips that change it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from catalog.models.certificate import CertificateKind
from catalog.models.programme import Scheme
from catalog.queries.labels import FacetLabels
from catalog.search.request import FacetValue, SearchRequest, SearchResult, Sort
from kernel.errors import N_, InvalidInput
from kernel.parsing import parse_rupiah, parse_whole_number
from storefront.i18n import gettext as _
from storefront.templating import rupiah
from storefront.words import word

LONGEST_QUESTION = 100
LAST_PAGE = 10_000
_SLUG = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)
_DISTRICT = re.compile(r"\d\d\.\d\d\.\d\d", re.ASCII)
_VILLAGE = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}", re.ASCII)

#: In the order in which addresses and the page show them.
PARAMETERS = ("q", "category", "district", "village", "scheme", "certificate", "min_price", "max_price", "in_stock", "near", "sort", "page")
#: Filters a buyer sees as a chip.
FILTERS = PARAMETERS[1:9]

SORTS: dict[Sort, str] = {
    Sort.RELEVANCE: N_("Best match"),
    Sort.NEWEST: N_("Newest"),
    Sort.PRICE: N_("Lowest price"),
    Sort.PRICE_DESC: N_("Highest price"),
}
TITLES = {
    "category": N_("Category"),
    "price": N_("Price"),
    "certificate": N_("Papers"),
    "district": N_("District"),
    "village": N_("Village"),
    "scheme": N_("Programme scheme"),
}
ENUMS: dict[str, type[Scheme] | type[CertificateKind]] = {"scheme": Scheme, "certificate": CertificateKind}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet, one chip, or one order of the list."""

    label: str
    url: str
    count: int = 0
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A titled group of choices."""

    name: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(slots=True)
class Question:
    """What the address asks: `params` holds what was understood, `typed` what was written, `problems` what was wrong."""

    path: str
    params: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    request: SearchRequest = field(default_factory=SearchRequest)
    near: str | None = None

    def url(self, **changes: str | int | None) -> str:
        """The list's address with `changes`; another filter starts at page 1 again."""
        wanted: dict[str, Any] = {**self.params, "page": None, **changes}
        query = [(name, str(wanted[name])) for name in PARAMETERS if wanted.get(name) not in (None, "")]
        return self.path + (f"?{urlencode(query)}" if query else "")

    def page_url(self, page: int) -> str:
        """The same list at another page."""
        return self.url(page=page if page > 1 else None)

    @property
    def cleared_url(self) -> str:
        """The list without any filter; the words of a search stay."""
        return self.url(**dict.fromkeys(FILTERS))

    def drop(self, name: str, problem: str) -> None:
        """Forget a parameter that cannot be used, and say so."""
        self.params.pop(name, None)
        self.problems.append(problem)
        if name in FILTERS:
            cleared: dict[str, Any] = {name: None}
            self.request = replace(self.request, **cleared)

    def carried(self, *without: str) -> list[tuple[str, str]]:
        """What a form of the page has to send along, beside its own fields."""
        return [(name, value) for name, value in self.params.items() if value and name not in (*without, "page")]

    @property
    def is_filtered(self) -> bool:
        """Whether any filter narrows the list."""
        return any(name in self.params for name in FILTERS)


def read_question(args: Mapping[str, str], path: str, language: str) -> Question:
    """The question in an address. Nothing raises: what cannot be understood becomes a problem and is left out."""
    question = Question(path=path, typed={name: args[name][:200] for name in PARAMETERS if args.get(name)})
    read: dict[str, Any] = {"language": language}
    for name, reader in READERS.items():
        text = args.get(name, "").strip()
        if not text:
            continue
        try:
            value = reader(text)
        except InvalidInput as error:
            question.problems.append(f"{_(NAMES[name])}: {_(error.message, **error.params)}")
            continue
        if value not in (None, False):
            read[name] = value
            question.params[name] = text if name in ("q", "sort") else "1" if value is True else str(value)
    _check_price_range(question, read)
    question.near = read.pop("near", None)
    question.params["q"] = read["text"] = read.pop("q", "")
    question.request = SearchRequest(**read)
    return question


def _check_price_range(question: Question, read: dict[str, Any]) -> None:
    low, high = read.get("min_price"), read.get("max_price")
    if low is not None and high is not None and low > high:
        question.problems.append(_("The lowest price is above the highest price. Please swap the two."))
        for name in ("min_price", "max_price"):
            del read[name], question.params[name]


def _read_text(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_QUESTION]


def _read_by(pattern: re.Pattern[str], message: str) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if not pattern.fullmatch(text):
            raise InvalidInput(message)
        return text

    return reader


def _read_word(words: type[Scheme] | type[CertificateKind]) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text not in [word.value for word in words]:
            raise InvalidInput(N_("There is no such choice."))
        return text

    return reader


def _read_yes(text: str) -> bool:
    if text not in ("1", "0", "true", "false", "on"):
        raise InvalidInput(N_("Please choose yes or no."))
    return text in ("1", "true", "on")


def _read_sort(text: str) -> Sort:
    if text not in [sort.value for sort in Sort]:
        raise InvalidInput(N_("There is no such choice."))
    return Sort(text)


_NO_AREA = N_("That is not the code of an area.")
READERS: dict[str, Callable[[str], Any]] = {
    "q": _read_text,
    "category": _read_by(_SLUG, N_("There is no such choice.")),
    "district": _read_by(_DISTRICT, _NO_AREA),
    "village": _read_by(_VILLAGE, _NO_AREA),
    "scheme": _read_word(Scheme),
    "certificate": _read_word(CertificateKind),
    "min_price": lambda text: parse_rupiah(text, field="min_price"),
    "max_price": lambda text: parse_rupiah(text, field="max_price"),
    "in_stock": _read_yes,
    "near": _read_by(re.compile(f"(?:{_VILLAGE.pattern})|(?:{_DISTRICT.pattern})", re.ASCII), _NO_AREA),
    "sort": _read_sort,
    "page": lambda text: parse_whole_number(text, 1, LAST_PAGE, "page"),
}
NAMES = TITLES | {
    "q": N_("Search"),
    "min_price": N_("Lowest price"),
    "max_price": N_("Highest price"),
    "in_stock": N_("In stock"),
    "near": N_("Near"),
    "sort": N_("Sort order"),
    "page": N_("Page"),
}


def label_of(name: str, value: str, labels: FacetLabels) -> str:
    """What people call a facet's value."""
    if name in ENUMS:
        return word(ENUMS[name](value), short=True)
    if name == "price":
        return price_band(*value.split("-", 1))
    return labels.get(name, {}).get(value, value)


def price_band(low: str, high: str) -> str:
    """`up to Rp25.000`, `Rp25.000 to Rp49.999`, `Rp500.000 and more`."""
    if not low:
        return _("up to %(price)s", price=rupiah(int(high)))
    if not high:
        return _("%(price)s and more", price=rupiah(int(low)))
    return _("%(low)s to %(high)s", low=rupiah(int(low)), high=rupiah(int(high)))


def list_facets(question: Question, result: SearchResult, labels: FacetLabels) -> list[Facet]:
    """The groups beside the list. A group that would change nothing stays away."""
    facets = []
    for name, title in TITLES.items():
        values = result.facets.get(name, ())
        choices = _price_choices(question, values) if name == "price" else _choices(question, name, values, labels)
        if len(choices) > 1 or any(choice.is_chosen for choice in choices):
            facets.append(Facet(name, _(title), tuple(choices)))
    return facets


def _choices(question: Question, name: str, values: Sequence[FacetValue], labels: FacetLabels) -> list[Choice]:
    chosen = question.params.get(name)
    return [
        Choice(
            label=label_of(name, value.value, labels),
            url=question.url(**{name: None if value.value == chosen else value.value}),
            count=value.count,
            is_chosen=value.value == chosen,
        )
        for value in values
        if name not in ENUMS or value.value in [word.value for word in ENUMS[name]]
    ]


def _price_choices(question: Question, values: Sequence[FacetValue]) -> list[Choice]:
    choices = []
    for value in values:
        low, high = value.value.split("-", 1)
        chosen = (question.params.get("min_price", ""), question.params.get("max_price", "")) == (low, high)
        url = question.url(min_price=None, max_price=None) if chosen else question.url(min_price=low, max_price=high)
        choices.append(Choice(price_band(low, high), url, value.count, chosen))
    return choices


def list_chips(question: Question, labels: FacetLabels) -> list[Choice]:
    """One removable chip per filter; the two price ends are one."""
    chips = []
    for name in ("category", "district", "village", "scheme", "certificate"):
        if value := question.params.get(name):
            chips.append(Choice(label_of(name, value, labels), question.url(**{name: None})))
    low, high = question.params.get("min_price", ""), question.params.get("max_price", "")
    if low or high:
        chips.append(Choice(price_band(low, high), question.url(min_price=None, max_price=None)))
    if "in_stock" in question.params:
        chips.append(Choice(_("In stock"), question.url(in_stock=None)))
    return chips


def list_sorts(question: Question, labels: FacetLabels) -> list[tuple[str, str]]:
    """(value, label) of each order; distance only when the address says from where."""
    sorts = [(sort.value, _(text)) for sort, text in SORTS.items() if sort != Sort.RELEVANCE or question.params.get("q")]
    if not question.params.get("q"):
        sorts.insert(0, (Sort.RELEVANCE.value, _("Popular first")))
    if question.near:
        place = labels["district"].get(question.near) or labels["village"].get(question.near, "")
        sorts.append((Sort.DISTANCE.value, _("Nearest to %(place)s", place=place)))
    return sorts
