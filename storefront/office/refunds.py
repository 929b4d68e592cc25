"""Refunds in the office: ask for one, look at what it will do, decide it, give the money, try again."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.errors import DomainError
from kernel.ids import make_token
from kernel.people import Permission
from orders import payouts, queries, refund_queries, refunds
from orders.gateways import GatewayUnavailable
from orders.models.refund import Refund
from orders.refund_queries import Left, RefundQueue
from orders.refund_states import RefundReason, RefundState, RefundWay, ways_for
from orders.states import HOLDING
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.office.refund_forms import (
    PaidOutForm,
    RefundForm,
    RetryForm,
    ReturnForm,
    refund_form,
    wanted_lines,
    wants_shipping,
    way_choices,
)
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.refunding import send_refund
from storefront.security import current_actor
from storefront.templating import current_settings


def refund_list() -> ResponseReturnValue:
    """Refunds by what they wait for."""
    show = asked("show", 20)
    queue = RefundQueue(show) if show in set(RefundQueue) else None
    return render_template(
        "office/refunds/refunds.html",
        page=refund_queries.list_refunds(reading(), current_actor(), queue, page=asked_page()),
        show=queue,
        counts=refund_queries.count_queues(reading(), current_actor()),
        page_url=page_addresses("office.refund_list", show=show),
    )


def refund_new(code: str) -> ResponseReturnValue:
    """What of the order goes back: lines, reason, way. A payment in review has a page of its own."""
    view, left = _look(code)
    if not left.amount and refund_queries.find_returnable(reading(), view.order_id) is not None:
        return redirect(url_for("office.payment_return", code=view.code))
    form = refund_form(view, left.units, _ways(left), None, shipping=left.shipping)
    form.key.data = make_token()
    return _new_page(view, left, form)


def refund_check(code: str) -> ResponseReturnValue:
    """GET names everything that is about to happen; POST lets it happen."""
    view, left = _look(code)
    is_sent = request.method == "POST"
    sent = request.form if is_sent else request.args
    form = refund_form(view, left.units, _ways(left), sent, shipping=left.shipping, has_token=is_sent)
    made: list[Refund] = []

    def work(session: Session) -> None:
        made.append(_request(session, view, form))

    if not form.validate():
        return _new_page(view, left, form), 422
    if is_sent:
        return _after(made[0]) if save(form, work) else (_new_page(*_look(code), form), 422)
    try:
        preview = refund_queries.preview_refund(
            reading(), view.order_id, wanted_lines(form, view), _limit(), with_shipping=wants_shipping(form)
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _new_page(view, left, form), 422
    return render_template(
        "office/refunds/check.html",
        order=view,
        form=form,
        preview=preview,
        lines=[(line, *wanted_lines(form, view)[line.line_id]) for line in view.lines if line.line_id in wanted_lines(form, view)],
        is_held=view.state in HOLDING,
        limit=_limit(),
    )


def payment_return(code: str) -> ResponseReturnValue:
    """Give a payment in review back: it has no goods to stand for."""
    view = _view(code)
    payment = refund_queries.find_returnable(reading(), view.order_id)
    form = ReturnForm()
    form.way.choices = way_choices(ways_for(payment.method)) if payment else []
    made: list[Refund] = []

    def work(session: Session) -> None:
        if payment is None:
            raise refunds.NothingToRefund
        way, key, text = RefundWay(form.way.value), form.key.value, form.text.value
        made.append(refunds.return_payment(session, current_actor(), payment.id, way, key, text=text, approval_above=_limit()))

    if payment and form.validate_on_submit() and save(form, work):
        return _after(made[0])
    form.key.data = form.key.data or make_token()
    return render_template("office/refunds/return.html", order=view, payment=payment, form=form, limit=_limit()), status_of(form)


def refund(code: str) -> ResponseReturnValue:
    """One refund: where it stands, and what can be done about it."""
    return _page(code, PaidOutForm(formdata=None))


def refund_decide(code: str) -> ResponseReturnValue:
    """The second person agrees, or not."""
    wanted = refund_queries.get_refund(reading(), current_actor(), code)
    form = PageForm()
    says_yes = request.form.get("decision") == "approve"
    if not says_yes and request.form.get("decision") != "reject":
        abort(422)

    def work(session: Session) -> None:
        decide = refunds.approve_refund if says_yes else refunds.reject_refund
        decide(session, current_actor(), wanted.id)

    if not save(form, work):
        return _page(code, form), 409
    if says_yes:
        return _after(wanted)
    flash(_("The refund was rejected. Nothing has changed."), "success")
    return redirect(url_for("office.refund", code=wanted.code), 303)


def refund_paid_out(code: str) -> ResponseReturnValue:
    """The cash or the transfer has been given."""
    wanted = refund_queries.get_refund(reading(), current_actor(), code)
    form = PaidOutForm()

    def work(session: Session) -> None:
        payouts.record_paid_out(session, current_actor(), wanted.id, form.proof.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The refund is recorded as given."), "success")
        return redirect(url_for("office.refund", code=wanted.code), 303)
    return _page(code, form), 422


def refund_send(code: str) -> ResponseReturnValue:
    """Ask the provider now; a failed refund is tried again, perhaps in another way."""
    wanted = refund_queries.get_refund(reading(), current_actor(), code)
    form = RetryForm()
    form.way.choices = way_choices(ways_for(wanted.payment.method, after_failure=True))

    def work(session: Session) -> None:
        payouts.retry_refund(session, current_actor(), wanted.id, RefundWay(form.way.value))

    if wanted.state is RefundState.FAILED and not (form.validate_on_submit() and save(form, work)):
        return _page(code, form), 422
    return _after(wanted)


def _request(session: Session, view: queries.OrderView, form: RefundForm) -> Refund:
    return refunds.request_refund(
        session,
        current_actor(),
        view.order_id,
        wanted_lines(form, view),
        RefundReason(form.reason.value),
        RefundWay(form.way.value),
        form.key.value,
        text=form.text.value,
        with_shipping=wants_shipping(form),
        approval_above=_limit(),
    )


def _after(wanted: Refund) -> ResponseReturnValue:
    """The refund is written: ask the provider where there is one, and show how it stands."""
    code, refund_id = wanted.code, wanted.id
    try:
        send_refund(refund_id)
    except GatewayUnavailable:
        flash(_("The payment service does not answer right now. We go on asking by ourselves."), "warning")
    return redirect(url_for("office.refund", code=code), 303)


def _page(code: str, form: PageForm) -> str:
    actor, session = current_actor(), reading()
    wanted = refund_queries.get_refund(session, actor, code)
    outlet = wanted.order.outlet
    may_approve = actor.can(Permission.APPROVE_REFUNDS, area_code=outlet.area_code, outlet_id=outlet.id)
    return render_template(
        "office/refunds/refund.html",
        refund=wanted,
        form=form,
        proof=form if isinstance(form, PaidOutForm) else PaidOutForm(formdata=None),
        waits=wanted.state is RefundState.REQUESTED and wanted.authorised_at is None,
        may_decide=may_approve and actor.user_id != wanted.requested_by_id,
        to_give=payouts.cash_to_give(session, wanted),
        ways=way_choices(ways_for(wanted.payment.method, after_failure=True)),
        history=history_of([f"refund:{wanted.code}", f"order:{wanted.order.code}"], refund=wanted.code),
    )


def _new_page(view: queries.OrderView, left: Left, form: RefundForm) -> str:
    rows = [(number, line, left.units.get(line.line_id, 0)) for number, line in enumerate(view.lines, start=1)]
    return render_template("office/refunds/new.html", order=view, left=left, form=form, rows=rows, limit=_limit())


def _look(code: str) -> tuple[queries.OrderView, Left]:
    view = _view(code)
    return view, refund_queries.read_left(reading(), view.order_id, {line.line_id: line.quantity for line in view.lines})


def _view(code: str) -> queries.OrderView:
    return queries.get_order_for_staff(reading(), current_actor(), code, current_language())


def _ways(left: Left) -> tuple[RefundWay, ...]:
    return ways_for(left.payment.method) if left.payment is not None else ()


def _limit() -> int:
    return current_settings().refund_approval_above
