"""Invented goods to search through, the same in every run: as many as wanted, and questions about them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from catalog.search.document import SearchDocument
from catalog.search.request import SearchRequest, Sort

SEED = 20261121
SHELVES = {
    "makanan-ringan": "keripik singkong pisang tempe kerupuk rengginang pedas gurih",
    "kopi-teh": "kopi arabika robusta bubuk biji sangrai teh hijau",
    "anyaman": "anyaman bambu rotan tas keranjang topi tikar purun",
    "kain": "batik tenun ikat songket kain selendang sarung katun",
    "minuman": "madu hutan kelulut jahe kunyit temulawak jamu serbuk",
    "bumbu": "gula aren semut kelapa lada pala cengkeh vanili",
    "lauk": "ikan asin teri abon cumi terasi udang salai",
    "bahan-pokok": "beras merah hitam organik ketan putih tepung mocaf",
}
QUALITIES = ("asli", "premium", "murni", "khas", "segar", "super", "tradisional", "alami", "unggulan", "pilihan")
SYLLABLES = [consonant + vowel for consonant in "bcdghjklmnprstwy" for vowel in "aiu"]
SCHEMES, PAPERS = ("ovop", "ovop", "ocop", "osop"), ((), ("pirt",), ("halal", "pirt"), ("bpom",))

#: Task and question.
Question = tuple[str, SearchRequest]


def vocabulary(size: int = 12_000) -> list[str]:
    """Invented words; the first are used far more often than the last."""
    dice, words = random.Random(SEED), dict[str, None]()
    while len(words) < size:
        words["".join(dice.choice(SYLLABLES) for _ in range(dice.choice((2, 3, 3, 4)))) + dice.choice(("", "n", "ng", "r", "s"))] = None
    return list(words)


def documents(count: int) -> Iterator[SearchDocument]:
    """The deterministic catalogue: 8 shelves, 60 districts, 1,200 villages, descriptions of 28 to 44 words."""
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(words))))
    for number in range(1, count + 1):
        dice = random.Random(SEED + number)
        shelf = dice.choice(list(SHELVES))
        first, second = dice.sample(SHELVES[shelf].split(), 2)
        text = dice.choices(words, cum_weights=weights, k=dice.randint(28, 44))
        for _ in range(dice.randint(2, 6)):
            text[dice.randrange(len(text))] = dice.choice(SHELVES[shelf].split())
        village = dice.randrange(1_200)
        yield SearchDocument(
            product_id=number,
            slug=f"produk-{number}",
            name_id=f"{first} {second} {dice.choice(QUALITIES)} {dice.choice(words[:3000])}".title(),
            name_en="",
            text_id=" ".join(text),
            text_en="",
            maker=f"Dapur {words[village]} {words[village + 1]}",
            maker_slug=f"dapur-{village}",
            village=f"Suka{words[village + 40]}",
            village_code=f"16.{village // 200:02d}.{village // 20:02d}.{village:04d}",
            district=f"Muara {words[village // 20]}",
            district_code=f"16.{village // 200:02d}.{village // 20:02d}",
            regency="Kabupaten Contoh",
            category=shelf,
            category_names=f"{shelf}\n{shelf}",
            scheme=dice.choice(SCHEMES),
            certificates=dice.choice(PAPERS),
            codes=(f"K{number:06d}",),
            price=500 * dice.randint(10, 800),
            available=dice.randint(0, 60),
            latitude=-3 - village / 1_000,
            longitude=104 + village / 1_000,
            published_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
            popularity=dice.randint(0, 50),
        )


def questions(count: int) -> list[Question]:
    """The tasks in fixed order, `count` questions each. What starts with "page" is all that a list page shows, facets included."""
    dice = random.Random(SEED)
    common = vocabulary()[:300]
    found: list[Question] = []
    for _ in range(count):
        shelf = dice.choice(list(SHELVES))
        one, two = dice.sample(SHELVES[shelf].split(), 2)
        word = dice.choice((one, dice.choice(common)))
        cut, low = dice.randrange(1, len(one) - 1), dice.choice((20_000, 50_000))
        priced = SearchRequest(one, category=shelf, min_price=low, max_price=low * 4, sort=Sort.PRICE)
        found += [
            ("term", SearchRequest(word, with_facets=False)),
            ("two terms", SearchRequest(f"{one} {dice.choice((two, dice.choice(common)))}", with_facets=False)),
            ("phrase", SearchRequest(f'"{one} {two}"', with_facets=False)),
            ("suggest", SearchRequest(word[: dice.choice((2, 3, 4))])),
            ("one typo", SearchRequest(one[:cut] + one[cut + 1 :] + "q" * (len(one) <= 4), with_facets=False)),
            ("facets, range, price order", priced),
            ("page 50", SearchRequest(one, page=50, with_facets=False)),
            ("page: all goods", SearchRequest(page=dice.randint(1, 5))),
            ("page: category, by price", SearchRequest(category=shelf, min_price=low, sort=Sort.PRICE)),
            ("page: one word", SearchRequest(one)),
            ("page: two words", SearchRequest(f"{one} {two}")),
        ]
    return found
