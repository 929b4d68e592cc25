"""Payouts to makers in the office: prepared by one person, approved by another, the bank's file, and what arrived."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import media, shelves
from kernel import clock
from kernel.errors import DomainError
from kernel.ids import make_token
from kernel.people import Permission
from orders.consignment import desk
from orders.consignment import payouts as verbs
from orders.models.maker_payout import MakerPayout, PayoutBatch, PayoutState
from storefront.database import reading
from storefront.documents.bank_file import bank_file
from storefront.fields import PageForm
from storefront.i18n import gettext as _
from storefront.office.agreements import choose_outlet
from storefront.office.consignment_forms import DecisionForm, PaidForm, PayoutForm, payout_form
from storefront.office.record_history import history_of
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings

PREPARE = Permission.PREPARE_PAYOUTS
PROOF_WIDTH = 1080


def maker_payouts() -> ResponseReturnValue:
    """The batches of an outlet, the newest first, and what is owed."""
    outlets, outlet = choose_outlet()
    session = reading()
    payable = verbs.list_payable(session, outlet) if outlet else []
    return render_template(
        "office/payouts/payouts.html",
        outlets=outlets,
        outlet=outlet,
        batches=verbs.list_batches(session, outlet) if outlet else [],
        owed=sum(each.owed for each in payable if not each.is_open),
        makers=sum(1 for each in payable if not each.is_open),
    )


def maker_payout_new(outlet: str) -> ResponseReturnValue:
    """Choose makers and amounts; who waits, and why, is said beside the name."""
    actor = current_actor()
    place = shelves.get_outlet(reading(), actor, PREPARE, outlet)
    payable = desk.payable_by_code(reading(), place)
    form = payout_form(list(payable), {code: _shown(each) for code, each in payable.items()})
    form.key.data = form.key.data or make_token()
    made: list[PayoutBatch] = []

    def work(session: Session) -> None:
        amounts, in_cash = _wanted(form, payable)
        target = shelves.get_outlet(session, actor, PREPARE, outlet)
        made.append(verbs.prepare_batch(session, actor, target, amounts, form.key.value, in_cash=in_cash))

    if form.validate_on_submit() and save(form, work):
        flash(_("Prepared. Somebody else has to approve it."), "success")
        return redirect(url_for("office.maker_payout", batch=made[0].code), 303)
    place = shelves.get_outlet(reading(), actor, PREPARE, outlet)
    coming = desk.coming_accounts(reading(), [each.agreement_id for each in payable.values()])
    return render_template("office/payouts/new.html", outlet=place, payable=payable, form=form, coming=coming), status_of(form)


def maker_payout(batch: str) -> ResponseReturnValue:
    """One batch: who gets what where, and what comes next."""
    return _page(batch, DecisionForm(formdata=None))


def maker_payout_decide(batch: str) -> ResponseReturnValue:
    """Approve or drop a prepared batch."""
    actor, form = current_actor(), DecisionForm()
    found = verbs.get_batch(reading(), actor, batch)
    number = found.id
    steps = {
        "approve": lambda session: verbs.approve_batch(session, actor, number),
        "cancel": lambda session: verbs.cancel_batch(session, actor, number, form.reason.value or ""),
    }
    if not form.validate() or form.decision.value not in steps:
        abort(422)
    if not save(form, steps[form.decision.value]):
        return _page(batch, form), 409
    is_approved = form.decision.value == "approve"
    flash(_("Approved. Now the money can be sent.") if is_approved else _("The batch was dropped. Nothing was paid."), "success")
    return redirect(url_for("office.maker_payout", batch=batch), 303)


def maker_payout_bank(batch: str) -> ResponseReturnValue:
    """The transfers as the bank reads them; 409 before somebody approved."""
    found = verbs.get_batch(reading(), current_actor(), batch)
    if found.state not in (PayoutState.APPROVED, PayoutState.SETTLED):
        abort(409)
    answer = Response("".join(bank_file(found)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.code}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def maker_payout_paid(batch: str, position: int) -> ResponseReturnValue:
    """Say that one payout has arrived, with its reference and a proof, or that it was not paid."""
    actor = current_actor()
    found, payout = _find(batch, position)
    form = PaidForm(data={"paid_on": clock.today(found.outlet.zone).isoformat()})
    payout_id = payout.id
    is_dropped = request.form.get("decision") == "drop"
    if is_dropped:
        reason = " ".join(request.form.get("reason", "").split())[:240]
        drop = PageForm()
        if save(drop, lambda session: verbs.drop_payout(session, actor, payout_id, reason)):
            flash(_("Noted as not paid. It can be prepared again."), "success")
            return redirect(url_for("office.maker_payout", batch=batch), 303)
        form.refusals += drop.refusals
    elif form.validate_on_submit():
        proof = _prepared(form)
        if not form.refusals:
            name = _keep(proof)
            if save(form, lambda session: verbs.mark_paid(session, actor, payout_id, form.reference.value, form.paid_on.value, proof=name)):
                flash(_("Booked as paid."), "success")
                return redirect(url_for("office.maker_payout", batch=batch), 303)
            if name:
                _storage().delete(media.file_name(name, PROOF_WIDTH, "jpg"))
    found, payout = _find(batch, position)
    page = render_template("office/payouts/paid.html", batch=found, payout=payout, position=position, form=form)
    return page, status_of(form) if not is_dropped else 409


def maker_payout_proof(batch: str, position: int) -> ResponseReturnValue:
    """The photo of a transfer or a receipt, for those who pay only."""
    _found, payout = _find(batch, position)
    if not payout.proof:
        abort(404)
    try:
        data = _storage().open(media.file_name(payout.proof, PROOF_WIDTH, "jpg"))
    except (FileNotFoundError, media.BadName):
        abort(404)
    answer = Response(data, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _shown(each: verbs.Payable) -> dict[str, Any]:
    """All that is owed to whoever can be paid now."""
    can_be_paid = not each.is_open and each.account is not None
    return {"pay": can_be_paid, "amount": f"{each.owed:,}".replace(",", "."), "cash": False}


def _wanted(form: PayoutForm, payable: dict[str, verbs.Payable]) -> tuple[dict[int, int], frozenset[int]]:
    chosen = [each for code, each in payable.items() if form[f"pay_{code}"].value]
    amounts = {each.agreement_id: form[f"amount_{each.code}"].value or 0 for each in chosen}
    return amounts, frozenset(each.agreement_id for each in chosen if form[f"cash_{each.code}"].value)


def _page(code: str, form: DecisionForm) -> str:
    actor = current_actor()
    found = verbs.get_batch(reading(), actor, code)
    outlet = found.outlet
    may_approve = actor.can(Permission.APPROVE_PAYOUTS, area_code=outlet.area_code, outlet_id=outlet.id)
    return render_template(
        "office/payouts/payout.html",
        batch=found,
        form=form,
        total=sum(payout.amount for payout in found.payouts),
        may_approve=may_approve and (actor.user_id != found.prepared_by_id),
        is_own=actor.user_id == found.prepared_by_id,
        has_transfers=any(payout.account is not None for payout in found.payouts),
        history=history_of([f"payout:{each}" for each in (found.code, *(payout.code for payout in found.payouts))]),
    )


def _find(code: str, position: int) -> tuple[PayoutBatch, MakerPayout]:
    found = verbs.get_batch(reading(), current_actor(), code)
    payout = next((each for each in found.payouts if each.code == f"{found.code}-{position}"), None)
    if payout is None:
        abort(404)
    return found, payout


def _prepared(form: PaidForm) -> bytes | None:
    """The proof in the one size we keep; made before the transaction opens, because it takes a while."""
    if not form.photos.value:
        return None
    from catalog.media_pipeline import prepare_photo  # Pillow: only a worker with a photo to prepare needs it

    try:
        return prepare_photo(form.photos.value[0].read(), field="photos").files[PROOF_WIDTH, "jpg"]
    except DomainError as refusal:
        form.refuse(refusal)
        form.refusals.append(_("Please choose another photo."))
        return None


def _keep(photo: bytes | None) -> str:
    if photo is None:
        return ""
    name = secrets.token_hex(16)
    _storage().save(media.file_name(name, PROOF_WIDTH, "jpg"), photo)
    return name


def _storage() -> media.FolderStorage:
    return media.FolderStorage(current_settings().private_folder / "payouts")
