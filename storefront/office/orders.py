"""Orders at the outlets in reach: the queue, one order, and the three things staff do with it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from kernel.errors import DomainError, InvalidInput
from kernel.people import Permission
from kernel.phones import parse_phone
from orders import desk, fulfilment, payments, queries
from orders.documents import CAN_BE_PACKED, documents_of
from orders.gateways import PaymentMethod
from orders.states import HOLDING, UNDECIDED, OrderState
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.counter_forms import CancelForm, HandOverForm
from storefront.office.frame import asked, asked_page, page_addresses, save, status_of
from storefront.order_links import message_to_buyer
from storefront.payment_pages import close_at_provider
from storefront.security import current_actor

#: What the queue shows when nothing is chosen: orders with work in them.
OPEN = (OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED, OrderState.READY)


def orders() -> ResponseReturnValue:
    """The queue: open orders first of all, any state on request, and a search by code, phone or name."""
    actor, session = current_actor(), reading()
    show, text, outlet = asked("show", 20), asked("q", 60), asked("outlet", 8)
    states: tuple[OrderState, ...] = OPEN
    if show in set(OrderState):
        states = (OrderState(show),)
    elif show in ("all", "review", "confirm") or text:
        states = ()
    wanted = desk.OrderFilter(states=states, outlet=outlet, text=text, in_review=show == "review", to_confirm=show == "confirm")
    page = desk.list_queue(session, actor, wanted, page=asked_page())
    if text and page.total == 1:
        return redirect(url_for("office.order", code=page.rows[0].code))
    outlets = shelves.list_outlets(session, actor, Permission.VIEW_ORDERS)
    return render_template(
        "office/orders/orders.html",
        page=page,
        can_print={row.code for row in page.rows if row.state in CAN_BE_PACKED},
        show=show,
        text=text,
        outlet=outlet,
        outlets=outlets,
        outlet_choices=[(place.code, place.name) for place in outlets],
        counts=desk.count_by_state(session, actor),
        in_review=desk.count_in_review(session, actor),
        to_confirm=desk.count_to_confirm(session, actor),
        page_url=page_addresses("office.orders", show=show, q=text, outlet=outlet),
    )


def order(code: str) -> ResponseReturnValue:
    """One order: what to pack, from which lot, and what may be done next."""
    return _page(code, HandOverForm(formdata=None)), 200


def order_ready(code: str) -> ResponseReturnValue:
    """The goods are packed."""
    view = _view(code)
    form = HandOverForm(formdata=None)

    def work(session: Session) -> None:
        fulfilment.mark_ready(session, current_actor(), view.order_id)

    if save(form, work):
        flash(_("Order %(code)s is ready for pickup.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return _page(code, form), 409


def order_hand_over(code: str) -> ResponseReturnValue:
    """Give the goods to whoever knows the order code or the phone number; take the cash if it is not paid."""
    view = _view(code)
    form = HandOverForm()

    def work(session: Session) -> None:
        fulfilment.hand_over(session, current_actor(), view.order_id, _proof(form, view))

    if form.validate_on_submit() and _cash_is_ticked(form, view) and save(form, work):
        flash(_("Order %(code)s is handed over.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return _page(code, form), 422


def order_cancel(code: str) -> ResponseReturnValue:
    """Ask for the reason, then end an unpaid order and put its goods back on the shelf."""
    view = _view(code)
    form = CancelForm()

    def work(session: Session) -> None:
        fulfilment.cancel_order(session, current_actor(), view.order_id, form.reason.value)

    if form.validate_on_submit() and _close_page(form, view) and save(form, work):
        flash(_("Order %(code)s is cancelled. Its goods are back on the shelf.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return render_template("office/orders/cancel.html", order=_view(code), form=form), status_of(form)


def _close_page(form: CancelForm, view: queries.OrderView) -> bool:
    """Close an open card payment first, or the buyer could still pay for an order that is gone."""
    latest = payments.find_latest(reading(), view.order_id)
    if latest is None or latest.method is PaymentMethod.PAY_AT_PICKUP or not latest.reference or latest.state not in UNDECIDED:
        return True
    try:
        close_at_provider(latest)
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _view(code: str) -> queries.OrderView:
    return queries.get_order_for_staff(reading(), current_actor(), code, current_language())


def _page(code: str, form: PageForm) -> str:
    view = _view(code)
    picks: dict[int, list[queries.PickView]] = {}
    for pick in queries.list_picks(reading(), view.order_id):
        picks.setdefault(pick.line_id, []).append(pick)
    return render_template(
        "office/orders/order.html",
        order=view,
        picks=picks,
        form=form,
        is_open=view.state in HOLDING,
        documents=documents_of(view),
        whatsapp=message_to_buyer(view),
        may_handle=current_actor().can(Permission.HAND_OVER_ORDERS),
    )


def _proof(form: HandOverForm, view: queries.OrderView) -> str:
    """The order code, also when the buyer gave the phone number of the order instead."""
    typed: str = form.code.value
    try:
        return view.code if parse_phone(typed) == view.contact_phone else typed
    except InvalidInput:
        return typed


def _cash_is_ticked(form: HandOverForm, view: queries.OrderView) -> bool:
    """Cash is taken knowingly: the box names the amount."""
    if view.cash_due and not form.cash.data:
        form.cash.errors = [*form.cash.errors, _("Please take the cash and tick this box.")]
        return False
    return True
