"""The rows of an order, written the same way whether it was placed on the web or recorded from a counter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from catalog.areas import title_of_village
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.stock_locks import Allocation
from kernel.errors import Conflict
from kernel.ids import make_code
from kernel.inserts import insert_new, insert_rows, known_object
from kernel.prepared import Prepared
from orders.models.order import Order, OrderAllocation
from orders.pricing import LARGEST_CASE_QUANTITY, line_total

#: What a line remembers of its variant: add to a query over Variant, Product, Maker and Area.
NAMES = (
    Variant.name_id.label("variant_name_id"),
    Variant.name_en.label("variant_name_en"),
    Product.slug,
    Product.name_id,
    Product.name_en,
    Maker.name.label("maker_name"),
    Area.name.label("village_name"),
    Area.kind.label("village_kind"),
)
_BY_KEY = Prepared(select(Order.id).where(Order.checkout_key == bindparam("checkout_key")))


def find_by_key(session: Session, checkout_key: str) -> Order | None:
    """The order that was written under this key, if any."""
    rows = _BY_KEY.run(session, {"checkout_key": checkout_key})
    return session.get(Order, rows[0].id) if rows else None


def insert_order(session: Session, values: Mapping[str, Any]) -> Order | None:
    """A new order with a code of its own, or None when one with the same `checkout_key` was faster (its commit has been waited for).

    `values` are all columns but id and code. The order belongs to the session without being read back.
    """
    for _attempt in range(3):  # a code that is taken is as rare as one in a million orders
        row = {**values, "code": make_code()}
        if ids := insert_new(session, Order, [row]):
            order = known_object(Order, {"id": ids[0], **row})
            session.add(order)
            return order
        if find_by_key(session, values["checkout_key"]) is not None:
            return None
    raise Conflict


def line_values(
    order_id: int, position: int, variant_id: int, names: Any, *, unit_price: int, quantity: int, discount: int
) -> dict[str, Any]:
    """The row of one line; `names` has the columns NAMES."""
    return {
        "order_id": order_id,
        "position": position,
        "variant_id": variant_id,
        "product_slug": names.slug,
        "name_id": f"{names.name_id}, {names.variant_name_id}"[:200],
        "name_en": f"{names.name_en or names.name_id}, {names.variant_name_en or names.variant_name_id}"[:200],
        "maker_name": names.maker_name,
        "village_name": title_of_village(names.village_name, names.village_kind),
        "unit_price": unit_price,
        "quantity": quantity,
        "line_total": line_total(unit_price, quantity, LARGEST_CASE_QUANTITY),  # each channel has checked its own limit
        "discount": discount,
    }


def insert_allocations(session: Session, line_of: Mapping[int, int], held: Sequence[Allocation]) -> None:
    """Remember which batches were promised to which line; `line_of` gives the line's id by variant id."""
    rows = [{"line_id": line_of[each.variant_id], "level_id": each.level_id, "quantity": each.quantity} for each in held]
    insert_rows(session, OrderAllocation, rows)
