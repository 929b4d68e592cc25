"""Rows in, the same rows out, however many there are."""

from __future__ import annotations

import random

import pytest

from catalog.search.bits import pack, unpack


@pytest.mark.parametrize("held", [0, 1, 7, 60, 900, 5_000])
def test_what_is_packed_comes_out_ascending(held: int) -> None:
    rows = random.Random(held).sample(range(5_000), held)
    assert unpack(pack(rows, 5_000)) == sorted(rows)
    assert pack(rows, 5_000).bit_count() == held


def test_rows_of_a_later_segment_are_shifted() -> None:
    assert unpack(pack([0, 8, 9], 10) << 13) == [13, 21, 22]
