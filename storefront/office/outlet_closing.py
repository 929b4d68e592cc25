"""Closing an outlet in the office: what still goes on there with the way to each, the act with its reason, and opening it again."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.stock import Outlet
from kernel.errors import N_
from kernel.people import Permission
from orders import outlet_closing as verbs
from orders.outlet_closing import LONGEST_REASON, Remainder
from storefront.database import reading
from storefront.fields import PageForm, TextField
from storefront.i18n import gettext as _
from storefront.pages import save
from storefront.security import current_actor

#: What is left, and where it is brought to its end.
_LEFT: dict[Remainder, tuple[str, str]] = {
    Remainder.ORDERS: (N_("Orders that are not finished"), "office.orders"),
    Remainder.PARCELS: (N_("Parcels on their way to buyers"), "office.orders"),
    Remainder.REVIEWS: (N_("Payments that need a decision"), "office.orders"),
    Remainder.REFUNDS: (N_("Refunds that are not paid back"), "office.refund_list"),
    Remainder.APPROVALS: (N_("Requests that wait for a second person"), "office.approvals"),
    Remainder.TRADE: (N_("Partners' orders that are not settled"), "office.trade_orders"),
    Remainder.QUOTES: (N_("Quotes without an answer"), "office.trade_quotes"),
    Remainder.OFFERS: (N_("Wholesale offers that are open"), "office.offer_list"),
    Remainder.SHIFTS: (N_("Shifts that are open"), "office.till_board"),
    Remainder.DEVICES: (N_("Tablets and laptops paired with a till"), "office.till_board"),
    Remainder.INCIDENTS: (N_("Incidents at the tills"), "office.till_incidents"),
    Remainder.DELIVERIES: (N_("Deliveries that are not finished"), "office.deliveries"),
    Remainder.TRANSFERS: (N_("Transfers that are not finished"), "office.transfers"),
    Remainder.PULL_OUTS: (N_("Pull-outs that wait for their maker"), "office.pull_outs"),
    Remainder.COUNTS: (N_("Counts that are not booked"), "office.counts"),
    Remainder.STOCK: (N_("Lots on the shelf"), "office.shelf"),
    Remainder.AGREEMENTS: (N_("Agreements that have not ended"), "office.agreements"),
    Remainder.STATEMENTS: (N_("Makers whose last statement is not closed"), "office.agreements"),
    Remainder.PAYOUTS: (N_("Lists of payouts that are not finished"), "office.maker_payouts"),
    Remainder.OWED: (N_("Makers who are owed money, or owe it"), "office.maker_payouts"),
}
_SHOW = {Remainder.PARCELS: "shipped", Remainder.REVIEWS: "review", Remainder.TRADE: "all"}
_OF_OUTLET = frozenset({"office.orders", "office.till_board", "office.shelf", "office.agreements", "office.maker_payouts"})


class ClosingForm(PageForm):
    """Why an outlet is closed."""

    reason = TextField(N_("Why is it closed?"), maximum=LONGEST_REASON, hint=N_("It stays in the audit trail."))


def outlet_closing(outlet: str) -> ResponseReturnValue:
    """What still stands in the way, or the question that closes it."""
    return _page(outlet, ClosingForm(formdata=None))


def outlet_close(outlet: str) -> ResponseReturnValue:
    """Close it, when nothing is left."""
    form = ClosingForm()

    def work(session: Session) -> None:
        verbs.close_outlet(session, current_actor(), _outlet(session, outlet), form.reason.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("%(name)s is closed. The shop no longer offers it; its books stay here.", name=_outlet(reading(), outlet).name), "success")
        return redirect(url_for("office.outlet_closing", outlet=outlet), 303)
    return _page(outlet, form), 422


def outlet_reopen(outlet: str) -> ResponseReturnValue:
    """Open it again."""
    form = PageForm()

    def work(session: Session) -> None:
        verbs.reopen_outlet(session, current_actor(), _outlet(session, outlet))

    if not save(form, work):
        return _page(outlet, ClosingForm(formdata=None)), 409
    flash(_("%(name)s is open again. Look at its opening hours before buyers come.", name=_outlet(reading(), outlet).name), "success")
    return redirect(url_for("office.outlet_place", outlet=outlet), 303)


def _page(code: str, form: ClosingForm) -> str:
    place = _outlet(reading(), code)
    remaining = verbs.list_remaining(reading(), place)
    return render_template(
        "office/outlets/closing.html",
        outlet=place,
        form=form,
        remaining=[(_(_LEFT[remainder][0]), number, _address(remainder, place)) for remainder, number in remaining.items()],
        may_close=verbs.may_close(current_actor()),
    )


def _outlet(session: Session, code: str) -> Outlet:
    return shelves.get_outlet(session, current_actor(), Permission.MANAGE_MONEY, code)


def _address(remainder: Remainder, outlet: Outlet) -> str:
    endpoint = _LEFT[remainder][1]
    return url_for(endpoint, outlet=outlet.code if endpoint in _OF_OUTLET else None, show=_SHOW.get(remainder))
