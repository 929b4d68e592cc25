"""How the demo's lots were made: the ingredients' villages become suppliers of raw material. Invented, like everything here."""

from __future__ import annotations

from datetime import date
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.product import Ingredient, Product, Unit
from catalog.models.stock import Batch
from catalog.provenance.transformations import Making, Material, record_transformation
from kernel.people import Actor

#: Every so many lots nobody wrote down how they were made: that happens, and the pages must look right then too.
FORGOTTEN_EVERY = 5
#: What a household works up in a day.
_GRAMS = 60_000


def write_makings(session: Session, actor: Actor) -> None:
    """A record for most lots of products with ingredients; called once, in the seeding's transaction."""
    products = session.scalars(
        select(Product)
        .options(joinedload(Product.maker), selectinload(Product.ingredients).joinedload(Ingredient.origin))
        .order_by(Product.id)
        .execution_options(populate_existing=True)
    ).all()
    for product in products:
        if not product.ingredients:
            continue
        for batch in session.scalars(select(Batch).where(Batch.product_id == product.id).order_by(Batch.id)):
            if batch.produced_on and crc32(f"{product.slug}/{batch.lot_code}".encode()) % FORGOTTEN_EVERY:
                record_transformation(session, actor, batch, _making(product, batch.produced_on))


def _making(product: Product, made_on: date) -> Making:
    materials = [
        Material(
            name_id=each.name_id,
            name_en=each.name_en,
            origin_code=each.origin_code,
            supplier=f"Kelompok Tani {each.origin.name} (contoh)"
            if each.origin and each.origin_code and each.origin_code.count(".") == 3
            else "",
            quantity=_grams(each.share_bps),
            unit=Unit.GRAM if each.share_bps else None,
        )
        for each in product.ingredients
    ]
    return Making(made_on=made_on, area_code=product.village_code, processed_by=product.maker.name, materials=materials)


def _grams(share_bps: int | None) -> int | None:
    """Whole hundreds of grams, as a kitchen's scale shows them."""
    return max(100, _GRAMS * share_bps // 10_000 // 100 * 100) if share_bps else None
