"""Bank accounts of makers in the office: one person asks for a change, another agrees, and it is used three days later."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel import clock
from kernel.people import Permission
from orders.consignment import accounts, agreements
from orders.models.maker_payout import MakerAccount
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.consignment_forms import AccountForm, DecisionForm
from storefront.pages import save
from storefront.security import current_actor

PREPARE = Permission.PREPARE_PAYOUTS
_DECIDE = {"approve": accounts.approve_account, "reject": accounts.reject_account, "stop": accounts.stop_account}


def maker_account(agreement: str) -> ResponseReturnValue:
    """Where the maker's money goes, what was asked for, and a form to ask for another account."""
    actor, form = current_actor(), AccountForm()
    found = agreements.get_agreement(reading(), actor, agreement, PREPARE)

    def work(session: Session) -> None:
        accounts.request_account(session, actor, found.id, form.bank.value, form.number.value, form.holder.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("Asked for. Somebody else has to agree before money goes there."), "success")
        return redirect(url_for("office.maker_account", agreement=agreement), 303)
    return _page(agreement, form), 422 if form.is_submitted() else 200


def maker_account_decide(agreement: str) -> ResponseReturnValue:
    """The second person's yes or no, or a change that is stopped before its day."""
    actor, form = current_actor(), DecisionForm()
    found = agreements.get_agreement(reading(), actor, agreement, PREPARE)
    known = {account.id for account in accounts.list_accounts(reading(), found.id)}
    if not form.validate() or form.decision.value not in _DECIDE or form.account.value not in known:
        abort(422)

    def work(session: Session) -> None:
        _DECIDE[form.decision.value](session, actor, form.account.value)

    if not save(form, work):
        return _page(agreement, AccountForm(formdata=None), form), 409
    flash(_("The decision is kept."), "success")
    return redirect(url_for("office.maker_account", agreement=agreement), 303)


def _page(code: str, form: AccountForm, decision: DecisionForm | None = None) -> str:
    actor, session = current_actor(), reading()
    found = agreements.get_agreement(session, actor, code, PREPARE)
    outlet = session.get_one(Outlet, found.outlet_id)
    listed = accounts.list_accounts(session, found.id)
    used, moment = accounts.find_account(session, found.id), clock.now()
    return render_template(
        "office/agreements/account.html",
        agreement=found,
        maker=session.get_one(Maker, found.maker_id),
        outlet=outlet,
        form=form,
        decision=decision,
        used=used,
        waiting=next((each for each in listed if each.decided_at is None), None),
        coming=[each for each in listed if each.effective_at is not None and each.effective_at > moment],
        past=[each for each in listed if _is_past(each, used)],
        days=accounts.DELAY.days,
        may_approve=actor.can(Permission.APPROVE_PAYOUTS, area_code=outlet.area_code, outlet_id=outlet.id),
        own_id=actor.user_id,
    )


def _is_past(account: MakerAccount, used: MakerAccount | None) -> bool:
    """Refused, stopped, or replaced."""
    if account.decided_at is None or (used is not None and account.id == used.id):
        return False
    return account.effective_at is None or account.effective_at <= clock.now()
