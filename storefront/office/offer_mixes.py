"""Mixes of a seller: flavours of one product line whose cases count together towards one minimum."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from kernel.errors import N_, NotFound
from kernel.people import Permission
from orders.models.offer import OfferMix
from orders.wholesale import offers
from orders.wholesale.price_lists import MOST_CASES
from storefront.database import reading
from storefront.fields import PageForm, TextField, WholeField
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.pages import save, status_of
from storefront.security import current_actor

MANAGE = Permission.MANAGE_WHOLESALE


class MixForm(PageForm):
    """A mix as partners read of it."""

    name_id = TextField(N_("Name in Indonesian"), maximum=80)
    name_en = TextField(N_("Name in English"), maximum=80, required=False)
    minimum_cases = WholeField(N_("Cases at least, of all flavours together"), minimum=1, maximum=MOST_CASES, width="short")


def offer_mixes(outlet: str) -> ResponseReturnValue:
    """The mixes of a seller with the form for another."""
    actor = current_actor()
    place = shelves.get_outlet(reading(), actor, MANAGE, outlet)
    form = MixForm()

    def work(session: Session) -> None:
        offers.create_mix(session, actor, shelves.get_outlet(session, actor, MANAGE, outlet), **form.values())

    if form.validate_on_submit() and save(form, work):
        flash(_("%(name)s is made. Now choose it in each offer that counts with it.", name=form.name_id.value), "success")
        return redirect(url_for("office.offer_mixes", outlet=outlet), 303)
    place = shelves.get_outlet(reading(), actor, MANAGE, outlet)
    mixes, counts = offers.list_mixes(reading(), place.id), offers.count_in_mixes(reading(), place.id)
    return render_template("office/offers/mixes.html", form=form, place=place, mixes=mixes, counts=counts), status_of(form)


def offer_mix(outlet: str, mix: str) -> ResponseReturnValue:
    """Other names or another minimum."""
    found = _mix(reading(), outlet, mix)
    form = MixForm(data={"name_id": found.name_id, "name_en": found.name_en, "minimum_cases": str(found.minimum_cases)})

    def work(session: Session) -> None:
        offers.change_mix(session, current_actor(), _mix(session, outlet, mix), **form.values())

    if form.validate_on_submit() and save(form, work):
        flash(_("The mix is saved."), "success")
        return redirect(url_for("office.offer_mixes", outlet=outlet), 303)
    found = _mix(reading(), outlet, mix)
    history = history_of([f"mix:{found.code}"])
    return render_template("office/offers/mix.html", form=form, outlet=outlet, mix=found, history=history), status_of(form)


def _mix(session: Session, outlet: str, code: str) -> OfferMix:
    place = shelves.get_outlet(session, current_actor(), MANAGE, outlet)
    found = next((each for each in offers.list_mixes(session, place.id) if each.code == code), None)
    if found is None:
        raise NotFound
    return found
