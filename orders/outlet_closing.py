"""Closing an outlet for good: what must have ended there first, the act itself, and opening it again."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.models.stock import Outlet, StockLevel
from kernel import audit, clock
from kernel.errors import N_, Conflict
from kernel.parsing import parse_text
from kernel.people import Actor, Permission
from orders.consignment.statements import has_untold
from orders.models.agreement import Agreement
from orders.models.approval import Approval, ApprovalState
from orders.models.consignment import ConsignmentAccount, ConsignmentEntry
from orders.models.delivery import Delivery, DeliveryState
from orders.models.maker_payout import PayoutBatch, PayoutState
from orders.models.offer import Offer, OfferState
from orders.models.order import Channel, Order
from orders.models.payment import Payment
from orders.models.purchase import PurchaseOrder
from orders.models.quote import Quote
from orders.models.refund import Refund
from orders.models.shift import CounterIncident, Shift
from orders.models.stockroom import CountState, PullOut, PullOutState, StockCount, Transfer, TransferState
from orders.models.till import Till, TillDevice
from orders.refund_states import RefundState
from orders.states import HOLDING, OrderState, PaymentState
from orders.wholesale.states import BINDING, PurchaseState, QuoteState

LONGEST_REASON = 240


class Remainder(StrEnum):
    """What still goes on at an outlet, in the order in which it is easiest brought to its end."""

    ORDERS = "orders"
    PARCELS = "parcels"
    REVIEWS = "reviews"
    REFUNDS = "refunds"
    APPROVALS = "approvals"
    TRADE = "trade"
    QUOTES = "quotes"
    OFFERS = "offers"
    SHIFTS = "shifts"
    DEVICES = "devices"
    INCIDENTS = "incidents"
    DELIVERIES = "deliveries"
    TRANSFERS = "transfers"
    PULL_OUTS = "pull_outs"
    COUNTS = "counts"
    STOCK = "stock"
    AGREEMENTS = "agreements"
    STATEMENTS = "statements"
    PAYOUTS = "payouts"
    OWED = "owed"


class StillInUse(Conflict):
    """Goods, promises, money or people's work would be left behind."""

    message = N_("%(outlet)s cannot be closed yet: something still goes on there. The list below says what.")


def list_remaining(session: Session, outlet: Outlet) -> Mapping[Remainder, int]:
    """How many of each still stand in the way; empty when the outlet can be closed. One statement."""
    counts = _counts(outlet)
    row = session.execute(select(*counts.values())).one()
    return {remainder: int(number) for remainder, number in zip(counts, row, strict=True) if number}


def may_close(actor: Actor) -> bool:
    """Whether the person may close outlets and open them again: whoever may open one."""
    return actor.can(Permission.MANAGE_PEOPLE, area_code="")


def close_outlet(session: Session, actor: Actor, outlet: Outlet, reason: str) -> Outlet:
    """Nothing is sold, received or collected there any more; its books stay readable. Harmless when it is closed already.

    Raises NotAllowed, InvalidInput without a reason, and StillInUse with anything of `list_remaining`. The row is locked first, so
    that whatever names this outlet in the same moment (an order, a level, a delivery) waits and is counted, or comes after.
    """
    ensure_can(actor, Permission.MANAGE_PEOPLE, "")
    reason = parse_text(reason, field="reason", maximum=LONGEST_REASON, required=True)
    outlet = _lock(session, outlet)
    if not outlet.is_active:
        return outlet
    if list_remaining(session, outlet):
        raise StillInUse(outlet=outlet.name)
    outlet.is_active = False
    audit.record(session, actor, "outlet.closed", f"outlet:{outlet.code}", {"reason": reason})
    session.flush()
    return outlet


def reopen_outlet(session: Session, actor: Actor, outlet: Outlet) -> Outlet:
    """It sells and receives again, under the code and with the hours it had. Harmless when it is open."""
    ensure_can(actor, Permission.MANAGE_PEOPLE, "")
    outlet = _lock(session, outlet)
    if not outlet.is_active:
        outlet.is_active = True
        audit.record(session, actor, "outlet.open", f"outlet:{outlet.code}")
        session.flush()
    return outlet


def _lock(session: Session, outlet: Outlet) -> Outlet:
    return session.get_one(Outlet, outlet.id, with_for_update=True, populate_existing=True)


def _counts(outlet: Outlet) -> dict[Remainder, ScalarSelect[Any]]:
    """One number for each remainder, as scalar subqueries of one statement."""
    at, today = outlet.id, clock.today(outlet.zone)
    transfers = or_(Transfer.from_outlet_id == at, Transfer.to_outlet_id == at)
    own = (Order.outlet_id == at, Order.channel != Channel.WHOLESALE)  # partners' orders are counted as such
    shifts = select(func.count(Shift.id)).join(Till, Till.id == Shift.till_id).where(Till.outlet_id == at, Shift.closed_at.is_(None))
    devices = select(func.count(TillDevice.id)).join(Till, Till.id == TillDevice.till_id)
    agreements = select(func.count(Agreement.id)).where(Agreement.outlet_id == at)
    return {
        Remainder.ORDERS: _number(Order, *own, Order.state.in_(HOLDING)),
        Remainder.PARCELS: _number(Order, *own, Order.state == OrderState.SHIPPED),
        Remainder.REVIEWS: _of_orders(Payment, at, Payment.state == PaymentState.REVIEW),
        Remainder.REFUNDS: _of_orders(Refund, at, Refund.state.in_((RefundState.REQUESTED, RefundState.SENT, RefundState.FAILED))),
        Remainder.APPROVALS: _number(Approval, Approval.outlet_id == at, Approval.state == ApprovalState.WAITING),
        Remainder.TRADE: _number(PurchaseOrder, PurchaseOrder.outlet_id == at, _is_running()),
        Remainder.QUOTES: _number(
            Quote, Quote.outlet_id == at, Quote.state.in_((QuoteState.REQUESTED, QuoteState.OFFERED, QuoteState.COUNTERED))
        ),
        Remainder.OFFERS: _number(Offer, Offer.outlet_id == at, Offer.state == OfferState.OPEN),
        Remainder.SHIFTS: shifts.scalar_subquery(),
        Remainder.DEVICES: devices.where(Till.outlet_id == at, TillDevice.revoked_at.is_(None)).scalar_subquery(),
        Remainder.INCIDENTS: _number(CounterIncident, CounterIncident.outlet_id == at, CounterIncident.resolved_at.is_(None)),
        Remainder.DELIVERIES: _number(
            Delivery, Delivery.outlet_id == at, Delivery.state.not_in((DeliveryState.RECEIVED, DeliveryState.CANCELLED))
        ),
        Remainder.TRANSFERS: _number(Transfer, transfers, Transfer.state.in_((TransferState.DRAFT, TransferState.SENT))),
        Remainder.PULL_OUTS: _number(PullOut, PullOut.outlet_id == at, PullOut.state == PullOutState.ANNOUNCED),
        Remainder.COUNTS: _number(StockCount, StockCount.outlet_id == at, StockCount.state.in_((CountState.OPEN, CountState.REVIEW))),
        Remainder.STOCK: _number(
            StockLevel, StockLevel.outlet_id == at, or_(StockLevel.on_hand != 0, StockLevel.held != 0, StockLevel.oversold != 0)
        ),
        Remainder.AGREEMENTS: agreements.where(or_(Agreement.ends_on.is_(None), Agreement.ends_on > today)).scalar_subquery(),
        Remainder.STATEMENTS: agreements.where(has_untold()).scalar_subquery(),
        Remainder.PAYOUTS: _number(
            PayoutBatch, PayoutBatch.outlet_id == at, PayoutBatch.state.in_((PayoutState.PREPARED, PayoutState.APPROVED))
        ),
        Remainder.OWED: _owing(at),
    }


def _number(model: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.count(model.id)).where(*conditions).scalar_subquery()


def _of_orders(model: Any, outlet_id: int, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return (
        select(func.count(model.id))
        .join(Order, Order.id == model.order_id)
        .where(Order.outlet_id == outlet_id, *conditions)
        .scalar_subquery()
    )


def _is_running() -> ColumnElement[bool]:
    """A partner's order that is on its way to its invoice, or whose money is not settled."""
    outstanding = PurchaseOrder.owed - PurchaseOrder.paid + PurchaseOrder.returned
    running = [state for state in PurchaseState if state not in (PurchaseState.INVOICED, PurchaseState.REJECTED, PurchaseState.CANCELLED)]
    return or_(PurchaseOrder.state.in_(running), (PurchaseOrder.state.in_(BINDING)) & (outstanding != 0))


def _owing(outlet_id: int) -> ScalarSelect[Any]:
    """Makers who are owed something, or owe something, under an agreement of the outlet."""
    uneven = (
        select(ConsignmentEntry.agreement_id)
        .join(Agreement, Agreement.id == ConsignmentEntry.agreement_id)
        .where(Agreement.outlet_id == outlet_id, ConsignmentEntry.account == ConsignmentAccount.OWED)
        .group_by(ConsignmentEntry.agreement_id)
        .having(func.sum(ConsignmentEntry.amount) != 0)
        .subquery()
    )
    return select(func.count()).select_from(uneven).scalar_subquery()
