"""Old text against new, field by field and word by word, in words for people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select

from catalog.categories import list_categories
from catalog.models.area import Area
from catalog.products import IngredientFacts, ProductFacts
from storefront.curation_words import FIELD
from storefront.database import reading
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.office.forms import show_share
from storefront.templating import text_of
from storefront.words import allergen, word

_WORDS = re.compile(r"\s+|[^\s]+")
#: Longer texts are shown whole, old above new: comparing them would take its time.
MOST_WORDS = 1_500
#: Texts that share less than this are two texts, not one that was changed.
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: `same`, `gone` or `new`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: its name, the old and the new text in runs."""

    name: str
    label: str
    before: Sequence[Run]
    after: Sequence[Run]
    #: The language of both texts.
    language: str


@dataclass(frozen=True, slots=True)
class Said:
    """One field of a product in words."""

    label: str
    text: str
    language: str


def list_differences(before: ProductFacts, after: ProductFacts, names: Sequence[str]) -> list[Difference]:
    """The named fields of both, in the order of the form. Two statements for what has a name elsewhere."""
    known = _names_of(before, after)
    found = []
    for name in FIELD:
        if name in names:
            old, new = _say(name, getattr(before, name), known), _say(name, getattr(after, name), known)
            left, right = compare(old, new)
            found.append(Difference(name, _(FIELD[name]), left, right, _language_of(name)))
    return found


def list_facts(facts: ProductFacts) -> list[Said]:
    """Everything that is said about a product; what is empty is left out."""
    known = _names_of(facts)
    rows = [Said(_(label), _say(name, getattr(facts, name), known), _language_of(name)) for name, label in FIELD.items()]
    return [row for row in rows if row.text]


def compare(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """Both texts cut into what they share and what they do not."""
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    if not left or not right or max(len(left), len(right)) > MOST_WORDS:
        return ([Run("gone", old)] if old else []), ([Run("new", new)] if new else [])
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [Run("gone", old)], [Run("new", new)]
    before, after = list[Run](), list[Run]()
    for act, a, b, c, d in matcher.get_opcodes():
        if act == "equal":
            before.append(Run("same", "".join(left[a:b])))
            after.append(Run("same", "".join(right[c:d])))
        else:
            before += [Run("gone", "".join(left[a:b]))] if b > a else []
            after += [Run("new", "".join(right[c:d]))] if d > c else []
    return before, after


def _language_of(name: str) -> str:
    """Texts come in two languages; everything else is said in the reader's."""
    return next((language for language in ("id", "en") if name.endswith(f"_{language}") and name != "category_id"), current_language())


def _names_of(*versions: ProductFacts) -> dict[str, str]:
    """Categories by their id and places by their code."""
    codes = {facts.village_code for facts in versions} | {row.origin_code for facts in versions for row in facts.ingredients}
    areas = reading().scalars(select(Area).where(Area.code.in_({code for code in codes if code})))
    names = {area.code: area.name for area in areas}
    return names | {f"category:{row.id}": text_of(row, "name") for row in list_categories(reading())}


def _say(name: str, value: Any, known: Mapping[str, str]) -> str:
    match name:
        case "category_id":
            return known.get(f"category:{value}") or _("a category that was removed")
        case "village_code":
            return f"{known.get(value, '')} · {value}" if value else ""
        case "scheme" | "halal_state" | "travel_limit":
            return word(value)
        case "shelf_life_days":
            return ngettext("%(num)s day", "%(num)s days", value) if value else ""
        case "allergens":
            return ", ".join(allergen(each) for each in value)
        case "ingredients":
            return "\n".join(_ingredient(row, known) for row in value)
        case _:
            return str(value)


def _ingredient(row: IngredientFacts, known: Mapping[str, str]) -> str:
    parts = [row.name_id or row.name_en]
    if row.share_bps is not None:
        parts.append(f"{show_share(row.share_bps)}%")
    if row.origin_code:
        parts.append(known.get(row.origin_code, row.origin_code))
    return ", ".join(parts)
