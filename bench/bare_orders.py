"""The reference of `./run bench orders`: reserve three products, one order, three lines, three movements; bare SQLAlchemy Core.

One transaction with guarded UPDATEs in id order and nothing else: no names kept, no ledger, no audit, no idempotency, no
letters. It has tables of its own beside the shop's in the same database, under the same connection rules.
"""

from __future__ import annotations

import random
import time

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from kernel.engines import WRITE

metadata = sa.MetaData()
products = sa.Table(
    "bare_products",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("price", sa.Integer),
    sa.Column("stock", sa.Integer, sa.CheckConstraint("stock >= 0")),
)
orders = sa.Table(
    "bare_orders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(32), unique=True),
    sa.Column("email", sa.String),
    sa.Column("total", sa.Integer),
    sa.Column("created", sa.Float, index=True),
)
lines = sa.Table(
    "bare_lines",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("order_id", sa.ForeignKey("bare_orders.id"), index=True),
    sa.Column("product_id", sa.ForeignKey("bare_products.id"), index=True),
    sa.Column("quantity", sa.Integer),
    sa.Column("price", sa.Integer),
)
movements = sa.Table(
    "bare_movements",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("product_id", sa.ForeignKey("bare_products.id"), index=True),
    sa.Column("change", sa.Integer),
    sa.Column("reason", sa.String),
    sa.Column("order_id", sa.Integer),
)
STOCK = 10_000_000
_RESERVE = (
    products.update()
    .where(products.c.id == sa.bindparam("wanted"), products.c.stock >= sa.bindparam("quantity"))
    .values(stock=products.c.stock - sa.bindparam("quantity"))
)


def fill(engine: Engine, count: int) -> None:
    """Fresh tables with so many products."""
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.connect().execution_options(**WRITE) as connection, connection.begin():
        connection.execute(products.insert(), [{"id": number, "price": 1_000 * number, "stock": STOCK} for number in range(1, count + 1)])


def place(connection: Connection, wanted: list[int], dice: random.Random) -> None:
    """One order of one piece each, inside the caller's transaction."""
    for product_id in wanted:
        if connection.execute(_RESERVE, {"wanted": product_id, "quantity": 1}).rowcount != 1:
            raise RuntimeError("sold out")
    found = connection.execute(sa.select(products.c.id, products.c.price).where(products.c.id.in_(wanted)))
    prices = {row.id: row.price for row in found}
    fresh = {"key": f"{dice.getrandbits(128):032x}", "email": "a@b.id", "total": sum(prices.values()), "created": time.time()}
    order_id = connection.execute(orders.insert(), fresh).inserted_primary_key[0]
    connection.execute(
        lines.insert(), [{"order_id": order_id, "product_id": each, "quantity": 1, "price": prices[each]} for each in wanted]
    )
    connection.execute(movements.insert(), [{"product_id": each, "change": -1, "reason": "sale", "order_id": order_id} for each in wanted])
