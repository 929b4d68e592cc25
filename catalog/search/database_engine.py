"""The stand-in while there is no index: reads the live products from the database and answers with the same filters and facets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from catalog.channels import may_be_on
from catalog.models.area import Area
from catalog.models.channel import Channel
from catalog.models.maker import Maker
from catalog.models.product import Category, ListingState, Product, Variant
from catalog.search import analysis
from catalog.search.answering import browse, compose
from catalog.search.columns import Columns, NameTables
from catalog.search.document import SearchDocument
from catalog.search.engine import Progress, SearchUnavailable
from catalog.search.matching import Matches
from catalog.search.query import MAX_CHARACTERS, Query, Unit, parse
from catalog.search.request import SearchRequest, SearchResult, Suggestion
from catalog.search.source import District, available_units, list_papers, list_sellable, load_documents, lowest_prices
from catalog.search.validity import write_claims
from kernel import clock
from kernel.locales import pick

#: What a word is worth where it is found.
_NAME, _AROUND, _TEXT = 10.0, 6.0, 2.0
_EVERY_LIVE = Product.state == ListingState.LIVE


class DatabaseEngine:
    """A SearchEngine that only reads. Plain words, spellings and meanings; no stems, no corrections, no ranking by rarity."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer from three or four queries, whatever the size of the catalogue."""
        query = parse(request.text)
        scores = self._scores(query) if query.typed else None
        columns = self._columns(scores)
        if scores is None:
            return replace(browse(columns, request), source="database")
        by_row = {row: scores[product_id] for row, product_id in enumerate(columns.product_id)}
        texts = self._texts(columns, request.language)
        return replace(compose(columns, request, query, Matches(columns.alive, final=by_row), texts), source="database")

    def rank(self, text: str) -> dict[int, float]:
        """How well products answer the words alone; one or two queries."""
        query = parse(text)
        return self._scores(query) if query.typed else {}

    def suggest(self, text: str, language: str, limit: int = 8) -> list[Suggestion]:
        """Makers, villages, categories and products whose name holds the beginning of a word like `text`."""
        words = analysis.split(text[:MAX_CHARACTERS])
        if not words or limit < 1:
            return []
        name = Product.name_en if language == "en" else Product.name_id
        label = Category.name_en if language == "en" else Category.name_id
        live = select(Product.id).where(_EVERY_LIVE)
        questions: list[tuple[str, Select[str, str], int]] = [
            ("category", select(label, Category.slug).where(_starts(label, words)).order_by(label), 2),
            (
                "maker",
                select(Maker.name, Maker.slug).where(_starts(Maker.name, words), live.where(Product.maker_id == Maker.id).exists()),
                2,
            ),
            (
                "village",
                select(Area.name, Area.code).where(_starts(Area.name, words), live.where(Product.village_code == Area.code).exists()),
                2,
            ),
            ("product", select(name, Product.slug).where(_EVERY_LIVE, _starts(name, words)).order_by(Product.popularity.desc()), limit),
        ]
        found: list[Suggestion] = []
        for kind, statement, most in questions:
            found += [Suggestion(kind, label, key) for label, key in self._session.execute(statement.limit(most))]
        return found[:limit]

    def document_count(self) -> int:
        """Live products with a current price."""
        return len(self.product_ids())

    def product_ids(self) -> set[int]:
        """Every live product with a current price."""
        return list_sellable(self._session)

    def healthy(self) -> bool:
        """The database answers or raises."""
        return True

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Nobody writes here."""
        yield

    def request_rebuild(self, reason: str) -> None:
        """There is no index to build here."""

    def rebuild_reason(self) -> str | None:
        """There is no index to build here."""
        return None

    def apply(self, documents: Sequence[SearchDocument], deleted: Sequence[int]) -> None:
        """Nothing to do: the database is what documents are made from."""

    def tidy(self) -> bool:
        """Nothing to do."""
        return False

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> None:
        """There is no index to build here."""
        raise SearchUnavailable("the database fallback has no index", damaged=False)

    # inside

    def _scores(self, query: Query) -> dict[int, float]:
        """Product id -> score of the live products that hold every unit."""
        statement = (
            select(
                Product.id,
                Product.name_id + " " + Product.name_en,
                Maker.name + " " + Area.name + " " + func.coalesce(District.name, "") + " " + Category.name_id + " " + Category.name_en,
                Product.summary_id + " " + Product.description_id + " " + Product.material_id + " " + Product.technique_id,
                Product.summary_en + " " + Product.description_en + " " + Product.culture_id + " " + Product.culture_en,
            )
            .join(Maker, Maker.id == Product.maker_id)
            .join(Category, Category.id == Product.category_id)
            .join(Area, Area.code == Product.village_code)
            .outerjoin(District, District.code == Area.parent_code)
            .where(_EVERY_LIVE)
        )
        by_code = self._by_code(query)
        wanted = [_alternatives(unit) for unit in query.units]
        scores: dict[int, float] = dict.fromkeys(by_code, 100.0)
        heads = [tuple({form.split()[0] for form in forms}) for forms in wanted]
        for product_id, name, around, *texts in self._session.execute(statement) if wanted else ():
            everything = analysis.flat(" ".join((name, around, *texts)))
            if not all(any(head in everything for head in beginnings) for beginnings in heads):
                continue
            score = _score(wanted, (_spaced(name), _NAME), (_spaced(around), _AROUND), (_spaced(" ".join(texts)), _TEXT))
            if score:
                scores.setdefault(product_id, score)
        return scores

    def _by_code(self, query: Query) -> list[int]:
        typed = {query.code, *(unit.text for unit in query.units)}
        codes = sorted({form for code in typed if code for form in (code, code.upper())})
        if not codes:
            return []
        matches = or_(Variant.code.in_(codes), Variant.gtin.in_(codes), Variant.internal_number.in_(codes))
        statement = select(Variant.product_id).join(Product, Product.id == Variant.product_id).where(_EVERY_LIVE, matches)
        return list(self._session.scalars(statement))

    def _columns(self, scores: dict[int, float] | None) -> Columns:
        """The facts of the products found, or of all live ones. Products without a current price are not for sale."""
        today = clock.today()
        columns = Columns(NameTables())
        among = _among(scores)
        prices = lowest_prices(self._session, among, today)
        units = available_units(self._session, among, today)
        statement = (
            select(
                Product.id,
                Product.maker_id,
                Product.name_id,
                Category.slug,
                Area.parent_code,
                Area.code,
                Product.scheme,
                Area.latitude,
                Area.longitude,
                Product.published_at,
                Product.popularity,
            )
            .join(Category, Category.id == Product.category_id)
            .join(Area, Area.code == Product.village_code)
            .where(among, Product.published_at.is_not(None), may_be_on(Channel.WEB, today))
            .order_by(Product.id)
        )
        rows = [row for row in self._session.execute(statement) if row[0] in prices and (scores is None or row[0] in scores)]
        papers = list_papers(self._session, ((row[0], row[1]) for row in rows), today)
        for product_id, _, name, category, district, village, scheme, latitude, longitude, published_at, popularity in rows:
            columns.add_row(
                {
                    "product_id": product_id,
                    "price": prices[product_id],
                    "available": units.get(product_id, 0),
                    "published": int(published_at.timestamp()) if published_at else 0,
                    "popularity": popularity,
                    "latitude": latitude,
                    "longitude": longitude,
                    "name_length": len(name.split()),
                },
                category,
                district or "",
                village,
                scheme.value,
                write_claims(papers[product_id], today),
            )
        return columns

    def _texts(self, columns: Columns, language: str) -> Callable[[Sequence[int]], list[tuple[str, str]]]:
        def texts(rows: Sequence[int]) -> list[tuple[str, str]]:
            ids = [columns.product_id[row] for row in rows]
            shown = {document.product_id: document for document in load_documents(self._session, ids)}
            return [
                (pick(language, document.name_id, document.name_en), pick(language, document.text_id, document.text_en))
                if (document := shown.get(product_id))
                else ("", "")
                for product_id in ids
            ]

        return texts


def _among(scores: dict[int, float] | None) -> ColumnElement[bool]:
    """All live products, or those found when they are few enough to be named in a statement."""
    if scores is not None and len(scores) <= 1_000:
        return Product.id.in_(sorted(scores)) & _EVERY_LIVE
    return _EVERY_LIVE


def _alternatives(unit: Unit) -> list[str]:
    """The unit in all spellings and with all words of the same meaning; what was quoted only as it stands."""
    forms = {unit.text}
    if unit.is_exact:
        return [unit.text]
    forms |= {written for written, kept in analysis.variants().items() if kept in unit.words and len(unit.words) == 1}
    forms |= {" ".join(words) for words, meanings in analysis.all_expressions() if set(meanings) & set(unit.meanings)}
    return sorted(forms)


def _score(wanted: Sequence[Sequence[str]], *places: tuple[str, float]) -> float:
    total = 0.0
    for forms in wanted:
        best = max((worth for text, worth in places if any((" " + form) in text for form in forms)), default=0.0)
        if not best:
            return 0.0
        total += best
    return total


def _spaced(text: str) -> str:
    return " " + " ".join(analysis.split(text))


def _starts(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """The name or one of its words starts with what was typed."""
    typed = " ".join(words)
    lowered = func.lower(column)
    return or_(lowered.startswith(typed, autoescape=True), lowered.contains(" " + typed, autoescape=True))
