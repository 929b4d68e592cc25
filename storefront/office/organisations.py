"""Supporting organisations in the office: the directory, one of them with its referrals, a new one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.areas import describe_areas
from catalog.mentoring import organisations as verbs
from catalog.mentoring import queries as reads
from catalog.mentoring.organisations import OrganisationFacts
from catalog.models.area import Area
from catalog.models.mentoring import OrganisationKind, SupportingOrganisation
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.mentoring_words import ORGANISATION, REFERRAL
from storefront.office.mentoring_forms import OrganisationForm, read_contacts
from storefront.office.record_history import history_of
from storefront.pages import asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings


def organisations() -> ResponseReturnValue:
    """All that help in this person's area."""
    actor = current_actor()
    rows = verbs.list_organisations(reading(), actor)
    return render_template(
        "office/mentoring/organisations.html", rows=rows, kinds=ORGANISATION, may_write=actor.can(Permission.MENTOR_MAKERS)
    )


def organisation_new() -> ResponseReturnValue:
    """Put an organisation into the directory."""
    form = OrganisationForm(data={"is_active": True})
    _fill(form)
    made: list[str] = []

    def work(session: Session) -> None:
        made.append(verbs.save_organisation(session, current_actor(), _facts(form)).code)

    if form.validate_on_submit() and save(form, work):
        flash(_("The organisation is in the directory."), "success")
        return redirect(url_for("office.organisation", code=made[0]), 303)
    return render_template("office/mentoring/organisation_new.html", form=form), status_of(form)


def organisation(code: str) -> ResponseReturnValue:
    """One organisation: whom to talk to, and who was referred to it."""
    actor = current_actor()
    found = verbs.get_organisation(reading(), actor, code)
    referrals = reads.list_referrals(reading(), actor, organisation=found.code, page=asked_page())
    return render_template(
        "office/mentoring/organisation.html",
        organisation=found,
        referrals=referrals,
        kinds=ORGANISATION,
        referral_words=REFERRAL,
        may_write=actor.can(Permission.MENTOR_MAKERS, area_code=found.area_code),
        page_url=page_addresses("office.organisation", code=code),
        history=history_of([f"organisation:{found.code}"]),
    )


def organisation_change(code: str) -> ResponseReturnValue:
    """Correct what the directory says."""
    found = verbs.get_organisation(reading(), current_actor(), code)
    ensure_can(current_actor(), Permission.MENTOR_MAKERS, found.area_code)
    kept = {name: getattr(found, name) for name in ("name", "helps_with", "address", "is_active")}
    lines = ["; ".join(part for part in (each.name, each.duty, each.phone, each.email)) for each in found.contacts]
    form = OrganisationForm(data=kept | {"kind": found.kind.value, "area": found.area_code, "contacts": "\n".join(lines)})
    _fill(form, found)

    def work(session: Session) -> None:
        fresh = verbs.get_organisation(session, current_actor(), code)
        verbs.save_organisation(session, current_actor(), _facts(form), fresh)

    if form.validate_on_submit() and save(form, work):
        flash(_("The organisation is saved."), "success")
        return redirect(url_for("office.organisation", code=code), 303)
    found = verbs.get_organisation(reading(), current_actor(), code)
    return render_template("office/mentoring/organisation_change.html", form=form, organisation=found), status_of(form)


def _facts(form: OrganisationForm) -> OrganisationFacts:
    return OrganisationFacts(
        kind=OrganisationKind(form.kind.value),
        name=form.name.value,
        area_code=form.area.value,
        helps_with=form.helps_with.value,
        address=form.address.value,
        is_active=form.is_active.value,
        contacts=read_contacts(form.contacts.value),
    )


def _fill(form: OrganisationForm, found: SupportingOrganisation | None = None) -> None:
    session = reading()
    form.kind.choices = [(kind.value, _(ORGANISATION[kind])) for kind in OrganisationKind]
    home = current_settings().area_prefix
    codes = [prefix or home for prefix in current_actor().area_prefixes(Permission.MENTOR_MAKERS)]
    codes = list(dict.fromkeys([*codes, *([found.area_code] if found else [])]))
    areas = [area for code in codes if (area := session.get(Area, code))]
    names = describe_areas(session, areas, current_language()) if areas else {}
    form.area.choices = [(area.code, names[area.code]) for area in areas]
