"""Visits in the office: the list, one visit, and the form for the way, which a browser may send late and twice."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.areas import describe_areas
from catalog.desk import list_villages_to_choose
from catalog.mentoring import items as item_verbs
from catalog.mentoring import queries as reads
from catalog.mentoring import visits as verbs
from catalog.mentoring.items import ItemFacts
from catalog.mentoring.reach import find_maker, find_village
from catalog.mentoring.visits import MOST_PHOTOS, VisitFacts
from catalog.models.maker import Maker
from catalog.models.mentoring import ItemOwner
from kernel.errors import N_, DomainError, InvalidInput
from kernel.ids import make_token
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.mentoring_words import OWNER
from storefront.office.mentoring import ROOM, owner_choices, today
from storefront.office.mentoring_forms import VisitForm
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.private_files import PrivateFile, give_out, storage, take_in
from storefront.security import current_actor
from storefront.templating import current_settings


def visits() -> ResponseReturnValue:
    """All visits in reach, the latest first."""
    values = {name: asked(name) for name in ("maker", "area", "mentor")}
    page = reads.list_visits(reading(), current_actor(), page=asked_page(), **values)
    may_write = current_actor().can(Permission.MENTOR_MAKERS)
    return render_template(
        "office/mentoring/visits.html", page=page, values=values, may_write=may_write, page_url=page_addresses("office.visits", **values)
    )


def visit(code: str) -> ResponseReturnValue:
    """One visit with its photos and what came of it."""
    found = reads.get_visit(reading(), current_actor(), code)
    items = reads.list_items_of(reading(), found.maker, visit=found) if found.maker else []
    return render_template("office/mentoring/visit.html", visit=found, items=items, owner_words=OWNER, today=today())


def visit_photo(code: str, name: str) -> ResponseReturnValue:
    """A photo of a visit, for people of the area."""
    found = reads.get_visit(reading(), current_actor(), code)
    if name not in {photo.name for photo in found.photos}:
        abort(404)
    return give_out(ROOM, name, f"visit-{found.code}")


def visit_new() -> ResponseReturnValue:
    """The form for the way. A token that came in already leads to the visit it made."""
    actor = current_actor()
    form = VisitForm(data={"visited_on": today().isoformat(), "token": make_token(), "unit": _asked_unit(), "item_owner": "maker"})
    _fill(form)
    if form.is_submitted() and (known := verbs.find_by_token(reading(), actor, form.token.data or "")):
        return redirect(url_for("office.visit", code=known.code), 303)
    if form.validate_on_submit():
        photos = _prepared(form)
        made: list[str] = []
        if not form.errors and not form.refusals and save(form, lambda session: made.append(_record(session, form, photos))):
            flash(_("The visit is noted."), "success")
            return redirect(url_for("office.visit", code=made[0]), 303)
    return render_template("office/mentoring/visit_new.html", form=form), status_of(form)


def _record(session: Session, form: VisitForm, photos: list[PrivateFile]) -> str:
    actor = current_actor()
    kind, _colon, key = form.unit.value.partition(":")
    unit: Maker | str = (
        find_maker(session, actor, key, Permission.MENTOR_MAKERS)
        if kind == "maker"
        else find_village(session, actor, key, Permission.MENTOR_MAKERS).code
    )
    found, is_new = verbs.record_visit(session, actor, unit, _facts(form), [photo.name for photo in photos])
    if is_new:
        if form.item.value and isinstance(unit, Maker):
            if form.item_due_on.value is None:
                raise InvalidInput(N_("Please fill this in."), field="item_due_on")
            facts = ItemFacts(owner=ItemOwner(form.item_owner.value or "maker"), due_on=form.item_due_on.value, text=form.item.value)
            item_verbs.add_item(session, actor, unit, facts, visit=found)
        for photo in photos:
            storage(ROOM).save(photo.name, photo.data)
    return found.code


def _facts(form: VisitForm) -> VisitFacts:
    agreed = form.has_consent.value
    return VisitFacts(
        token=form.token.data or "",
        visited_on=form.visited_on.value,
        seen=form.seen.value,
        agreed=form.agreed.value,
        place=form.place.value,
        latitude=form.latitude.value if agreed else None,
        longitude=form.longitude.value if agreed else None,
        next_on=form.next_on.value,
    )


def _prepared(form: VisitForm) -> list[PrivateFile]:
    """The photos in the one size we keep; made before the transaction opens, because it takes a while."""
    files: list[Any] = form.photos.value
    try:
        if len(files) > MOST_PHOTOS:
            raise InvalidInput(N_("There can be at most %(maximum)s photos; remove one first."), field="photos", maximum=MOST_PHOTOS)
        return [take_in(file, field="photos", takes_pdf=False) for file in files]
    except DomainError as refusal:
        form.refuse(refusal)
        return []


def _fill(form: VisitForm) -> None:
    actor, session = current_actor(), reading()
    makers = reads.list_units(session, actor, today())
    villages = list_villages_to_choose(session, actor, Permission.MENTOR_MAKERS, current_settings().area_prefix)
    names = describe_areas(session, villages, current_language()) if villages else {}
    form.unit.choices = [(f"maker:{maker.slug}", f"{maker.name}, {maker.village.name}") for maker in makers] + [
        (f"village:{village.code}", _("The village %(village)s", village=names[village.code])) for village in villages
    ]
    form.item_owner.choices = owner_choices()


def _asked_unit() -> str:
    return f"maker:{asked('maker')}" if asked("maker") else ""
