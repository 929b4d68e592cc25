"""Lots of a product in the office: which ones there are, and how each was made, of what and where."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk
from catalog.batches import get_batch, list_batches
from catalog.provenance import transformations as verbs
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.making_forms import is_right, making_form, material_rows, problems_of, read_making
from storefront.pages import save, status_of
from storefront.places import suggestions
from storefront.security import current_actor

LOTS = 50


def product_lots(slug: str) -> ResponseReturnValue:
    """The product's lots, the one entered last first, with how each was made where that is written down."""
    record = desk.get_product(reading(), current_actor(), slug)
    lots = list_batches(reading(), record, LOTS)
    made = verbs.list_transformations(reading(), lots)
    return render_template("office/products/lots.html", product=record, lots=lots, made=made, most=LOTS)


def product_lot(slug: str, lot: str) -> ResponseReturnValue:
    """Write down how one lot was made. What stood there before is kept beside it."""
    actor = current_actor()
    record = desk.get_product(reading(), actor, slug)
    batch = get_batch(reading(), record, lot)
    before = verbs.find_transformation(reading(), batch)
    form, rows = making_form(record, batch, before), material_rows(record, before)

    def work(session: Session) -> None:
        fresh = get_batch(session, desk.get_product(session, actor, slug), lot)
        verbs.record_transformation(session, actor, fresh, read_making(session, form, rows))

    if is_right(form, rows) and save(form, work):
        flash(_("It is written down how this lot was made."), "success")
        return redirect(url_for("office.product_lots", slug=slug), 303)
    record = desk.get_product(reading(), actor, slug)
    places = suggestions(desk.list_villages_to_choose(reading(), actor, Permission.EDIT_PRODUCTS, record.village_code[:5]))
    page = render_template(
        "office/products/lot.html",
        product=record,
        batch=batch,
        form=form,
        rows=rows,
        problems=problems_of(form, rows),
        before=before,
        places=places,
    )
    return page, status_of(form)
