"""Quotes in the office: the queue, one negotiation with its history, an offer, and an end."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import clock
from orders.models.partner import Partner
from orders.wholesale import price_lists, quote_views, quotes
from orders.wholesale.quote_views import OFFICE_TURN, QuoteView
from orders.wholesale.states import QuoteAct, Side
from orders.wholesale.tiers import pick_tier
from storefront import trade_words
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save
from storefront.security import current_actor
from storefront.trade_forms import EndForm, OfferForm, percent_text, priced_rows, seen_turn, with_rows


def trade_quotes() -> ResponseReturnValue:
    """What waits for an answer, the oldest first; or all of them."""
    show = "all" if asked("show", 10) == "all" else ""
    states = () if show else OFFICE_TURN
    page, rows = quote_views.list_for_office(reading(), current_actor(), states, page=asked_page())
    return render_template(
        "office/trade/quotes.html",
        page=page,
        rows=rows,
        show=show,
        trade_says=trade_words,
        page_url=page_addresses("office.trade_quotes", show=show),
    )


def trade_quote(code: str) -> ResponseReturnValue:
    """One quote: both sides' turns, and the form for the next offer."""
    view = _view(code)
    return _page(view, _offer_form(view), EndForm(formdata=None))


def trade_quote_offer(code: str) -> ResponseReturnValue:
    """Offer prices and terms."""
    view = _view(code)
    form = _offer_form(view)
    number, lines = view.quote_id, view.current.lines

    def work(session: Session) -> None:
        quotes.offer(
            session, current_actor(), number, seen_turn(form), priced_rows(form, lines), form.offer_terms(), form.message.value or ""
        )

    if form.validate_on_submit() and save(form, work):
        flash(_("The offer is with the partner. We have written to them."), "success")
        return redirect(url_for("office.trade_quote", code=code), 303)
    return _page(_view(code), form, EndForm(formdata=None)), 422


def trade_quote_decline(code: str) -> ResponseReturnValue:
    """We do not sell this way."""
    view = _view(code)
    form = EndForm()
    number = view.quote_id

    def work(session: Session) -> None:
        quotes.end(session, current_actor(), number, seen_turn(form), Side.OFFICE, QuoteAct.DECLINE, form.message.value or "")

    if form.validate_on_submit() and save(form, work):
        flash(_("The quote is declined."), "success")
        return redirect(url_for("office.trade_quote", code=code), 303)
    view = _view(code)
    return _page(view, _offer_form(view), form), 422


def _view(code: str) -> QuoteView:
    return quote_views.get_for_office(reading(), current_actor(), code, current_language())


def _offer_form(view: QuoteView) -> Any:
    """The last prices that were named, by either side, and the terms of the last offer or of the partner."""
    last = view.offered
    partner = reading().get_one(Partner, view.partner_id)
    data: dict[str, Any] = {
        "seen": view.turn,
        "freight": (last.freight or "") if last else "",
        "terms": percent_text(last.terms_bps if last else partner.trading_terms_bps),
        "payment_days": last.payment_days if last else partner.payment_days,
        "valid_until_on": (clock.today(view.zone) + quotes.USUAL_OFFER).isoformat(),
    }
    return with_rows(OfferForm, view.current.lines, data)


def _list_prices(view: QuoteView) -> dict[int, int]:
    """What the partner would pay for a unit from today's price list, by offer; nothing where the list has no price for so many cases."""
    session = reading()
    group_id = session.get_one(Partner, view.partner_id).group_id
    tiers = price_lists.map_tiers(session, [line.offer_id for line in view.current.lines], group_id, clock.today(view.zone))
    found = {line.offer_id: pick_tier(tiers.get(line.offer_id, ()), line.cases) for line in view.current.lines}
    return {offer_id: tier.unit_price for offer_id, tier in found.items() if tier is not None}


def _page(view: QuoteView, form: Any, end: EndForm) -> str:
    return render_template(
        "office/trade/quote.html",
        view=view,
        form=form,
        end=end,
        trade_says=trade_words,
        may=view.may(Side.OFFICE),
        list_prices=_list_prices(view),
        history=history_of([f"quote:{view.code}"]),
    )
