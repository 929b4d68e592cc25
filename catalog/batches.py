"""Batches: production lots with the dates a label must carry, and lot codes a barcode can hold."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Product
from catalog.models.stock import Batch
from catalog.search.queue import mark_dirty
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from kernel.people import Actor, Permission

#: GS1 application identifier 10 holds up to 20 characters; ours are those that also survive an address and a shout.
_LOT = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,19}", re.ASCII)
#: Longer than any food keeps; a later date is a typing accident.
LONGEST_LIFE = timedelta(days=3_650)


def create_batch(
    session: Session,
    actor: Actor,
    product: Product,
    *,
    lot_code: str = "",
    produced_on: date | None = None,
    best_before_on: date | None = None,
) -> Batch:
    """A new lot of `product`. Without a lot code one is made from the day; without a best-before the shelf life gives it.

    A product with a shelf life must get a best-before one way or the other; a craft may have none.
    """
    _ensure_allowed(actor, product)
    today = clock.today()
    if produced_on is not None and produced_on > today:
        raise InvalidInput(N_("A lot cannot have been made in the future."), field="produced_on")
    if best_before_on is None and produced_on is not None and product.shelf_life_days is not None:
        best_before_on = produced_on + timedelta(days=product.shelf_life_days)
    _check_best_before(product, produced_on, best_before_on, today)
    code = parse_lot_code(lot_code) if lot_code.strip() else suggest_lot_code(session, product, produced_on or today)
    if find_batch(session, product, code) is not None:
        raise InvalidInput(N_("This product has a lot with this code already."), field="lot_code")
    batch = Batch(product_id=product.id, lot_code=code, produced_on=produced_on, best_before_on=best_before_on, created_at=clock.now())
    session.add(batch)
    session.flush()
    mark_dirty(session, product.id)
    audit.record(session, actor, "batch.create", f"product:{product.slug}", {"lot": code})
    return batch


def parse_lot_code(text: str) -> str:
    """A typed lot code in capitals; InvalidInput when a label or barcode could not carry it."""
    code = text.strip().upper()
    if not _LOT.fullmatch(code):
        raise InvalidInput(N_("A lot code has up to 20 letters, digits, dots, slashes and hyphens."), field="lot_code")
    return code


def suggest_lot_code(session: Session, product: Product, day: date) -> str:
    """The next code of the day: 261121-1, 261121-2 …"""
    prefix = f"{day:%y%m%d}-"
    taken = set(session.scalars(select(Batch.lot_code).where(Batch.product_id == product.id, Batch.lot_code.startswith(prefix))))
    return next(code for number in range(1, len(taken) + 2) if (code := f"{prefix}{number}") not in taken)


def find_batch(session: Session, product: Product, lot_code: str) -> Batch | None:
    """The product's lot with this code, or None."""
    return session.scalar(select(Batch).where(Batch.product_id == product.id, Batch.lot_code == lot_code))


def get_batch(session: Session, product: Product, lot_code: str) -> Batch:
    """The product's lot with this code; NotFound otherwise."""
    batch = find_batch(session, product, lot_code)
    if batch is None:
        raise NotFound(N_("There is no lot with this code."))
    return batch


def list_batches(session: Session, product: Product, limit: int = 50) -> list[Batch]:
    """The product's lots, the one entered last first."""
    return list(session.scalars(select(Batch).where(Batch.product_id == product.id).order_by(Batch.id.desc()).limit(limit)))


def _check_best_before(product: Product, produced_on: date | None, best_before_on: date | None, today: date) -> None:
    if best_before_on is None:
        if product.shelf_life_days is not None:
            raise InvalidInput(N_("Type the best-before date, or the day it was made."), field="best_before_on")
        return
    if produced_on is not None and best_before_on < produced_on:
        raise InvalidInput(N_("The best-before date must not be before the day it was made."), field="best_before_on")
    if best_before_on > today + LONGEST_LIFE:
        raise InvalidInput(N_("This date is too far away; please check the year."), field="best_before_on")


def _ensure_allowed(actor: Actor, product: Product) -> None:
    """Whoever describes the product, and whoever takes deliveries at an outlet."""
    if not actor.can(Permission.EDIT_PRODUCTS, area_code=product.village_code) and not actor.can(Permission.EDIT_STOCK):
        raise NotAllowed
