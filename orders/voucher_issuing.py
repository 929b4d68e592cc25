"""Vouchers at the outlet's side: made, agreed to by a second person, stopped, and listed with what they gave away (docs/vouchers.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, joinedload

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.money import LARGEST_AMOUNT
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission
from orders.discounts import Terms, largest_discount
from orders.models.order import Order
from orders.models.payment import Account, LedgerEntry
from orders.models.voucher import Voucher, VoucherUse
from orders.refunds import SecondPersonNeeded
from orders.states import OrderState
from orders.vouchers import CODE_LENGTH

PAGE_SIZE = 30
MOST_USES = 100_000


class VoucherState(StrEnum):
    """Where a voucher stands today."""

    WAITING = "waiting"  # a second person has to agree
    COMING = "coming"
    ACTIVE = "active"
    USED_UP = "used_up"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """What staff decide about a voucher. Exactly one of `percent_bps` and `amount`; a rate needs `most_discount`."""

    label: str
    percent_bps: int | None
    amount: int | None
    least_subtotal: int
    most_discount: int | None
    use_limit: int
    once_per_phone: bool
    starts_on: date
    ends_on: date

    @property
    def worth(self) -> int:
        """What it can cost in all."""
        return self.use_limit * largest_discount(Terms(self.percent_bps, self.amount, self.least_subtotal, self.most_discount))


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher with its state today and the money it has given away, by the ledger."""

    voucher: Voucher
    state: VoucherState
    given_away: int

    @property
    def worth(self) -> int:
        """What it can cost in all."""
        return self.voucher.use_limit * largest_discount(self.voucher.terms)


@dataclass(frozen=True, slots=True)
class UseView:
    """One order that used it; `given_away` is what the ledger still shows."""

    order_code: str
    order_state: OrderState
    use: VoucherUse
    given_away: int


def create_voucher(session: Session, actor: Actor, outlet: Outlet, new: NewVoucher) -> Voucher:
    """A voucher of the outlet with a code of its own; above the outlet's limits it waits for a second person.

    Raises NotAllowed and InvalidInput.
    """
    _check_may(actor, outlet, Permission.MANAGE_VOUCHERS)
    _check_new(new)
    moment = clock.now()
    waits = needs_second_person(outlet, new)
    values = {
        "outlet_id": outlet.id,
        "label": new.label.strip(),
        "percent_bps": new.percent_bps,
        "amount": new.amount,
        "least_subtotal": new.least_subtotal,
        "most_discount": new.most_discount,
        "use_limit": new.use_limit,
        "uses": 0,
        "once_per_phone": new.once_per_phone,
        "starts_on": new.starts_on,
        "ends_on": new.ends_on,
        "created_by_id": actor.user_id,
        "created_at": moment,
        "approved_by_id": None,
        "approved_at": None if waits else moment,
        "stopped_at": None,
    }
    ids: list[int] = []
    for _attempt in range(3):
        if ids := insert_new(session, Voucher, [{**values, "code": make_code(CODE_LENGTH)}]):
            break
    if not ids:
        raise Conflict
    voucher = session.get_one(Voucher, ids[0])
    details = {"label": voucher.label, "worth": new.worth, "percent_bps": new.percent_bps, "uses": new.use_limit, "waits": waits}
    audit.record(session, actor, "voucher.created", subject_of(voucher), details)
    return voucher


def needs_second_person(outlet: Outlet, new: NewVoucher) -> bool:
    """Whether it is worth more than the outlet's limits: its rate, or what it can cost in all."""
    return (new.percent_bps or 0) > outlet.voucher_percent_limit_bps or new.worth > outlet.voucher_worth_limit


def approve_voucher(session: Session, actor: Actor, voucher_id: int) -> Voucher:
    """The second person agrees: from now on it works. Harmless when it was agreed to before."""
    voucher = _lock(session, voucher_id)
    _check_second_person(session, actor, voucher)
    if voucher.stopped_at is not None:
        raise Conflict
    values = {"approved_at": clock.now(), "approved_by_id": actor.user_id}
    if _change(session, voucher, values, Voucher.approved_at.is_(None), Voucher.stopped_at.is_(None)):
        audit.record(session, actor, "voucher.approved", subject_of(voucher), {"label": voucher.label})
    return voucher


def reject_voucher(session: Session, actor: Actor, voucher_id: int) -> Voucher:
    """The second person says no: it never works. Whoever made it may make another one."""
    voucher = _lock(session, voucher_id)
    _check_second_person(session, actor, voucher)
    if voucher.approved_at is not None:
        raise Conflict
    if _change(session, voucher, {"stopped_at": clock.now()}, Voucher.approved_at.is_(None), Voucher.stopped_at.is_(None)):
        audit.record(session, actor, "voucher.rejected", subject_of(voucher), {"label": voucher.label})
    return voucher


def stop_voucher(session: Session, actor: Actor, voucher_id: int) -> Voucher:
    """Nobody can use it any more; orders that did keep their discount. Harmless twice."""
    voucher = _lock(session, voucher_id)
    _check_may(actor, session.get_one(Outlet, voucher.outlet_id), Permission.MANAGE_VOUCHERS)
    if _change(session, voucher, {"stopped_at": clock.now()}, Voucher.stopped_at.is_(None)):
        audit.record(session, actor, "voucher.stopped", subject_of(voucher), {"label": voucher.label, "uses": voucher.uses})
    return voucher


def get_voucher(session: Session, actor: Actor, code: str) -> VoucherView:
    """A voucher of an outlet in reach, with the people who decided; NotFound elsewhere."""
    statement = (
        select(Voucher)
        .join(Outlet, Outlet.id == Voucher.outlet_id)
        .where(Voucher.code == code.strip().upper(), *reach_of(actor, Permission.MANAGE_VOUCHERS))
        .options(*_LOADED)
        .execution_options(populate_existing=True)
    )
    voucher = session.scalar(statement)
    if voucher is None:
        raise NotFound
    return _views(session, [voucher])[0]


def list_vouchers(session: Session, actor: Actor, *, waiting: bool = False, page: int = 1) -> tuple[Page[Voucher], list[VoucherView]]:
    """Vouchers of the outlets in reach, the newest first; all of them or those that wait for a second person."""
    statement = (
        select(Voucher)
        .join(Outlet, Outlet.id == Voucher.outlet_id)
        .where(*reach_of(actor, Permission.MANAGE_VOUCHERS))
        .order_by(Voucher.created_at.desc(), Voucher.id.desc())
    )
    if waiting:
        statement = statement.where(Voucher.approved_at.is_(None), Voucher.stopped_at.is_(None))
    found = read_page(session, statement, number=page, size=PAGE_SIZE, options=_LOADED)
    return found, _views(session, list(found.rows))


def list_uses(session: Session, voucher_id: int, *, limit: int = 100) -> list[UseView]:
    """The orders that used it, the newest first."""
    given = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(
        LedgerEntry.order_id == VoucherUse.order_id, LedgerEntry.account == Account.DISCOUNT
    )
    statement = (
        select(VoucherUse, Order.code, Order.state, given.scalar_subquery())
        .join(Order, Order.id == VoucherUse.order_id)
        .where(VoucherUse.voucher_id == voucher_id)
        .order_by(VoucherUse.id.desc())
        .limit(limit)
    )
    return [UseView(code, state, use, int(amount)) for use, code, state, amount in session.execute(statement)]


_LOADED = (joinedload(Voucher.outlet), joinedload(Voucher.created_by), joinedload(Voucher.approved_by))


def _views(session: Session, vouchers: list[Voucher]) -> list[VoucherView]:
    """Each with its state today and what the ledger says it gave away: refunds and cancellations are taken out there."""
    sums = (
        select(VoucherUse.voucher_id, func.sum(LedgerEntry.amount))
        .join(LedgerEntry, LedgerEntry.order_id == VoucherUse.order_id)
        .where(VoucherUse.voucher_id.in_([voucher.id for voucher in vouchers]), LedgerEntry.account == Account.DISCOUNT)
        .group_by(VoucherUse.voucher_id)
    )
    given = {voucher_id: int(amount) for voucher_id, amount in session.execute(sums)} if vouchers else {}
    return [VoucherView(voucher, state_of(voucher, clock.today(voucher.outlet.zone)), given.get(voucher.id, 0)) for voucher in vouchers]


def state_of(voucher: Voucher, today: date) -> VoucherState:
    """Where it stands on a day of its outlet."""
    if voucher.stopped_at is not None:
        return VoucherState.STOPPED
    if today > voucher.ends_on:
        return VoucherState.ENDED
    if voucher.approved_at is None:
        return VoucherState.WAITING
    if voucher.uses >= voucher.use_limit:
        return VoucherState.USED_UP
    return VoucherState.COMING if today < voucher.starts_on else VoucherState.ACTIVE


def _check_new(new: NewVoucher) -> None:
    if not 3 <= len(new.label.strip()) <= 80 or not new.label.isprintable():
        raise InvalidInput(N_("Please give a name of 3 to 80 letters."), field="label")
    _check_worth(new)
    if not 1 <= new.use_limit <= MOST_USES:
        raise InvalidInput(N_("A voucher can be used 1 to %(most)s times."), field="use_limit", most=MOST_USES)
    if new.ends_on < new.starts_on:
        raise InvalidInput(N_("The last day lies before the first one."), field="ends_on")


def _check_worth(new: NewVoucher) -> None:
    if (new.percent_bps is None) == (new.amount is None):
        raise InvalidInput(N_("Please give either a percentage or an amount."), field="percent")
    if new.percent_bps is not None and not 1 <= new.percent_bps <= 10_000:
        raise InvalidInput(N_("A percentage is between 1 and 100."), field="percent")
    if new.percent_bps is not None and new.most_discount is None:
        raise InvalidInput(N_("A percentage needs a largest discount, so that its cost has an end."), field="most_discount")
    for name, amount in (("amount", new.amount), ("most_discount", new.most_discount)):
        if amount is not None and not 1 <= amount <= LARGEST_AMOUNT:
            raise InvalidInput(field=name)
    if not 0 <= new.least_subtotal <= LARGEST_AMOUNT:
        raise InvalidInput(field="least_subtotal")


def _lock(session: Session, voucher_id: int) -> Voucher:
    """The voucher, read anew with its row locked until the commit; NotFound otherwise."""
    voucher = session.scalar(select(Voucher).where(Voucher.id == voucher_id).with_for_update().execution_options(populate_existing=True))
    if voucher is None:
        raise NotFound
    return voucher


def _change(session: Session, voucher: Voucher, values: Mapping[str, object], *conditions: ColumnElement[bool]) -> bool:
    """Change it unless somebody else was faster: whether it changed."""
    statement = update(Voucher).where(Voucher.id == voucher.id, *conditions).values(**values).returning(Voucher.id)
    changed = session.execute(statement, execution_options={"synchronize_session": False}).scalar()
    session.refresh(voucher)
    return changed is not None


def _check_second_person(session: Session, actor: Actor, voucher: Voucher) -> None:
    _check_may(actor, session.get_one(Outlet, voucher.outlet_id), Permission.APPROVE_ACTS)
    if actor.user_id is not None and actor.user_id == voucher.created_by_id:
        raise SecondPersonNeeded(N_("Somebody else must decide this, not the person who asked for it."))


def _check_may(actor: Actor, outlet: Outlet, permission: Permission) -> None:
    if not actor.can(permission, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed


def subject_of(voucher: Voucher) -> str:
    """For the audit: the voucher's number, not its code, which is as good as money."""
    return f"voucher:{voucher.id}"
