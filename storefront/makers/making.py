"""A maker's lots, and how each was made: of which raw materials, from where, and by whose hands."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.areas import list_children, parent_of
from catalog.provenance.transformations import find_transformation
from orders.portal.making import get_own_lot, list_own_lots, makings_of, products_of, record_making
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.maker_door import enter
from storefront.makers.frame import save, show
from storefront.making_forms import is_right, making_form, material_rows, problems_of, read_making
from storefront.pages import asked_page, page_addresses, status_of
from storefront.places import suggestions


def lots(maker: str) -> ResponseReturnValue:
    """The newest first, with what is not written down yet."""
    session, entry = reading(), enter(maker)
    page = list_own_lots(session, entry.maker.id, asked_page())
    found = list(page.rows)
    return show(
        "makers/stock/lots.html",
        entry,
        page=page,
        products=products_of(session, found),
        made=makings_of(session, found),
        page_url=page_addresses("makers.lots", maker=maker),
    )


def lot(maker: str, slug: str, lot: str) -> ResponseReturnValue:
    """Write down how one lot was made. What stood there before is kept beside it."""
    entry = enter(maker)
    product, batch = get_own_lot(reading(), entry.maker.id, slug, lot)
    before = find_transformation(reading(), batch)
    form, rows = making_form(product, batch, before), material_rows(product, before)

    def work(session: Session) -> None:
        _product, fresh = get_own_lot(session, entry.speaker.maker_id, slug, lot)
        record_making(session, entry.speaker, fresh, read_making(session, form, rows))

    if is_right(form, rows) and save(form, work):
        flash(_("Thank you. Whoever scans the pack now reads how it was made."), "success")
        return redirect(url_for("makers.lots", maker=maker), 303)
    entry = enter(maker)
    product, batch = get_own_lot(reading(), entry.maker.id, slug, lot)
    page = show(
        "makers/stock/making.html",
        entry,
        product=product,
        batch=batch,
        before=find_transformation(reading(), batch),
        form=form,
        rows=rows,
        problems=problems_of(form, rows),
        places=suggestions(list_children(reading(), parent_of(product.village_code))),
    )
    return page, status_of(form)
