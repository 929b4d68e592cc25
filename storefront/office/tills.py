"""Tills in the office: the live board of an outlet, a till's settings, and the devices that stand for it."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import NotFound
from kernel.people import Permission
from orders.counter import devices as verbs
from orders.counter import incident_queries, queries
from orders.counter.acting import subject_of
from orders.counter.day_totals import sum_day
from orders.counter.devices import CODE_LIFETIME
from orders.models.till import Till
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.office.till_forms import NewTillForm, TillForm
from storefront.pages import asked, save, status_of
from storefront.qr import draw_qr
from storefront.security import current_actor
from storefront.templating import external


def tills() -> ResponseReturnValue:
    """The outlets in reach; with one, its board straight away."""
    outlets = shelves.list_outlets(reading(), current_actor(), Permission.MANAGE_TILLS)
    if len(outlets) == 1:
        return redirect(url_for("office.till_board", outlet=outlets[0].code))
    return render_template("office/tills/outlets.html", outlets=outlets)


def till_board(outlet: str) -> ResponseReturnValue:
    """Every till as it is now, what the day has brought so far, and what waits for a manager; `?day=` looks back."""
    place, session = find_place(outlet), reading()
    today = clock.today(place.zone)
    day = _asked_day(today)
    return render_template(
        "office/tills/board.html",
        outlet=place,
        board=queries.list_board(session, place),
        totals=sum_day(session, place, day),
        incidents=incident_queries.count_open(session, current_actor(), place),
        day=day,
        today=today,
        now=clock.now(),
        methods=queries.sort_methods,
    )


def till_new(outlet: str) -> ResponseReturnValue:
    """A further till."""
    place, form = find_place(outlet), NewTillForm()
    made: list[Till] = []

    def work(session: Session) -> None:
        made.append(verbs.make_till(session, current_actor(), find_place(outlet, session), form.name.value))

    if form.validate_on_submit() and save(form, work):
        flash(_("The till is made. Now pair a tablet or laptop with it."), "success")
        return redirect(url_for("office.till", outlet=outlet, number=made[0].number), 303)
    return render_template("office/tills/new.html", outlet=place if not form.is_submitted() else find_place(outlet), form=form), status_of(
        form
    )


def till(outlet: str, number: int) -> ResponseReturnValue:
    """One till: its name, the units kept for it, its device now and those before."""
    found = _till(outlet, number)
    form = TillForm(data={"name": found.name, "lease_units": str(found.lease_units), "is_active": found.is_active})
    till_id = found.id

    def work(session: Session) -> None:
        values = {"name": form.name.value, "lease_units": form.lease_units.value, "is_active": form.is_active.value}
        verbs.change_till(session, current_actor(), till_id, **values)

    if form.validate_on_submit() and save(form, work):
        flash(_("The till is saved."), "success")
        return redirect(url_for("office.till", outlet=outlet, number=number), 303)
    return _till_page(outlet, number, form), status_of(form)


def till_pair(outlet: str, number: int) -> ResponseReturnValue:
    """Make a code that pairs one device. It is the answer to the POST itself: what is shown once is no address to ask again."""
    form = PageForm()
    till_id = _till(outlet, number).id
    codes: list[str] = []

    def work(session: Session) -> None:
        codes.append(verbs.make_pairing_code(session, current_actor(), till_id))

    if not form.validate_on_submit() or not save(form, work):
        for _field, problem in form.problems():
            flash(problem, "error")
        return redirect(url_for("office.till", outlet=outlet, number=number), 303)
    return render_template(
        "office/tills/pairing.html",
        till=_till(outlet, number),
        code=codes[0],
        drawing=draw_qr(f"{external('/counter/')}#pair={codes[0]}", "pairing-qr"),
        address=external("/counter/"),
        minutes=int(CODE_LIFETIME.total_seconds() // 60),
    )


def till_device_revoke(outlet: str, device: str) -> ResponseReturnValue:
    """Ask once more, then end a device: what it still sends waits in quarantine."""
    form = PageForm()
    found = queries.get_device(reading(), current_actor(), device)
    if found.till.outlet.code != outlet:
        raise NotFound
    number = found.till.number

    def work(session: Session) -> None:
        verbs.revoke_device(session, current_actor(), device)

    if form.validate_on_submit() and save(form, work):
        flash(_("The device is revoked. What it still sends waits for your decision."), "success")
        return redirect(url_for("office.till", outlet=outlet, number=number), 303)
    session = reading()
    found = queries.get_device(session, current_actor(), device)
    counts = queries.count_entries(session, found.id)
    return render_template("office/tills/revoke.html", device=found, till=found.till, form=form, counts=counts), status_of(form)


def find_place(code: str, session: Session | None = None) -> Outlet:
    """The outlet whose tills the person manages; 404 elsewhere."""
    return shelves.get_outlet(session or reading(), current_actor(), Permission.MANAGE_TILLS, code)


def _till(outlet: str, number: int) -> Till:
    session = reading()
    return queries.get_till(session, current_actor(), find_place(outlet, session), number)


def _till_page(outlet: str, number: int, form: TillForm) -> str:
    session, found = reading(), _till(outlet, number)
    devices = queries.list_devices(session, found.id)
    return render_template(
        "office/tills/till.html",
        till=found,
        form=form,
        active=next((device for device in devices if device.revoked_at is None), None),
        before=[device for device in devices if device.revoked_at is not None],
        now=clock.now(),
        history=history_of([subject_of(found.outlet, found)]),
    )


def _asked_day(today: date) -> date:
    """The day in the address; today for nonsense and for what lies ahead."""
    try:
        return min(today, date.fromisoformat(asked("day", 10)))
    except ValueError:
        return today
