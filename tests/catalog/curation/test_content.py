"""A proposed text is the same text every time, and meets later corrections field by field."""

from __future__ import annotations

import json
from dataclasses import replace

from catalog.curation.content import digest_of, dump, list_changes, list_collisions, load, merge
from catalog.models.product import HalalState
from catalog.products import IngredientFacts, ProductFacts

FACTS = ProductFacts(
    category_id=1,
    name_id="Keripik “renyah”",
    allergens=("fish",),
    halal_state=HalalState.DECLARED_NON_HALAL,
    ingredients=(IngredientFacts(name_id="Ubi", share_bps=9_000), IngredientFacts(name_id="Kencur", origin_code="16.12.04.2003")),
)


def test_what_is_dumped_loads_as_it_was() -> None:
    assert load(dump(FACTS)) == FACTS
    assert digest_of(dump(FACTS)) == digest_of(dump(load(dump(FACTS))))


def test_the_text_is_canonical() -> None:
    stored = json.loads(dump(FACTS))
    assert dump(FACTS) == json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_a_field_that_came_or_went_since_is_no_trouble() -> None:
    stored = json.loads(dump(FACTS))
    del stored["storage_en"]
    assert load(json.dumps(stored | {"forgotten": 1})) == FACTS


def test_corrections_of_other_fields_stay() -> None:
    proposed, live = replace(FACTS, summary_id="Baru"), replace(FACTS, name_en="Chips")
    assert list_changes(FACTS, proposed) == ["summary_id"]
    assert list_collisions(FACTS, proposed, live) == []
    assert merge(FACTS, proposed, live) == replace(FACTS, summary_id="Baru", name_en="Chips")


def test_the_same_field_changed_twice_is_a_collision_unless_both_say_the_same() -> None:
    proposed = replace(FACTS, summary_id="Baru")
    assert list_collisions(FACTS, proposed, replace(FACTS, summary_id="Lain")) == ["summary_id"]
    assert list_collisions(FACTS, proposed, proposed) == []
