"""What a village tells visitors, written by the office: its introduction, what there is to see, when to come, whom to ask."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import villages as verbs
from catalog.villages import VillageFacts
from kernel.errors import N_
from kernel.people import Permission
from storefront.database import reading
from storefront.fields import LongTextField, PageForm, PhoneField, TextField
from storefront.i18n import gettext as _
from storefront.office.mapping_village import address_of, reached
from storefront.pages import save, status_of
from storefront.security import current_actor


class VillageForm(PageForm):
    """A village's texts; each of them may be missing."""

    intro_id = LongTextField(N_("Introduction in Indonesian"), maximum=2_000, required=False, rows=5)
    intro_en = LongTextField(N_("Introduction in English"), maximum=2_000, required=False, rows=5)
    visit_id = LongTextField(N_("What there is to see, in Indonesian"), maximum=4_000, required=False, rows=5)
    visit_en = LongTextField(N_("What there is to see, in English"), maximum=4_000, required=False, rows=5)
    season_id = TextField(N_("When to come, in Indonesian"), maximum=200, required=False)
    season_en = TextField(N_("When to come, in English"), maximum=200, required=False)
    contact_phone = PhoneField(N_("Whom visitors can ask, on WhatsApp"), required=False)


def village_texts(village: str) -> ResponseReturnValue:
    """Write or correct them."""
    place = reached(village, Permission.EDIT_MAKERS)
    found = verbs.find_profile(reading(), village)
    form = VillageForm(data={name: getattr(found, name) for name in asdict(VillageFacts())} if found else {})

    def work(session: Session) -> None:
        verbs.describe_visit(session, current_actor(), village, VillageFacts(**form.values()))

    if form.validate_on_submit() and save(form, work):
        flash(_("The page of %(name)s is saved.", name=place.name), "success")
        return redirect(address_of(village), 303)
    return render_template("office/villages/texts.html", village=reached(village, Permission.EDIT_MAKERS), form=form), status_of(form)
