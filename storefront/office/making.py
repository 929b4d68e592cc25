"""Lots of a product in the office: which ones there are, and how each was made, of what and where."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk
from catalog.batches import get_batch, list_batches
from catalog.models.product import Product
from catalog.models.provenance import TransformationInput
from catalog.provenance import transformations as verbs
from catalog.provenance.transformations import Making, Material
from kernel import clock
from kernel.errors import N_
from kernel.people import Permission
from storefront.database import reading
from storefront.fields import ChoiceField, DayField, LongTextField, PageForm, TextField, WholeField
from storefront.i18n import gettext as _
from storefront.office.frame import save, status_of
from storefront.places import PlaceField, place_text, suggestions
from storefront.security import current_actor
from storefront.words import WEIGHTS, best_weight

#: Empty rows offered below the materials that are written down.
SPARE_ROWS = 4
LOTS = 50


class MakingForm(PageForm):
    """On which day, where and by whom a lot was made."""

    made_on = DayField(N_("Made on"))
    area_code = PlaceField(N_("Where it was processed"), level=None)
    processed_by = TextField(N_("Who processed it"), maximum=160, hint=N_("The maker, or a mill, a drying house, a packing house."))
    note = LongTextField(N_("Note"), maximum=240, rows=2, required=False)


class MaterialForm(PageForm):
    """One row of the raw materials; an empty row is left out."""

    class Meta:
        """The page's own form token covers all rows."""

        csrf = False

    name_id = TextField(N_("Name in Indonesian"), maximum=80, required=False)
    name_en = TextField(N_("Name in English"), maximum=80, required=False)
    origin_code = PlaceField(N_("Comes from"), level=None, required=False)
    supplier = TextField(N_("Supplier"), maximum=160, required=False)
    quantity = WholeField(N_("Weight or amount"), minimum=1, maximum=100_000, required=False, width="short")
    unit = ChoiceField(N_("Unit"), required=False)
    lot = TextField(
        N_("Code on the sack, or of our own batch"), maximum=40, required=False, hint=N_("Of our own batch: product/batch code.")
    )

    def fill(self) -> None:
        """Put the units in, in the language of the page."""
        self.unit.choices = [("", "–"), *((key, _(name)) for key, (_unit, _each, name) in WEIGHTS.items())]


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
    form = MakingForm(
        data={
            "made_on": (
                before.at.astimezone(clock.ZONES[before.area.zone]).date() if before else batch.produced_on or clock.today()
            ).isoformat(),
            "area_code": place_text(before.area_code if before else record.village_code),
            "processed_by": before.processed_by if before else record.maker.name,
            "note": before.note if before else "",
        }
    )
    rows = _rows(record, before.inputs if before else [])

    def work(session: Session) -> None:
        fresh = get_batch(session, desk.get_product(session, actor, slug), lot)
        materials = [_material(session, row) for row in rows if row.name_id.value]
        making = Making(
            made_on=form.made_on.value,
            area_code=form.area_code.value,
            processed_by=form.processed_by.value,
            materials=materials,
            note=form.note.value,
        )
        verbs.record_transformation(session, actor, fresh, making)

    if form.is_submitted() and all([form.validate(), *[row.validate() for row in rows]]) and save(form, work):
        flash(_("It is written down how this lot was made."), "success")
        return redirect(url_for("office.product_lots", slug=slug), 303)
    record = desk.get_product(reading(), actor, slug)
    problems = form.problems() + [problem for row in rows for problem in row.problems()]
    places = suggestions(desk.list_villages_to_choose(reading(), actor, Permission.EDIT_PRODUCTS, record.village_code[:5]))
    page = render_template(
        "office/products/lot.html", product=record, batch=batch, form=form, rows=rows, problems=problems, before=before, places=places
    )
    return page, status_of(form)


def _rows(product: Product, known: list[TransformationInput]) -> list[MaterialForm]:
    """What is written down already, or else the product's ingredients as a beginning, and some empty rows."""
    typed = [
        {
            "name_id": each.name_id,
            "name_en": each.name_en,
            "origin_code": place_text(each.origin_code) if each.origin_code else "",
            "supplier": each.supplier,
            **_weighed(each),
            "lot": each.lot,
        }
        for each in known
    ] or [
        {"name_id": each.name_id, "name_en": each.name_en, "origin_code": place_text(each.origin_code) if each.origin_code else ""}
        for each in product.ingredients
    ]
    rows = []
    for number in range(min(len(typed) + SPARE_ROWS, verbs.MOST_INPUTS)):
        row = MaterialForm(prefix=f"row{number}-", data=typed[number] if number < len(typed) else {})
        row.fill()
        rows.append(row)
    return rows


def _weighed(known: TransformationInput) -> dict[str, str]:
    """The quantity as somebody would type it."""
    if known.quantity is None or known.unit is None:
        return {}
    key, each, _name = best_weight(known.quantity, known.unit)
    return {"quantity": str(known.quantity // each), "unit": key}


def _material(session: Session, row: MaterialForm) -> Material:
    """One typed row; `product/lot` in the last box names a lot of ours."""
    unit, each, _name = WEIGHTS.get(row.unit.value or "", (None, 1, ""))
    return Material(
        name_id=row.name_id.value,
        name_en=row.name_en.value,
        origin_code=row.origin_code.value,
        supplier=row.supplier.value,
        quantity=row.quantity.value * each if row.quantity.value else None,
        unit=unit,
        lot=row.lot.value,
        batch=verbs.find_lot(session, row.lot.value),
    )
