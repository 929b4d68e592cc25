"""What a till needs to sell without a network: the snapshot that a paired device keeps, in 64 buckets (docs/tills.md)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from catalog.channels import may_be_on
from catalog.models.area import Area
from catalog.models.channel import Channel
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Category, ListingState, Price, Product, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from catalog.prices import current_price
from catalog.search import synonyms
from kernel import clock
from orders.counter.leases import list_leases
from orders.counter.pins import list_staff
from orders.models.till import TillDevice

#: A variant stays in the bucket of its number for ever, so a change sends one sixty-fourth of the catalogue.
BUCKETS = 64
#: The smallest picture of a product is enough for a button.
PHOTO = "/media/{name}-320.webp"


def read_catalogue(session: Session, device: TillDevice, known: Mapping[str, str], words: str = "") -> dict[str, Any]:
    """The snapshot for the device (till and outlet loaded) as JSON values; of the buckets only those whose digest it has not.

    `known` holds the digests of the device's buckets, `words` the fingerprint of its synonyms. Five statements at any size.
    """
    outlet = device.till.outlet
    rows = _variants(session, clock.today(outlet.zone))
    buckets = _buckets(session, outlet, rows)
    digests = {name: digest_of(variants) for name, variants in buckets.items()}
    table = synonyms.load()
    return {
        "version": digest_of(digests),
        "outlet": _outlet(outlet),
        "staff": _staff(session, outlet),
        "categories": _categories(rows),
        "synonyms": {"fingerprint": table.fingerprint, "groups": None if words == table.fingerprint else synonym_groups()},
        "leases": {
            lease.variant_code: {"units": lease.units, "expires_at": lease.expires_at.isoformat()}
            for lease in list_leases(session, device.id)
        },
        "buckets": {
            name: {"digest": digests[name], "variants": variants} for name, variants in buckets.items() if known.get(name) != digests[name]
        },
        "gone": sorted(set(known) - set(buckets)),
    }


def digest_of(value: Any) -> str:
    """Sixteen characters that differ when the value does."""
    return hashlib.sha256(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def synonym_groups() -> list[list[str]]:
    """Words and expressions that find each other: spellings of one word, and what means the same in both languages."""
    table = synonyms.load()
    groups: dict[str, list[str]] = defaultdict(list)
    for variant, word in table.spelling.items():
        groups[f"spelling {word}"] = [*(groups.get(f"spelling {word}") or [word]), variant]
    for words, meanings in table.meanings.items():
        for meaning in meanings:
            groups[meaning].append(" ".join(words))
    return [group for group in groups.values() if len(group) > 1]


def _variants(session: Session, today: date) -> Sequence[Any]:
    """Every variant that any outlet may sell today, in stock or not: what lies on the counter can be sold before it is booked."""
    first = select(Photo.id).where(Photo.product_id == Product.id).order_by(Photo.position, Photo.id).limit(1)
    columns = (
        *(
            Variant.id,
            Variant.code,
            Variant.name_id.label("pack_id"),
            Variant.name_en.label("pack_en"),
            Variant.gtin,
            Variant.internal_number,
        ),
        *(Product.id.label("product_id"), Product.slug, Product.name_id, Product.name_en, Product.popularity),
        *(Maker.name.label("maker"), Area.kind, Area.name.label("village"), Category.slug.label("category")),
        *(Category.name_id.label("shelf_id"), Category.name_en.label("shelf_en"), Category.position, Photo.name.label("photo")),
    )
    statement = (
        select(*columns)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == Product.maker_id)
        .join(Area, Area.code == Product.village_code)
        .join(Category, Category.id == Product.category_id)
        .outerjoin(Photo, Photo.id == first.correlate(Product).scalar_subquery())
        .where(Variant.is_active, Product.state == ListingState.LIVE, may_be_on(Channel.COUNTER, today))
        .order_by(Variant.id)
    )
    return session.execute(statement).all()


def _buckets(session: Session, outlet: Outlet, rows: Sequence[Any]) -> dict[str, list[dict[str, Any]]]:
    today = clock.today(outlet.zone)
    prices = _prices(session, today)
    lots = _lots(session, outlet)
    buckets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        dated = prices.get(row.id, [])
        if not dated:
            continue  # nobody said yet what it costs
        buckets[str(row.id % BUCKETS)].append(_variant(row, dated, lots.get(row.id, []), today))
    return buckets


def _variant(row: Any, prices: Sequence[Price], lots: list[dict[str, Any]], today: date) -> dict[str, Any]:
    said = {
        "code": row.code,
        "name_id": row.name_id,
        "name_en": row.name_en,
        "pack_id": row.pack_id,
        "pack_en": row.pack_en,
        "maker": row.maker,
        "village": f"{(row.kind or '').capitalize()} {row.village}".strip(),
        "price": current_price(prices, today),
        "numbers": [number for number in (row.gtin, row.internal_number) if number],
        "category": row.category,
        "photo": PHOTO.format(name=row.photo) if row.photo else None,
        "rank": row.popularity,
        "lots": lots,
    }
    later = [[price.starts_on.isoformat(), price.ends_on and price.ends_on.isoformat(), price.amount] for price in prices]
    if len(later) > 1 or later[0][1]:
        said["prices"] = later
    return said


def _prices(session: Session, today: date) -> dict[int, list[Price]]:
    """What counts today or later, by variant: a till that stays offline over a change of price keeps the right one."""
    found: dict[int, list[Price]] = defaultdict(list)
    statement = select(Price).where(or_(Price.ends_on.is_(None), Price.ends_on >= today)).order_by(Price.variant_id, Price.starts_on)
    for price in session.scalars(statement):
        found[price.variant_id].append(price)
    return found


def _lots(session: Session, outlet: Outlet) -> dict[int, list[dict[str, Any]]]:
    """The lots that stand at the outlet, and those that must not be sold, the first to expire first."""
    is_there = or_(StockLevel.on_hand != 0, StockLevel.held != 0, StockLevel.oversold != 0)
    is_stopped = Batch.state != BatchState.OPEN
    statement = (
        select(StockLevel.variant_id, StockLevel.on_hand, StockLevel.held, Batch.lot_code, Batch.best_before_on, Batch.state)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(and_(StockLevel.outlet_id == outlet.id, or_(is_there, is_stopped)))
        .order_by(StockLevel.variant_id, Batch.best_before_on.is_(None), Batch.best_before_on, Batch.id)
    )
    found: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in session.execute(statement):
        lot = found[row.variant_id].setdefault(
            row.lot_code,
            {
                "lot": row.lot_code,
                "best_before": row.best_before_on and row.best_before_on.isoformat(),
                "free": 0,
                "is_stopped": row.state is not BatchState.OPEN,
            },
        )
        lot["free"] += row.on_hand - row.held  # the outlet's own and a maker's units of one lot lie together
    return {variant_id: list(lots.values()) for variant_id, lots in found.items()}


def _outlet(outlet: Outlet) -> dict[str, Any]:
    return {
        "code": outlet.code,
        "slug": outlet.slug,
        "name": outlet.name,
        "address": outlet.address,
        "phone": outlet.phone,
        "operator": outlet.operator_name,
        "npwp": outlet.operator_npwp,
        "is_taxable": outlet.is_taxable,
        "zone": outlet.zone,
        "qris": outlet.qris_payload,
        "discount_limit_bps": outlet.till_discount_limit_bps,
        "cash_out_limit": outlet.cash_out_limit,
        "receipt_footer": outlet.receipt_footer,
    }


def _staff(session: Session, outlet: Outlet) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "name": each.name,
            "is_supervisor": each.is_supervisor,
            "pin": {"salt": each.salt, "verifier": each.verifier, "iterations": each.iterations} if each.verifier else None,
        }
        for each in list_staff(session, outlet)
    ]


def _categories(rows: Sequence[Any]) -> list[dict[str, str]]:
    found = {row.category: (row.position, row.shelf_id, row.shelf_en) for row in rows}
    return [
        {"slug": slug, "name_id": name_id, "name_en": name_en}
        for slug, (_at, name_id, name_en) in sorted(found.items(), key=lambda item: item[1])
    ]
