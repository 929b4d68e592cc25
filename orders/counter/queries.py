"""Reads for the office's till pages: the board of an outlet's tills, what a day sold, shifts and the journals behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel.errors import NotFound
from kernel.paging import Page
from kernel.people import Actor, Permission, User
from orders.gateways import PaymentMethod
from orders.models.payment import Payment
from orders.models.shift import CounterSale, Shift, ShiftClosing
from orders.models.till import EntryState, Till, TillDevice, TillEntry
from orders.states import PaymentState

PAGE_SIZE = 30
ENTRIES_PER_PAGE = 100
#: A clock that is further off than this is told on the board (F25).
SKEW_TOLD_S = 120


@dataclass(frozen=True, slots=True)
class Money:
    """How many payments, and whole rupiah."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class DeviceState:
    """The tablet or laptop that stands at a till, and what it said last."""

    code: str
    label: str
    paired_at: datetime
    last_seen_at: datetime | None
    waiting: int
    app_version: str
    skew_s: int

    @property
    def is_clock_off(self) -> bool:
        """Whether its clock needs a hand."""
        return abs(self.skew_s) > SKEW_TOLD_S


@dataclass(frozen=True, slots=True)
class ShiftState:
    """A shift that is open now."""

    shift_id: int
    code: str
    number: int
    business_date: date
    opened_at: datetime
    cashier: str


@dataclass(frozen=True, slots=True)
class LastShift:
    """The newest shift that is closed."""

    code: str
    number: int
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class TillState:
    """One till as the board shows it; `by_method` is what its open shift has taken, `last` the shift before it."""

    till_id: int
    number: int
    name: str
    is_active: bool
    lease_units: int
    device: DeviceState | None
    shift: ShiftState | None
    last: LastShift | None = None
    sales: int = 0
    by_method: dict[PaymentMethod, Money] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        """Everything its open shift has taken."""
        return sum(money.amount for money in self.by_method.values())


def list_board(session: Session, outlet: Outlet) -> list[TillState]:
    """Every till of the outlet with its device and open shift; two statements, one without an open shift."""
    last = aliased(Shift)
    newest = select(func.max(Shift.id)).where(Shift.till_id == Till.id, Shift.closed_at.is_not(None)).correlate(Till).scalar_subquery()
    statement = (
        select(Till, TillDevice, Shift, User.name, last)
        .outerjoin(TillDevice, and_(TillDevice.till_id == Till.id, TillDevice.revoked_at.is_(None)))
        .outerjoin(Shift, and_(Shift.till_id == Till.id, Shift.closed_at.is_(None)))
        .outerjoin(User, User.id == Shift.cashier_id)
        .outerjoin(last, last.id == newest)
        .where(Till.outlet_id == outlet.id)
        .order_by(Till.is_active.desc(), Till.number)
    )
    rows = session.execute(statement).all()
    taken = sum_shifts(session, [row[2].id for row in rows if row[2] is not None])
    found = []
    for till, device, shift, cashier, before in rows:
        sales, by_method = taken.get(shift.id, (0, {})) if shift is not None else (0, {})
        found.append(
            TillState(
                till_id=till.id,
                number=till.number,
                name=till.name,
                is_active=till.is_active,
                lease_units=till.lease_units,
                device=_device(device) if device is not None else None,
                shift=_shift(shift, cashier) if shift is not None else None,
                last=LastShift(before.code, before.number, before.closed_at)
                if before is not None and before.closed_at is not None
                else None,
                sales=sales,
                by_method=by_method,
            )
        )
    return found


def sum_shifts(session: Session, shift_ids: Collection[int]) -> dict[int, tuple[int, dict[PaymentMethod, Money]]]:
    """(sales, money by method) of each shift; one statement, none without shifts."""
    if not shift_ids:
        return {}
    statement = (
        select(CounterSale.shift_id, Payment.method, func.count(), func.sum(Payment.amount), func.sum(_is_first()))
        .join(Payment, and_(Payment.order_id == CounterSale.order_id, Payment.state == PaymentState.PAID))
        .where(CounterSale.shift_id.in_(shift_ids))
        .group_by(CounterSale.shift_id, Payment.method)
    )
    found: dict[int, tuple[int, dict[PaymentMethod, Money]]] = {}
    for shift_id, method, count, amount, firsts in session.execute(statement):
        sales, by_method = found.get(shift_id, (0, {}))
        found[shift_id] = (sales + int(firsts), by_method | {method: Money(count, int(amount))})
    return found


def get_till(session: Session, actor: Actor, outlet: Outlet, number: int) -> Till:
    """A till of an outlet in reach; NotFound elsewhere."""
    if not actor.can(Permission.MANAGE_TILLS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotFound
    till = session.scalar(select(Till).where(Till.outlet_id == outlet.id, Till.number == number).options(joinedload(Till.outlet)))
    if till is None:
        raise NotFound
    return till


def list_devices(session: Session, till_id: int) -> list[TillDevice]:
    """Every device that ever stood for the till, the newest first."""
    return list(session.scalars(select(TillDevice).where(TillDevice.till_id == till_id).order_by(TillDevice.series.desc())))


def get_device(session: Session, actor: Actor, code: str) -> TillDevice:
    """A device with its till and outlet; NotFound out of reach."""
    options = joinedload(TillDevice.till).joinedload(Till.outlet)
    device = session.scalar(select(TillDevice).where(TillDevice.code == code).options(options))
    if device is None or not _may(actor, device.till.outlet):
        raise NotFound
    return device


def count_entries(session: Session, device_id: int) -> dict[EntryState, int]:
    """How many of a device's entries stand in which state."""
    statement = select(TillEntry.state, func.count()).where(TillEntry.device_id == device_id).group_by(TillEntry.state)
    return dict(session.execute(statement).all())


def list_waiting_ids(session: Session, device_id: int, state: EntryState, limit: int) -> list[str]:
    """UUIDs of a device's entries in a state, in the order in which they happened."""
    statement = select(TillEntry.entry_id).where(TillEntry.device_id == device_id, TillEntry.state == state)
    return list(session.scalars(statement.order_by(TillEntry.sequence, TillEntry.id).limit(limit)))


def list_shifts(session: Session, outlet: Outlet, *, page: int = 1) -> Page[ShiftRow]:
    """Shifts of the outlet's tills, open ones first, then the newest; three statements."""
    opened_by, cashier = aliased(User), aliased(User)
    where = Till.outlet_id == outlet.id
    total = session.scalar(select(func.count(Shift.id)).join(Till, Till.id == Shift.till_id).where(where)) or 0
    latest = (
        select(ShiftClosing.shift_id, func.max(ShiftClosing.version).label("version")).group_by(ShiftClosing.shift_id).subquery("latest")
    )
    statement = (
        select(Shift, Till, opened_by.name, cashier.name, ShiftClosing)
        .join(Till, Till.id == Shift.till_id)
        .outerjoin(opened_by, opened_by.id == Shift.opened_by_id)
        .outerjoin(cashier, cashier.id == Shift.cashier_id)
        .outerjoin(latest, latest.c.shift_id == Shift.id)
        .outerjoin(ShiftClosing, and_(ShiftClosing.shift_id == Shift.id, ShiftClosing.version == latest.c.version))
        .where(where)
        .order_by(Shift.closed_at.is_not(None), Shift.opened_at.desc(), Shift.id.desc())
    )
    rows = session.execute(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    taken = sum_shifts(session, [row[0].id for row in rows])
    found = []
    for shift, till, opener, seller, closing in rows:
        sales, by_method = taken.get(shift.id, (0, {}))
        found.append(ShiftRow(shift, till, opener or "", seller or "", closing, sales, sum(money.amount for money in by_method.values())))
    return Page(found, int(total), page, PAGE_SIZE)


def get_shift(session: Session, actor: Actor, code: str) -> Shift:
    """A shift with its till and outlet; NotFound out of reach."""
    shift = session.scalar(select(Shift).where(Shift.code == code).options(joinedload(Shift.till).joinedload(Till.outlet)))
    if shift is None or not _may(actor, shift.till.outlet):
        raise NotFound
    return shift


def list_closings(session: Session, shift_id: int) -> list[ShiftClosing]:
    """Its Z reports, the newest version first."""
    return list(session.scalars(select(ShiftClosing).where(ShiftClosing.shift_id == shift_id).order_by(ShiftClosing.version.desc())))


def list_entries(session: Session, till_id: int, shift_code: str, *, page: int = 1) -> Page[TillEntry]:
    """A shift's lines of the till's journal, in the order in which they happened."""
    where = (TillEntry.shift_code == shift_code, TillEntry.till_id == till_id)
    total = session.scalar(select(func.count(TillEntry.id)).where(*where)) or 0
    statement = select(TillEntry).where(*where).order_by(TillEntry.happened_at, TillEntry.sequence, TillEntry.id)
    rows = list(session.scalars(statement.limit(ENTRIES_PER_PAGE).offset((page - 1) * ENTRIES_PER_PAGE)))
    return Page(rows, int(total), page, ENTRIES_PER_PAGE)


def name_variants(session: Session, codes: Collection[str]) -> dict[str, tuple[str, str, str, str]]:
    """(name_id, name_en, pack_id, pack_en) by variant code, for showing what an entry says."""
    if not codes:
        return {}
    statement = select(Variant.code, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en)
    rows = session.execute(statement.join(Product, Product.id == Variant.product_id).where(Variant.code.in_(codes)))
    return {code: (name_id, name_en, pack_id, pack_en) for code, name_id, name_en, pack_id, pack_en in rows}


def name_people(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Names of staff by the codes that entries hold."""
    if not codes:
        return {}
    return dict(session.execute(select(User.code, User.name).where(User.code.in_(codes))).all())


@dataclass(frozen=True, slots=True)
class SoldAt:
    """Where and by whom an order was sold at a counter."""

    receipt_number: str
    outlet_code: str
    till_number: int
    till_name: str
    shift_code: str
    shift_number: int
    sold_at: datetime
    cashier: str
    supervisor: str
    reason: str
    cash_given: int
    cash_change: int


def find_sold_at(session: Session, order_id: int) -> SoldAt | None:
    """The till's side of an order for the office; one statement."""
    cashier, supervisor = aliased(User), aliased(User)
    sale = CounterSale
    row = session.execute(
        select(sale.receipt_number, Outlet.code, Till.number, Till.name, Shift.code, Shift.number, sale.sold_at)
        .add_columns(func.coalesce(cashier.name, ""), func.coalesce(supervisor.name, ""), sale.reason, sale.cash_given, sale.cash_change)
        .join(Shift, Shift.id == sale.shift_id)
        .join(Till, Till.id == Shift.till_id)
        .join(Outlet, Outlet.id == Till.outlet_id)
        .outerjoin(cashier, cashier.id == sale.cashier_id)
        .outerjoin(supervisor, supervisor.id == sale.supervisor_id)
        .where(sale.order_id == order_id)
    ).first()
    return SoldAt(*tuple(row)) if row is not None else None


def count_unsynced(session: Session, actor: Actor) -> int:
    """Tills in reach whose device says that entries wait on it."""
    statement = (
        select(func.count(TillDevice.id))
        .join(Till, Till.id == TillDevice.till_id)
        .join(Outlet, Outlet.id == Till.outlet_id)
        .where(TillDevice.waiting > 0, TillDevice.revoked_at.is_(None), *reach_of(actor, Permission.MANAGE_TILLS))
    )
    return session.scalar(statement) or 0


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift in the list; `closing` is the latest Z report."""

    shift: Shift
    till: Till
    opened_by: str
    cashier: str
    closing: ShiftClosing | None
    sales: int
    taken: int

    @property
    def difference(self) -> int | None:
        """Counted less expected over all ways to pay; None while it is open."""
        return difference_of(self.closing) if self.closing is not None else None


def difference_of(closing: ShiftClosing) -> int | None:
    """Counted less expected over all ways to pay; None when nothing was counted."""
    if not closing.counted:
        return None
    return sum(int(amount) - int(closing.expected.get(name, 0)) for name, amount in closing.counted.items())


def _may(actor: Actor, outlet: Outlet) -> bool:
    return actor.can(Permission.MANAGE_TILLS, area_code=outlet.area_code, outlet_id=outlet.id)


def _device(device: TillDevice) -> DeviceState:
    return DeviceState(device.code, device.label, device.paired_at, device.last_seen_at, device.waiting, device.app_version, device.skew_s)


def _shift(shift: Shift, cashier: str | None) -> ShiftState:
    return ShiftState(shift.id, shift.code, shift.number, shift.business_date, shift.opened_at, cashier or "")


def _is_first() -> ColumnElement[int]:
    """1 for the first payment of its order: counts sales while payments are summed."""
    return case((Payment.attempt == 1, 1), else_=0)


def sort_methods(by_method: dict[PaymentMethod, Money]) -> Sequence[tuple[PaymentMethod, Money]]:
    """Cash first, then as the enum has them."""
    order = (PaymentMethod.CASH, *PaymentMethod)
    return sorted(by_method.items(), key=lambda pair: order.index(pair[0]))
