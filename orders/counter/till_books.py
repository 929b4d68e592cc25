"""What recording a till's entries needs to know, read once for a whole batch: goods, prices, shelves, leases, people, shifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.product import ListingState, Price, Product, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from catalog.prices import current_price
from kernel import clock
from kernel.errors import N_
from kernel.people import Actor, Grant, Permission, RoleGrant, User
from kernel.prepared import Prepared
from orders.consignment.sales import SalesBooks, open_sales_books
from orders.counter.answers import NotUnderstood
from orders.counter.picking import ShelfLevel, in_order_of_use
from orders.models.shift import Shift
from orders.models.till import StockLease, Till, TillDevice, TillEntry
from orders.order_rows import NAMES

_codes: Any = bindparam("codes", expanding=True)
_variants: Any = bindparam("variant_ids", expanding=True)
_GOODS = Prepared(
    select(Variant.id, Variant.code, Variant.product_id, Product.maker_id, Variant.is_active, Product.state, *NAMES)
    .join(Product, Product.id == Variant.product_id)
    .join(Maker, Maker.id == Product.maker_id)
    .join(Area, Area.code == Product.village_code)
    .where(Variant.code.in_(_codes))
)
_PRICES = Prepared(select(Price.variant_id, Price.amount, Price.starts_on, Price.ends_on).where(Price.variant_id.in_(_variants)))
#: Taken in lock order and kept until the commit, so that tills with the same goods queue and never deadlock (docs/stock.md).
_LEVELS = Prepared(
    select(
        StockLevel.id,
        StockLevel.variant_id,
        StockLevel.on_hand,
        StockLevel.held,
        StockLevel.agreement_id,
        Batch.lot_code,
        Batch.best_before_on,
        Batch.state,
    )
    .join(Batch, Batch.id == StockLevel.batch_id)
    .where(StockLevel.outlet_id == bindparam("outlet_id"), StockLevel.variant_id.in_(_variants))
    .order_by(StockLevel.id)
    .with_for_update(of=StockLevel)
)
_LEASES = Prepared(
    select(StockLease.level_id, StockLease.quantity)
    .join(StockLevel, StockLevel.id == StockLease.level_id)
    .where(StockLease.device_id == bindparam("device_id"), StockLease.ended_at.is_(None), StockLevel.variant_id.in_(_variants))
)
_PEOPLE = Prepared(
    select(User.id, User.code, User.name, User.is_active, RoleGrant.role, RoleGrant.area_prefix, RoleGrant.outlet_id, RoleGrant.maker_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(User.code.in_(_codes))
)
_UNKNOWN_VARIANT = N_("No product has the code %(code)s.")
_UNKNOWN_PERSON = N_("Nobody has the code %(code)s.")


@dataclass(frozen=True, slots=True)
class Goods:
    """A variant as it is now, with its names and its prices of all days."""

    id: int
    code: str
    product_id: int
    maker_id: int
    is_offered: bool
    names: Any
    prices: Sequence[Any]

    def price_on(self, day: date) -> int | None:
        """Our own price of a day."""
        return current_price(self.prices, day)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose code stands in an entry."""

    id: int
    code: str
    is_active: bool
    actor: Actor

    def supervises(self, outlet: Outlet) -> bool:
        """Whether their PIN allows what a cashier's does not."""
        return self.is_active and self.actor.can(Permission.MANAGE_TILLS, area_code=outlet.area_code, outlet_id=outlet.id)

    def sells_at(self, outlet: Outlet) -> bool:
        """Whether they may stand at a till of the outlet."""
        return self.is_active and self.actor.can(Permission.SELL_AT_TILLS, area_code=outlet.area_code, outlet_id=outlet.id)


@dataclass(slots=True)
class TillBooks:
    """Everything about one till, as far as it was asked for. `forget` after a rollback."""

    session: Session
    till: Till
    outlet: Outlet
    device: TillDevice | None
    _goods: dict[str, Goods] = field(default_factory=dict)
    _levels: dict[int, list[ShelfLevel]] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)
    _shifts: dict[str, Shift] = field(default_factory=dict)
    _makers: SalesBooks | None = None
    _credited: set[int] = field(default_factory=set)

    def forget(self) -> None:
        """What was read or made since may not be there any more."""
        for known in (self._goods, self._levels, self._shifts):
            known.clear()
        self._makers = None

    def read_goods(self, codes: Iterable[str]) -> None:
        """Look up these variants and take their shelves; what is known already is not asked for again."""
        wanted = sorted(set(codes) - self._goods.keys())
        if not wanted:
            return
        rows = _GOODS.run(self.session, {"codes": _padded(wanted)})
        ids = [row.id for row in rows]
        if not ids:
            return
        prices = defaultdict(list)
        for price in _PRICES.run(self.session, {"variant_ids": _padded(ids)}):
            prices[price.variant_id].append(price)
        for row in rows:
            is_offered = row.is_active and row.state is ListingState.LIVE
            self._goods[row.code] = Goods(row.id, row.code, row.product_id, row.maker_id, is_offered, row, prices[row.id])
        self._read_levels(ids)

    def goods(self, code: str) -> Goods:
        """The variant; NotUnderstood when there is none."""
        self.read_goods([code])
        if code not in self._goods:
            raise NotUnderstood(_UNKNOWN_VARIANT, code=code)
        return self._goods[code]

    def levels(self, variant_id: int) -> list[ShelfLevel]:
        """The variant's levels at the outlet in order of use, as they stand after what was picked so far."""
        return self._levels.setdefault(variant_id, [])

    def add_level(self, level: ShelfLevel) -> None:
        """A level that was made just now."""
        self._levels[level.variant_id] = in_order_of_use([*self.levels(level.variant_id), level])

    def makers(self, agreement_ids: Iterable[int] = (), variant_ids: Iterable[int] = ()) -> SalesBooks:
        """The makers' books of all goods that were looked up, and of these, open in their lock order."""
        known = self._makers
        if known is None or not known.books.keys() >= set(agreement_ids) or not self._credited >= set(variant_ids):
            levels = [level for each in self._levels.values() for level in each if level.agreement_id is not None]
            owners = {level.agreement_id for level in levels if level.agreement_id is not None} | set(agreement_ids)
            self._credited = {level.variant_id for level in levels} | set(variant_ids)
            known = self._makers = open_sales_books(self.session, sorted(owners), sorted(self._credited))
        return known

    def read_people(self, codes: Iterable[str]) -> None:
        """Look up whoever stands in the entries."""
        wanted = sorted(set(codes) - self._people.keys())
        if not wanted:
            return
        rows = defaultdict(list)
        for row in _PEOPLE.run(self.session, {"codes": _padded(wanted)}):
            rows[row.code].append(row)
        for code, (first, *others) in rows.items():
            grants = [Grant(row.role, row.area_prefix, row.outlet_id, row.maker_id) for row in (first, *others) if row.role is not None]
            self._people[code] = Person(first.id, code, first.is_active, Actor(first.id, first.name, tuple(grants)))

    def find_person(self, code: str) -> Person | None:
        """The person with this code."""
        self.read_people([code])
        return self._people.get(code)

    def person(self, code: str) -> Person:
        """The person; NotUnderstood when there is none."""
        found = self.find_person(code)
        if found is None:
            raise NotUnderstood(_UNKNOWN_PERSON, code=code)
        return found

    def shift_of(self, entry: TillEntry) -> Shift:
        """The shift the entry belongs to, its row locked."""
        if entry.shift_code not in self._shifts:
            from orders.counter.shifts import find_shift_of  # loads pydantic

            self._shifts[entry.shift_code] = find_shift_of(self.session, entry)
        return self._shifts[entry.shift_code]

    def day_of(self, entry: TillEntry) -> date:
        """The outlet's calendar day of an entry, whatever the device believed."""
        return clock.local(entry.happened_at, self.outlet.zone).date()

    def _read_levels(self, variant_ids: Sequence[int]) -> None:
        values = {"outlet_id": self.outlet.id, "variant_ids": _padded(variant_ids)}
        found: defaultdict[int, list[ShelfLevel]] = defaultdict(list)
        rows = _LEVELS.run(self.session, values)
        leased = {}
        if rows and self.device is not None and self.till.lease_units:
            leased = dict(_LEASES.run(self.session, {"device_id": self.device.id, "variant_ids": values["variant_ids"]}))
        for row in rows:
            is_blocked = row.state is not BatchState.OPEN
            level = ShelfLevel(
                row.id, row.variant_id, row.lot_code, row.best_before_on, is_blocked, row.agreement_id, row.on_hand, row.on_hand - row.held
            )
            level.leased = leased.get(row.id, 0)
            found[row.variant_id].append(level)
        for variant_id in variant_ids:
            self._levels[variant_id] = in_order_of_use(found[variant_id])


def _padded(values: Sequence[Any]) -> list[Any]:
    """Repeated up to a power of two, so that a statement is composed for few lengths."""
    length = 1 << (len(values) - 1).bit_length()
    return [*values, *[values[-1]] * (length - len(values))]
