"""What a feed promises and asks, and what it calls our goods: pure rules in whole units and rupiah (docs/feeds.md)."""

from __future__ import annotations

import re

from catalog.models.feed import StockRule
from kernel.errors import N_, InvalidInput

#: Marked-up prices end in full hundreds, as every price tag in the shop does.
STEP = 100
#: What a title's template may name.
PLACES = ("name", "size", "maker", "village", "district", "category")
_PLACE = re.compile(r"\{([^{}]*)\}")


def promised_units(rule: StockRule, *, share_bps: int, units: int, available: int) -> int:
    """How many units a feed may promise of `available` ones that nobody holds; never more than there are, rounded down."""
    free = max(0, available)
    return min(free, units) if rule is StockRule.FIXED else free * share_bps // 10_000


def marked_up(price: int, markup_bps: int) -> int:
    """`price` with the receiver's fees on top, up to the next full hundred; without a mark-up the price itself."""
    if not markup_bps:
        return price
    exact = price * (10_000 + markup_bps)
    return -(-exact // (10_000 * STEP)) * STEP


def check_template(template: str) -> str:
    """The template with single spaces; InvalidInput when it names what we do not know, or leaves the name out."""
    tidy = " ".join(template.split())
    named = _PLACE.findall(tidy)
    if unknown := [name for name in named if name not in PLACES]:
        raise InvalidInput(N_("A title cannot contain {%(name)s}."), field="title_template", name=unknown[0])
    if "name" not in named or "{" in _PLACE.sub("", tidy) or "}" in _PLACE.sub("", tidy):
        raise InvalidInput(N_("A title contains at least {name}, with both braces."), field="title_template")
    return tidy


def fill_template(template: str, **values: str) -> str:
    """The title; a place that is empty takes its separator with it."""
    filled = _PLACE.sub(lambda match: values.get(match[1], ""), template)
    return re.sub(r"(^|\s)[–\-,|·]\s*($|[–\-,|·])", r"\1\2", " ".join(filled.split())).strip(" –-,|·")


def cut(text: str, longest: int) -> str:
    """`text` within `longest` signs, cut between words where it can be."""
    tidy = " ".join(text.split())
    if len(tidy) <= longest:
        return tidy
    head = tidy[: longest - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;–-") + "…"
