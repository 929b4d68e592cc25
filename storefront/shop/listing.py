"""The product list and the search: one page, one question, one answer; suggestions while typing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from catalog import exposure
from catalog.models.collection import ShownPlace
from catalog.queries.cards import list_product_cards
from catalog.queries.centres import find_centre
from catalog.queries.home import list_categories
from catalog.queries.labels import FacetLabels, list_facet_labels
from catalog.search import query_log, searching
from catalog.search.request import FacetValue, SearchResult, Suggestion
from kernel.errors import N_
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.kept_pages import each_time, forget_this
from storefront.replicas import browsing, from_replica, reads_copy
from storefront.search_engine import get_engine, spool_folder
from storefront.shop import structured
from storefront.shop.facets import LONGEST_QUESTION, Question, list_chips, list_facets, list_sorts, read_question
from storefront.templating import local

SUGGESTION_KINDS = {
    "product": N_("Product"),
    "maker": N_("Maker"),
    "village": N_("Village"),
    "district": N_("District"),
    "category": N_("Category"),
}
SHORTEST_SUGGESTION = 2


@from_replica
def products() -> ResponseReturnValue:
    """`/products`: everything on the shelves, narrowed by facets."""
    return _listing(is_search=False)


@from_replica
def search() -> ResponseReturnValue:
    """`/search?q=`: the same list for a question in words."""
    return _listing(is_search=True)


@from_replica
def suggest() -> Response:
    """`/search/suggest?q=`: lines under the search box as JSON, each with where it leads."""
    text = request.args.get("q", "")[:LONGEST_QUESTION]
    found = searching.suggest(get_engine(), browsing(), text, current_language()) if len(text.strip()) >= SHORTEST_SUGGESTION else []
    lines = [{"label": line.label, "kind": _(SUGGESTION_KINDS[line.kind]), "url": _address_of(line)} for line in found]
    response = jsonify(lines)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _address_of(line: Suggestion) -> str:
    return local(
        {
            "product": f"/products/{line.key}",
            "maker": f"/makers/{line.key}",
            "village": f"/villages/{line.key}",
            "district": f"/products?district={line.key}",
            "category": f"/products?category={line.key}",
        }[line.kind]
    )


def _listing(*, is_search: bool) -> ResponseReturnValue:
    language, session = current_language(), browsing()
    args = request.args if is_search else {name: value for name, value in request.args.items() if name != "q"}
    question = read_question(args, request.script_root + request.path, language)
    if question.near:
        question.request = replace(question.request, near=find_centre(session, question.near))
    result, labels = _answer(session, question)
    pages = max(1, -(-result.total // question.request.page_size))
    status = 400 if question.problems else 404 if question.request.page > pages else 200
    cards = list_product_cards(session, [hit.product_id for hit in result.hits], language)
    if is_search and question.request.text and question.request.page == 1 and status == 200:
        each_time(partial(query_log.record, spool_folder(), question.request.text, language, 0 if result.corrected else result.total))
    place = ShownPlace.SEARCH if is_search else ShownPlace.LIST
    each_time(partial(exposure.note, spool_folder(), place, [card.product_id for card in cards]))
    if result.source != "index" or reads_copy():
        forget_this()  # the index has a version and did not answer, or answered as a copy had it
    page = render_template(
        "shop/listing/listing.html",
        is_search=is_search,
        question=question,
        result=result,
        cards=cards,
        highlights={hit.product_id: hit.highlight for hit in result.hits},
        pages=pages,
        facets=list_facets(question, result, labels),
        chips=list_chips(question, labels),
        data=_trail_data(labels["category"].get(question.params.get("category", ""), "")),
        sorts=list_sorts(question, labels),
        in_stock_count=next((value.count for value in result.facets.get("in_stock", ()) if value.value == "true"), 0),
        category_name=labels["category"].get(question.params.get("category", ""), ""),
        categories=list_categories(session, language) if not cards else (),
    )
    return page, status


def _trail_data(category: str) -> Markup:
    """Where the list stands in the shop, for search engines."""
    trail = [(_("Home"), local("/")), (_("Products"), local("/products") if category else None)]
    return structured.data_block(structured.breadcrumbs([*trail, (category, None)] if category else trail))


def _answer(session: Session, question: Question) -> tuple[SearchResult, FacetLabels]:
    """The answer, asked a second time without the filters whose value turns out not to exist."""
    result = searching.search(get_engine(), session, question.request)
    labels = _labels(session, question, result)
    unknown = [name for name in ("category", "district", "village") if question.params.get(name, "") not in ("", *labels[name])]
    for name in unknown:
        question.drop(name, _UNKNOWN[name]())
    if unknown:
        result = searching.search(get_engine(), session, question.request)
        labels = _labels(session, question, result)
    return result, labels


_UNKNOWN = {
    "category": lambda: _("There is no such category, so we show all of them."),
    "district": lambda: _("We do not know this district, so we show all of them."),
    "village": lambda: _("We do not know this village, so we show all of them."),
}


def _labels(session: Session, question: Question, result: SearchResult) -> FacetLabels:
    """Names for everything the page mentions: the answer's values and what the address chose."""
    wanted = {name: list(values) for name, values in result.facets.items()}
    for name in ("category", "district", "village"):
        if value := question.params.get(name):
            wanted.setdefault(name, []).append(FacetValue(value, 0))
    if question.near:
        wanted.setdefault("village" if question.near.count(".") == 3 else "district", []).append(FacetValue(question.near, 0))
    return list_facet_labels(session, wanted, current_language())
