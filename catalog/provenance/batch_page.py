"""The page of one lot in two statements: product, maker, place, dates, papers of the production day; and the way from village to shelf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from catalog.models.area import Area, AreaLevel
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import HalalState, ListingState, Product, Unit, Variant
from catalog.models.provenance import Transformation, TransformationInput
from catalog.models.stock import Batch, BatchState, MovementKind, Outlet, StockLevel, StockMovement
from catalog.queries import parts
from catalog.queries.cards import certificates_of_product
from catalog.queries.json_rows import Statement, Subquery, read_rows, rows_of
from catalog.queries.points import places_subquery
from catalog.queries.prepared import prepared
from catalog.queries.products import ingredients_subquery, name_origin, read_halal, read_ingredients, read_maker
from catalog.queries.views import Claim, IngredientView, MakerCard, OutletView, Picture, Place, VariantView
from catalog.slugs import is_slug
from kernel.errors import N_, NotFound
from kernel.locales import pick
from kernel.prepared import Prepared

Source, SourceParent = aliased(Area, name="source"), aliased(Area, name="source_parent")
Workshop, WorkshopParent = aliased(Area, name="workshop"), aliased(Area, name="workshop_parent")
#: Movements that a visitor can follow; what is held for an order or corrected in the books is no journey.
TRAVELS = (MovementKind.RECEIVED, MovementKind.MOVED)


@dataclass(frozen=True, slots=True)
class Stop:
    """Goods of the lot came to an outlet: first on `at`, in the outlet's `zone`."""

    kind: MovementKind
    outlet_name: str
    zone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A raw material that went into the lot, and where it is from."""

    name: str
    origin: str
    origin_village_code: str | None
    supplier: str
    quantity: int | None
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class MakingView:
    """Who processed the lot where, and of what."""

    processed_by: str
    place: str
    village_code: str | None
    materials: tuple[MaterialView, ...]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Everything the page of one lot says, in the page's language."""

    slug: str
    name: str
    summary: str
    storage: str
    shelf_life_days: int | None
    allergens: tuple[str, ...]
    #: As it could be said on the production day.
    halal: HalalState
    #: Whether the product can be bought at all.
    is_live: bool
    lot: str
    produced_on: date | None
    best_before_on: date | None
    entered_at: datetime
    state: BatchState
    #: What the office said about a lot that is blocked or recalled.
    state_reason: str
    state_changed_at: datetime | None
    #: The day whose papers `claims` are: the production day, or today where nobody wrote it down.
    papers_on: date
    maker: MakerCard
    place: Place
    pictures: tuple[Picture, ...]
    variants: tuple[VariantView, ...]
    ingredients: tuple[IngredientView, ...]
    claims: tuple[Claim, ...]
    outlets: tuple[OutletView, ...]
    #: Units of this very lot that can be bought now.
    available: int
    #: How it was made, where somebody wrote that down.
    making: MakingView | None
    journey: tuple[Stop, ...]
    places: str
    is_sample: bool

    @property
    def is_stopped(self) -> bool:
        """Nobody may sell it, and whoever has it should not use it."""
        return self.state is not BatchState.OPEN


def get_batch_page(session: Session, slug: str, lot: str, language: str, today: date) -> BatchPage:
    """The lot of a product that is or was live; NotFound for others. Two statements."""
    found = is_slug(slug) and len(lot) <= 20
    row = session.execute(_statement(today), {"slug": slug, "lot": lot.upper()}).one_or_none() if found else None
    if row is None:
        raise NotFound(N_("We know no batch with this code."))
    product: Product = row.Product
    batch: Batch = row.Batch
    name = pick(language, product.name_id, product.name_en)
    claims = parts.read_claims(row.claims)
    return BatchPage(
        slug=product.slug,
        name=name,
        summary=pick(language, product.summary_id, product.summary_en),
        storage=pick(language, product.storage_id, product.storage_en),
        shelf_life_days=product.shelf_life_days,
        allergens=tuple(product.allergens),
        halal=read_halal(product.halal_state, claims),
        is_live=product.state is ListingState.LIVE,
        lot=batch.lot_code,
        produced_on=batch.produced_on,
        best_before_on=batch.best_before_on,
        entered_at=batch.created_at,
        state=batch.state,
        state_reason=batch.state_reason,
        state_changed_at=batch.state_changed_at,
        papers_on=batch.produced_on or today,
        maker=read_maker(row.Maker, row, language),
        place=parts.read_place(row),
        pictures=parts.read_pictures(row.pictures, language, name),
        variants=parts.read_variants(row.variants, language),
        ingredients=read_ingredients(row.ingredients, language),
        claims=claims,
        outlets=parts.read_outlets(row.outlets),
        available=int(row.available or 0),
        making=_making(row.materials, language),
        journey=_journey(session, batch.id),
        places=row.places,
        is_sample=product.is_sample,
    )


@prepared
def _statement(today: date) -> Statement:
    papers_on = func.coalesce(Batch.produced_on, bindparam("papers_on", today, type_=Date()))
    statement = (
        select(
            Product,
            Maker,
            Batch,
            *parts.PLACE_COLUMNS,
            parts.pictures_subquery(Photo.product_id == Product.id).label("pictures"),
            parts.first_picture_subquery(Photo.maker_id == Product.maker_id).label("maker_pictures"),
            parts.variants_subquery(Variant.product_id == Product.id, today).label("variants"),
            parts.claims_subquery(certificates_of_product(), papers_on).label("claims"),
            ingredients_subquery().label("ingredients"),
            parts.outlets_subquery().label("outlets"),
            _available(today).label("available"),
            _materials().label("materials"),
            places_subquery().label("places"),
        )
        .join(Maker, Maker.id == Product.maker_id)
        .join(Batch, Batch.product_id == Product.id)
        .where(
            Product.slug == bindparam("slug"),
            Batch.lot_code == bindparam("lot"),
            Product.state != ListingState.DRAFT,
            Product.published_at.is_not(None),
        )
    )
    return parts.join_place(statement, Product.village_code)


def _available(today: date) -> Any:
    return (
        select(func.sum(StockLevel.on_hand - StockLevel.held))
        .join(Outlet, Outlet.id == StockLevel.outlet_id)
        .where(StockLevel.batch_id == Batch.id, StockLevel.on_hand > StockLevel.held, Outlet.is_active, parts.not_past(today))
        .correlate(Batch)
        .scalar_subquery()
    )


def _materials() -> Subquery:
    """The raw materials of the record that counts, each with what the record itself says."""
    later = aliased(Transformation)
    return (
        rows_of(
            id=TransformationInput.id,
            position=TransformationInput.position,
            name_id=TransformationInput.name_id,
            name_en=TransformationInput.name_en,
            supplier=TransformationInput.supplier,
            quantity=TransformationInput.quantity,
            unit=TransformationInput.unit,
            **_area_columns(Source, SourceParent),
            processed_by=Transformation.processed_by,
            **{f"at_{name}": column for name, column in _area_columns(Workshop, WorkshopParent).items()},
        )
        .select_from(Transformation)
        .join(TransformationInput, TransformationInput.transformation_id == Transformation.id)
        .join(Workshop, Workshop.code == Transformation.area_code)
        .outerjoin(WorkshopParent, WorkshopParent.code == Workshop.parent_code)
        .outerjoin(Source, Source.code == TransformationInput.origin_code)
        .outerjoin(SourceParent, SourceParent.code == Source.parent_code)
        .where(
            Transformation.batch_id == Batch.id,
            ~select(later.id).where(later.corrects_id == Transformation.id).correlate(Transformation).exists(),
        )
        .correlate(Batch)
        .scalar_subquery()
    )


def _area_columns(area: Any, parent: Any) -> dict[str, Any]:
    return {
        "origin_code": area.code,
        "origin_level": area.level,
        "origin_kind": area.kind,
        "origin_name": area.name,
        "origin_short_name": area.short_name,
        "parent_name": parent.name,
    }


def _making(value: object, language: str) -> MakingView | None:
    rows = read_rows(value, sort_by="position")
    if not rows:
        return None
    at = {name.removeprefix("at_"): text for name, text in rows[0].items() if name.startswith("at_")}
    return MakingView(
        processed_by=rows[0]["processed_by"],
        place=name_origin(at),
        village_code=_village_code(at),
        materials=tuple(
            MaterialView(
                name=pick(language, row["name_id"], row["name_en"]),
                origin=name_origin(row) if row["origin_code"] else "",
                origin_village_code=_village_code(row),
                supplier=row["supplier"],
                quantity=row["quantity"],
                unit=Unit(row["unit"]) if row["unit"] else None,
            )
            for row in rows
        ),
    )


def _village_code(row: dict[str, Any]) -> str | None:
    return row["origin_code"] if row["origin_level"] == AreaLevel.VILLAGE else None


_JOURNEY = Prepared(
    select(StockMovement.kind, Outlet.name, Outlet.zone, func.min(StockMovement.at).label("at"))
    .join(StockLevel, StockLevel.id == StockMovement.level_id)
    .join(Outlet, Outlet.id == StockLevel.outlet_id)
    .where(StockLevel.batch_id == bindparam("batch_id"), StockMovement.kind.in_(TRAVELS), StockMovement.on_hand_change > 0)
    .group_by(StockMovement.kind, Outlet.id)
    .order_by(func.min(StockMovement.at), Outlet.id)
)


def _journey(session: Session, batch_id: int) -> tuple[Stop, ...]:
    """When goods of the lot first came to each outlet."""
    rows = _JOURNEY.run(session, {"batch_id": batch_id})
    return tuple(Stop(row.kind, row.name, row.zone, row.at) for row in rows)
