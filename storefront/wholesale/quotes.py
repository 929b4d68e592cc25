"""A buyer's quotes: the list, one negotiation, accepting it, a counter-offer, and an end."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.ids import make_token
from orders.wholesale import purchasing, quote_views
from orders.wholesale import quotes as verbs
from orders.wholesale.buyers import Buyer
from orders.wholesale.quote_views import QuoteView
from orders.wholesale.states import QuoteAct, QuoteState, Side
from storefront import trade_words
from storefront.database import reading
from storefront.documents import trade_answers
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.pages import asked_page, page_addresses, save
from storefront.security import current_actor
from storefront.trade_forms import AcceptForm, EndForm, LinesForm, priced_rows, seen_turn, with_rows
from storefront.wholesale.frame import enter, show


def quotes() -> ResponseReturnValue:
    """All of the company's quotes."""
    buyer = enter()
    page, rows = quote_views.list_for_partner(reading(), buyer.audience, page=asked_page())
    return show(
        "wholesale/trade/quotes.html", buyer, page=page, rows=rows, trade_says=trade_words, page_url=page_addresses("wholesale.quotes")
    )


def quote(code: str) -> ResponseReturnValue:
    """One quote with both sides' turns, and what can be answered."""
    buyer = enter()
    return _page(buyer, _view(buyer, code))


def quote_accept(code: str) -> ResponseReturnValue:
    """Buy at the offered prices; accepted twice is one order."""
    buyer, form = enter(), AcceptForm()
    number = _view(buyer, code).quote_id
    made: list[str] = []

    def work(session: Session) -> None:
        purchase = purchasing.accept_quote(
            session,
            current_actor(),
            number,
            seen_turn(form),
            form.partner_number.value,
            form.key.data or "",
            form.note.value or "",
        )
        made.append(purchase.code)

    if form.validate_on_submit() and save(form, work):
        flash(_("Accepted. The quote is your order now, at these prices."), "success")
        return redirect(url_for("wholesale.purchase", code=made[0]), 303)
    buyer = enter()
    return _page(buyer, _view(buyer, code), 422, accept=form)


def quote_counter(code: str) -> ResponseReturnValue:
    """Answer with other prices or quantities."""
    buyer = enter()
    view = _view(buyer, code)
    form, number, lines = _counter_form(view), view.quote_id, view.current.lines

    def work(session: Session) -> None:
        verbs.counter(session, current_actor(), number, seen_turn(form), priced_rows(form, lines), form.message.value or "")

    if form.validate_on_submit() and save(form, work):
        flash(_("Your counter-offer is with the office."), "success")
        return redirect(url_for("wholesale.quote", code=code), 303)
    buyer = enter()
    return _page(buyer, _view(buyer, code), 422, counter=form)


def quote_end(code: str) -> ResponseReturnValue:
    """Decline an offer, or withdraw what was asked."""
    buyer, form = enter(), EndForm()
    view = _view(buyer, code)
    number = view.quote_id
    act = QuoteAct.DECLINE if view.state is QuoteState.OFFERED else QuoteAct.WITHDRAW

    def work(session: Session) -> None:
        verbs.end(session, current_actor(), number, seen_turn(form), Side.PARTNER, act, form.message.value or "")

    if form.validate_on_submit() and save(form, work):
        flash(_("The quote is over."), "success")
        return redirect(url_for("wholesale.quote", code=code), 303)
    buyer = enter()
    return _page(buyer, _view(buyer, code), 422, end=form)


def quote_pdf(code: str) -> ResponseReturnValue:
    """The last offer on paper."""
    buyer = enter()
    return trade_answers.answer_quote(reading(), _view(buyer, code))


def _view(buyer: Buyer, code: str) -> QuoteView:
    return quote_views.get_for_partner(reading(), buyer.audience, code, current_language())


def _counter_form(view: QuoteView) -> Any:
    return with_rows(LinesForm, view.current.lines, {"seen": view.turn})


def _page(buyer: Buyer, view: QuoteView, status: int = 200, accept: Any = None, counter: Any = None, end: Any = None) -> Response:
    return show(
        "wholesale/trade/quote.html",
        buyer,
        status,
        view=view,
        accept=accept or AcceptForm(formdata=None, data={"seen": view.turn, "key": make_token()}),
        counter=counter or (_counter_form(view) if not (accept or end) else with_rows(LinesForm, view.current.lines, {"seen": view.turn})),
        end=end or EndForm(formdata=None),
        may=view.may(Side.PARTNER),
        trade_says=trade_words,
    )
