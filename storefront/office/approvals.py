"""Acts that wait for a second person: packed orders to cancel, goods to take out of the books."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.people import Permission
from orders import approvals as verbs
from orders.models.approval import Approval, ApprovalState
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save
from storefront.security import current_actor


def approvals() -> ResponseReturnValue:
    """What waits, or everything that ever did."""
    show = "all" if asked("show", 10) == "all" else ""
    state = None if show else ApprovalState.WAITING
    page = verbs.list_approvals(reading(), current_actor(), state, page=asked_page())
    return render_template("office/approvals/approvals.html", page=page, show=show, page_url=page_addresses("office.approvals", show=show))


def approval(approval: str) -> ResponseReturnValue:
    """One request: what would happen, who asked, and why."""
    return _page(approval, PageForm(formdata=None))


def approval_decide(approval: str) -> ResponseReturnValue:
    """The second person agrees, and it happens now; or not."""
    wanted = verbs.get_approval(reading(), current_actor(), approval)
    form = PageForm()
    number, agrees = wanted.id, request.form.get("decision") == "approve"
    if not agrees and request.form.get("decision") != "reject":
        abort(422)

    def work(session: Session) -> None:
        verbs.decide(session, current_actor(), number, agrees=agrees)

    if not save(form, work):
        return _page(approval, form), 409
    flash(_("Agreed. It is done.") if agrees else _("Rejected. Nothing has changed."), "success")
    return redirect(url_for("office.approval", approval=approval), 303)


def tell_waiting(wanted: Approval) -> ResponseReturnValue:
    """After somebody asked: where the request can be followed."""
    flash(_("Somebody else has to agree first. Until then nothing changes."), "warning")
    return redirect(url_for("office.approval", approval=wanted.code), 303)


def _page(code: str, form: PageForm) -> str:
    actor = current_actor()
    wanted = verbs.get_approval(reading(), actor, code)
    may_approve = actor.can(Permission.APPROVE_ACTS, area_code=wanted.outlet.area_code, outlet_id=wanted.outlet.id)
    return render_template(
        "office/approvals/approval.html",
        approval=wanted,
        form=form,
        may_decide=may_approve and actor.user_id != wanted.asked_by_id,
        history=history_of([f"approval:{wanted.code}", wanted.subject], approval=wanted.code),
    )
