"""Partners' orders in the office: divided among makers, packed, sent off, their claims settled, invoiced, or called off."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import InvalidInput
from kernel.parsing import parse_date
from orders.wholesale import dividing, invoices, packing, purchase_views, purchasing, receiving
from orders.wholesale.packing import Load
from orders.wholesale.purchase_views import TO_DIVIDE, TO_INVOICE, TO_SEND, TO_SETTLE, PurchaseView
from orders.wholesale.states import PurchaseState
from storefront import trade_words
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.pages import asked, asked_page, page_addresses, save
from storefront.security import current_actor
from storefront.trade_forms import DispatchForm, DivideForm, ReasonForm, claims_of, receipt_form, report_receipt, settle_form

#: What a list shows, by the word in its address.
SHOWN: dict[str, tuple[PurchaseState, ...]] = {
    "divide": TO_DIVIDE,
    "send": TO_SEND,
    "way": (PurchaseState.DISPATCHED,),
    "settle": TO_SETTLE,
    "invoice": TO_INVOICE,
    "all": (),
}


def trade_orders() -> ResponseReturnValue:
    """Orders by what is to be done with them."""
    show = asked("show", 10) if asked("show", 10) in SHOWN else "divide"
    session, actor = reading(), current_actor()
    page = purchase_views.list_for_office(session, actor, SHOWN[show], page=asked_page())
    return render_template(
        "office/trade/orders.html",
        page=page,
        show=show,
        shown=SHOWN,
        counts=purchase_views.count_by_state(session, actor),
        trade_says=trade_words,
        page_url=page_addresses("office.trade_orders", show=show),
    )


def trade_order(code: str) -> ResponseReturnValue:
    """One order: where it stands, who supplies it, what is to be done next, and its history."""
    return _page(_view(code))


def trade_order_divide(code: str) -> ResponseReturnValue:
    """Look at how the order would be divided for a day, then do it."""
    view = _view(code)
    if view.state is not PurchaseState.OPEN:
        return redirect(url_for("office.trade_order", code=code), 303)
    session = reading()
    today = clock.today(view.outlet.zone)
    usual = dividing.usual_day(session, view.purchase, today)
    form = DivideForm(data={"promised_on": _asked_day(usual).isoformat()})
    number = view.purchase.id

    def work(session: Session) -> None:
        dividing.divide(session, current_actor(), number, form.promised_on.value)

    if request.method == "POST" and form.validate_on_submit() and save(form, work):
        flash(_("The order is divided. Each maker sees its part in the makers' portal."), "success")
        return redirect(url_for("office.trade_order", code=code), 303)
    view = _view(code)
    chosen = form.promised_on.value or _asked_day(usual)
    proposals = dividing.propose(reading(), view.purchase, chosen)
    status = 422 if form.is_submitted() else 200
    return render_template(
        "office/trade/divide.html",
        view=view,
        form=form,
        chosen=chosen,
        proposals=proposals,
        is_possible=all(proposal.is_possible for proposal in proposals),
    ), status


def trade_order_pack(code: str) -> ResponseReturnValue:
    """Set aside what has arrived for the cartons that are missing."""
    form = PageForm()
    number = _view(code).purchase.id
    packed: list[int] = []
    if not save(form, lambda session: packed.append(packing.pack(session, current_actor(), number))):
        return _page(_view(code), form), 409
    if packed[0]:
        flash(ngettext("%(num)s carton is packed.", "%(num)s cartons are packed.", packed[0]), "success")
    else:
        flash(_("No whole case has arrived that keeps long enough. Book the makers' deliveries in the stock room first."), "info")
    return redirect(url_for("office.trade_order", code=code), 303)


def trade_order_dispatch(code: str) -> ResponseReturnValue:
    """The cartons leave with the delivery note."""
    form = DispatchForm()
    number = _view(code).purchase.id

    def work(session: Session) -> None:
        load = Load(form.carrier.value, form.vehicle.value, form.note.value, form.expected_on.value)
        packing.dispatch(session, current_actor(), number, load, leave_missing=form.leave_missing.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The order has left. Print the dispatch note for the driver."), "success")
        return redirect(url_for("office.trade_order", code=code), 303)
    return _page(_view(code), dispatch=form), 422


def trade_order_receipt(code: str) -> ResponseReturnValue:
    """Write down what the partner's signed note says."""
    view = _view(code)
    form = receipt_form(view.batches, clock.today(view.outlet.zone))
    if form.validate_on_submit() and save(form, partial(report_receipt, purchase_id=view.purchase.id, batches=view.batches, form=form)):
        flash(_("The receipt is written down."), "success")
        return redirect(url_for("office.trade_order", code=code), 303)
    return render_template("office/trade/receipt.html", view=_view(code), form=form), 422 if form.is_submitted() else 200


def trade_order_settle(code: str) -> ResponseReturnValue:
    """Agree to the partner's claims, all or some."""
    view = _view(code)
    if view.state is not PurchaseState.RECEIVED:
        return redirect(url_for("office.trade_order", code=code), 303)
    form = settle_form(view.batches)
    number, batches = view.purchase.id, view.batches

    def work(session: Session) -> None:
        receiving.settle_claims(session, current_actor(), number, claims_of(form, batches), form.answer.value or "")

    if form.validate_on_submit() and save(form, work):
        flash(_("The claims are settled. Now the order can be invoiced."), "success")
        return redirect(url_for("office.trade_order", code=code), 303)
    return render_template("office/trade/settle.html", view=_view(code), form=form), 422 if form.is_submitted() else 200


def trade_order_invoice(code: str) -> ResponseReturnValue:
    """Bill what the partner kept."""
    form = PageForm()
    number = _view(code).purchase.id
    issued: list[str] = []
    if not save(form, lambda session: issued.append(invoices.issue_invoice(session, current_actor(), number).code)):
        return _page(_view(code), form), 409
    flash(_("The invoice is issued. We have written to the partner."), "success")
    return redirect(url_for("office.trade_invoice", code=issued[0]), 303)


def trade_order_cancel(code: str) -> ResponseReturnValue:
    """Call the order off before it leaves."""
    form = ReasonForm()
    number = _view(code).purchase.id

    def work(session: Session) -> None:
        purchasing.cancel_purchase(session, current_actor(), number, form.reason.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The order is called off. Goods, makers' capacity and credit are free again."), "success")
        return redirect(url_for("office.trade_order", code=code), 303)
    return _page(_view(code), cancel=form), 422


def _view(code: str) -> PurchaseView:
    return purchase_views.get_for_office(reading(), current_actor(), code, current_language())


def _asked_day(usual: date) -> date:
    text = asked("on", 10)
    try:
        return parse_date(text, field="on") if text else usual
    except InvalidInput:
        return usual


def _page(view: PurchaseView, form: PageForm | None = None, dispatch: Any = None, cancel: Any = None) -> str:
    return render_template(
        "office/trade/order.html",
        view=view,
        form=form or PageForm(formdata=None),
        dispatch=dispatch or DispatchForm(formdata=None),
        cancel=cancel or ReasonForm(formdata=None),
        trade_says=trade_words,
        missing=packing.count_missing(reading(), view.purchase) if view.state is PurchaseState.PREPARING else 0,
    )
