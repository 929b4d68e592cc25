"""Vouchers in the office: made, agreed to by a second person, printed, stopped, and what they have given away."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from kernel import clock
from kernel.people import Permission
from orders import voucher_issuing
from orders.models.voucher import Voucher
from orders.voucher_issuing import VoucherState
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.office.voucher_forms import VoucherForm
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.qr import draw_qr
from storefront.security import current_actor
from storefront.templating import external

#: How long a voucher lasts unless somebody chooses other days.
USUAL_LIFE = timedelta(days=30)


def vouchers() -> ResponseReturnValue:
    """All of them, or those that wait for a second person."""
    show = "waiting" if asked("show", 10) == "waiting" else ""
    page, views = voucher_issuing.list_vouchers(reading(), current_actor(), waiting=bool(show), page=asked_page())
    return render_template(
        "office/vouchers/vouchers.html", page=page, views=views, show=show, page_url=page_addresses("office.vouchers", show=show)
    )


def voucher_new() -> ResponseReturnValue:
    """Make one. Above the outlet's limits it waits for somebody else."""
    actor = current_actor()
    outlets = shelves.list_outlets(reading(), actor, Permission.MANAGE_VOUCHERS)
    today = clock.today(outlets[0].zone if outlets else "WIB")
    form = VoucherForm(data={"starts_on": today.isoformat(), "ends_on": (today + USUAL_LIFE).isoformat(), "once_per_phone": True})
    form.outlet.choices = [(place.code, place.name) for place in outlets]
    made: list[Voucher] = []

    def work(session: Session) -> None:
        outlet = shelves.get_outlet(session, actor, Permission.MANAGE_VOUCHERS, form.outlet.value)
        made.append(voucher_issuing.create_voucher(session, actor, outlet, form.new_voucher()))

    if form.validate_on_submit() and save(form, work):
        waits = made[0].approved_at is None
        flash(_("The voucher waits until somebody else agrees.") if waits else _("The voucher is ready."), "success")
        return redirect(url_for("office.voucher", voucher=made[0].code), 303)
    outlets = shelves.list_outlets(reading(), actor, Permission.MANAGE_VOUCHERS)
    return render_template("office/vouchers/new.html", form=form, outlets=outlets), status_of(form)


def voucher(voucher: str) -> ResponseReturnValue:
    """One voucher: its terms, its uses, and what can be done about it."""
    return _page(voucher, PageForm(formdata=None))


def voucher_card(voucher: str) -> ResponseReturnValue:
    """A page to print and cut: the code in large letters, and a QR code that opens the cart with it."""
    view = voucher_issuing.get_voucher(reading(), current_actor(), voucher)
    if view.state in (VoucherState.WAITING, VoucherState.STOPPED):
        abort(404)
    address = external(f"/cart?voucher={view.voucher.code}")
    return render_template("office/vouchers/card.html", view=view, symbol=draw_qr(address, "voucher-symbol"))


def voucher_stop(voucher: str) -> ResponseReturnValue:
    """Nobody can use it from now on."""
    view = voucher_issuing.get_voucher(reading(), current_actor(), voucher)
    form = PageForm()
    number = view.voucher.id

    def work(session: Session) -> None:
        voucher_issuing.stop_voucher(session, current_actor(), number)

    if not save(form, work):
        return _page(voucher, form), 409
    flash(_("The voucher is stopped. Orders that used it keep their discount."), "success")
    return redirect(url_for("office.voucher", voucher=voucher), 303)


def voucher_decide(voucher: str) -> ResponseReturnValue:
    """The second person agrees, or not."""
    view = voucher_issuing.get_voucher(reading(), current_actor(), voucher)
    form = PageForm()
    number, says_yes = view.voucher.id, request.form.get("decision") == "approve"
    if not says_yes and request.form.get("decision") != "reject":
        abort(422)

    def work(session: Session) -> None:
        decide = voucher_issuing.approve_voucher if says_yes else voucher_issuing.reject_voucher
        decide(session, current_actor(), number)

    if not save(form, work):
        return _page(voucher, form), 409
    flash(_("The voucher works now.") if says_yes else _("The voucher was rejected. Nobody can use it."), "success")
    return redirect(url_for("office.voucher", voucher=voucher), 303)


def _page(code: str, form: PageForm) -> str:
    actor, session = current_actor(), reading()
    view = voucher_issuing.get_voucher(session, actor, code)
    outlet = view.voucher.outlet
    may_approve = actor.can(Permission.APPROVE_ACTS, area_code=outlet.area_code, outlet_id=outlet.id)
    return render_template(
        "office/vouchers/voucher.html",
        view=view,
        uses=voucher_issuing.list_uses(session, view.voucher.id),
        form=form,
        may_decide=may_approve and actor.user_id != view.voucher.created_by_id,
        history=history_of([voucher_issuing.subject_of(view.voucher)]),
    )
