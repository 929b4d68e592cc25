"""Folding, spelling, expressions and stems; and the word file itself."""

from __future__ import annotations

import tomllib

import pytest

from catalog.search import analysis, synonyms
from catalog.search.query import parse
from catalog.search.spelling import Vocabulary, distance


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kripik NENAS", ["keripik", "nanas"]),
        ("Nunle’u Oe'Ekam", ["nunleu", "oeekam"]),
        ("Ｋｏｐｉ １２", ["kopi", "12"]),
        ("Café—crème", ["cafe", "creme"]),
        ("rempah-rempah", ["rempah", "rempah"]),
        ("", []),
        ("_ * _", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert analysis.words(text) == words


def test_the_longest_expression_wins() -> None:
    assert list(analysis.expressions(["tepung", "ubi", "kayu"])) == [(("tepung", "ubi", "kayu"), ("mocaf",))]
    assert list(analysis.expressions(["ubi", "jalar"])) == [(("ubi", "jalar"), ("ubi-jalar",))]
    assert list(analysis.expressions(["talang"])) == [(("talang",), ())]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("pengolahan", "olah"),
        ("diolah", "olah"),
        ("mengemas", "kemas"),
        ("kelapa", "kelapa"),
        ("terasi", "terasi"),
        ("anyaman", "anyam"),
        ("goreng", "goreng"),
        ("digoreng", "goreng"),
        ("keramik", "keramik"),
    ],
)
def test_indonesian_stems(word: str, stem: str) -> None:
    assert analysis.stem_indonesian(word) == stem


@pytest.mark.parametrize(
    ("word", "stem"), [("crackers", "cracker"), ("berries", "berry"), ("mangoes", "mango"), ("glass", "glass"), ("beras", "beras")]
)
def test_english_plurals(word: str, stem: str) -> None:
    assert analysis.stem_english(word) == stem


def test_words_that_say_nothing_are_left_out_unless_nothing_else_remains() -> None:
    assert [unit.text for unit in parse("madu dari desa betung").units] == ["madu", "betung"]
    assert [unit.text for unit in parse("dari").units] == ["dari"]
    assert parse("  ").typed is False
    assert parse("?!").units == ()
    assert parse("8 999999 000011").code == "8999999000011"


def test_questions_are_bounded() -> None:
    assert len(parse(" ".join(f"kata{number}" for number in range(500))).units) <= 12


def test_the_word_file_is_consistent() -> None:
    data = tomllib.loads(synonyms.FILE.read_text())
    every = [variant for variants in data["spelling"].values() for variant in variants]
    assert len(every) == len(set(every)), "a spelling may belong to one word only"
    assert not set(every) & set(data["spelling"]), "a spelling may not itself be kept"
    for meaning, expressions in data["meaning"].items():
        assert all(expression == " ".join(analysis.split(expression)) for expression in expressions), meaning
    stems = [word for words in data["stems"].values() for word in words]
    assert len(stems) == len(set(stems))


def test_a_wide_word_may_only_cover_known_meanings() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        synonyms.parse(b'[spelling]\n[meaning]\na=["a"]\n[covers]\na=["nowhere"]\n[stems]\n[protected]\nwords=[]\n[ignored]\nwords=[]\n')


class TestVocabulary:
    """Beginnings and typing errors."""

    words = Vocabulary({"keripik": 9, "keripiku": 1, "kerupuk": 4, "kencur": 3, "kopi": 5, "kopiah": 1, "sasirangan": 2})

    def test_beginnings_are_completed_most_frequent_first(self) -> None:
        assert self.words.completions("ker", 2) == ["keripik", "kerupuk"]
        assert self.words.completions("krip", 5) == ["keripik"]  # by its other spelling
        assert self.words.completions("zz", 5) == []

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [("kncur", "kencur"), ("kecnur", "kencur"), ("kencurr", "kencur"), ("sasirngn", "sasirangan"), ("kripok", "kripik")],
    )
    def test_one_error_or_two_in_long_words(self, typed: str, meant: str) -> None:
        assert meant in self.words.corrections(typed)

    def test_short_words_and_numbers_are_left_alone(self) -> None:
        assert self.words.corrections("kop") == []
        assert self.words.corrections("12345") == []
        assert "kopi" not in self.words.corrections("kopi")

    @pytest.mark.parametrize(
        ("one", "other", "errors"), [("abcd", "abdc", 1), ("abcd", "abcd", 0), ("abcd", "xbcd", 1), ("abcd", "ab", 2), ("a", "bcd", 3)]
    )
    def test_distance(self, one: str, other: str, errors: int) -> None:
        assert min(3, distance(one, other, 3)) == errors
