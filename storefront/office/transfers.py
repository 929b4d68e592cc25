"""Transfers in the office: put together by searching the shelf, sent, and counted where they arrive."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.stock import Outlet
from kernel.errors import DomainError
from kernel.parsing import parse_whole_number
from kernel.people import Permission
from orders.models.stockroom import Transfer, TransferState
from orders.stockroom import queries
from orders.stockroom import transfers as verbs
from orders.stockroom.transfers import Arrived
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.office.stockroom_forms import NewTransferForm, StepForm, TableForm
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor


def transfers() -> ResponseReturnValue:
    """Transfers in reach, and a form that begins one."""
    actor, form = current_actor(), NewTransferForm()
    own = shelves.list_outlets(reading(), actor, Permission.EDIT_STOCK)
    form.from_outlet.choices = [(outlet.code, outlet.name) for outlet in own]
    only = own[0].code if len(own) == 1 else ""
    form.to_outlet.choices = [(place.code, place.name) for place in queries.list_active_outlets(reading()) if place.code != only]
    made: list[Transfer] = []

    def work(session: Session) -> None:
        source = shelves.get_outlet(session, actor, Permission.EDIT_STOCK, form.from_outlet.value)
        target = queries.get_active_outlet(session, form.to_outlet.value)
        made.append(verbs.open_transfer(session, actor, source, target, note=form.note.value))

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.transfer", code=made[0].code), 303)
    page = queries.list_transfers(reading(), actor, asked_page())
    return render_template(
        "office/transfers/transfers.html", page=page, form=form, may_start=bool(own), page_url=page_addresses("office.transfers")
    ), status_of(form)


def transfer(code: str) -> ResponseReturnValue:
    """One transfer; with `?q=` what could be added to it."""
    found = verbs.get_transfer(reading(), current_actor(), Permission.VIEW_STOCK, code)
    return _page(found, TableForm(formdata=None), {}), 200


def transfer_line(code: str) -> ResponseReturnValue:
    """How many units of one level go along."""
    actor, form = current_actor(), TableForm()
    found = verbs.get_transfer(reading(), actor, Permission.EDIT_STOCK, code)
    number, level, text = found.id, request.form.get("level", ""), request.form.get("quantity", "")

    def work(session: Session) -> None:
        level_id = parse_whole_number(level, 1, 2_000_000_000, "level")
        verbs.set_line(session, actor, number, level_id, parse_whole_number(text, 0, 100_000, f"quantity-{level_id}"))

    if form.validate_on_submit() and save(form, work):
        flash(_("The transfer is saved."), "success")
        return redirect(url_for("office.transfer", code=code), 303)
    found = verbs.get_transfer(reading(), actor, Permission.EDIT_STOCK, code)
    return _page(found, form, {level: text}), 422


def transfer_step(code: str) -> ResponseReturnValue:
    """Send it, or call it back."""
    actor, form = current_actor(), StepForm()
    found = verbs.get_transfer(reading(), actor, Permission.EDIT_STOCK, code)
    number = found.id
    steps = {
        "send": lambda session: verbs.send_transfer(session, actor, number),
        "cancel": lambda session: verbs.cancel_transfer(session, actor, number),
    }
    if not form.validate_on_submit() or form.step.value not in steps or not save(form, steps[form.step.value]):
        for _field, problem in form.problems():
            flash(problem, "error")
    return redirect(url_for("office.transfer", code=code), 303)


def transfer_receive(code: str) -> ResponseReturnValue:
    """What arrived, counted at the other outlet."""
    actor, form = current_actor(), TableForm()
    found = verbs.get_transfer(reading(), actor, Permission.EDIT_STOCK, code)
    number = found.id
    arrived: dict[int, Arrived] = {}
    for line in found.lines:
        try:
            units = parse_whole_number(request.form.get(f"received-{line.id}", ""), 0, line.quantity, f"received-{line.id}")
            arrived[line.id] = Arrived(units, request.form.get(f"reason-{line.id}", ""))
        except DomainError as refusal:
            form.refuse(refusal)

    def work(session: Session) -> None:
        verbs.receive_transfer(session, actor, number, arrived)

    if not form.row_errors and form.validate_on_submit() and save(form, work):
        flash(_("The goods are on the shelf."), "success")
        return redirect(url_for("office.transfer", code=code), 303)
    found = verbs.get_transfer(reading(), actor, Permission.EDIT_STOCK, code)
    return _page(found, form, dict(request.form.items())), 422


def _page(found: Transfer, form: TableForm, typed: dict[str, str]) -> str:
    text = asked("q", 60)
    may_send = _may(found.from_outlet)
    candidates = queries.search_levels(reading(), found.from_outlet, text) if may_send and found.state is TransferState.DRAFT else []
    return render_template(
        "office/transfers/transfer.html",
        transfer=found,
        names=queries.name_levels(reading(), [line.level_id for line in found.lines]),
        form=form,
        typed=typed,
        text=text,
        candidates=candidates,
        may_send=may_send,
        may_receive=_may(found.to_outlet),
        history=history_of([f"transfer:{found.code}"]),
    )


def _may(outlet: Outlet) -> bool:
    return current_actor().can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id)
