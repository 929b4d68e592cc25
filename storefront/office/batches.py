"""Lots in the office: where they are, who has them, and stopping or releasing one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import batch_blocks
from catalog.models.stock import BatchState
from kernel.errors import N_
from kernel.people import Permission
from orders.stockroom import recalls
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.order_pages import order_pages
from storefront.office.record_history import history_of
from storefront.office.stockroom_forms import BatchForm
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor

#: What can be done with a lot in each state.
ACTS = {
    BatchState.OPEN: ("block", "recall"),
    BatchState.BLOCKED: ("release", "recall"),
    BatchState.RECALLED: ("release",),
}
_WORDS = {
    "block": N_("Block: nobody may buy or collect it until it is looked into"),
    "recall": N_("Recall: take it back from everybody"),
    "release": N_("Release: it may be sold again"),
}
_VERBS = {"block": batch_blocks.block_batch, "recall": batch_blocks.recall_batch, "release": batch_blocks.release_batch}


def batches() -> ResponseReturnValue:
    """Lots at the outlets in reach, the stopped ones first."""
    chosen = next((state for state in BatchState if state.value == asked("state", 10)), None)
    text = asked("q")
    page = recalls.list_lots(reading(), current_actor(), text=text, only=chosen, page=asked_page())
    return render_template(
        "office/batches/batches.html",
        page=page,
        text=text,
        chosen=chosen,
        states=tuple(BatchState),
        page_url=page_addresses("office.batches", q=text, state=chosen.value if chosen else ""),
    )


def batch(slug: str, lot: str) -> ResponseReturnValue:
    """One lot: its shelves, its buyers, its history; and the decision to stop or release it."""
    actor, form = current_actor(), BatchForm()
    product, found = recalls.get_lot(reading(), actor, slug, lot)
    form.act.choices = [(act, _(_WORDS[act])) for act in ACTS[found.state]]

    def work(session: Session) -> None:
        _VERBS[form.act.value](session, actor, recalls.get_lot(session, actor, slug, lot)[1], form.reason.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The lot is changed."), "success")
        return redirect(url_for("office.batch", slug=slug, lot=lot), 303)
    product, found = recalls.get_lot(reading(), actor, slug, lot)
    recipients = recalls.list_recipients(reading(), actor, found) if actor.can(Permission.VIEW_ORDERS) else []
    return render_template(
        "office/batches/batch.html",
        product=product,
        batch=found,
        form=form,
        shelves=recalls.list_whereabouts(reading(), actor, found),
        recipients=recipients,
        orders=order_pages(row.code for row in recipients),
        history=history_of([batch_blocks.subject_of(reading(), found)]),
        may_change=actor.can(Permission.EDIT_STOCK),
    ), status_of(form)
