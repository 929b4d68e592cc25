"""Boards: what one group sees on one day, in memory, with what filters and orders look at; a page counts and sorts nothing in SQL.

A board is what the rules themselves (`visible`, `ready`) answered in the database: nothing here decides who sees what. It is kept as long
as its mark stands (`browsing`), and what a page shows of it is asked for again under the one rule (`views.list_views`).
"""

from __future__ import annotations

from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from heapq import nsmallest
from sys import intern
from typing import Any

from sqlalchemy import String, cast, func
from sqlalchemy.orm import Session

from catalog.models.product import Category, Product, Variant
from orders.models.offer import Offer
from orders.wholesale.buyers import Audience
from orders.wholesale.questions import OfferQuestion, OfferSort
from orders.wholesale.ready import MONTHLY
from orders.wholesale.visible import first_price, is_visible, over_offers

#: Of the products that answer the words, the best so many are looked at.
MOST_RANKED = 2_000
READY = "ready:"
#: Answers that a board keeps, four bytes for each offer in them.
MOST_ANSWERS = 16

SHELVES = (Category.position, Product.maker_id, Product.name_id, Variant.position, Offer.id)

Keep = Callable[[int], Any]


def load_board(session: Session, audience: Audience, day: date) -> Board:
    """Everything the audience sees on `day`, the newest first. One statement."""
    statement = (
        over_offers(
            Offer.id,
            Offer.variant_id,
            Product.id,
            Category.slug,
            Product.village_code,
            cast(Offer.delivery_prefixes, String),
            Offer.units_per_case,
            Offer.minimum_cases,
            Offer.lead_days,
            MONTHLY,
            Offer.suggested_price,
            first_price(audience, day),
            func.row_number().over(order_by=SHELVES),
        )
        .join(Category, Category.id == Product.category_id)
        .where(*is_visible(audience, day))
        .order_by(Offer.updated_at.desc(), Offer.id.desc())
    )
    return Board(session.execute(statement).all())


class Board:
    """The offers as rows of arrays; a row's number is its place among the newest. Safe in threads: two may do the same work once."""

    def __init__(self, found: Sequence[Sequence[Any]]) -> None:
        columns: Iterator[Sequence[Any]] = zip(*found, strict=True) if found else iter([()] * 13)
        self._ids = array("q", next(columns))
        self._variants = array("q", next(columns))
        self._products = array("q", next(columns))
        self._categories, self._villages, self._deliveries = ([intern(text) for text in next(columns)] for _ in range(3))
        self._units = array("q", next(columns))
        self._minimums = array("q", next(columns))
        self._leads = array("q", next(columns))
        self._monthly = array("q", next(columns))
        #: Nothing where the partner decides.
        self._suggested = array("q", (price or 0 for price in next(columns)))
        self._prices = array("q", next(columns))
        #: Its place in a file: by shelf, maker and name.
        self._places = array("q", next(columns))
        #: Which rows hold a paper or are ready for a kind of shop, of those that were asked for.
        self._learned: dict[str, bytes] = {}
        self._orders: dict[OfferSort, Sequence[int]] = {OfferSort.RELEVANCE: range(len(self._ids))}
        self._answers: OrderedDict[OfferQuestion, Sequence[int]] = OrderedDict()

    def knows(self, name: str) -> bool:
        """Whether the rows that `name` stands for (`names_in`) were learned."""
        return name in self._learned

    def learn(self, name: str, offer_ids: Collection[int]) -> None:
        """These offers hold the paper, or are ready for the kind of shop, that is called `name`."""
        self._learned[name] = bytes(number in offer_ids for number in self._ids)

    def answer(self, question: OfferQuestion, scores: Mapping[int, float] | None = None) -> Sequence[int]:
        """The rows that answer, in their order. `scores`: only of the best products in there, and by them where no order is wanted.

        What the question asks of papers and readiness has been learned.
        """
        return self._known(question) if scores is None else self._ranked(question, scores)

    def shelved(self, rows: Iterable[int]) -> list[int]:
        """`rows` in the order of a file."""
        return sorted(rows, key=self._places.__getitem__)

    def ids_of(self, rows: Iterable[int]) -> list[int]:
        """The offers' ids."""
        return [self._ids[row] for row in rows]

    def _known(self, question: OfferQuestion) -> Sequence[int]:
        key = replace(question, page=1)
        rows = self._answers.get(key)
        if rows is None:
            rows = self._answers[key] = self._narrow(self._order(question.sort), question)
        with suppress(KeyError):  # another thread may just have dropped it
            self._answers.move_to_end(key)
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)
        return rows

    def _ranked(self, question: OfferQuestion, scores: Mapping[int, float]) -> Sequence[int]:
        found = [row for number in _best(scores) for row in self._of_product.get(number, ())]
        if question.sort is OfferSort.RELEVANCE:
            found.sort(key=lambda row: (-scores[self._products[row]], self._variants[row]))
            return self._narrow(found, question)
        wanted = set(found)
        return self._narrow([row for row in self._order(question.sort) if row in wanted], question)

    def _narrow(self, rows: Iterable[int], question: OfferQuestion) -> Sequence[int]:
        for keep in self._filters(question):
            rows = filter(keep, rows)
        return array("L", rows)

    def _filters(self, question: OfferQuestion) -> Iterator[Keep]:
        for name in names_in(question):
            yield self._learned[name].__getitem__
        if question.category:
            yield _holds(self._categories, {question.category})
        if question.region:
            yield _holds(self._villages, {code for code in set(self._villages) if _lies_in(code, question.region)})
        if question.deliver_to:
            yield _holds(self._deliveries, {text for text in set(self._deliveries) if _covers(text, question.deliver_to)})
        yield from self._limits(question)

    def _limits(self, question: OfferQuestion) -> Iterator[Keep]:
        if (monthly := question.monthly_at_least) is not None:
            yield lambda row: self._monthly[row] >= monthly
        for column, most in (
            (self._units, question.case_at_most),
            (self._minimums, question.minimum_at_most),
            (self._leads, question.lead_at_most),
        ):
            if most is not None:
                yield _at_most(column, most)
        if (margin := question.margin_at_least) is not None:
            suggested, prices = self._suggested, self._prices
            yield lambda row: suggested[row] and (suggested[row] - prices[row]) * 10_000 >= margin * suggested[row]

    def _order(self, sort: OfferSort) -> Sequence[int]:
        """All rows; equals by the offer's id."""
        if sort not in self._orders:
            by_id = sorted(range(len(self._ids)), key=self._ids.__getitem__)
            self._orders[sort] = array("L", sorted(by_id, key=self._key(sort)))
        return self._orders[sort]

    def _key(self, sort: OfferSort) -> Keep:
        if sort is OfferSort.PRICE:
            return self._prices.__getitem__
        if sort is OfferSort.LEAD_TIME:
            return self._leads.__getitem__
        if sort is OfferSort.CAPACITY:
            return lambda row: -self._monthly[row]
        suggested, prices = self._suggested, self._prices
        return lambda row: (prices[row] - suggested[row]) * 10_000 / suggested[row] if suggested[row] else 10_000

    @cached_property
    def _of_product(self) -> Mapping[int, Sequence[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for row, product in enumerate(self._products):
            found[product].append(row)
        return dict(found)


def names_in(question: OfferQuestion) -> list[str]:
    """What a board has to have learned before it can answer: kinds of papers, and `ready:` with the key of a profile."""
    return [*question.papers, *([f"{READY}{question.ready_for}"] if question.ready_for else [])]


def _best(scores: Mapping[int, float]) -> Iterable[int]:
    """The products that are looked at."""
    return nsmallest(MOST_RANKED, scores, key=lambda number: (-scores[number], number)) if len(scores) > MOST_RANKED else scores


def _holds(column: Sequence[str], wanted: set[str]) -> Keep:
    return lambda row: column[row] in wanted


def _at_most(column: Sequence[int], most: int) -> Keep:
    return lambda row: column[row] <= most


def _lies_in(code: str, region: str) -> bool:
    return code == region or code.startswith(f"{region}.")


def _covers(prefixes: str, area_code: str) -> bool:
    """No area named, or one that covers `area_code`; the list of codes is JSON text, each code between quotes."""
    parts = area_code.split(".")
    return prefixes == "[]" or any(f'"{".".join(parts[:length])}"' in prefixes for length in range(1, len(parts) + 1))
