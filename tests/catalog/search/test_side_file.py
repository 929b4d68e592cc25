"""Expressions found word by word in their order, by number, and read without trusting the file."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from catalog.search import side_file
from catalog.search.side_file import SideFile

TEXTS = [
    ("a", "Keripik Ubi Kencur", "Cassava Chips", "Renyah dan gurih dari desa.", "Crisp"),
    ("b", "Ubi Keripik", "", "Keripik ubi kencur buatan ibu", ""),
    ("c", "Keripik", "Ubi Kencur", "", ""),
    ("d", "", "", "", ""),
]


class _Whole:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def get(self, position: int, length: int) -> bytes:
        return self.content[position : position + length]


@pytest.fixture
def side(tmp_path: Path) -> SideFile:
    path = tmp_path / "a.side"
    columns = {"price": array("q", [5, 6, 7, 8]), "village": array("I", [0, 1, 0, 1])}
    side_file.write(path, columns, {"village": ["16.12\x1fBetung", "16.13"]}, TEXTS, ["keripik", "kencur", "ubi"])
    return SideFile(_Whole(path.read_bytes()))


def test_words_next_to_each_other_are_found_in_names_and_texts(side: SideFile) -> None:
    assert side.find(range(4), ["keripik", "ubi"]) == ([0], [1])
    assert side.find(range(4), ["ubi", "kencur"]) == ([0, 2], [1])


def test_nothing_reaches_from_one_language_or_field_into_the_next(side: SideFile) -> None:
    assert side.find(range(4), ["kencur", "cassava"]) == ([], [])
    assert side.find(range(4), ["chips", "renyah"]) == ([], [])
    assert side.find(range(4), ["keripik", "ubi", "kencur", "buatan"]) == ([], [1])


def test_a_find_between_two_numbers_is_none() -> None:
    stream = bytes([9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 3, 4, 5, 6])
    assert side_file._aligned(stream, bytes([3, 4, 5, 6])) == 3
    assert side_file._aligned(stream, bytes([2, 3, 4, 5])) == -1


def test_columns_and_their_values_come_back(side: SideFile) -> None:
    assert list(side.column("price")) == [5, 6, 7, 8]
    assert [side.values("village")[number] for number in side.column("village")] == ["16.12\x1fBetung", "16.13"] * 2


def test_the_vocabulary_comes_back(side: SideFile) -> None:
    assert set(side.near.candidates("kencurr")) == {"kencur"}
