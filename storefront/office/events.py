"""Trainings and other events in the office: planned, registered for, marked, and reported by village."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import describe_areas
from catalog.desk import list_villages_to_choose
from catalog.mentoring import events as verbs
from catalog.mentoring import queries as reads
from catalog.mentoring.events import EventFacts
from catalog.models.area import Area
from catalog.models.mentoring import EventKind, ProgrammeEvent
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.mentoring_words import EVENT, EVENT_KIND
from storefront.office.mentoring import today
from storefront.office.mentoring_forms import AttendeeForm, EventForm
from storefront.office.record_history import history_of
from storefront.pages import asked, save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings

#: Empty lines on the sheet, for people who come without a word before.
SPARE_LINES = 12


def events() -> ResponseReturnValue:
    """Coming events, or those that are over."""
    past = asked("show", 10) == "past"
    rows = reads.list_events(reading(), current_actor(), today(), past=past)
    may_write = current_actor().can(Permission.MENTOR_MAKERS)
    return render_template("office/mentoring/events.html", rows=rows, past=past, may_write=may_write, kinds=EVENT_KIND, states=EVENT)


def event_new() -> ResponseReturnValue:
    """Plan an event and invite villages."""
    form = EventForm(data={"held_on": today().isoformat(), "kind": "training"})
    _fill(form)
    made: list[str] = []

    def work(session: Session) -> None:
        made.append(verbs.create_event(session, current_actor(), form.area.value, _facts(form)).code)

    if form.validate_on_submit() and save(form, work):
        flash(_("The event is planned."), "success")
        return redirect(url_for("office.event", code=made[0]), 303)
    return render_template("office/mentoring/event_new.html", form=form, event=None), status_of(form)


def event_change(code: str) -> ResponseReturnValue:
    """Correct an event, and invite further villages."""
    found = verbs.get_event(reading(), current_actor(), code)
    ensure_can(current_actor(), Permission.MENTOR_MAKERS, found.area_code)
    invited = {each.village.code for each in reads.list_attendance(reading(), current_actor(), found)}
    kept = {name: getattr(found, name) for name in ("title", "place", "hours", "about")}
    form = EventForm(
        data=kept | {"kind": found.kind.value, "area": found.area_code, "held_on": found.held_on.isoformat(), "villages": sorted(invited)}
    )
    _fill(form, found)

    def work(session: Session) -> None:
        verbs.change_event(session, current_actor(), verbs.get_event(session, current_actor(), code), _facts(form))

    if form.validate_on_submit() and save(form, work):
        flash(_("The event is changed."), "success")
        return redirect(url_for("office.event", code=code), 303)
    found = verbs.get_event(reading(), current_actor(), code)
    return render_template("office/mentoring/event_new.html", form=form, event=found), status_of(form)


def event(code: str) -> ResponseReturnValue:
    """One event: who registered, who was there, by village."""
    return _page(code, AttendeeForm(formdata=None))


def event_register(code: str) -> ResponseReturnValue:
    """Put somebody on the list."""
    form = AttendeeForm()
    ensure_can(current_actor(), Permission.MENTOR_MAKERS, verbs.get_event(reading(), current_actor(), code).area_code)
    _fill_villages(form, code)

    def work(session: Session) -> None:
        found = verbs.get_event(session, current_actor(), code)
        verbs.register(session, current_actor(), found, form.village.value, form.name.value, phone=form.phone.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("%(name)s is on the list.", name=form.name.value), "success")
        return redirect(url_for("office.event", code=code, _anchor="list"), 303)
    return _page(code, form)


def event_mark(code: str) -> ResponseReturnValue:
    """Note who was there."""
    form = AttendeeForm(formdata=None)
    present = request.form.getlist("present")

    def work(session: Session) -> None:
        verbs.mark(session, current_actor(), verbs.get_event(session, current_actor(), code), present)

    if save(form, work):
        flash(_("The attendance is noted."), "success")
    for problem in form.refusals:
        flash(problem, "error")
    return redirect(url_for("office.event", code=code, _anchor="list"), 303)


def event_cancel(code: str) -> ResponseReturnValue:
    """Call an event off."""
    form = AttendeeForm(formdata=None)
    if save(form, lambda session: verbs.cancel(session, current_actor(), verbs.get_event(session, current_actor(), code))):
        flash(_("The event is called off."), "success")
    for problem in form.refusals:
        flash(problem, "error")
    return redirect(url_for("office.event", code=code), 303)


def event_sheet(code: str) -> ResponseReturnValue:
    """The attendance sheet to print and sign."""
    found = verbs.get_event(reading(), current_actor(), code)
    attendees = reads.list_attendees(reading(), current_actor(), found)
    return render_template("office/mentoring/sheet.html", event=found, attendees=attendees, spare=SPARE_LINES, kinds=EVENT_KIND)


def _page(code: str, form: AttendeeForm) -> ResponseReturnValue:
    actor, session = current_actor(), reading()
    found = verbs.get_event(session, actor, code)
    _fill_villages(form, code)
    page = render_template(
        "office/mentoring/event.html",
        event=found,
        attendance=reads.list_attendance(session, actor, found),
        attendees=reads.list_attendees(session, actor, found),
        form=form,
        may_write=actor.can(Permission.MENTOR_MAKERS, area_code=found.area_code),
        kinds=EVENT_KIND,
        states=EVENT,
        today=today(),
        history=history_of([verbs.subject_of(found)]),
    )
    return page, status_of(form) if request.method == "POST" else 200


def _fill_villages(form: AttendeeForm, code: str) -> None:
    found = verbs.get_event(reading(), current_actor(), code)
    form.village.choices = [(each.village.code, each.village.name) for each in reads.list_attendance(reading(), current_actor(), found)]


def _facts(form: EventForm) -> EventFacts:
    return EventFacts(
        kind=EventKind(form.kind.value),
        title=form.title.value,
        place=form.place.value,
        held_on=form.held_on.value,
        hours=form.hours.value,
        about=form.about.value,
        villages=form.villages.value,
    )


def _fill(form: EventForm, found: ProgrammeEvent | None = None) -> None:
    actor, session = current_actor(), reading()
    form.kind.choices = [(kind.value, _(EVENT_KIND[kind])) for kind in EventKind]
    home = current_settings().area_prefix
    prefixes = [prefix or home for prefix in actor.area_prefixes(Permission.MENTOR_MAKERS)]
    codes = list(dict.fromkeys([*prefixes, *([found.area_code] if found else [])]))
    areas = [area for code in codes if (area := session.get(Area, code))]
    names = describe_areas(session, areas, current_language()) if areas else {}
    form.area.choices = [(area.code, names[area.code]) for area in areas]
    villages = list_villages_to_choose(session, actor, Permission.MENTOR_MAKERS, home)
    form.villages.choices = [(each.code, f"{each.name} ({each.parent.name})" if each.parent else each.name) for each in villages]
