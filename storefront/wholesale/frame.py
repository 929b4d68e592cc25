"""What every wholesale page shares: whose buyer looks, and answers that no cache keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g, make_response, render_template

from kernel import clock
from kernel.errors import N_, NotAllowed
from orders.wholesale import buyers
from orders.wholesale.buyers import Audience, Buyer
from storefront import state_words, wholesale_words
from storefront.database import reading
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


def enter_approver() -> Buyer:
    """The same, for those who look after their company; NotAllowed (403) for its other buyers."""
    buyer = enter()
    if not buyer.is_approver:
        raise NotAllowed
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
