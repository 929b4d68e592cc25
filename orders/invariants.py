"""What must always be true of stock and money, as queries that name the row that is not; `flask doctor` runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select, text
from sqlalchemy.orm import Session

from catalog.models.stock import StockLevel
from catalog.stock_balances import check_balances
from kernel import chain, clock
from kernel.outbox import OutboxMessage
from orders.consignment import checks
from orders.counter import checks as counter_checks
from orders.counter import shift_checks
from orders.gateways import CONFIRMED_BY_STAFF
from orders.ledger import IS_REFUNDED
from orders.models.order import Fulfilment, Order, OrderAllocation, OrderLine
from orders.models.payment import Account, LedgerEntry, Payment, ProviderEvent
from orders.models.purchase import GoodsReceipt, PurchaseOrder
from orders.models.refund import Refund, RefundLine
from orders.models.settlement import StatementLine
from orders.models.shift import CounterSale
from orders.models.shipping import OrderAddress, Parcel
from orders.models.stockroom import Transfer, TransferLine, TransferState
from orders.models.till import StockLease
from orders.models.voucher import Voucher, VoucherUse
from orders.refund_states import RefundState
from orders.states import HOLDING, OrderState, PaymentState
from orders.wholesale import trade_checks

#: Facts in a chain of digests (kernel.chain), and with the chain itself what the database must guard (migrations 0002, 0011, 0013 to 0016).
CHAINED = ("ledger_entries", "stock_movements", "audit_entries", *checks.CHAINED, *shift_checks.CHAINED)
APPEND_ONLY = (
    *("ledger_entries", "stock_movements", "audit_entries", "chain_links"),
    *("submission_steps", "curation_decisions"),
    *checks.APPEND_ONLY,
    *shift_checks.APPEND_ONLY,
    *trade_checks.APPEND_ONLY,
)
#: How late the worker may be before it is worth a word.
GRACE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Breach:
    """One row that breaks an invariant, in words for whoever has to mend it."""

    invariant: str
    message: str


def check_all(session: Session) -> list[Breach]:
    """Every breach of every invariant; empty when the books are sound. Only reads."""
    return [Breach(name, message) for name, check in CHECKS.items() for message in check(session)]


def check_stock(session: Session) -> Iterator[str]:
    """Levels equal their movements, and what is held equals what living orders were promised."""
    for level in check_balances(session):
        yield (
            f"stock level {level.level_id} says {level.on_hand} on hand and {level.held} held, "
            f"its movements say {level.moved_on_hand} and {level.moved_held}"
        )
    for level_id, held, wanted in session.execute(_wrongly_held()):
        yield f"stock level {level_id} holds {held} units, its orders, transfers and tills were promised {wanted}"
    yield from counter_checks.check_oversold(session)


@cache
def _wrongly_held() -> Any:
    """Made once: on a small database making it takes longer than the answer."""
    promised = (
        select(OrderAllocation.level_id, func.sum(OrderAllocation.quantity).label("quantity"))
        .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.state.in_(HOLDING))
        .group_by(OrderAllocation.level_id)
        .subquery()
    )
    sent = (
        select(TransferLine.level_id, func.sum(TransferLine.quantity).label("quantity"))
        .join(Transfer, Transfer.id == TransferLine.transfer_id)
        .where(Transfer.state == TransferState.SENT)
        .group_by(TransferLine.level_id)
        .subquery()
    )
    leased = (
        select(StockLease.level_id, func.sum(StockLease.quantity).label("quantity"))
        .where(StockLease.ended_at.is_(None))
        .group_by(StockLease.level_id)
        .subquery()
    )
    quantity = sum((func.coalesce(each.c.quantity, 0) for each in (sent, leased)), func.coalesce(promised.c.quantity, 0))
    return (
        select(StockLevel.id, StockLevel.held, quantity)
        .outerjoin(promised, promised.c.level_id == StockLevel.id)
        .outerjoin(sent, sent.c.level_id == StockLevel.id)
        .outerjoin(leased, leased.c.level_id == StockLevel.id)
        .where(StockLevel.held != quantity)
        .order_by(StockLevel.id)
    )


def check_orders_and_payments(session: Session) -> Iterator[str]:
    """What each order owes in the ledger equals its total less the money that arrived, refunds considered; a completed one owes nothing.

    Goods that were refunded are not sold any more; what was given back is not here any more. An order that a refund
    emptied is cancelled and still counts with its total, because its sale was undone by the refund.
    """
    owed = (
        select(LedgerEntry.order_id, func.sum(LedgerEntry.amount).label("amount"))
        .where(LedgerEntry.account == Account.RECEIVABLE)
        .group_by(LedgerEntry.order_id)
        .subquery()
    )
    arrived = (
        select(Payment.order_id, func.sum(Payment.amount).label("amount"))
        .where(Payment.paid_at.is_not(None))
        .group_by(Payment.order_id)
        .subquery()
    )
    is_sale = exists().where(RefundLine.refund_id == Refund.id) | (Refund.shipping_amount > 0)
    went_back = (
        select(
            Refund.order_id,
            func.sum(case((is_sale & Refund.authorised_at.is_not(None), Refund.amount), else_=0)).label("goods"),
            func.sum(case((Refund.state == RefundState.SUCCEEDED, Refund.amount), else_=0)).label("given"),
        )
        .group_by(Refund.order_id)
        .subquery()
    )
    receivable, paid = func.coalesce(owed.c.amount, 0), func.coalesce(arrived.c.amount, 0)
    goods, given = func.coalesce(went_back.c.goods, 0), func.coalesce(went_back.c.given, 0)
    is_dropped = Order.state.in_((OrderState.CANCELLED, OrderState.EXPIRED)) & (goods == 0)
    is_partners = PurchaseOrder.id.is_not(None)  # owes what its receipt and credit notes left, and pays later (I11)
    owing = case((is_partners, PurchaseOrder.owed + PurchaseOrder.returned), (is_dropped, 0), else_=Order.total)
    total = owing - goods + given
    completed_unpaid = (Order.state == OrderState.COMPLETED) & (paid < Order.total) & ~is_partners
    statement = (
        select(Order.code, Order.state, total, paid, receivable)
        .outerjoin(owed, owed.c.order_id == Order.id)
        .outerjoin(arrived, arrived.c.order_id == Order.id)
        .outerjoin(went_back, went_back.c.order_id == Order.id)
        .outerjoin(PurchaseOrder, PurchaseOrder.order_id == Order.id)
        .where(or_(receivable != total - paid, completed_unpaid))
        .order_by(Order.id)
    )
    for code, state, due, money, debt in session.execute(statement):
        yield f"order {code} ({state}) is due {due}, {money} arrived, the ledger says {debt} is owed"


def check_effects(session: Session) -> Iterator[str]:
    """Each event was heard once, each paid attempt was posted once, and each sale of a till was recorded once."""
    events = (
        select(ProviderEvent.provider, ProviderEvent.event_id)
        .group_by(ProviderEvent.provider, ProviderEvent.event_id)
        .having(func.count() > 1)
    )
    for provider, event_id in session.execute(events):
        yield f"event {event_id} of {provider} is recorded more than once"
    postings = (
        select(LedgerEntry.payment_id, func.count(func.distinct(LedgerEntry.posting)).label("count"))
        .where(LedgerEntry.payment_id.is_not(None))
        .group_by(LedgerEntry.payment_id)
        .subquery()
    )
    count = func.coalesce(postings.c.count, 0)
    wanted = case((Payment.paid_at.is_not(None), 1), else_=0)
    statement = (
        select(Payment.id, Payment.state, count)
        .outerjoin(postings, postings.c.payment_id == Payment.id)
        .where(or_(count != wanted, (Payment.state == PaymentState.PAID) & Payment.paid_at.is_(None)))
        .order_by(Payment.id)
    )
    for payment_id, state, posted in session.execute(statement):
        yield f"payment {payment_id} ({state}) was posted {posted} times"
    yield from check_statements(session)
    yield from counter_checks.check_sales(session)


def check_refunds(session: Session) -> Iterator[str]:
    """No payment gave back more than it brought, no line more units than were sold, and the ledger knows what was given."""
    # All payments that pay for an order's goods count as one: at a counter part may be cash and part QRIS.
    together = case((Payment.state == PaymentState.PAID, 0), else_=Payment.id)
    promised = (
        select(Payment.order_id, together.label("together"), func.sum(Refund.amount).label("amount"))
        .join(Refund, Refund.payment_id == Payment.id)
        .where(Refund.state != RefundState.REJECTED)
        .group_by(Payment.order_id, together)
        .subquery()
    )
    captured = func.sum(case((Payment.paid_at.is_not(None), Payment.amount), else_=0))
    same = and_(promised.c.order_id == Payment.order_id, promised.c.together == together)
    too_much = (
        select(func.min(Payment.id), captured, promised.c.amount)
        .join(promised, same)
        .group_by(Payment.order_id, together, promised.c.amount)
        .having(promised.c.amount > captured)
    )
    for payment_id, came, goes in session.execute(too_much.order_by(func.min(Payment.id))):
        yield f"payment {payment_id} brought {came}, its refunds promise {goes}"
    units = (
        select(RefundLine.line_id, func.sum(RefundLine.quantity).label("quantity"))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.state != RefundState.REJECTED)
        .group_by(RefundLine.line_id)
        .subquery()
    )
    lines = select(OrderLine.id, OrderLine.quantity, units.c.quantity).join(units, units.c.line_id == OrderLine.id)
    for line_id, sold, back in session.execute(lines.where(units.c.quantity > OrderLine.quantity).order_by(OrderLine.id)):
        yield f"order line {line_id} sold {sold} units, {back} were refunded"
    given = (
        select(LedgerEntry.order_id, func.sum(LedgerEntry.amount).label("amount"))
        .where(IS_REFUNDED)
        .group_by(LedgerEntry.order_id)
        .subquery()
    )
    said = (
        select(Refund.order_id, func.sum(Refund.amount).label("amount"))
        .where(Refund.state == RefundState.SUCCEEDED)
        .group_by(Refund.order_id)
        .subquery()
    )
    posted, told = func.coalesce(given.c.amount, 0), func.coalesce(said.c.amount, 0)
    orders = select(Order.code, told, posted).outerjoin(given, given.c.order_id == Order.id).outerjoin(said, said.c.order_id == Order.id)
    for code, wanted, booked in session.execute(orders.where(posted != told).order_by(Order.id)):
        yield f"order {code} gave back {wanted}, the ledger says {booked}"


def check_shipping(session: Session) -> Iterator[str]:
    """What is sent has an address, what has left has a parcel, and the books know what sending was paid for."""
    has_address, has_parcel = exists().where(OrderAddress.order_id == Order.id), exists().where(Parcel.order_id == Order.id)
    is_sent = Order.fulfilment == Fulfilment.SHIPPING
    odd = or_(is_sent & ~has_address, ~is_sent & has_address, (Order.state == OrderState.SHIPPED) & ~has_parcel)
    for code, state in session.execute(select(Order.code, Order.state).where(odd).order_by(Order.id)):
        yield f"order {code} ({state}) and its address and parcels do not fit"
    earned = (
        select(LedgerEntry.order_id, func.sum(-LedgerEntry.amount).label("amount"))
        .where(LedgerEntry.account == Account.SHIPPING)
        .group_by(LedgerEntry.order_id)
        .subquery()
    )
    returned = (
        select(Refund.order_id, func.sum(Refund.shipping_amount).label("amount"))
        .where(Refund.authorised_at.is_not(None))
        .group_by(Refund.order_id)
        .subquery()
    )
    spared = (
        select(GoodsReceipt.rejected_freight)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.purchase_id)
        .where(PurchaseOrder.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    back = func.coalesce(returned.c.amount, 0) + func.coalesce(spared, 0)
    is_dropped = Order.state.in_((OrderState.CANCELLED, OrderState.EXPIRED)) & (back == 0)
    wanted, booked = case((is_dropped, 0), else_=Order.shipping_total) - back, func.coalesce(earned.c.amount, 0)
    statement = (
        select(Order.code, wanted, booked)
        .outerjoin(earned, earned.c.order_id == Order.id)
        .outerjoin(returned, returned.c.order_id == Order.id)
        .where(or_(Order.shipping_total > 0, earned.c.amount.is_not(None)), wanted != booked)
    )
    for code, total, amount in session.execute(statement.order_by(Order.id)):
        yield f"order {code} earned {total} for shipping, the ledger says {amount}"


def check_discounts(session: Session) -> Iterator[str]:
    """A voucher counts the orders that use it, within its limit; a discount is that of its lines, and what was promised."""
    used = select(VoucherUse.voucher_id, func.count().label("uses")).where(VoucherUse.given_back_at.is_(None))
    used_now = used.group_by(VoucherUse.voucher_id).subquery()
    uses = func.coalesce(used_now.c.uses, 0)
    vouchers = select(Voucher.id, Voucher.uses, uses, Voucher.use_limit).outerjoin(used_now, used_now.c.voucher_id == Voucher.id)
    for voucher_id, counted, real, limit in session.execute(
        vouchers.where(or_(Voucher.uses != uses, uses > Voucher.use_limit)).order_by(Voucher.id)
    ):
        yield f"voucher {voucher_id} counts {counted} uses, {real} orders of {limit} use it"
    lines = select(OrderLine.order_id, func.sum(OrderLine.discount).label("discount")).group_by(OrderLine.order_id).subquery()
    given = (func.coalesce(each, 0) for each in (CounterSale.counter_discount, PurchaseOrder.terms))
    promised = sum(given, func.coalesce(VoucherUse.amount, 0))
    spread = func.coalesce(lines.c.discount, 0)
    orders = (
        select(Order.code, Order.discount_total, spread, promised)
        .outerjoin(lines, lines.c.order_id == Order.id)
        .outerjoin(VoucherUse, VoucherUse.order_id == Order.id)
        .outerjoin(CounterSale, CounterSale.order_id == Order.id)
        .outerjoin(PurchaseOrder, PurchaseOrder.order_id == Order.id)
        .where(or_(Order.discount_total != spread, Order.discount_total != promised))
        .order_by(Order.id)
    )
    for code, total, of_lines, of_use in session.execute(orders):
        yield f"order {code} has a discount of {total}, its lines say {of_lines}, its voucher and counter {of_use}"


def check_money(session: Session) -> Iterator[str]:
    """Orders, payments, refunds and ledger tell one story."""
    yield from check_orders_and_payments(session)
    yield from check_refunds(session)
    yield from check_discounts(session)
    yield from check_shipping(session)


def check_statements(session: Session) -> Iterator[str]:
    """Money that staff confirmed carries its number, and every posted line of a statement belongs to a payment that says so."""
    unproven = select(Payment.id).where(Payment.method.in_(CONFIRMED_BY_STAFF), Payment.paid_at.is_not(None), Payment.proof.is_(None))
    for payment_id in session.scalars(unproven.order_by(Payment.id)):
        yield f"payment {payment_id} was confirmed without a number"
    statement = (
        select(Payment.id, Payment.amount, StatementLine.amount)
        .outerjoin(StatementLine, StatementLine.payment_id == Payment.id)
        .where(
            or_(
                Payment.matched_at.is_not(None) & StatementLine.id.is_(None),
                StatementLine.id.is_not(None) & (Payment.matched_at.is_(None) | Payment.paid_at.is_(None)),
                StatementLine.amount != Payment.amount,
            )
        )
        .order_by(Payment.id)
    )
    for payment_id, amount, found in session.execute(statement):
        yield f"payment {payment_id} over {amount} and its statement line ({found or 'none'}) do not fit"


def check_guards(session: Session) -> Iterator[str]:
    """The triggers that keep ledger, movements and audit from being changed are in place."""
    if session.get_bind().dialect.name == "sqlite":
        found = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        wanted = {f"{table}_no_{act}" for table in APPEND_ONLY for act in ("update", "delete")}
    else:
        found = set(session.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")))
        wanted = {f"{table}_append_only" for table in APPEND_ONLY}
    for name in sorted(wanted - found):
        yield f"the database trigger {name} is missing: facts could be changed"


def check_facts(session: Session) -> Iterator[str]:
    """Facts cannot be changed, and no fact was: every closed link still fits its rows."""
    yield from check_guards(session)
    for table in CHAINED:
        yield from chain.check(session, table)
    yield from checks.check_closed(session)


def check_postings(session: Session) -> Iterator[str]:
    """Every posting sums to zero."""
    statement = (
        select(LedgerEntry.posting, func.sum(LedgerEntry.amount))
        .group_by(LedgerEntry.posting)
        .having(func.sum(LedgerEntry.amount) != 0)
        .order_by(LedgerEntry.posting)
    )
    for posting, amount in session.execute(statement):
        yield f"posting {posting} sums to {amount}, not to zero"
    yield from checks.check_postings(session)


def check_outbox(session: Session) -> Iterator[str]:
    """No letter waits so long that nobody can be at work on it."""
    late = select(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.attempts, OutboxMessage.last_error)
    statement = late.where(OutboxMessage.sent_at.is_(None), OutboxMessage.created_at < clock.now() - GRACE).order_by(OutboxMessage.id)
    for message_id, kind, attempts, error in session.execute(statement):
        yield f"message {message_id} ({kind}) was not sent in {attempts} tries{f': {error}' if error else ''}"


def check_deadlines(session: Session) -> Iterator[str]:
    """No unpaid order keeps goods beyond its time, unless its money waits for a person."""
    in_review = exists().where(Payment.order_id == Order.id, Payment.state == PaymentState.REVIEW)
    overdue = select(Order.code, Order.state).where(Order.state.in_(HOLDING), Order.hold_until < clock.now() - GRACE, ~in_review)
    for code, state in session.execute(overdue.order_by(Order.id)):
        yield f"order {code} ({state}) still holds goods although its time is over: is the worker running?"


#: By the number that docs and reports use.
CHECKS: dict[str, Callable[[Session], Iterator[str]]] = {
    "I1": check_stock,
    "I2": check_money,
    "I3": check_effects,
    "I4": checks.check_makers,
    "I5": shift_checks.check_shifts,
    "I6": check_facts,
    "I7": check_postings,
    "I8": check_outbox,
    "I10": check_deadlines,
    "I11": trade_checks.check_trade,
}
