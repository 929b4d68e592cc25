"""What the list of products is narrowed to: read from an address, written back into one, and the choices of its form."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.categories import list_categories
from catalog.desk import Lack, ProductFilter
from catalog.models.product import ListingState
from kernel.errors import N_
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.state_words import LISTING
from storefront.templating import text_of

#: Stand in one list with the states: people look for the ones or the others.
_LACKS = {Lack.PHOTO: N_("no photo"), Lack.PRICE: N_("no price")}
_LACK_PREFIX = "no-"


def read_filter(values: Mapping[str, str]) -> ProductFilter:
    """The filter of an address; words that mean nothing are passed over."""
    typed = {name: "".join(sign for sign in values.get(name, "") if sign.isprintable()).strip()[:120] for name in values}
    state = typed.get("state", "")
    lack = state.removeprefix(_LACK_PREFIX) if state.startswith(_LACK_PREFIX) else ""
    return ProductFilter(
        state=ListingState(state) if state in set(ListingState) else None,
        lack=Lack(lack) if lack in set(Lack) else None,
        area=typed.get("village", "")[:13],
        maker=typed.get("maker", ""),
        category=typed.get("in_category", ""),
        text=typed.get("q", "")[:100],
    )


def filter_values(wanted: ProductFilter) -> dict[str, str | None]:
    """The same as parameters of an address; what is not asked for is None and stays out."""
    state = wanted.state.value if wanted.state else f"{_LACK_PREFIX}{wanted.lack.value}" if wanted.lack else ""
    values = {"state": state, "village": wanted.area, "maker": wanted.maker, "in_category": wanted.category, "q": wanted.text}
    return {name: value or None for name, value in values.items()}


def state_choices() -> list[tuple[str, str]]:
    """States of products, then what products lack."""
    states = [(state.value, _(words)) for state, (words, _tone) in LISTING.items()]
    return states + [(f"{_LACK_PREFIX}{lack.value}", _(words)) for lack, words in _LACKS.items()]


def category_choices() -> list[tuple[str, str]]:
    """Categories by their slug."""
    return [(row.slug, text_of(row, "name")) for row in list_categories(reading())]
