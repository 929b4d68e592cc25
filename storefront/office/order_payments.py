"""Staff look into the merchant app or the account, and say here that a buyer's money has arrived, or that it has not."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from kernel.people import Permission
from orders import manual_payments, queries
from orders.states import PaymentState
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.money_forms import ConfirmForm, RefuseForm
from storefront.pages import save, status_of
from storefront.security import current_actor


def payment_confirm(code: str, attempt: int) -> ResponseReturnValue:
    """Ask for the payment's number, then book the money and let the order go on."""
    view, payment = _view(code, attempt)
    if not payment.may_be_confirmed:
        return _settled(view)
    form = ConfirmForm()

    def work(session: Session) -> None:
        manual_payments.confirm_payment(session, current_actor(), payment.payment_id, form.proof.value)

    if form.validate_on_submit() and _amount_is_ticked(form) and save(form, work):
        now = _view(code, attempt)[1]
        if now.state is PaymentState.REVIEW:
            flash(_("The money is booked, but the order needs a decision."), "warning")
        else:
            flash(_("The payment of order %(code)s is confirmed.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    view, payment = _view(code, attempt)
    return render_template("office/orders/confirm.html", order=view, payment=payment, form=form), status_of(form)


def payment_refuse(code: str, attempt: int) -> ResponseReturnValue:
    """Ask for the reason, then let the buyer try again."""
    view, payment = _view(code, attempt)
    if not payment.may_be_confirmed or payment.state is not PaymentState.OPEN:
        return _settled(view)
    form = RefuseForm()

    def work(session: Session) -> None:
        manual_payments.refuse_payment(session, current_actor(), payment.payment_id, form.reason.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The payment counts as not arrived. The buyer can try again while the goods are reserved."), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    view, payment = _view(code, attempt)
    return render_template("office/orders/refuse.html", order=view, payment=payment, form=form), status_of(form)


def _view(code: str, attempt: int) -> tuple[queries.OrderView, queries.PaymentView]:
    actor = current_actor()
    view = queries.get_order_for_staff(reading(), actor, code, current_language())
    payment = next((payment for payment in view.payments if payment.attempt == attempt), None)
    if payment is None or not actor.can(Permission.HAND_OVER_ORDERS, outlet_id=view.outlet.outlet_id):
        raise NotFound
    return view, payment


def _settled(view: queries.OrderView) -> ResponseReturnValue:
    flash(_("There is nothing to confirm for this payment any more."), "info")
    return redirect(url_for("office.order", code=view.code), 303)


def _amount_is_ticked(form: ConfirmForm) -> bool:
    """The amount is compared knowingly: a code can be paid twice, or with a digit less."""
    if not form.amount_seen.data:
        form.amount_seen.errors = [*form.amount_seen.errors, _("Please compare the amount and tick this box.")]
        return False
    return True
