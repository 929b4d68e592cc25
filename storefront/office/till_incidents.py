"""Incidents at the tills: the list, one case with what helps to end it, and the word that ends it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.stock import OutOfStock
from kernel.errors import Conflict, DomainError, NotFound
from kernel.people import Permission
from orders.counter import entries, giving_way, incident_queries, queries, unmatched
from orders.counter import incidents as verbs
from orders.counter.incident_queries import IncidentFilter, IncidentView
from orders.counter.incidents import RESOLUTIONS
from orders.models.shift import IncidentKind
from orders.models.till import EntryState
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office import incident_words
from storefront.office.entry_words import read_entries
from storefront.office.record_history import history_of
from storefront.office.till_forms import DecideForm, ResolveForm
from storefront.pages import asked, asked_page, page_addresses, save
from storefront.security import current_actor

SHOWS = {"open": True, "resolved": False, "all": None}
#: Entries of a device that are decided at once, in one transaction each.
AT_ONCE = 500


def till_incidents() -> ResponseReturnValue:
    """What waits, by kind and outlet; `?show=resolved` what was ended."""
    actor, session = current_actor(), reading()
    kind = next((kind for kind in IncidentKind if kind.value == asked("kind", 20)), None)
    show = asked("show", 10) if asked("show", 10) in SHOWS else "open"
    outlets = shelves.list_outlets(session, actor, Permission.MANAGE_TILLS)
    outlet = next((each.code for each in outlets if each.code == asked("outlet", 8)), "")
    page = incident_queries.list_incidents(session, actor, IncidentFilter(kind, outlet, SHOWS[show]), page=asked_page())
    return render_template(
        "office/tills/incidents.html",
        page=page,
        kind=kind,
        show=show,
        shows=tuple(SHOWS),
        outlet=outlet,
        outlets=outlets,
        counts=incident_queries.count_open(session, actor),
        words=incident_words,
        page_url=page_addresses(
            "office.till_incidents", kind=kind.value if kind else "", outlet=outlet, show="" if show == "open" else show
        ),
    )


def till_incident(incident: str) -> ResponseReturnValue:
    """One case: what happened, where the books stand now, and what a manager can do."""
    return _page(incident, ResolveForm(formdata=None), DecideForm(formdata=None)), 200


def till_incident_resolve(incident: str) -> ResponseReturnValue:
    """End it with one of its kind's words."""
    form, found = ResolveForm(), _view(incident)
    form.resolution.choices = _choices(found.incident.kind)
    kind = found.incident.kind

    def work(session: Session) -> None:
        actor, word, note = current_actor(), form.resolution.value, form.note.value
        if kind is IncidentKind.UNMATCHED_TENDER:
            unmatched.decide_unmatched(session, actor, incident, word, note)
        else:
            verbs.resolve_incident(session, actor, incident, word, note)

    if form.validate_on_submit() and save(form, work):
        flash(_("The incident is ended."), "success")
        return redirect(url_for("office.till_incident", incident=incident), 303)
    return _page(incident, form, DecideForm(formdata=None)), 422


def till_entry_decide(incident: str) -> ResponseReturnValue:
    """A refused or quarantined entry happened after all, or it did not."""
    form, found = DecideForm(), _view(incident)
    if found.entry is None:
        raise NotFound
    entry_id = found.entry.entry_id

    def work(session: Session) -> None:
        entries.decide_entry(session, current_actor(), entry_id, form.decision.value == "accept", form.note.value)

    if form.validate_on_submit() and save(form, work):
        accepted = form.decision.value == "accept"
        flash(_("The entry is in the books.") if accepted else _("The entry is dismissed. It stays readable here."), "success")
        return redirect(url_for("office.till_incident", incident=incident), 303)
    return _page(incident, ResolveForm(formdata=None), form), 422


def till_order_move(incident: str, order: str) -> ResponseReturnValue:
    """A web order is promised another lot instead of the units that the counter sold."""
    try:
        with transaction() as session:
            moved = giving_way.move_order(session, current_actor(), incident, order)
        flash(
            ngettext("%(num)s unit of the order stands in another lot now.", "%(num)s units of the order stand in another lot now.", moved)
        )
    except OutOfStock:
        flash(_("No other lot has enough free units. Book a delivery first, or refund or cancel the order."), "error")
    except Conflict as refusal:
        flash(message_of(refusal), "error")
    return redirect(url_for("office.till_incident", incident=incident), 303)


def till_device_entries(outlet: str, device: str) -> ResponseReturnValue:
    """Everything that waits of one revoked device, decided with one word: in the order in which it happened, each on its own."""
    actor, form = current_actor(), DecideForm()
    found = queries.get_device(reading(), actor, device)
    if found.till.outlet.code != outlet:
        raise NotFound
    if not form.validate_on_submit():
        for _field, problem in form.problems():
            flash(problem, "error")
        return redirect(url_for("office.till_incidents", kind=IncidentKind.QUARANTINED_ENTRY.value), 303)
    waiting = queries.list_waiting_ids(reading(), found.id, EntryState.QUARANTINED, AT_ONCE)
    done, refused = 0, 0
    for entry_id in waiting:
        try:
            with transaction() as session:
                entries.decide_entry(session, current_actor(), entry_id, form.decision.value == "accept", form.note.value)
            done += 1
        except DomainError:
            refused += 1
    flash(ngettext("%(num)s entry is decided.", "%(num)s entries are decided.", done), "success" if done else "info")
    if refused:
        flash(ngettext("%(num)s entry needs a look of its own.", "%(num)s entries need a look of their own.", refused), "warning")
    return redirect(url_for("office.till_incidents", kind=IncidentKind.QUARANTINED_ENTRY.value), 303)


def _view(code: str) -> IncidentView:
    return incident_queries.get_incident(reading(), current_actor(), code)


def _choices(kind: IncidentKind) -> list[tuple[str, str]]:
    return [(word, _(incident_words.RESOLUTION[kind][word])) for word in RESOLUTIONS[kind]]


def _page(code: str, resolve: ResolveForm, decide: DecideForm) -> str:
    session, found = reading(), _view(code)
    kind = found.incident.kind
    resolve.resolution.choices = _choices(kind)
    if resolve.resolution.data is None:
        resolve.resolution.data = resolve.resolution.choices[0][0]
    waiting = 0
    if kind is IncidentKind.QUARANTINED_ENTRY and found.device is not None:
        waiting = queries.count_entries(session, found.device.id).get(EntryState.QUARANTINED, 0)
    may_decide = found.entry is not None and found.entry.state in (EntryState.REFUSED, EntryState.QUARANTINED)
    return render_template(
        "office/tills/incident.html",
        view=found,
        incident=found.incident,
        outlet=found.outlet,
        entry=read_entries(session, [found.entry])[found.entry.id] if found.entry is not None else None,
        facts=incident_words.facts_of(found),
        resolve=resolve,
        decide=decide,
        may_decide=may_decide and kind in (IncidentKind.REFUSED_ENTRY, IncidentKind.QUARANTINED_ENTRY),
        waiting=waiting,
        words=incident_words,
        history=history_of([f"incident:{found.incident.code}"]),
    )
