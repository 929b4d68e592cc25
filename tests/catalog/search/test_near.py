"""Typing errors found by dropped letters, held to a reading of the whole vocabulary."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from catalog.search.near import NearWords, allowed_errors
from catalog.search.spelling import distance

SYLLABLES = [consonant + vowel for consonant in "bdgklmnprst" for vowel in "aeiou"]


def _words(count: int) -> list[str]:
    dice = random.Random(7)
    return sorted({"".join(dice.choices(SYLLABLES, k=dice.choice((2, 3, 4, 5)))) for _ in range(count)})


WORDS = _words(3_000)
TABLE = NearWords.of(WORDS)


def _near(word: str) -> set[str]:
    return {known for known in TABLE.candidates(word) if distance(word, known, 2) <= allowed_errors(word)}


@given(st.sampled_from(WORDS), st.lists(st.tuples(st.sampled_from("dics"), st.integers(0, 9), st.sampled_from("aknz")), max_size=2))
def test_every_word_near_enough_is_a_candidate(word: str, errors: list[tuple[str, int, str]]) -> None:
    for kind, place, letter in errors:
        at = place % max(1, len(word) - 1)
        word = {
            "d": word[:at] + word[at + 1 :],
            "i": word[:at] + letter + word[at:],
            "c": word[:at] + letter + word[at + 1 :],
            "s": word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        }[kind]
    allowed = allowed_errors(word)
    expected = {known for known in WORDS if len(known) >= 3 and distance(word, known, allowed) <= allowed} if allowed else set()
    assert _near(word) | ({word} & expected) == expected


def test_few_words_are_looked_at() -> None:
    assert max(len(list(TABLE.candidates(word))) for word in WORDS[:200]) < len(WORDS) / 20


def test_numbers_and_short_words_have_no_candidates() -> None:
    assert list(TABLE.candidates("12345")) == []
    assert list(TABLE.candidates("aku")) == []
