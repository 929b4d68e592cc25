"""What PostgreSQL keeps of a document and asks for a word: lexemes made by our own analysis, a letter for the field in front.

No dictionary of the server is asked: both engines know the same words, spellings, meanings and stems, and an upgrade of the server changes
none. A lexeme is the mark of a field and a word, "nkeripik", or a meaning, "n=keripik"; facts for filters begin with "#".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.search import analysis, matching
from catalog.search.columns import PRICE_BANDS, band_of
from catalog.search.document import SearchDocument
from catalog.search.query import Unit

#: Any field but the regency, with positions (weight A in names): what a word of a question has to meet, and what phrases are read from.
ANY = "a"
NAME, NAME_STEM, MAKER, PLACE, REGENCY, CATEGORY, CODE = "n", "s", "m", "p", "r", "c", "k"
#: Words twice or more in the text, stems that differ from their word there, and meanings there.
OFTEN, TEXT_STEM, TEXT_MEANING = "u", "x", "t"
#: What holds a word in one of these holds it in ANY.
IN_ANY = (NAME, MAKER, PLACE, CATEGORY, CODE, OFTEN)
#: Counted in the vocabulary only: a word of any name, maker or place.
WORD = "w"
WORD_FIELDS = (NAME, PLACE, REGENCY, MAKER)
#: Which lexemes may have bit strings, when many products hold them: those that a question can need a whole list of.
COUNTED = (ANY, NAME, NAME_STEM, REGENCY)
EVERY = "*"
#: Facts whose bit strings are always kept; areas are counted from their range of numbers instead.
FACTS = ("category", "scheme", "certificates", "band", "in_stock", "step")
AREAS = ("district", "village")

#: Where a filter by price is exact without looking at single products; between them it looks.
STEPS = tuple(sorted({*PRICE_BANDS, *range(0, 100_000, 5_000), *range(100_000, 500_000, 25_000), *range(500_000, 2_000_000, 100_000)}))
_MAX_POSITION, _MAX_POSITIONS = 16_000, 200
_AREA = re.compile(r"\d\d\.\d\d\.\d\d(\.\d{4})?", re.ASCII)

#: Lexeme -> its places in name and text, "3A,17"; "" where nobody asks for them.
Lexemes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Term:
    """Something to look for, as a tsquery, and what finding it is worth."""

    lexeme: str
    worth: float
    #: A phrase is no lexeme and stands as a tsquery of its own.
    phrase: str = ""

    @property
    def query(self) -> str:
        """It as a tsquery."""
        return self.phrase or quoted(self.lexeme)


def lexemes_of(document: SearchDocument) -> Lexemes:
    """The lexemes of a document's words."""
    name_id, name_en = analysis.words(document.name_id), analysis.words(document.name_en)
    text_id, text_en = analysis.words(document.text_id), analysis.words(document.text_en)
    categories = [analysis.words(line) for line in document.category_names.splitlines()]
    named = [*analysis.meanings_in(name_id), *analysis.meanings_in(name_en)]
    sorted_as = [word for line in categories for word in (*line, *analysis.meanings_in(line))]
    places, makers = analysis.words(f"{document.village} {document.district}"), analysis.words(document.maker)
    codes = ["".join(analysis.split(code)) for code in document.codes]
    names, texts = [*name_id, *name_en], [*text_id, *text_en]
    repeated = [word for word, times in Counter(texts).items() if times > 1]
    fields: dict[str, Iterable[str]] = {
        NAME: [*names, *named],
        NAME_STEM: [*names, *analysis.stems(name_id, "id"), *analysis.stems(name_en, "en")],
        MAKER: makers,
        PLACE: places,
        REGENCY: analysis.words(document.regency),
        CATEGORY: sorted_as,
        CODE: codes,
        OFTEN: repeated,
        TEXT_STEM: {*analysis.stems(text_id, "id"), *analysis.stems(text_en, "en")}.difference(texts),
        TEXT_MEANING: [*analysis.meanings_in(text_id), *analysis.meanings_in(text_en)],
        ANY: [*named, *makers, *places, *sorted_as, *codes],
    }
    found = {field + word: "" for field, words in fields.items() for word in words if word}
    return found | _positions(name_id, name_en, text_id, text_en)


def _positions(*parts: Sequence[str]) -> Lexemes:
    """Where the words of both names and both texts stand; a gap between the parts, so that no phrase reaches across."""
    places: dict[str, list[str]] = defaultdict(list)
    position = 1
    for number, words in enumerate(parts):
        for word in words:
            kept = places[ANY + word]
            if position < _MAX_POSITION and len(kept) < _MAX_POSITIONS:
                kept.append(f"{position}A" if number < 2 else str(position))
            position += 1
        position += 1
    return {lexeme: ",".join(kept) for lexeme, kept in places.items()}


def vector_of(lexemes: Lexemes) -> str:
    """A tsvector in PostgreSQL's own spelling."""
    return " ".join(quoted(lexeme) + (f":{places}" if places else "") for lexeme, places in lexemes.items())


def facts_of(row: Mapping[str, Any]) -> set[str]:
    """What filters and facets ask about a row of `product`, as lexemes that are counted beside those of its words."""
    facts = {
        **{name: row[name] for name in ("category", "scheme", "certificates")},
        **{name: area_number(row[name]) for name in AREAS},
        "band": band_of(row["price"]),
        "in_stock": int(row["in_stock"]),
        "step": step_of(row["price"]),
    }
    return {EVERY, *(fact(dimension, value) for dimension, value in facts.items())}


def fact(dimension: str, value: object) -> str:
    """The lexeme of a fact."""
    return f"#{dimension}={value}"


def step_of(price: int) -> int:
    """The place in STEPS to which a price belongs."""
    return max(0, bisect_right(STEPS, price) - 1)


def area_number(code: str) -> int:
    """A district's or village's code without its dots, a number in the order of the codes: "16.12.01" is 161201; 0 for what is none."""
    return int(code.replace(".", "")) if _AREA.fullmatch(code) else 0


def area_code(number: int) -> str:
    """The other way round; "" for 0."""
    if not number:
        return ""
    digits = f"{number:06d}" if number < 10**6 else f"{number:010d}"
    return ".".join(filter(None, (digits[:2], digits[2:4], digits[4:6], digits[6:])))


def quoted(lexeme: str) -> str:
    """A lexeme as tsvector and tsquery spell it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def certain_terms(unit: Unit, known: Callable[[str], int]) -> list[Term]:
    """Where the unit itself may stand, worth as in `matching.certain_worth`; `known` says how many products hold a lexeme."""
    if unit.is_exact:
        phrase = [quoted(ANY + word) for word in unit.words]
        return [Term("", matching.TEXT, " <-> ".join(phrase)), Term("", matching.NAME, " <-> ".join(f"{word}:A" for word in phrase))]
    terms = [
        *(Term(CATEGORY + analysis.MEANING_MARK + meaning, matching.CATEGORY) for meaning in unit.meanings),
        *(Term(NAME_STEM + stem, matching.NAME_STEM) for stem in unit.stems),
        *(Term(NAME + analysis.MEANING_MARK + meaning, matching.NAME_MEANING) for meaning in unit.meanings),
    ]
    if len(unit.words) > 1:
        return terms
    word = unit.words[0]
    return [
        Term(ANY + word, matching.TEXT / 2),
        Term(OFTEN + word, matching.TEXT * 2 / 3),
        Term(CATEGORY + word, matching.CATEGORY),
        *terms,
        # A regency may be named after its districts (Penukal Abab Lematang Ilir): the district is meant.
        Term((PLACE if known(PLACE + word) else REGENCY) + word, matching.PLACE),
        Term(MAKER + word, matching.MAKER),
        Term(NAME + word, matching.NAME),
        Term(CODE + word, matching.CODE),
    ]


def all_certain(terms: Sequence[Term]) -> list[str]:
    """The few lexemes that together hold exactly the products of `certain_terms`, for counting them; a phrase has none."""
    kept = dict.fromkeys(term.lexeme for term in terms if term.lexeme[:1] in (ANY, REGENCY, NAME_STEM))
    meanings = {ANY + term.lexeme[1:]: None for term in terms if term.lexeme[1:2] == analysis.MEANING_MARK}
    return [*kept, *meanings]


def name_lexemes(terms: Sequence[Term]) -> list[str]:
    """Those among `terms` that stand in a name."""
    return [term.lexeme for term in terms if term.lexeme[:1] in (NAME, NAME_STEM)]


def recall_terms(unit: Unit, completed: Sequence[str]) -> list[Term]:
    """What stands close to the unit, worth as in `matching.recall_worth`; `completed` are words that begin with it."""
    if unit.is_exact:
        return []
    narrower = analysis.narrower(unit.meanings)
    return [
        *(Term(field + stem, matching.TEXT_STEM) for stem in unit.stems for field in (TEXT_STEM, ANY)),
        *(Term(TEXT_MEANING + analysis.MEANING_MARK + meaning, matching.TEXT_MEANING) for meaning in unit.meanings),
        *(Term(field + analysis.MEANING_MARK + meaning, matching.NARROWER) for meaning in narrower for field in (CATEGORY, NAME)),
        *(Term(field + word, matching.COMPLETED) for word in completed for field in WORD_FIELDS),
    ]


def is_strong(unit: Unit, known: Callable[[str], int]) -> bool:
    """Whether anything but the running text knows the unit; if not, it may be a typing error."""
    if any(known(field + analysis.MEANING_MARK + meaning) for meaning in unit.meanings for field in (NAME, CATEGORY)):
        return True
    return any(known(field + unit.words[0]) for field in (NAME, PLACE, REGENCY, MAKER, CATEGORY, CODE))


def strong_lexemes(unit: Unit) -> list[str]:
    """What `is_strong` asks about."""
    meanings = [field + analysis.MEANING_MARK + meaning for meaning in unit.meanings for field in (NAME, CATEGORY)]
    return [*meanings, *(field + unit.words[0] for field in (NAME, PLACE, REGENCY, MAKER, CATEGORY, CODE))]


def vocabulary_of(changes: Mapping[str, int]) -> Counter[str]:
    """How the counts of the vocabulary's words follow from those of the fields' words."""
    words: Counter[str] = Counter()
    for lexeme, change in changes.items():
        if lexeme[0] in WORD_FIELDS and lexeme[1:2] != analysis.MEANING_MARK:
            words[WORD + lexeme[1:]] += change
    return words
