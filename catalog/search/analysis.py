"""From text to words: folding, spelling variants, expressions with a meaning, and light stems for recall."""

from __future__ import annotations

import importlib.util
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from catalog.search.synonyms import Synonyms, load

#: A meaning is kept in the index as this mark and its name: no word of a text can look like it.
MEANING_MARK = "="
#: Longest piece of text anyone may ask us to take apart; a question is far shorter, a description never longer.
MAX_TEXT = 20_000
#: Longer words are not words: they are cut, on both sides alike.
MAX_WORD = 40

_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ`´][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_MIN_STEMMED = 6
_MIN_STEM = 3


def fold(text: str) -> str:
    """Lower case, full-width and other compatibility forms made plain, accents dropped: "Café １２" -> "cafe 12"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def split(text: str) -> list[str]:
    """The words of `text`, folded, apostrophes dropped ("Nunle'u" -> "nunleu"), in order, as written otherwise."""
    folded = fold(text[:MAX_TEXT])
    found: list[str] = _WORD.findall(folded)
    if _APOSTROPHES.search(folded):
        found = [_APOSTROPHES.sub("", word) for word in found]
    return [word[:MAX_WORD] for word in found]


def flat(text: str) -> str:
    """`text` folded and without apostrophes, for a first look whether a word can be in it at all."""
    return _APOSTROPHES.sub("", fold(text))


def written(text: str) -> list[str]:
    """The words of `text` as they stand."""
    found: list[str] = _WORD.findall(text[:MAX_TEXT])
    return found


def written_at(text: str) -> Iterator[tuple[int, str]]:
    """Where each word of `text` starts, and the word as it stands."""
    for match in _WORD.finditer(text[:MAX_TEXT]):
        yield match.start(), match.group()


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and index form of each word of `text`, for marking matches."""
    for start, word in written_at(text):
        yield start, start + len(word), _kept_form(word)


@lru_cache(maxsize=8_192)
def forms(written: str) -> tuple[str, str, str]:
    """The index form of a word as it is written, and its stems in both languages."""
    word = _kept_form(written)
    return word, stem_indonesian(word), stem_english(word)


def _kept_form(written: str) -> str:
    word = _APOSTROPHES.sub("", fold(written))[:MAX_WORD]
    return load().spelling.get(word, word)


def words(text: str) -> list[str]:
    """The words of `text` in the spelling the index keeps."""
    spelling = load().spelling
    return [spelling.get(word, word) for word in split(text)]


def expressions(found: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Cut a sequence of words into expressions, the longest known one first: (words, meanings; often none)."""
    synonyms = load()
    position = 0
    while position < len(found):
        for length in range(min(synonyms.longest, len(found) - position), 0, -1):
            piece = tuple(found[position : position + length])
            meanings = synonyms.meanings.get(piece)
            if meanings or length == 1:
                yield piece, meanings or ()
                position += length
                break


def meanings_in(found: Sequence[str]) -> list[str]:
    """The marked meanings of a text's words, to be indexed beside them."""
    return [MEANING_MARK + meaning for _, meanings in expressions(found) for meaning in meanings]


def stems(found: Sequence[str], language: str | None = None) -> list[str]:
    """Stems of `found`, for the recall fields only. Without a language both are tried, as for a question."""
    result = []
    for word in found:
        if language != "en":
            result.append(stem_indonesian(word))
        if language != "id":
            result.append(stem_english(word))
    return result


@lru_cache(maxsize=16_384)
def stem_indonesian(word: str) -> str:
    """A light Indonesian stem. Snowball (BSD) cuts into many roots, hence our own table first and the protected words."""
    synonyms = load()
    known = synonyms.stems.get(word)
    if known:
        return known
    if len(word) < _MIN_STEMMED or word in synonyms.protected or not word.isalpha():
        return word
    stem: str = _stemmer().stemWord(word)
    return stem if len(stem) >= _MIN_STEM else word


@lru_cache(maxsize=4_096)
def stem_english(word: str) -> str:
    """English plural to singular, nothing more: crackers -> cracker, berries -> berry. Indonesian words are safe enough."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in load().protected:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses", "oes")):
        return word[:-2]
    return word[:-1]


def narrower(meanings: Sequence[str]) -> list[str]:
    """Meanings that the wide ones among `meanings` cover."""
    covers = load().covers
    return [narrow for meaning in meanings for narrow in covers.get(meaning, ())]


def is_ignored(word: str) -> bool:
    """Whether `word` says nothing about a product."""
    return word in load().ignored


def variants() -> dict[str, str]:
    """Other spellings and the one the index keeps, for completing and correcting what is typed."""
    return load().spelling


def all_expressions() -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every known expression with its meanings."""
    return load().meanings.items()


def fingerprint() -> str:
    """Of the word file: an index made with another one is out of date."""
    synonyms: Synonyms = load()
    return synonyms.fingerprint


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    """Snowball's Indonesian stemmer alone: the package's front door loads 33 languages, 7 MB in every worker."""
    name = "snowballstemmer"
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise ImportError(name)
    sys.modules[name] = importlib.util.module_from_spec(spec)  # a package with its folder, whose __init__ is not run
    try:
        return importlib.import_module(f"{name}.indonesian_stemmer").IndonesianStemmer()
    finally:
        del sys.modules[name]
