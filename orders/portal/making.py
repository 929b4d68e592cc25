"""How a maker's own lots were made: which there are, and writing it down."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.product import Ingredient, Product
from catalog.models.provenance import Transformation
from catalog.models.stock import Batch
from catalog.provenance.transformations import Making, list_transformations, record_transformation
from kernel.errors import N_, NotFound
from kernel.paging import Page, read_page
from kernel.people import Grant, Role
from orders.portal.acts import Speaker

PAGE_SIZE = 30


def list_own_lots(session: Session, maker_id: int, page: int = 1) -> Page[Batch]:
    """The maker's lots, the one entered last first."""
    statement = select(Batch).join(Product, Product.id == Batch.product_id).where(Product.maker_id == maker_id)
    return read_page(session, statement.order_by(Batch.id.desc()), number=page, size=PAGE_SIZE)


def products_of(session: Session, lots: list[Batch]) -> dict[int, Product]:
    """The products of some lots, by their id."""
    rows = session.scalars(select(Product).where(Product.id.in_({lot.product_id for lot in lots})))
    return {product.id: product for product in rows}


def makings_of(session: Session, lots: list[Batch]) -> dict[int, Transformation]:
    """How they were made where that is written down, by the lot's id."""
    return list_transformations(session, lots)


def get_own_lot(session: Session, maker_id: int, slug: str, lot: str) -> tuple[Product, Batch]:
    """A lot of the maker's, with the product's ingredients; NotFound for one of somebody else."""
    row = session.execute(
        select(Product, Batch)
        .join(Batch, Batch.product_id == Product.id)
        .where(Product.maker_id == maker_id, Product.slug == slug, Batch.lot_code == lot)
        .options(joinedload(Product.maker), selectinload(Product.ingredients).joinedload(Ingredient.origin))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no lot with this code."))
    return row.Product, row.Batch


def record_making(session: Session, speaker: Speaker, batch: Batch, making: Making) -> Transformation:
    """Write it down. Whoever holds the maker's link speaks for this maker, and for no other."""
    actor = speaker.actor
    if speaker.is_by_link:
        actor = replace(actor, grants=(Grant(Role.MAKER, maker_id=speaker.maker_id),))
    return record_transformation(session, actor, batch, making)
