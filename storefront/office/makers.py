"""Makers: the list, a new one, and correcting one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk
from catalog import makers as verbs
from catalog.models.maker import Maker, MakerKind
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.forms import MakerForm
from storefront.office.frame import choices_of
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.places import place_text, suggestions, village_label
from storefront.security import current_actor
from storefront.templating import current_settings


def makers() -> ResponseReturnValue:
    """Makers in reach, by name."""
    text, area = asked("q"), asked("village", 13)
    page = desk.list_makers(reading(), current_actor(), text=text, area=area, page=asked_page())
    return render_template(
        "office/makers/makers.html",
        page=page,
        text=text,
        area=area,
        village_choices=[(village.code, village_label(village)) for village in _villages()],
        page_url=page_addresses("office.makers", q=text, village=area),
    )


def maker_new() -> ResponseReturnValue:
    """Register a maker."""
    form = MakerForm(data={"kind": MakerKind.HOUSEHOLD.value})
    form.kind.choices = choices_of(MakerKind)
    made: list[Maker] = []

    def work(session: Session) -> None:
        made.append(verbs.create_maker(session, current_actor(), verbs.MakerFacts(**form.values())))

    if form.validate_on_submit() and save(form, work):
        flash(_("The maker is registered."), "success")
        return redirect(url_for("office.maker", slug=made[0].slug), 303)
    return render_template("office/makers/edit.html", form=form, maker=None, places=suggestions(_villages())), status_of(form)


def maker(slug: str) -> ResponseReturnValue:
    """Correct a maker."""
    actor = current_actor()
    record = desk.get_maker(reading(), actor, slug)
    form = MakerForm(data=_typed(record))
    form.kind.choices = choices_of(MakerKind)

    def work(session: Session) -> None:
        verbs.update_maker(session, actor, desk.get_maker(session, actor, slug), verbs.MakerFacts(**form.values()))

    if form.validate_on_submit() and save(form, work):
        flash(_("The maker is saved."), "success")
        return redirect(url_for("office.maker", slug=slug), 303)
    record = desk.get_maker(reading(), actor, slug)
    history = history_of([f"maker:{slug}"])
    page = render_template("office/makers/edit.html", form=form, maker=record, places=suggestions(_villages()), history=history)
    return page, status_of(form)


def _typed(record: Maker) -> dict[str, Any]:
    names = ("name", "phone", "is_phone_public", "founded_year", "people_count", "story_id", "story_en")
    values = {name: getattr(record, name) for name in names}
    return values | {"kind": record.kind.value, "village_code": place_text(record.village_code)}


def _villages() -> list[Any]:
    return desk.list_villages_to_choose(reading(), current_actor(), Permission.EDIT_MAKERS, current_settings().area_prefix)
