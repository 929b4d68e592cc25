"""Parcels of an order in the office: hand them to the courier, put a number right, and say that they arrived."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from orders import parcels
from orders.parcels import ParcelFacts
from storefront.i18n import gettext as _
from storefront.office.counter_forms import HandOverForm
from storefront.office.orders import order_page, order_view
from storefront.office.shipping_forms import ParcelForm, parcels_form, typed_parcels
from storefront.pages import save, status_of
from storefront.security import current_actor


def order_ship(code: str) -> ResponseReturnValue:
    """The parcels leave with their courier."""
    view = order_view(code)
    form = parcels_form(view.shipping.courier if view.shipping else "")

    def work(session: Session) -> None:
        parcels.ship_order(session, current_actor(), view.order_id, typed_parcels(form))

    if form.validate_on_submit() and save(form, work):
        flash(_("Order %(code)s is on its way. The buyer gets the tracking number.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return order_page(code, form), 422


def order_delivered(code: str) -> ResponseReturnValue:
    """The buyer or the courier said that everything has arrived."""
    view = order_view(code)
    form = HandOverForm(formdata=None)
    if save(form, lambda session: parcels.confirm_delivered(session, current_actor(), view.order_id)):
        flash(_("Order %(code)s is delivered.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return order_page(code, form), 409


def order_parcel(code: str, position: int) -> ResponseReturnValue:
    """The number came later, or was mistyped."""
    view = order_view(code)
    known = next((each for each in view.shipping.parcels if each.position == position), None) if view.shipping else None
    if known is None:
        abort(404)
    form = ParcelForm(data={"courier": known.courier, "tracking_number": known.tracking_number, "weight_g": known.weight_g})

    def work(session: Session) -> None:
        facts = ParcelFacts(form.courier.value, form.tracking_number.value or "", form.weight_g.value)
        parcels.correct_parcel(session, current_actor(), view.order_id, position, facts)

    if form.validate_on_submit() and save(form, work):
        flash(_("The parcel is saved."), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return render_template("office/orders/parcel.html", order=order_view(code), parcel=known, form=form), status_of(form)
