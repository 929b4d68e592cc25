"""Headings as people write them."""

from __future__ import annotations

import pytest

from catalog.importing.columns import COLUMNS, guess_mapping, missing_columns
from catalog.models.importing import ImportKind


@pytest.mark.parametrize("kind", list(ImportKind))
def test_every_heading_of_our_own_tables_is_known_again_in_both_languages(kind: ImportKind) -> None:
    for label in ("label", "label_id"):
        headings = [getattr(column, label) for column in COLUMNS[kind]]
        assert guess_mapping(kind, headings) == {column.name: place for place, column in enumerate(COLUMNS[kind])}


def test_headings_of_habit_are_known_too() -> None:
    mapping = guess_mapping(ImportKind.PRODUCTS, ["No", "Nama UMKM", "Nama Produk", "KATEGORI", "Masa Simpan", "Foto"])
    assert mapping == {"maker": 1, "name_id": 2, "category": 3, "shelf_life_days": 4}
    assert missing_columns(ImportKind.PRODUCTS, mapping) == []
    assert [column.name for column in missing_columns(ImportKind.PRICES, {"price": 0})] == ["variant"]
