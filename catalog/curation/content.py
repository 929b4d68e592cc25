"""What a submission wants a product to say: canonical JSON of its facts, what changed, and how that meets later corrections."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any

from catalog.models.product import HalalState, TravelLimit
from catalog.models.programme import Scheme
from catalog.products import IngredientFacts, ProductFacts

_NAMES = tuple(field.name for field in fields(ProductFacts))
_INGREDIENT = tuple(field.name for field in fields(IngredientFacts))


def dump(facts: ProductFacts) -> str:
    """The same text for the same facts, always: keys sorted, no spaces, letters as they are."""
    return json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> ProductFacts:
    """The facts behind `dump`; fields that came or went since then take their default."""
    stored: dict[str, Any] = json.loads(text)
    values = {name: stored[name] for name in _NAMES if name in stored}
    values["scheme"] = Scheme(values["scheme"])
    values["halal_state"] = HalalState(values["halal_state"])
    values["travel_limit"] = TravelLimit(values["travel_limit"])
    values["allergens"] = tuple(values["allergens"])
    values["ingredients"] = tuple(IngredientFacts(**{key: row[key] for key in _INGREDIENT if key in row}) for row in values["ingredients"])
    return ProductFacts(**values)


def digest_of(text: str) -> str:
    """SHA-256 of a dumped content."""
    return hashlib.sha256(text.encode()).hexdigest()


def list_changes(before: ProductFacts, after: ProductFacts) -> list[str]:
    """Names of the fields that differ."""
    return [name for name in _NAMES if getattr(before, name) != getattr(after, name)]


def list_collisions(base: ProductFacts, proposed: ProductFacts, live: ProductFacts) -> list[str]:
    """Fields that the proposal changed, and somebody else changed to something different on the product in the meantime."""
    return [name for name in list_changes(base, proposed) if getattr(live, name) not in (getattr(base, name), getattr(proposed, name))]


def merge(base: ProductFacts, proposed: ProductFacts, live: ProductFacts) -> ProductFacts:
    """`live` with what the proposal changed; corrections of other fields stay."""
    return replace(live, **_picked(proposed, list_changes(base, proposed)))


def _picked(facts: ProductFacts, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in names}
