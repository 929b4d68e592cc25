"""Papers that staff print: packing slips and parcel labels of one order or of a choice from the queue, and the buyer's receipt."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from orders.documents import PackingSlip, can_be_labelled, list_labels, list_slips, make_slip, read_receipt
from orders.queries import OrderView, get_order_for_staff
from orders.states import WrongState
from storefront.database import reading
from storefront.documents.answers import answer_pdf, answer_sale
from storefront.i18n import current_language, speaking
from storefront.i18n import gettext as _
from storefront.pages import asked
from storefront.security import current_actor


def packing_slip(code: str) -> ResponseReturnValue:
    """What to pack for one order, in the language of whoever packs it; 409 while the goods stay on the shelf."""
    session = reading()
    return _slips([make_slip(session, get_order_for_staff(session, current_actor(), code, current_language()))])


def print_slips() -> ResponseReturnValue:
    """The slips of the orders ticked in the queue in one PDF: `?codes=…` as often as there are orders, or with commas."""
    slips = list_slips(reading(), current_actor(), _asked_codes(), current_language())
    if not slips:
        flash(_("Tick the orders whose packing slips you want to print."), "info")
        return redirect(url_for("office.orders"), 303)
    return _slips(slips)


def parcel_label(code: str) -> ResponseReturnValue:
    """What to stick on one order's parcels; 409 for an order that is not sent."""
    view = get_order_for_staff(reading(), current_actor(), code, current_language())
    if not can_be_labelled(view.state, view.fulfilment):
        raise WrongState
    return _labels([view])


def print_labels() -> ResponseReturnValue:
    """The labels of the ticked orders that are sent, in one PDF."""
    orders = list_labels(reading(), current_actor(), _asked_codes(), current_language())
    if not orders:
        flash(_("Tick the orders whose parcel labels you want to print."), "info")
        return redirect(url_for("office.orders", show="ship"), 303)
    return _labels(orders)


def _asked_codes() -> list[str]:
    return [code for text in request.args.getlist("codes") for code in text.split(",")]


def _labels(orders: list[OrderView]) -> Response:
    from storefront.documents.parcel_labels import draw_parcel_labels  # loaded with the first paper, as in storefront.documents.answers

    with speaking("id"):  # the courier reads it
        name = f"{_('Parcel label')} {orders[0].code}" if len(orders) == 1 else _("Parcel labels")
        return answer_pdf(draw_parcel_labels(orders), name)


def print_receipt(code: str) -> ResponseReturnValue:
    """The buyer's receipt, in the buyer's language; `?paper=80mm` for the roll."""
    session = reading()
    return answer_sale(read_receipt(session, get_order_for_staff(session, current_actor(), code)), asked("paper", 8))


def _slips(slips: list[PackingSlip]) -> Response:
    from storefront.documents.slips import draw_slips  # loaded with the first paper, as in storefront.documents.answers

    name = f"{_('Packing slip')} {slips[0].order.code}" if len(slips) == 1 else _("Packing slips")
    return answer_pdf(draw_slips(slips), name)
