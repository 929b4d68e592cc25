"""Shifts in the office: the list, one shift with its figures, closings and journal, and the end of a forgotten one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import NotFound
from orders.counter import queries, shifts
from orders.counter.acting import subject_of
from orders.models.shift import Shift
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.entry_words import ACTS, TENDERS, read_entries
from storefront.office.record_history import history_of
from storefront.office.till_forms import CountedForm
from storefront.office.tills import find_place
from storefront.pages import asked_page, page_addresses, save, status_of
from storefront.security import current_actor

COUNTED = ("cash", "qris", "card", "transfer")


def till_shifts(outlet: str) -> ResponseReturnValue:
    """Every shift, the open ones first."""
    place = find_place(outlet)
    page = queries.list_shifts(reading(), place, page=asked_page())
    return render_template(
        "office/tills/shifts.html", outlet=place, page=page, page_url=page_addresses("office.till_shifts", outlet=outlet)
    )


def till_shift(outlet: str, shift: str) -> ResponseReturnValue:
    """One shift: its figures as on the X or Z report, every version of its closing, and each line of the till's journal."""
    return _page(outlet, shift)


def till_shift_close(outlet: str, shift: str) -> ResponseReturnValue:
    """End a shift that its till cannot end, with what was counted."""
    found, form = _shift(outlet, shift), CountedForm()
    latest = next(iter(queries.list_closings(reading(), found.id)), None)
    if latest is not None and latest.counted:  # without a count it was only overtaken by the next one
        return redirect(url_for("office.till_shift", outlet=outlet, shift=shift), 303)

    def work(session: Session) -> None:
        counted = {name: form[name].value for name in COUNTED if form[name].value is not None}
        shifts.close_forgotten_shift(session, current_actor(), shift, counted, note=form.note.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The shift is closed. Entries that come later are added to it with a note."), "success")
        return redirect(url_for("office.till_shift", outlet=outlet, shift=shift), 303)
    return render_template("office/tills/close.html", shift=_shift(outlet, shift), till=_shift(outlet, shift).till, form=form), status_of(
        form
    )


def _shift(outlet: str, code: str) -> Shift:
    found = queries.get_shift(reading(), current_actor(), code)
    if found.till.outlet.code != outlet:
        raise NotFound
    return found


def _page(outlet: str, code: str) -> str:
    session, found = reading(), _shift(outlet, code)
    entries = queries.list_entries(session, found.till_id, found.code, page=asked_page())
    return render_template(
        "office/tills/shift.html",
        shift=found,
        till=found.till,
        opened_on=clock.local(found.opened_at, found.till.outlet.zone).date(),
        figures=shifts.figures_of(session, found),
        closings=queries.list_closings(session, found.id),
        difference=queries.difference_of,
        words_of_tender=lambda name: _(TENDERS.get(name) or name),
        words_of_act=lambda name: _(ACTS.get(name) or name),
        page=entries,
        lines=read_entries(session, entries.rows),
        page_url=page_addresses("office.till_shift", outlet=outlet, shift=code),
        history=history_of([f"shift:{found.code}", subject_of(found.till.outlet, found.till)], shift=str(found.number)),
    )
