"""A buyer's orders: the list, one order with its history, an approver's word, what arrived, and calling it off."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import NotFound
from orders.wholesale import purchase_views, purchasing
from orders.wholesale.buyers import Buyer
from orders.wholesale.purchase_views import UNDER_WAY, PurchaseView
from orders.wholesale.states import PurchaseState
from storefront import trade_words
from storefront.database import reading
from storefront.documents import trade_answers
from storefront.fields import PageForm
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.pages import asked, asked_page, page_addresses, save
from storefront.security import current_actor
from storefront.trade_forms import ReasonForm, receipt_form, report_receipt
from storefront.wholesale.frame import enter, show


def purchases() -> ResponseReturnValue:
    """Orders under way, or all of them."""
    buyer = enter()
    show_all = asked("show", 10) == "all"
    page = purchase_views.list_for_partner(reading(), buyer.audience, () if show_all else UNDER_WAY, page=asked_page())
    return show(
        "wholesale/trade/purchases.html",
        buyer,
        page=page,
        show_all=show_all,
        trade_says=trade_words,
        page_url=page_addresses("wholesale.purchases", show="all" if show_all else ""),
    )


def purchase(code: str) -> ResponseReturnValue:
    """One order."""
    buyer = enter()
    return _page(buyer, _view(buyer, code))


def purchase_decide(code: str) -> ResponseReturnValue:
    """An approver says yes or no to a colleague's order."""
    buyer = enter()
    says_yes = request.form.get("decision") == "approve"
    form: PageForm = PageForm() if says_yes else ReasonForm()
    number = _view(buyer, code).purchase.id

    def work(session: Session) -> None:
        if says_yes:
            purchasing.approve_purchase(session, current_actor(), number)
        else:
            purchasing.reject_purchase(session, current_actor(), number, form.values("reason")["reason"])

    if form.validate_on_submit() and save(form, work):
        flash(_("Approved. The office divides the order now.") if says_yes else _("The order is not approved."), "success")
        return redirect(url_for("wholesale.purchase", code=code), 303)
    buyer = enter()
    return _page(buyer, _view(buyer, code), 422, form=form)


def purchase_cancel(code: str) -> ResponseReturnValue:
    """Call it off while no maker is at work."""
    buyer, form = enter(), ReasonForm()
    number = _view(buyer, code).purchase.id

    def work(session: Session) -> None:
        purchasing.cancel_purchase(session, current_actor(), number, form.reason.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The order is called off."), "success")
        return redirect(url_for("wholesale.purchase", code=code), 303)
    buyer = enter()
    return _page(buyer, _view(buyer, code), 422, form=form)


def purchase_receipt(code: str) -> ResponseReturnValue:
    """Say what arrived, batch by batch."""
    buyer = enter()
    view = _view(buyer, code)
    if view.state is not PurchaseState.DISPATCHED:
        return redirect(url_for("wholesale.purchase", code=code), 303)
    form = receipt_form(view.batches, clock.today(view.outlet.zone))
    if not form.is_submitted():
        form.received_by.data = current_actor().name
    if form.validate_on_submit() and save(form, partial(report_receipt, purchase_id=view.purchase.id, batches=view.batches, form=form)):
        flash(_("Thank you. What you claimed is with the office; the rest will be invoiced."), "success")
        return redirect(url_for("wholesale.purchase", code=code), 303)
    buyer = enter()
    return show("wholesale/trade/receipt.html", buyer, 422 if form.is_submitted() else 200, view=_view(buyer, code), form=form)


def purchase_confirmation(code: str) -> ResponseReturnValue:
    """That the order is in the seller's books."""
    buyer = enter()
    return trade_answers.answer_confirmation(_view(buyer, code))


def purchase_note(code: str) -> ResponseReturnValue:
    """The delivery note, once the order has left."""
    buyer = enter()
    view = _view(buyer, code)
    if view.dispatch is None:
        raise NotFound
    return trade_answers.answer_note(view)


def _view(buyer: Buyer, code: str) -> PurchaseView:
    return purchase_views.get_for_partner(reading(), buyer.audience, code, current_language())


def _page(buyer: Buyer, view: PurchaseView, status: int = 200, form: Any = None) -> Response:
    mine = view.purchase.bought_by_id == buyer.user_id
    return show(
        "wholesale/trade/purchase.html",
        buyer,
        status,
        view=view,
        form=form or ReasonForm(formdata=None),
        may_decide=buyer.is_approver and view.state is PurchaseState.WAITING,
        may_cancel=(view.state is PurchaseState.OPEN and (mine or buyer.is_approver)) or (view.state is PurchaseState.WAITING and mine),
        trade_says=trade_words,
    )
