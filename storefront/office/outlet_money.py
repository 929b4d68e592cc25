"""Where an outlet's local money goes (QRIS, bank account), its registration for tax, and the limits for one person."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.stock import Outlet
from catalog.outlets import may_change_all
from kernel.people import Permission
from orders import outlet_payments, qris
from orders import outlet_rules as outlet_registration
from orders.outlet_payments import PaymentDetails
from orders.outlet_rules import OutletRules
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.money_forms import OutletMoneyForm
from storefront.office.record_history import history_of
from storefront.office.voucher_forms import RulesForm
from storefront.pages import save, status_of
from storefront.security import current_actor

LIMITS = ("voucher_worth_limit", "packed_cancel_limit", "correction_limit", "cash_out_limit")
NAMES = ("qris_payload", "bank_name", "bank_account_number", "bank_account_name")


def outlets() -> ResponseReturnValue:
    """The outlets in reach; for whoever leads one, its page straight away."""
    found = shelves.list_outlets(reading(), current_actor(), Permission.MANAGE_MONEY)
    may_open = may_change_all(current_actor())
    if len(found) == 1 and not may_open:
        return redirect(url_for("office.outlet", outlet=found[0].code))
    closed = shelves.list_outlets(reading(), current_actor(), Permission.MANAGE_MONEY, is_active=False)
    return render_template("office/outlets/outlets.html", outlets=found, closed=closed, may_open=may_open)


def outlet(outlet: str) -> ResponseReturnValue:
    """The outlet's QRIS text and account, its registration for tax, and its limits."""
    actor = current_actor()
    place = _place(outlet)
    form = OutletMoneyForm(data={name: getattr(place, name) for name in NAMES})

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.MANAGE_MONEY, outlet)
        outlet_payments.set_details(session, actor, target, PaymentDetails(**form.values(*NAMES)))

    if form.validate_on_submit() and save(form, work):
        flash(_("The ways to pay of %(name)s are saved.", name=place.name), "success")
        return redirect(url_for("office.outlet", outlet=outlet), 303)
    return _page(outlet, form, _rules_form(_place(outlet))), status_of(form)


def outlet_rules(outlet: str) -> ResponseReturnValue:
    """Save the registration for tax and the limits."""
    actor = current_actor()
    place = _place(outlet)
    form = RulesForm()

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.MANAGE_MONEY, outlet)
        rules = OutletRules(
            is_taxable=form.is_taxable.value,
            operator_npwp=form.operator_npwp.value,
            voucher_percent_limit_bps=form.voucher_percent_limit.value * 100,
            till_discount_limit_bps=form.till_discount_limit.value * 100,
            receipt_footer=form.receipt_footer.value,
            **form.values(*LIMITS),
        )
        outlet_registration.set_rules(session, actor, target, rules)

    if form.validate_on_submit() and save(form, work):
        flash(_("The rules of %(name)s are saved.", name=place.name), "success")
        return redirect(url_for("office.outlet", outlet=outlet), 303)
    place = _place(outlet)
    return _page(outlet, OutletMoneyForm(formdata=None, data={name: getattr(place, name) for name in NAMES}), form), 422


def _rules_form(place: Outlet) -> RulesForm:
    known = {name: f"{getattr(place, name):,}".replace(",", ".") for name in LIMITS}
    known |= {"voucher_percent_limit": str(place.voucher_percent_limit_bps // 100)}
    known |= {"till_discount_limit": str(place.till_discount_limit_bps // 100)}
    texts = {"operator_npwp": place.operator_npwp, "receipt_footer": place.receipt_footer}
    return RulesForm(formdata=None, data={"is_taxable": place.is_taxable} | texts | known)


def _page(code: str, form: OutletMoneyForm, rules: RulesForm) -> str:
    place = _place(code)
    merchant = qris.parse(place.qris_payload).merchant if place.qris_payload else ""
    return render_template(
        "office/outlets/outlet.html",
        outlet=place,
        form=form,
        rules=rules,
        may_open=may_change_all(current_actor()),
        may_raise=outlet_registration.may_raise(current_actor()),
        merchant=merchant,
        history=history_of([f"outlet:{place.code}"]),
    )


def _place(code: str) -> Outlet:
    return shelves.get_outlet(reading(), current_actor(), Permission.MANAGE_MONEY, code)
