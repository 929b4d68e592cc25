"""Collections, and changes to many products, for the tests of the window."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog import bulk_edits, collections
from catalog.collections import CollectionFacts
from catalog.models.collection import Collection
from catalog.models.desk_work import BulkAct, BulkEdit
from catalog.models.product import HalalState, Product
from kernel import clock
from kernel.people import SYSTEM, Actor


def make_collection(session: Session, *products: Product, **changes: Any) -> Collection:
    """A collection of these products, in the window since yesterday for a month."""
    today = clock.today()
    values = {
        "title_id": "Oleh-oleh Lebaran",
        "title_en": "Gifts for Lebaran",
        "story_id": "Untuk dibawa pulang.",
        "starts_on": today - timedelta(days=1),
        "ends_on": today + timedelta(days=30),
    } | changes
    collection = collections.create_collection(session, SYSTEM, CollectionFacts(**values))
    for product in products:
        collections.add_product(session, SYSTEM, collection, product)
    return collection


def make_bulk_edit(session: Session, actor: Actor, *products: Product) -> BulkEdit:
    """A change of the halal state that was begun and not made yet."""
    return bulk_edits.begin(session, actor, products, BulkAct.HALAL, {"halal": HalalState.NOT_APPLICABLE.value})
