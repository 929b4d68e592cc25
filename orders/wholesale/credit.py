"""A partner's credit, and what has arrived for an order: each changed by one guarded statement (docs/invoices.md)."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from kernel.errors import N_, Conflict
from kernel.inserts import insert_new
from orders.models.order import Order
from orders.models.partner import Partner
from orders.models.payment import Payment
from orders.models.purchase import PartnerCredit, PurchaseOrder
from orders.wholesale.states import BINDING

_RAW = {"synchronize_session": False}


class CreditUsedUp(Conflict):
    """The partner would owe more than it may; `missing` is by how many rupiah."""

    message = N_("This order is Rp%(missing)s above what your company may owe. Please pay an open invoice first, or ask the office.")

    def __init__(self, missing: int) -> None:
        self.missing = missing
        super().__init__(missing=f"{missing:,}".replace(",", "."))


_CLAIM = (
    update(PartnerCredit)
    .where(
        PartnerCredit.partner_id == bindparam("partner"),
        PartnerCredit.used + bindparam("amount")
        <= select(Partner.credit_limit).where(Partner.id == PartnerCredit.partner_id).correlate(PartnerCredit).scalar_subquery(),
    )
    .values(used=PartnerCredit.used + bindparam("amount"))
    .returning(PartnerCredit.used)
)


def claim(session: Session, purchase: PurchaseOrder, limit: int) -> None:
    """A binding order uses its total of the partner's credit; CreditUsedUp beyond the limit. One paid in advance uses none."""
    if purchase.is_prepaid:
        return
    insert_new(session, PartnerCredit, [{"partner_id": purchase.partner_id, "used": 0}])
    values = {"partner": purchase.partner_id, "amount": purchase.total}
    if session.connection().execute(_CLAIM, values).scalar() is None:
        raise CreditUsedUp(used(session, purchase.partner_id) + purchase.total - limit)
    purchase.credit_held = purchase.total
    session.flush()


def resize(session: Session, purchase: PurchaseOrder) -> None:
    """An order holds as much credit as is still to be paid for it. The caller holds the order's row and has changed it."""
    wanted = 0 if purchase.is_prepaid or purchase.state not in BINDING else max(0, purchase.outstanding)
    change = wanted - purchase.credit_held
    if change:
        moved = update(PartnerCredit).where(PartnerCredit.partner_id == purchase.partner_id).values(used=PartnerCredit.used + change)
        session.execute(moved, execution_options=_RAW)
        purchase.credit_held = wanted
    session.flush()


def used(session: Session, partner_id: int) -> int:
    """How much of its limit a partner uses."""
    return session.scalar(select(PartnerCredit.used).where(PartnerCredit.partner_id == partner_id)) or 0


def record_paid(session: Session, order: Order, payment: Payment) -> bool:
    """Money for a partner's order has arrived and is posted. False when it is more than was outstanding: a person decides then.

    Called by `orders.payments` with the order's row locked.
    """
    statement = (
        update(PurchaseOrder)
        .where(
            PurchaseOrder.order_id == order.id,
            PurchaseOrder.owed - PurchaseOrder.paid + PurchaseOrder.returned >= payment.amount,
        )
        .values(paid=PurchaseOrder.paid + payment.amount)
        .returning(PurchaseOrder.id)
    )
    purchase_id = session.execute(statement, execution_options=_RAW).scalar()
    if purchase_id is None:
        return False
    resize(
        session,
        session.scalars(select(PurchaseOrder).where(PurchaseOrder.id == purchase_id).execution_options(populate_existing=True)).one(),
    )
    return True
