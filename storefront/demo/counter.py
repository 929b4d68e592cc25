"""A day of trade at the demo's counter and the beginning of another, as signed entries through the path that tills use.

Yesterday: a shift with forty sales in every way to pay, a return, cash taken out, a hand-over, a blind close that is two thousand
short. Today: an open shift with something oversold, and a sale of a revoked device in quarantine. The same day always gives the
same figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from catalog.models.product import Price, Product, Variant
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel, StockMovement
from kernel import accounts as people
from kernel import clock
from kernel.people import Actor, User
from orders.counter import devices, pins
from orders.models.till import Till
from orders.rounding import round_cash
from storefront.demo.cast import CASHIER, MANAGER
from storefront.demo.counter_journal import Journal, Sold, cash, other, pair

SALES, SALES_TODAY = 40, 6
FLOAT, TAKEN_OUT, SHORT = 300_000, 75_000, 2_000
#: A variant is sold at the counter while this many units stay for the web.
LEFT_FOR_WEB = 4
_NOTES = (20_000, 50_000, 100_000)


@dataclass(slots=True)
class Counter:
    """Who sells what where; `drawer` and `others` add up what should be counted."""

    session: Session
    outlet: Outlet
    manager: Actor
    people: dict[str, User]
    stock: list[list[Any]]
    now: datetime
    chance: Random = field(default_factory=lambda: Random(1613))
    drawer: int = 0
    others: dict[str, int] = field(default_factory=lambda: {"qris": 0, "card": 0, "transfer": 0})

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That time on the outlet's wall clock, but never later than now."""
        return min(datetime.combine(day, time(hour, minute), clock.ZONES[self.outlet.zone]), self.now)

    def code(self, member: str) -> str:
        """The code that stands in entries."""
        return self.people[member].code


def has_traded(session: Session) -> bool:
    """Whether the counter's days were made; they are made in one transaction, so they stand whole."""
    return bool(session.scalar(select(exists().where(Till.id > 0))))


def trade_at_counter(session: Session, outlet_slug: str) -> None:
    """Make the days in the caller's transaction. Harmless when they stand."""
    if has_traded(session):
        return
    counter = _prepare(session, outlet_slug)
    today = clock.today(counter.outlet.zone)
    yesterday = today - timedelta(days=1)
    with clock.at(counter.at(yesterday, 7, 10)):
        _set_pins(counter)
        first = devices.make_till(session, counter.manager, counter.outlet, "Kasir pintu depan", lease_units=2)
        second = devices.make_till(session, counter.manager, counter.outlet, "Kasir meja pameran")
    with clock.at(counter.at(yesterday, 7, 20)):
        tablet = pair(session, counter.manager, counter.outlet, first, "Tablet kasir (contoh)", counter.code("kasir"))
        lost = pair(session, counter.manager, counter.outlet, second, "Tablet lama (contoh)", counter.code("kasir"))
    _first_day(counter, tablet, yesterday)
    _lose_a_tablet(counter, lost, yesterday)
    _second_day(counter, tablet, today)


def _prepare(session: Session, outlet_slug: str) -> Counter:
    outlet = session.scalars(select(Outlet).where(Outlet.slug == outlet_slug)).one()
    members = (CASHIER, MANAGER)
    statement = select(User).where(User.email.in_([member.email for member in members])).options(selectinload(User.grants))
    found = {person.email.partition("@")[0]: person for person in session.scalars(statement)}
    manager = people.as_actor(found[MANAGER.local_part])
    now = clock.now()
    since = datetime.combine(clock.today(outlet.zone) - timedelta(days=1), time(7), clock.ZONES[outlet.zone])
    return Counter(session, outlet, manager, found, _list_stock(session, outlet, since), now)


def _set_pins(counter: Counter) -> None:
    for member in (CASHIER, MANAGER):
        pins.set_pin(counter.session, counter.manager, counter.people[member.local_part], member.pin, outlet=counter.outlet)


def _list_stock(session: Session, outlet: Outlet, since: datetime) -> list[list[Any]]:
    """[variant's code, today's price, units for the counter] of what lay on the shelf before the first shift, by code."""
    today = clock.today(outlet.zone)
    first = (
        select(StockMovement.level_id)
        .where(StockMovement.on_hand_change > 0)
        .group_by(StockMovement.level_id)
        .having(func.min(StockMovement.at) < since)
    )
    price = (
        select(Price.amount)
        .where(Price.variant_id == Variant.id, Price.starts_on < today)
        .order_by(Price.starts_on.desc())
        .limit(1)
        .correlate(Variant)
        .scalar_subquery()
    )
    free = func.sum(StockLevel.on_hand - StockLevel.held)
    statement = (
        select(Variant.code, price, free)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .join(Product, Product.id == Variant.product_id)
        .where(StockLevel.outlet_id == outlet.id, StockLevel.id.in_(first), Variant.is_active, Batch.state == BatchState.OPEN)
        .where((Batch.best_before_on.is_(None)) | (Batch.best_before_on > today))
        .group_by(Variant.id, Product.slug, Variant.position)
        .order_by(Product.slug, Variant.position)
    )
    rows = session.execute(statement).all()
    return [[code, amount, int(units) - LEFT_FOR_WEB] for code, amount, units in rows if amount and units > LEFT_FOR_WEB]


def _first_day(counter: Counter, tablet: Journal, day: date) -> None:
    """From the float to the Z report; the network is away from eleven to three."""
    counter.drawer = FLOAT
    tablet.open(counter.at(day, 7, 55), 1, FLOAT)
    receipts = [_sell(counter, tablet, number, counter.at(day, *divmod(8 * 60 + number * 13, 60))) for number in range(SALES // 2)]
    tablet.write(counter.at(day, 12, 35), "cash_moved", direction="out", amount=TAKEN_OUT, reason="Beli kantong belanja dan es batu")
    tablet.write(counter.at(day, 12, 40), "drawer_opened", reason="Tukar uang kecil")
    counter.drawer -= TAKEN_OUT
    tablet.write(counter.at(day, 12, 45), "handed_over", to=counter.code("manajer"), counted=counter.drawer)
    tablet.cashier = counter.code("manajer")
    _give_back(counter, tablet, receipts[3], counter.at(day, 12, 50))
    for number in range(SALES // 2, SALES):
        _sell(counter, tablet, number, counter.at(day, *divmod(13 * 60 + (number - SALES // 2) * 11, 60)))
    tablet.send(counter.session, counter.at(day, 17))
    counted = {"cash": counter.drawer - SHORT, **counter.others}
    notes = [[100_000, (counter.drawer - SHORT) // 100_000]]
    tablet.write(counter.at(day, 17, 10), "shift_closed", counted=counted, denominations=notes, note="Kurang dua ribu, sudah dicari.")
    tablet.send(counter.session, counter.at(day, 17, 11))


def _second_day(counter: Counter, tablet: Journal, day: date) -> None:
    """Some sales of a shift that is still open, the last of more units than the books have."""
    tablet.cashier = counter.code("kasir")
    tablet.open(counter.at(day, 7, 58), 2, FLOAT)
    for number in range(SALES, SALES + SALES_TODAY):
        _sell(counter, tablet, number, counter.at(day, 8, (number - SALES) * 4))
    tablet.send(counter.session, counter.at(day, 8, 30))
    code, price, free = _find_scarce(counter)
    tablet.sell(counter.at(day, 8, 40), [Sold(code, free + 1, price)], [cash(price * (free + 1))], note="Pesanan rombongan")
    tablet.send(counter.session, counter.at(day, 8, 45))


def _find_scarce(counter: Counter) -> tuple[str, int, int]:
    """Code and price of the counter's goods of which the shelf has fewest that nobody was promised, and how many."""
    free = func.sum(StockLevel.on_hand - StockLevel.held)
    prices = {code: price for code, price, _units in counter.stock}
    statement = (
        select(Variant.code, free)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .where(StockLevel.outlet_id == counter.outlet.id, Variant.code.in_(prices))
        .group_by(Variant.id)
        .order_by(free, Variant.code)
        .limit(1)
    )
    code, units = counter.session.execute(statement).one()
    return code, prices[code], int(units)


def _lose_a_tablet(counter: Counter, lost: Journal, day: date) -> None:
    """A tablet is missed and revoked; what it sends when it turns up waits in quarantine."""
    with clock.at(counter.at(day, 9, 30)):
        devices.revoke_device(counter.session, counter.manager, lost.device.code)
    lost.open(counter.at(day, 7, 50), 1, 100_000)
    lost.waiting.clear()
    lost.sequence = 0
    goods = next(row for row in counter.stock if row[2] > 0)
    lost.sell(counter.at(day, 9, 40), [Sold(goods[0], 1, goods[1])], [cash(goods[1])])
    lost.send(counter.session, counter.at(day, 18))


def _sell(counter: Counter, tablet: Journal, number: int, at: datetime) -> tuple[str, Sold, int]:
    """One receipt of one to three lines; its number, its first line and what was paid for one unit of it."""
    chance = counter.chance
    rows = [row for row in counter.stock if row[2] > 0]
    lines = []
    for row in chance.sample(rows, 1 + number % 3):
        units = min(row[2], 1 + chance.randrange(2))
        row[2] -= units
        lines.append(Sold(row[0], units, row[1]))
    subtotal = sum(line.price * line.quantity for line in lines)
    rate = {7: 5, 19: 20}.get(number % 24, 0)
    discount = subtotal * rate // 100
    more: dict[str, Any] = {"reason": "Pelanggan tetap"} if discount else {}
    if rate == 20:
        more["supervision"] = {"code": counter.code("manajer"), "reason": "Kemasan penyok"}
    tenders = _tenders(counter, number, subtotal - discount)
    return tablet.sell(at, lines, tenders, discount=discount, **more), lines[0], lines[0].price


def _tenders(counter: Counter, number: int, total: int) -> list[dict[str, Any]]:
    """More than half in cash, a quarter by QRIS, the rest by card and transfer; some split."""
    reference = f"CTH{number:07d}"
    if number % 10 == 9 and total > 20_000:
        tenders = [cash(20_000), other("qris", total - 20_000, reference)]
    elif number % 10 in (2, 5):
        tenders = [other("qris", total, reference)]
    elif number % 10 == 7:
        tenders = [other("card", total, reference)]
    elif number == 18:
        tenders = [other("transfer", total, reference)]
    else:
        tenders = [cash(total, next((note for note in _NOTES if note >= total), total) if number % 2 else None)]
    for tender in tenders:
        if tender["method"] == "cash":
            counter.drawer += tender["cash"]
        else:
            counter.others[tender["method"]] += tender["amount"]
    return tenders


def _give_back(counter: Counter, tablet: Journal, sold: tuple[str, Sold, int], at: datetime) -> None:
    """One unit of an earlier receipt."""
    number, line, price = sold
    tablet.take_back(at, number, Sold(line.variant, 1, line.price), price, "Salah ambil ukuran", counter.code("manajer"))
    counter.drawer -= round_cash(price).cash
