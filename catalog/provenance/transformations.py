"""Writing down how a lot was made: the verb, and what the newest record of it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from catalog.models.area import Area
from catalog.models.product import Product, Unit
from catalog.models.provenance import Transformation, TransformationInput
from catalog.models.stock import Batch
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotAllowed
from kernel.parsing import parse_text
from kernel.people import Actor, Permission, Role

#: More raw materials than this are a recipe book.
MOST_INPUTS = 20
LARGEST_QUANTITY = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One raw material: `quantity` in grams, millilitres or pieces, where somebody weighed it."""

    name_id: str
    name_en: str = ""
    origin_code: str | None = None
    supplier: str = ""
    quantity: int | None = None
    unit: Unit | None = None
    lot: str = ""
    batch: Batch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How a lot was made: on which day, where, by whom, of what."""

    made_on: date
    area_code: str
    processed_by: str
    materials: Sequence[Material]
    note: str = ""


def record_transformation(session: Session, actor: Actor, batch: Batch, making: Making) -> Transformation:
    """Write it down once; written anew it replaces the record before, which stays readable.

    By whoever describes the product, or the maker of it.
    """
    product = session.get_one(Product, batch.product_id)
    if not may_record(actor, product):
        raise NotAllowed
    area = session.get(Area, making.area_code)
    if area is None:
        raise InvalidInput(N_("We know no place with this code. Type its name, or choose it from the list."), field="area_code")
    if making.made_on > (batch.produced_on or clock.today(area.zone)):
        raise InvalidInput(N_("A lot cannot have been made on this day."), field="made_on")
    before = find_transformation(session, batch)
    made = Transformation(
        batch_id=batch.id,
        at=datetime.combine(making.made_on, time(12), clock.ZONES[area.zone]),
        area_code=area.code,
        processed_by=parse_text(making.processed_by, field="processed_by", maximum=160, required=True),
        note=parse_text(making.note, field="note", maximum=240),
        corrects_id=before.id if before else None,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
        inputs=[_input(session, batch, place, material) for place, material in enumerate(_checked(making.materials), 1)],
    )
    session.add(made)
    session.flush()
    details = {"lot": batch.lot_code, "record": made.code} | ({"instead_of": before.code} if before else {})
    audit.record(session, actor, "batch.transformed", f"product:{product.slug}", details)
    return made


def may_record(actor: Actor, product: Product) -> bool:
    """Whether the person may say how lots of the product are made."""
    return actor.can(Permission.EDIT_PRODUCTS, area_code=product.village_code) or any(
        grant.role is Role.MAKER and grant.maker_id == product.maker_id for grant in actor.grants
    )


def find_transformation(session: Session, batch: Batch) -> Transformation | None:
    """The record that counts: the one that no later one corrects, with its materials and places."""
    later = aliased(Transformation)
    return session.scalar(
        select(Transformation)
        .where(Transformation.batch_id == batch.id, ~select(later.id).where(later.corrects_id == Transformation.id).exists())
        .options(
            joinedload(Transformation.area),
            selectinload(Transformation.inputs).options(
                joinedload(TransformationInput.origin), joinedload(TransformationInput.input_batch)
            ),
        )
        .order_by(Transformation.id.desc())
        .limit(1)
    )


def list_transformations(session: Session, batches: Sequence[Batch]) -> dict[int, Transformation]:
    """The records that count of many lots, by the lot's id, without their materials; one statement."""
    later = aliased(Transformation)
    rows = session.scalars(
        select(Transformation)
        .where(
            Transformation.batch_id.in_([batch.id for batch in batches]),
            ~select(later.id).where(later.corrects_id == Transformation.id).exists(),
        )
        .options(joinedload(Transformation.area))
        .order_by(Transformation.id)
    )
    return {made.batch_id: made for made in rows}


def find_lot(session: Session, text: str) -> Batch | None:
    """The lot of ours that `product/lot` names; None for what a supplier wrote on a sack. InvalidInput for a product without this lot."""
    slug, slash, code = text.strip().partition("/")
    product = session.scalar(select(Product).where(Product.slug == slug)) if slash else None
    if product is None:
        return None
    batch = session.scalar(select(Batch).where(Batch.product_id == product.id, Batch.lot_code == code.upper()))
    if batch is None:
        raise InvalidInput(N_("This product has no lot with the code %(lot)s."), field="materials", lot=code)
    return batch


def list_uses(session: Session, batch: Batch) -> list[tuple[Batch, Product]]:
    """Lots of ours into which this one went, by the records that count."""
    later = aliased(Transformation)
    rows = session.execute(
        select(Batch, Product)
        .join(Transformation, Transformation.batch_id == Batch.id)
        .join(TransformationInput, TransformationInput.transformation_id == Transformation.id)
        .join(Product, Product.id == Batch.product_id)
        .where(TransformationInput.input_batch_id == batch.id, ~select(later.id).where(later.corrects_id == Transformation.id).exists())
        .order_by(Batch.id)
    )
    return [(made, product) for made, product in rows]


def _checked(materials: Sequence[Material]) -> Sequence[Material]:
    if not 1 <= len(materials) <= MOST_INPUTS:
        raise InvalidInput(N_("Write down at least one raw material, and at most %(most)s."), field="materials", most=MOST_INPUTS)
    return materials


def _input(session: Session, made: Batch, position: int, material: Material) -> TransformationInput:
    if (material.quantity is None) != (material.unit is None) or (
        material.quantity is not None and not 1 <= material.quantity <= LARGEST_QUANTITY
    ):
        raise InvalidInput(N_("Type how much it was, and in which unit; or leave both empty."), field="materials")
    if material.origin_code is not None and session.get(Area, material.origin_code) is None:
        raise InvalidInput(N_("We know no place with this code. Type its name, or choose it from the list."), field="materials")
    if material.batch is not None and made.id in _sources(session, material.batch):
        raise InvalidInput(N_("A lot cannot be made of itself."), field="materials")
    return TransformationInput(
        position=position,
        name_id=parse_text(material.name_id, field="materials", maximum=80, required=True),
        name_en=parse_text(material.name_en, field="materials", maximum=80),
        origin_code=material.origin_code,
        supplier=parse_text(material.supplier, field="materials", maximum=160),
        quantity=material.quantity,
        unit=material.unit,
        lot=parse_text(material.lot, field="materials", maximum=40),
        input_batch_id=material.batch.id if material.batch else None,
    )


def _sources(session: Session, batch: Batch) -> set[int]:
    """The lot itself and every lot of ours that it was made of, however far back."""
    seen: set[int] = set()
    wanted = {batch.id}
    while wanted:
        seen |= wanted
        rows = session.scalars(
            select(TransformationInput.input_batch_id)
            .join(Transformation, Transformation.id == TransformationInput.transformation_id)
            .where(Transformation.batch_id.in_(wanted), TransformationInput.input_batch_id.is_not(None))
        )
        wanted = {batch_id for batch_id in rows if batch_id is not None} - seen
    return seen
