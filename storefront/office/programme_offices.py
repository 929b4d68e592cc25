"""The office in charge of the programme in a regency or province: its name in letters and pages, and its schemes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import programme_offices as verbs
from catalog.models.area import AreaLevel
from catalog.models.programme import Scheme
from catalog.programme_offices import OfficeFacts
from kernel.errors import N_
from storefront.database import reading
from storefront.fields import ChoicesField, PageForm, PhoneField, TextField
from storefront.i18n import gettext as _
from storefront.office.frame import choices_of
from storefront.office.record_history import history_of
from storefront.pages import save, status_of
from storefront.places import PlaceField, place_text
from storefront.security import current_actor
from storefront.templating import current_settings


class OfficeForm(PageForm):
    """An office as letters name it."""

    area_code = PlaceField(
        N_("Regency or province"), levels=(AreaLevel.REGENCY, AreaLevel.PROVINCE), hint=N_("Type the name, or choose it from the list.")
    )
    name_id = TextField(N_("Name in Indonesian"), maximum=160, hint=N_("Such as Dinas Koperasi, UKM dan Perdagangan Kabupaten PALI."))
    name_en = TextField(N_("Name in English"), maximum=160, required=False)
    address = TextField(N_("Address"), maximum=240, required=False)
    phone = PhoneField(N_("WhatsApp number"), required=False)
    head_name = TextField(N_("Who signs letters"), maximum=120, required=False)
    head_title_id = TextField(N_("Their title, in Indonesian"), maximum=120, required=False)
    head_title_en = TextField(N_("Their title, in English"), maximum=120, required=False)
    schemes = ChoicesField(N_("Programmes it runs"), hint=N_("None ticked: all of them."))


def programme_offices() -> ResponseReturnValue:
    """Every office with its area."""
    offices = verbs.list_offices(reading())
    schemes = {office.area_code: [scheme for scheme in Scheme if scheme.value in office.schemes] for office in offices}
    return render_template("office/people/offices.html", offices=offices, schemes=schemes)


def programme_office_new() -> ResponseReturnValue:
    """Name the office of another regency or province."""
    return _edit(None)


def programme_office(area: str) -> ResponseReturnValue:
    """Correct an office."""
    return _edit(area)


def _edit(area: str | None) -> ResponseReturnValue:
    found = verbs.get_office(reading(), area) if area else None
    form = OfficeForm(data=_typed(verbs.facts_of(found)) if found else _first())
    form.schemes.choices = choices_of(Scheme)
    if area:
        del form["area_code"]

    def work(session: Session) -> None:
        values = form.values()
        facts = OfficeFacts(**{"area_code": area} | values | {"schemes": [Scheme(each) for each in values["schemes"]]})
        verbs.save_office(session, current_actor(), facts)

    if form.validate_on_submit() and save(form, work):
        flash(_("The office is saved. Letters and pages name it from now on."), "success")
        return redirect(url_for("office.programme_offices"), 303)
    history = history_of([f"programme_office:{area}"]) if area else []
    office = verbs.get_office(reading(), area) if area else None
    return render_template("office/people/office.html", form=form, office=office, history=history), status_of(form)


def _first() -> dict[str, Any]:
    """The home's own office as the settings call it, until it is there."""
    settings = current_settings()
    if any(office.area_code == settings.area_prefix for office in verbs.list_offices(reading())):
        return {}
    names = {"name_id": settings.office_name_id, "name_en": settings.office_name_en}
    return names | {"area_code": place_text(settings.area_prefix)}


def _typed(facts: OfficeFacts) -> dict[str, Any]:
    names = ("name_id", "name_en", "address", "phone", "head_name", "head_title_id", "head_title_en")
    values: dict[str, Any] = {name: getattr(facts, name) for name in names}
    return values | {"area_code": place_text(facts.area_code), "schemes": [scheme.value for scheme in facts.schemes]}
