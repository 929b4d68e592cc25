"""The shop's categories in the office: a new one, other names, and their order."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import categories as verbs
from kernel.errors import N_
from storefront.database import reading
from storefront.fields import PageForm, TextField, WholeField
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.pages import save, status_of
from storefront.security import current_actor


class CategoryForm(PageForm):
    """A category's names and its place among the others."""

    name_id = TextField(N_("Name in Indonesian"), maximum=80)
    name_en = TextField(N_("Name in English"), maximum=80)
    position = WholeField(N_("Place in the list"), minimum=0, maximum=1_000, width="short", hint=N_("Small numbers come first."))


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
