"""Orders at the outlets in reach: the queue, one order, and the things staff do with it at the counter."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from kernel.errors import N_, DomainError, InvalidInput
from kernel.people import Permission
from kernel.phones import parse_phone
from orders import approvals, desk, fulfilment, payments, queries
from orders.counter.queries import find_sold_at
from orders.documents import CAN_BE_PACKED, can_be_labelled, documents_of
from orders.gateways import PaymentMethod
from orders.models.approval import Approval
from orders.models.order import Channel, Fulfilment
from orders.states import HOLDING, UNDECIDED, OrderState
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.approvals import tell_waiting
from storefront.office.counter_forms import CancelForm, HandOverForm
from storefront.office.record_history import history_of
from storefront.office.shipping_forms import name_rows, parcel_rows, parcels_form
from storefront.order_links import message_to_buyer
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.payment_pages import close_at_provider
from storefront.security import current_actor

#: What the queue shows when nothing is chosen: orders with work in them.
OPEN = (OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED, OrderState.READY)
#: Filters that are no state.
SHOWS = ("all", "review", "confirm", "ship", "pickup")


def orders() -> ResponseReturnValue:
    """The queue: open orders first of all, any state on request, and a search by code, phone or name."""
    actor, session = current_actor(), reading()
    show, text, outlet = asked("show", 20), asked("q", 60), asked("outlet", 8)
    states: tuple[OrderState, ...] = OPEN
    if show in set(OrderState):
        states = (OrderState(show),)
    elif (show in SHOWS and show != "pickup") or text:
        states = ()
    elif show == "pickup":
        states = (OrderState.CONFIRMED, OrderState.READY)
    wanted = desk.OrderFilter(
        states=states,
        outlet=outlet,
        text=text,
        in_review=show == "review",
        to_confirm=show == "confirm",
        to_ship=show == "ship",
        fulfilment=Fulfilment.PICKUP if show == "pickup" else None,
    )
    page = desk.list_queue(session, actor, wanted, page=asked_page())
    if text and page.total == 1:
        return redirect(url_for("office.order", code=page.rows[0].code))
    outlets = shelves.list_outlets(session, actor, Permission.VIEW_ORDERS)
    return render_template(
        "office/orders/orders.html",
        page=page,
        can_print={row.code for row in page.rows if row.state in CAN_BE_PACKED},
        can_label=any(can_be_labelled(row.state, row.fulfilment) for row in page.rows),
        show=show,
        text=text,
        outlet=outlet,
        outlets=outlets,
        outlet_choices=[(place.code, place.name) for place in outlets],
        counts=desk.count_by_state(session, actor),
        in_review=desk.count_in_review(session, actor),
        to_confirm=desk.count_to_confirm(session, actor),
        to_ship=desk.count_to_ship(session, actor),
        page_url=page_addresses("office.orders", show=show, q=text, outlet=outlet),
    )


def order(code: str) -> ResponseReturnValue:
    """One order: what to pack, from which lot, and what may be done next."""
    return order_page(code, HandOverForm(formdata=None)), 200


def order_ready(code: str) -> ResponseReturnValue:
    """The goods are packed."""
    view = _view(code)
    form = HandOverForm(formdata=None)

    def work(session: Session) -> None:
        fulfilment.mark_ready(session, current_actor(), view.order_id)

    if save(form, work):
        is_sent = view.fulfilment is Fulfilment.SHIPPING
        said = _("Order %(code)s is packed.", code=view.code) if is_sent else _("Order %(code)s is ready for pickup.", code=view.code)
        flash(said, "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return order_page(code, form), 409


def order_hand_over(code: str) -> ResponseReturnValue:
    """Give the goods to whoever knows the order code or the phone number; take the cash if it is not paid."""
    view = _view(code)
    form = HandOverForm()

    def work(session: Session) -> None:
        fulfilment.hand_over(session, current_actor(), view.order_id, _proof(form, view))

    if form.validate_on_submit() and _cash_is_ticked(form, view) and save(form, work):
        flash(_("Order %(code)s is handed over.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    return order_page(code, form), 422


def order_cancel(code: str) -> ResponseReturnValue:
    """Ask for the reason, then end an unpaid order and put its goods back on the shelf."""
    view = _view(code)
    form = CancelForm()
    waits: list[Approval | None] = []

    def work(session: Session) -> None:
        waits.append(approvals.cancel_or_ask(session, current_actor(), view.order_id, form.reason.value))

    if form.validate_on_submit() and _close_page(form, view) and save(form, work):
        if waits[0] is not None:
            return tell_waiting(waits[0])
        flash(_("Order %(code)s is cancelled. Its goods are back on the shelf.", code=view.code), "success")
        return redirect(url_for("office.order", code=view.code), 303)
    waiting = approvals.find_waiting(reading(), f"order:{view.code}")
    return render_template("office/orders/cancel.html", order=_view(code), form=form, waiting=waiting), status_of(form)


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


def order_view(code: str) -> queries.OrderView:
    """The order in the page's language, if this person may see it."""
    return _view(code)


def order_page(code: str, form: PageForm) -> str:
    """The order with one form that was refused: the parcels', the hand-over's, or one without fields."""
    view = _view(code)
    ships = view.fulfilment is Fulfilment.SHIPPING and view.state in HOLDING
    parcels = form if "courier_1" in form else parcels_form(view.shipping.courier if view.shipping else "") if ships else None
    if parcels:
        name_rows(parcels, N_("parcel %(number)s"))
    rows = parcel_rows(parcels) if parcels else []
    picks: dict[int, list[queries.PickView]] = {}
    for pick in queries.list_picks(reading(), view.order_id):
        picks.setdefault(pick.line_id, []).append(pick)
    return render_template(
        "office/orders/order.html",
        order=view,
        history=history_of([f"order:{view.code}"]),
        picks=picks,
        stopped=[pick for of_line in picks.values() for pick in of_line if pick.is_stopped] if view.state in HOLDING else [],
        form=form,
        hand_over=form if isinstance(form, HandOverForm) else HandOverForm(formdata=None),
        parcels=rows,
        more_parcels=any(field.data for row in rows[1:] for field in row),
        is_open=view.state in HOLDING,
        documents=documents_of(view),
        whatsapp=message_to_buyer(view),
        may_handle=current_actor().can(Permission.HAND_OVER_ORDERS),
        sold=find_sold_at(reading(), view.order_id) if view.channel is Channel.COUNTER else None,
        may_manage_tills=current_actor().can(Permission.MANAGE_TILLS),
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
