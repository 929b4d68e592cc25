"""What every wholesale page shares: whose buyer looks, page numbers, refusals beside their field, and answers that no cache keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, g, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import N_, DomainError, NotAllowed, NotFound
from kernel.paging import parse_page
from orders.wholesale import buyers
from orders.wholesale.buyers import Audience, Buyer
from storefront import state_words, wholesale_words
from storefront.database import reading, transaction
from storefront.fields import PageForm
from storefront.security import current_actor

#: Page, its name in the row of pages, and its address. Pages of other rooms of the blueprint stand here too.
PAGES: list[tuple[str, str, str]] = [
    ("offers", N_("Offers"), "wholesale.offers"),
    ("pad", N_("Order pad"), "wholesale.order_pad"),
    ("quotes", N_("Quotes"), "wholesale.quotes"),
    ("orders", N_("Orders"), "wholesale.purchases"),
    ("invoices", N_("Invoices"), "wholesale.invoices"),
    ("samples", N_("Samples"), "wholesale.samples"),
    ("searches", N_("Saved searches"), "wholesale.searches"),
    ("company", N_("Our company"), "wholesale.company"),
]


def enter() -> Buyer:
    """Who buys, and for which approved partner; NotAllowed (403) for everybody else. Asked anew for every page."""
    buyer = buyers.find_buyer(reading(), current_actor())
    if buyer is None:
        raise NotAllowed(N_("Your company has not been approved for wholesale yet, or no longer is. Please ask us."))
    g.wholesale_buyer = buyer
    return buyer


def today(audience: Audience) -> date:
    """The day that counts for prices and papers: the seller's."""
    return clock.today(audience.zone)


def show(template: str, buyer: Buyer, status: int = 200, **values: Any) -> Response:
    """A page with figures of one partner."""
    return answer(
        render_template(
            template, buyer=buyer, pages=PAGES, said=state_words, says=wholesale_words, percent=wholesale_words.percent, **values
        ),
        status,
    )


def show_public(template: str, status: int = 200, **values: Any) -> Response:
    """A page for everybody, without any wholesale figure."""
    return make_response(
        render_template(template, buyer=None, pages=[], said=state_words, says=wholesale_words, percent=wholesale_words.percent, **values),
        status,
    )


def answer(body: Any, status: int = 200) -> Response:
    """An answer that stays with who asked: the prices in it are one partner's."""
    response: Response = make_response(body, status)
    keep_private(response)
    return response


def keep_private(response: Response) -> Response:
    """Kept by no cache, shared or own, and in no search engine (A21)."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def keep_figures_private(response: Response) -> Response:
    """After every request of the blueprint: whatever a buyer got is kept by nobody, errors and files included."""
    return keep_private(response) if "wholesale_buyer" in g else response


def asked(name: str, longest: int = 100) -> str:
    """A short text in the address's query, without control characters."""
    return "".join(sign for sign in request.args.get(name, "") if sign.isprintable()).strip()[:longest]


def asked_page() -> int:
    """The page number in the address; InvalidInput, and so a 400, for nonsense."""
    return parse_page(request.args.get("page", ""))


def page_addresses(endpoint: str, **values: Any) -> Callable[[int], str]:
    """Page number -> address of the same list with the same filters."""
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return lambda number: url_for(endpoint, page=number, **kept)


def save(form: PageForm, work: Callable[[Session], object]) -> bool:
    """Do `work` in a transaction; a refusal lands on the form, what is not there or not theirs stays a 404 or 403."""
    try:
        with transaction() as session:
            work(session)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def status_of(form: PageForm) -> int:
    """422 when the page shows a refused form again, else 200."""
    return 422 if form.is_submitted() else 200
