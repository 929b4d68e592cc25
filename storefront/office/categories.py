"""The shop's categories in the office: a new one, other names, their order, and taking one away."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import categories as verbs
from catalog.category_removal import list_uses, remove_category
from kernel import clock
from kernel.errors import N_
from storefront.database import reading
from storefront.fields import ChoiceField, PageForm, TextField, WholeField
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office.record_history import history_of
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings, text_of


class CategoryForm(PageForm):
    """A category's names and its place among the others."""

    name_id = TextField(N_("Name in Indonesian"), maximum=80)
    name_en = TextField(N_("Name in English"), maximum=80)
    position = WholeField(N_("Place in the list"), minimum=0, maximum=1_000, width="short", hint=N_("Small numbers come first."))


class RemovalForm(PageForm):
    """The category that takes over what stands in the one that goes."""

    into = ChoiceField(N_("What stands in it goes to"))


def categories() -> ResponseReturnValue:
    """All categories in their order with the form for another."""
    session = reading()
    form = CategoryForm(data={"position": str(len(verbs.list_categories(session)) + 1)})

    def work(session: Session) -> None:
        verbs.create_category(session, current_actor(), **form.values())

    if form.validate_on_submit() and save(form, work):
        flash(_("%(name)s is on the list of categories.", name=form.name_id.value), "success")
        return redirect(url_for("office.categories"), 303)
    session = reading()
    counts = verbs.count_products(session)
    page = render_template("office/categories/categories.html", categories=verbs.list_categories(session), counts=counts, form=form)
    return page, status_of(form)


def category(category: str) -> ResponseReturnValue:
    """Other names or another place for one."""
    found = verbs.get_category(reading(), category)
    form = CategoryForm(data={"name_id": found.name_id, "name_en": found.name_en, "position": str(found.position)})

    def work(session: Session) -> None:
        verbs.change_category(session, current_actor(), verbs.get_category(session, category), **form.values())

    if form.validate_on_submit() and save(form, work):
        flash(_("The category is saved."), "success")
        return redirect(url_for("office.categories"), 303)
    found = verbs.get_category(reading(), category)
    history = history_of([f"category:{category}"])
    return render_template("office/categories/category.html", category=found, form=form, history=history), status_of(form)


def category_remove(category: str) -> ResponseReturnValue:
    """Say what stands in it, ask where that goes, and forget it."""
    form, done = _removal(category), list[tuple[str, int]]()

    def work(session: Session) -> None:
        found = verbs.get_category(session, category)
        into = verbs.get_category(session, form.into.value) if "into" in form else None
        done.append((text_of(found, "name"), remove_category(session, current_actor(), found, into=into)))

    if form.validate_on_submit() and save(form, work):
        name, moved = done[0]
        said = ngettext("%(num)s product moved.", "%(num)s products moved.", moved) if moved else ""
        flash(" ".join([_("The category %(name)s is removed.", name=name), said]).strip(), "success")
        return redirect(url_for("office.categories"), 303)
    found = verbs.get_category(reading(), category)
    uses = list_uses(reading(), found, clock.today(current_settings().zone))
    return render_template("office/categories/remove.html", category=found, uses=uses, form=form), status_of(form)


def _removal(category: str) -> RemovalForm:
    """Asks for another category only when something has to go there."""
    form, session = RemovalForm(), reading()
    found = verbs.get_category(session, category)
    form.into.choices = [(row.slug, text_of(row, "name")) for row in verbs.list_categories(session) if row.slug != category]
    if not list_uses(session, found, clock.today(current_settings().zone)).needs_target:
        del form["into"]
    return form
