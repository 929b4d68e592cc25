"""Where an outlet's local money goes: its QRIS code and its bank account, entered by its lead."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from kernel.people import Permission
from orders import outlet_payments, qris
from orders.outlet_payments import PaymentDetails
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.frame import save, status_of
from storefront.office.money_forms import OutletMoneyForm
from storefront.security import current_actor

NAMES = ("qris_payload", "bank_name", "bank_account_number", "bank_account_name")


def outlets() -> ResponseReturnValue:
    """The outlets in reach; with one, its page straight away."""
    found = shelves.list_outlets(reading(), current_actor(), Permission.MANAGE_MONEY)
    if len(found) == 1:
        return redirect(url_for("office.outlet", outlet=found[0].code))
    return render_template("office/outlets/outlets.html", outlets=found)


def outlet(outlet: str) -> ResponseReturnValue:
    """The outlet's QRIS text and account."""
    actor = current_actor()
    place = shelves.get_outlet(reading(), actor, Permission.MANAGE_MONEY, outlet)
    form = OutletMoneyForm(data={name: getattr(place, name) for name in NAMES})

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.MANAGE_MONEY, outlet)
        outlet_payments.set_details(session, actor, target, PaymentDetails(**form.values(*NAMES)))

    if form.validate_on_submit() and save(form, work):
        flash(_("The ways to pay of %(name)s are saved.", name=place.name), "success")
        return redirect(url_for("office.outlet", outlet=outlet), 303)
    place = shelves.get_outlet(reading(), actor, Permission.MANAGE_MONEY, outlet)
    merchant = qris.parse(place.qris_payload).merchant if place.qris_payload else ""
    return render_template("office/outlets/outlet.html", outlet=place, form=form, merchant=merchant), status_of(form)
