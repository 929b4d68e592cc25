"""Goods on a shelf for tests: a product with stock, through the same verbs that people use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from kernel.people import SYSTEM
from tests.make import make_batch, make_outlet, make_product


@dataclass(frozen=True)
class Goods:
    """A product, its first variant, one batch of it, and the level at an outlet."""

    product: Product
    variant: Variant
    batch: Batch
    outlet: Outlet
    level: StockLevel


def stock_up(session: Session, product: Product, outlet: Outlet, quantity: int, **batch_changes: Any) -> Goods:
    """A new batch of the product's first variant on the outlet's shelf."""
    batch = make_batch(session, product, **batch_changes)
    variant = product.variants[0]
    level = stock.receive_stock(session, SYSTEM, outlet, variant, batch, quantity, "delivery:test")
    return Goods(product, variant, batch, outlet, level)


def make_goods(session: Session, quantity: int = 10, *, outlet: Outlet | None = None, price: int = 25_000, **changes: Any) -> Goods:
    """A live product with `quantity` units at an outlet."""
    outlet = outlet or make_outlet(session)
    return stock_up(session, make_product(session, price=price, **changes), outlet, quantity)


def on_hand_and_held(session: Session, goods: Goods) -> tuple[int, int]:
    """How the goods' level stands, read anew."""
    session.refresh(goods.level)
    return goods.level.on_hand, goods.level.held
