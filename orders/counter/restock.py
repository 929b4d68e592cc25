"""What a counter should ask its makers for: the pace of the last two weeks beside what stands on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from orders.stockroom.paces import paces

#: Sales of this many days say how fast goods go.
LOOK_BACK_DAYS = 14
#: Goods are suggested when they last for fewer days than this, and so many are suggested that they last for COVER_DAYS.
SOON_DAYS, COVER_DAYS = 10, 21


@dataclass(frozen=True, slots=True)
class RestockRow:
    """One variant: what was sold in the last 14 days, and what is left that nobody was promised."""

    slug: str
    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    variant_code: str
    maker_slug: str
    maker_name: str
    maker_phone: str
    free: int
    sold: int

    @property
    def days_left(self) -> int:
        """For how many whole days the rest lasts at this pace."""
        return max(0, self.free) * LOOK_BACK_DAYS // self.sold

    @property
    def suggested(self) -> int:
        """Units that make it last for COVER_DAYS, at least one."""
        return max(1, -(-self.sold * COVER_DAYS // LOOK_BACK_DAYS) - max(0, self.free))


@dataclass(frozen=True, slots=True)
class MakerRequest:
    """What one maker is asked for."""

    slug: str
    name: str
    phone: str
    rows: tuple[RestockRow, ...]


def list_restock(session: Session, outlet: Outlet) -> list[MakerRequest]:
    """What runs out within SOON_DAYS, by maker, the most urgent maker first; one statement."""
    pace = paces(outlet, LOOK_BACK_DAYS)
    columns = (Product.slug, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en, Variant.code)
    statement = (
        select(*columns, Maker.slug, Maker.name, Maker.phone, pace.c.free, pace.c.sold)
        .select_from(pace)
        .join(Variant, Variant.id == pace.c.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .where(Variant.is_active, pace.c.sold > 0, pace.c.free * LOOK_BACK_DAYS < pace.c.sold * SOON_DAYS)
        .order_by(Product.name_id, Variant.id)
    )
    by_maker: dict[str, list[RestockRow]] = {}
    for found_row in session.execute(statement):
        words: list[Any] = list(found_row)
        row = RestockRow(*words[:-2], *map(int, words[-2:]))
        by_maker.setdefault(row.maker_slug, []).append(row)
    found = []
    for rows in by_maker.values():
        rows.sort(key=lambda row: (row.days_left, -row.sold, row.variant_code))
        found.append(MakerRequest(rows[0].maker_slug, rows[0].maker_name, rows[0].maker_phone, tuple(rows)))
    return sorted(found, key=lambda each: (each.rows[0].days_left, each.name))
