"""Expressions found word by word in their order, by number, and read without trusting the file."""

from __future__ import annotations

import random
from array import array
from itertools import pairwise
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


def test_every_pair_of_a_text_passes_its_filter_and_few_others_do() -> None:
    dice = random.Random(3)
    stream = array("I", [0, *(dice.randrange(1, 2**32) for _ in range(60))])
    bits = side_file._filter(stream)

    def passes(one: int, other: int) -> bool:
        mixed = side_file._mixed(one, other)
        return bool(bits[mixed % len(bits)] & side_file._bit(mixed))

    assert all(passes(*pair) for pair in pairwise(stream[1:]))
    assert sum(passes(dice.randrange(2**32), dice.randrange(2**32)) for _ in range(4_000)) < 800


def test_columns_and_their_values_come_back(side: SideFile) -> None:
    assert list(side.column("price")) == [5, 6, 7, 8]
    assert [side.values("village")[number] for number in side.column("village")] == ["16.12\x1fBetung", "16.13"] * 2


def test_the_vocabulary_comes_back(side: SideFile) -> None:
    assert set(side.near.candidates("kencurr")) == {"kencur"}
