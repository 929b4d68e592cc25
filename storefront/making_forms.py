"""Forms with which is written down how a lot was made, in the office and in the makers' portal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from catalog.models.product import Product
from catalog.models.provenance import Transformation, TransformationInput
from catalog.models.stock import Batch
from catalog.provenance import transformations as verbs
from catalog.provenance.transformations import Making, Material
from kernel import clock
from kernel.errors import N_
from storefront.fields import ChoiceField, DayField, LongTextField, PageForm, TextField, WholeField
from storefront.i18n import gettext as _
from storefront.places import PlaceField, place_text
from storefront.words import WEIGHTS, best_weight

#: Empty rows offered below the materials that are written down.
SPARE_ROWS = 4


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


def making_form(product: Product, batch: Batch, before: Transformation | None) -> MakingForm:
    """What is written down already, or else the maker at home on the production day."""
    made_on = before.at.astimezone(clock.ZONES[before.area.zone]).date() if before else batch.produced_on or clock.today()
    return MakingForm(
        data={
            "made_on": made_on.isoformat(),
            "area_code": place_text(before.area_code if before else product.village_code),
            "processed_by": before.processed_by if before else product.maker.name,
            "note": before.note if before else "",
        }
    )


def material_rows(product: Product, before: Transformation | None) -> list[MaterialForm]:
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
        for each in (before.inputs if before else [])
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


def is_right(form: MakingForm, rows: Sequence[MaterialForm]) -> bool:
    """Whether everything was sent and can be read; every part is looked at, so that all faults are told at once."""
    return form.is_submitted() and all([form.validate(), *[row.validate() for row in rows]])


def problems_of(form: MakingForm, rows: Sequence[MaterialForm]) -> list[tuple[str, str]]:
    """All faults, for the list on top of the page."""
    return form.problems() + [problem for row in rows for problem in row.problems()]


def read_making(session: Session, form: MakingForm, rows: Sequence[MaterialForm]) -> Making:
    """What was typed."""
    return Making(
        made_on=form.made_on.value,
        area_code=form.area_code.value,
        processed_by=form.processed_by.value,
        materials=[_material(session, row) for row in rows if row.name_id.value],
        note=form.note.value,
    )


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
