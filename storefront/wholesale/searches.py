"""A buyer's saved searches, and the worker's look at all of them."""

from __future__ import annotations

from urllib.parse import parse_qs

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from orders.wholesale import browsing
from orders.wholesale import searches as verbs
from orders.wholesale.buyers import Buyer
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.pages import save
from storefront.security import current_actor
from storefront.wholesale.forms import SearchForm
from storefront.wholesale.frame import enter, show
from storefront.wholesale.offers import Shelf, look


def searches() -> ResponseReturnValue:
    """All of them, each with its address."""
    return _page(SearchForm(formdata=None))


def search_save() -> ResponseReturnValue:
    """Keep the question of the list under a name."""
    buyer = enter()
    form = SearchForm()
    shelf = read_query(reading(), buyer, request.form.get("query", "")[: verbs.LONGEST_QUERY + 1])
    query, ids = shelf.asked.query, answering(reading(), buyer, shelf)

    def work(session: Session) -> None:
        verbs.save_search(session, current_actor(), enter(), name=form.name.value, query=query, offer_ids=ids)

    if form.validate_on_submit() and save(form, work):
        flash(_("The search is saved. We write when something new answers it."), "success")
        return redirect(url_for("wholesale.searches"), 303)
    return _page(form, 422, query)


def search_change(code: str) -> ResponseReturnValue:
    """Remove a search, or switch its letters on and off."""
    enter()
    form = SearchForm()
    act = request.form.get("act")

    def work(session: Session) -> None:
        if act == "remove":
            verbs.remove_search(session, enter(), code)
        else:
            verbs.set_notice(session, enter(), code, is_notified=act == "notify")

    if save(form, work) and act == "remove":
        flash(_("The search is removed."), "success")
    return redirect(url_for("wholesale.searches"), 303)


def read_query(session: Session, buyer: Buyer, query: str) -> Shelf:
    """A question from a query string as the list's page reads it."""
    found = parse_qs(query, max_num_fields=40)
    return look(
        session, buyer, MultiDict([(name, value) for name, values in found.items() for value in values]), url_for("wholesale.offers")
    )


def answering(session: Session, buyer: Buyer, shelf: Shelf) -> list[int]:
    """All offers that answer now."""
    return browsing.list_offer_ids(session, buyer.audience, shelf.asked.question, shelf.day, shelf.choices, shelf.scores)


def _page(form: SearchForm, status: int = 200, query: str = "") -> ResponseReturnValue:
    buyer = enter()
    rows = [(row, url_for("wholesale.offers") + f"?{row.query}") for row in verbs.list_searches(reading(), buyer.user_id)]
    return show("wholesale/searches/searches.html", buyer, status, rows=rows, form=form, query=query)
