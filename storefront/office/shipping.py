"""Zones of an outlet: where it sends goods, how long that takes, and what each weight costs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.stock import Outlet
from kernel.errors import N_
from kernel.people import Permission
from orders import zones
from orders.shipping import ZoneView, list_zones
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.shipping_forms import ZoneForm, name_rows, rate_rows, zone_facts, zone_form
from storefront.pages import save, status_of
from storefront.security import current_actor


def shipping_outlets() -> ResponseReturnValue:
    """The outlets in reach; with one, its zones straight away."""
    found = shelves.list_outlets(reading(), current_actor(), Permission.MANAGE_SHIPPING)
    if len(found) == 1:
        return redirect(url_for("office.zone_list", outlet=found[0].code))
    return render_template("office/shipping/outlets.html", outlets=found)


def zone_list(outlet: str) -> ResponseReturnValue:
    """All zones of an outlet with their tables."""
    place = _outlet(outlet)
    return render_template("office/shipping/zones.html", outlet=place, zones=list_zones(reading(), place.id, only_active=False))


def zone_new(outlet: str) -> ResponseReturnValue:
    """A zone that is not there yet."""
    return _edit(outlet, None)


def zone(outlet: str, code: str) -> ResponseReturnValue:
    """Name, areas and weight table on one page."""
    return _edit(outlet, zones.get_zone(reading(), _outlet(outlet).id, code))


def zone_remove(outlet: str, code: str) -> ResponseReturnValue:
    """Send nothing there any more."""
    place = _outlet(outlet)
    known = zones.get_zone(reading(), place.id, code)
    form = zone_form(known)
    if save(form, lambda session: zones.remove_zone(session, current_actor(), place.id, known.zone_id)):
        flash(_("The zone %(name)s is removed.", name=known.name_id), "success")
        return redirect(url_for("office.zone_list", outlet=outlet), 303)
    return _page(place, known, form), 409


def _edit(outlet: str, known: ZoneView | None) -> ResponseReturnValue:
    place = _outlet(outlet)
    form = zone_form(known)

    def work(session: Session) -> None:
        zones.save_zone(session, current_actor(), place.id, zone_facts(form), known.zone_id if known else None)

    if form.validate_on_submit() and save(form, work):
        flash(_("The zone %(name)s is saved.", name=form.name_id.value), "success")
        return redirect(url_for("office.zone_list", outlet=outlet), 303)
    return _page(_outlet(outlet), known, form), status_of(form)


def _page(place: Outlet, known: ZoneView | None, form: ZoneForm) -> str:
    name_rows(form, N_("row %(number)s"))
    return render_template("office/shipping/zone.html", outlet=place, zone=known, form=form, rows=rate_rows(form))


def _outlet(code: str) -> Outlet:
    return shelves.get_outlet(reading(), current_actor(), Permission.MANAGE_SHIPPING, code)
