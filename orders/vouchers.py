"""Vouchers at the buyer's side: what a code takes off, its use claimed with the order, and given back once (docs/vouchers.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import N_, DomainError
from kernel.ids import ALPHABET
from kernel.inserts import insert_rows
from orders.discounts import LEAST_LEFT, discount_of
from orders.models.order import Order
from orders.models.voucher import Voucher, VoucherUse

#: 23 signs to the tenth are 45 bits.
CODE_LENGTH = 10


class VoucherRefused(DomainError):
    """The code takes nothing off this order; which kind of refusal it is says why. The order goes on without it."""

    def __init__(self, message: str | None = None, **params: object) -> None:
        super().__init__(message, field="voucher", **params)


class UnknownVoucher(VoucherRefused):
    """No voucher has this code, or none of this outlet: nobody learns which."""

    message = N_("This voucher code is not known here. Please compare it with your card.")


class VoucherEnded(VoucherRefused):
    """Its last day is over, or staff have stopped it."""

    message = N_("This voucher has ended.")


class VoucherNotYet(VoucherRefused):
    """Its first day has not come."""

    message = N_("This voucher is not valid yet.")


class VoucherUsedUp(VoucherRefused):
    """As many orders as it allows have used it."""

    message = N_("This voucher has been used up.")


class CartTooSmall(VoucherRefused):
    """The goods are worth too little for it."""

    message = N_("This voucher needs goods worth at least %(least)s.")


class VoucherUsedByPhone(VoucherRefused):
    """The buyer's phone number has used it."""

    message = N_("This voucher was already used with this phone number.")


@dataclass(frozen=True, slots=True)
class Discount:
    """What a voucher takes off the goods at this moment; whole rupiah."""

    voucher_id: int
    code: str
    label: str
    outlet_id: int
    outlet_name: str
    amount: int


def tidy_code(text: str) -> str:
    """The code as we keep it, or "" when no voucher can be called so."""
    code = text.strip().upper().replace(" ", "").replace("-", "")
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def find_discount(session: Session, code: str, subtotal: int, *, outlet_id: int | None = None, phone: str = "") -> Discount:
    """What `code` takes off goods worth `subtotal`, at one outlet or, while none is chosen, at its own. Only reads.

    Raises UnknownVoucher, VoucherEnded, VoucherNotYet, VoucherUsedUp, CartTooSmall, and with a phone VoucherUsedByPhone.
    """
    row = session.execute(
        select(Voucher, Outlet)
        .join(Outlet, Outlet.id == Voucher.outlet_id)
        .where(Voucher.code == tidy_code(code), Voucher.approved_at.is_not(None), Outlet.is_active)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or outlet_id not in (None, row.Outlet.id):
        raise UnknownVoucher
    voucher: Voucher = row.Voucher
    _check_usable(voucher, clock.today(row.Outlet.zone))
    if phone and voucher.once_per_phone and _was_used_by(session, voucher.id, phone):
        raise VoucherUsedByPhone
    amount = discount_of(voucher.terms, subtotal)
    if not amount:
        raise CartTooSmall(least=f"Rp{max(voucher.least_subtotal, LEAST_LEFT + 1):,}".replace(",", "."))
    return Discount(voucher.id, voucher.code, voucher.label, row.Outlet.id, row.Outlet.name, amount)


_vouchers = cast(Table, Voucher.__table__)
#: The guard of the limit: it takes a use that is left, or changes no row. A rival's open transaction is waited for.
CLAIM = (
    update(_vouchers)
    .where(
        _vouchers.c.id == bindparam("voucher_id"),
        _vouchers.c.uses < _vouchers.c.use_limit,
        _vouchers.c.stopped_at.is_(None),
        _vouchers.c.approved_at.is_not(None),
    )
    .values(uses=_vouchers.c.uses + 1)
    .returning(_vouchers.c.once_per_phone)
)
_RAW = {"synchronize_session": False}


def claim_use(session: Session, order: Order, discount: Discount) -> None:
    """Take one use for an order that was just written, in its transaction; before any stock row, as everywhere.

    Raises VoucherUsedUp, VoucherEnded or VoucherUsedByPhone when somebody was faster; the caller rolls back.
    """
    is_once = session.connection().execute(CLAIM, {"voucher_id": discount.voucher_id}).scalar()
    if is_once is None:
        stopped_at = session.scalar(select(Voucher.stopped_at).where(Voucher.id == discount.voucher_id))
        raise VoucherUsedUp if stopped_at is None else VoucherEnded
    # Asked again behind the claim: the voucher's row is ours now, so an order of the same phone has committed or will wait.
    if is_once and _was_used_by(session, discount.voucher_id, order.contact_phone):
        raise VoucherUsedByPhone
    use = {
        "voucher_id": discount.voucher_id,
        "order_id": order.id,
        "amount": discount.amount,
        "used_at": clock.now(),
        "given_back_at": None,
    }
    insert_rows(session, VoucherUse, [use])


def claim_after(session: Session, order: Order, code: str, amount: int, day: date) -> str:
    """Take a use for a counter's sale of `day` that took `amount` off, whatever the voucher has become since; "" or why it cannot count.

    Why: `unknown`, `not_valid` (on that day), `used_up`, `used_by_phone`; nothing is claimed then. `other_amount`: it is claimed,
    but our own terms would have taken less off.
    """
    voucher = session.scalar(
        select(Voucher)
        .where(Voucher.code == tidy_code(code), Voucher.outlet_id == order.outlet_id, Voucher.approved_at.is_not(None))
        .execution_options(populate_existing=True)
    )
    if voucher is None:
        return "unknown"
    was_stopped = voucher.stopped_at is not None and voucher.stopped_at <= order.placed_at
    if was_stopped or not voucher.starts_on <= day <= voucher.ends_on:
        return "not_valid"
    claim = update(_vouchers).where(_vouchers.c.id == voucher.id, _vouchers.c.uses < _vouchers.c.use_limit)
    if session.connection().execute(claim.values(uses=_vouchers.c.uses + 1).returning(_vouchers.c.id)).scalar() is None:
        return "used_up"
    if voucher.once_per_phone and order.contact_phone and _was_used_by(session, voucher.id, order.contact_phone):
        session.connection().execute(update(_vouchers).where(_vouchers.c.id == voucher.id).values(uses=_vouchers.c.uses - 1))
        return "used_by_phone"
    use = {"voucher_id": voucher.id, "order_id": order.id, "amount": amount, "used_at": clock.now(), "given_back_at": None}
    insert_rows(session, VoucherUse, [use])
    return "other_amount" if amount > discount_of(voucher.terms, order.subtotal) else ""


def give_back_uses(session: Session, order_ids: Collection[int]) -> None:
    """The orders ended without a sale: their vouchers can be used again. Twice is once. The caller holds the orders' locks."""
    ended = session.scalars(
        update(VoucherUse)
        .where(VoucherUse.order_id.in_(order_ids), VoucherUse.given_back_at.is_(None))
        .values(given_back_at=clock.now())
        .returning(VoucherUse.voucher_id),
        execution_options=_RAW,
    ).all()
    for voucher_id, uses in sorted(Counter(ended).items()):
        session.execute(update(Voucher).where(Voucher.id == voucher_id).values(uses=Voucher.uses - uses), execution_options=_RAW)


def take_again(session: Session, order: Order) -> bool:
    """Money came after the order had expired: take its use once more. False when the voucher is used up meanwhile."""
    use = session.scalar(select(VoucherUse).where(VoucherUse.order_id == order.id, VoucherUse.given_back_at.is_not(None)))
    if use is None:
        return True
    claimed = session.execute(
        update(Voucher)
        .where(Voucher.id == use.voucher_id, Voucher.uses < Voucher.use_limit)
        .values(uses=Voucher.uses + 1)
        .returning(Voucher.once_per_phone),
        execution_options=_RAW,
    ).scalar()
    if claimed is None:
        return False
    if claimed and _was_used_by(session, use.voucher_id, order.contact_phone):
        session.execute(update(Voucher).where(Voucher.id == use.voucher_id).values(uses=Voucher.uses - 1), execution_options=_RAW)
        return False
    use.given_back_at = None
    session.flush()
    return True


def find_label(session: Session, order_id: int) -> str:
    """What the voucher of an order is called; "" without one."""
    return session.scalar(select(Voucher.label).join(VoucherUse).where(VoucherUse.order_id == order_id)) or ""


def _check_usable(voucher: Voucher, today: date) -> None:
    if voucher.stopped_at is not None or today > voucher.ends_on:
        raise VoucherEnded
    if today < voucher.starts_on:
        raise VoucherNotYet
    if voucher.uses >= voucher.use_limit:
        raise VoucherUsedUp


def _was_used_by(session: Session, voucher_id: int, phone: str) -> bool:
    statement = (
        select(VoucherUse.id)
        .join(Order, Order.id == VoucherUse.order_id)
        .where(VoucherUse.voucher_id == voucher_id, VoucherUse.given_back_at.is_(None), Order.contact_phone == phone)
    )
    return session.scalar(statement.limit(1)) is not None
