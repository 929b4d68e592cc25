"""What must always be true of partners' orders, invoices and credit; `orders.invariants` asks them with the others (I11)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from orders.models.invoice import CreditNote, Invoice, InvoiceLine
from orders.models.order import Order, OrderAllocation, OrderLine
from orders.models.payment import Payment
from orders.models.purchase import Carton, GoodsReceipt, PartnerCredit, PurchaseLine, PurchaseOrder, PurchaseShare
from orders.states import PaymentState
from orders.wholesale.capacity import check_calendar
from orders.wholesale.states import BINDING, PLACED, PurchaseState

#: What the database must guard against changes (migration of the invoices).
APPEND_ONLY = ("quote_turns", "quote_lines", "invoices", "invoice_lines", "credit_notes", "credit_note_lines")


def check_trade(session: Session) -> Iterator[str]:
    """Orders of partners, their cartons, invoices, credit and makers' calendar tell one story."""
    yield from _check_owed(session)
    yield from _check_paid(session)
    yield from _check_credit(session)
    yield from _check_shares(session)
    yield from _check_cartons(session)
    yield from _check_invoices(session)
    yield from _check_numbers(session)
    yield from check_calendar(session)


def _check_owed(session: Session) -> Iterator[str]:
    """What is owed is the total less what was rejected and credited; nothing is owed of an order that is over without goods."""
    rejected = select(GoodsReceipt.purchase_id, GoodsReceipt.rejected_amount.label("amount")).subquery()
    credited = (
        select(Invoice.purchase_id, func.sum(CreditNote.amount).label("amount"))
        .join(CreditNote, CreditNote.invoice_id == Invoice.id)
        .group_by(Invoice.purchase_id)
        .subquery()
    )
    is_over = PurchaseOrder.state.in_((PurchaseState.CANCELLED, PurchaseState.REJECTED))
    wanted = case((is_over, 0), else_=PurchaseOrder.total - func.coalesce(rejected.c.amount, 0) - func.coalesce(credited.c.amount, 0))
    statement = (
        select(PurchaseOrder.code, PurchaseOrder.owed, wanted)
        .outerjoin(rejected, rejected.c.purchase_id == PurchaseOrder.id)
        .outerjoin(credited, credited.c.purchase_id == PurchaseOrder.id)
        .where(PurchaseOrder.owed != wanted)
    )
    for code, owed, right in session.execute(statement.order_by(PurchaseOrder.id)):
        yield f"purchase order {code} says {owed} is owed, its receipt and credit notes say {right}"


def _check_paid(session: Session) -> Iterator[str]:
    """What is paid is the sum of the payments, and a placed order is the one that was bought."""
    arrived = (
        select(Payment.order_id, func.sum(Payment.amount).label("amount"))
        .where(Payment.state == PaymentState.PAID)
        .group_by(Payment.order_id)
        .subquery()
    )
    paid = func.coalesce(arrived.c.amount, 0)
    statement = (
        select(PurchaseOrder.code, PurchaseOrder.paid, paid, PurchaseOrder.total, Order.total)
        .outerjoin(Order, Order.id == PurchaseOrder.order_id)
        .outerjoin(arrived, arrived.c.order_id == PurchaseOrder.order_id)
        .where(
            or_(
                PurchaseOrder.paid != paid,
                Order.total != PurchaseOrder.total,
                PurchaseOrder.state.in_(PLACED) & Order.id.is_(None),
                PurchaseOrder.state.in_((PurchaseState.WAITING, PurchaseState.OPEN)) & Order.id.is_not(None),
            )
        )
    )
    for code, said, came, bought, placed in session.execute(statement.order_by(PurchaseOrder.id)):
        yield f"purchase order {code} says {said} was paid, {came} arrived; it was bought for {bought} and placed for {placed}"


def _check_credit(session: Session) -> Iterator[str]:
    """An order holds as much credit as is outstanding; a partner uses what its orders hold."""
    outstanding = PurchaseOrder.owed - PurchaseOrder.paid + PurchaseOrder.returned
    uses = and_(PurchaseOrder.state.in_(BINDING), ~PurchaseOrder.is_prepaid, outstanding > 0)
    right = case((uses, outstanding), else_=0)
    wrong = select(PurchaseOrder.code, PurchaseOrder.credit_held, right).where(PurchaseOrder.credit_held != right)
    for code, held, wanted in session.execute(wrong.order_by(PurchaseOrder.id)):
        yield f"purchase order {code} holds {held} of its partner's credit, {wanted} is outstanding"
    held_now = (
        select(PurchaseOrder.partner_id, func.sum(PurchaseOrder.credit_held).label("amount")).group_by(PurchaseOrder.partner_id).subquery()
    )
    held_sum = func.coalesce(held_now.c.amount, 0)
    statement = select(PartnerCredit.partner_id, PartnerCredit.used, held_sum).outerjoin(
        held_now, held_now.c.partner_id == PartnerCredit.partner_id
    )
    for partner_id, used, held in session.execute(statement.where(PartnerCredit.used != held_sum).order_by(PartnerCredit.id)):
        yield f"partner {partner_id} uses {used} of its credit, its orders hold {held}"


def _check_shares(session: Session) -> Iterator[str]:
    """A placed order is divided completely, and each share is an order line of so many units at the agreed price."""
    divided = (
        select(PurchaseShare.purchase_line_id, func.sum(PurchaseShare.cases).label("cases"))
        .group_by(PurchaseShare.purchase_line_id)
        .subquery()
    )
    statement = (
        select(PurchaseLine.id, PurchaseLine.cases, func.coalesce(divided.c.cases, 0))
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseLine.purchase_id)
        .outerjoin(divided, divided.c.purchase_line_id == PurchaseLine.id)
        .where(PurchaseOrder.state.in_(PLACED), func.coalesce(divided.c.cases, 0) != PurchaseLine.cases)
    )
    for line_id, cases, given in session.execute(statement.order_by(PurchaseLine.id)):
        yield f"purchase line {line_id} is {cases} cases, its makers have {given}"
    lines = (
        select(PurchaseShare.id, OrderLine.quantity, PurchaseShare.cases * PurchaseLine.units_per_case)
        .join(PurchaseLine, PurchaseLine.id == PurchaseShare.purchase_line_id)
        .join(OrderLine, OrderLine.id == PurchaseShare.order_line_id)
        .where(
            or_(
                OrderLine.quantity != PurchaseShare.cases * PurchaseLine.units_per_case,
                OrderLine.unit_price != PurchaseLine.unit_price,
                OrderLine.variant_id != PurchaseShare.variant_id,
            )
        )
    )
    for share_id, units, wanted in session.execute(lines.order_by(PurchaseShare.id)):
        yield f"share {share_id} is {wanted} units, its order line says {units} or another price"


def _check_cartons(session: Session) -> Iterator[str]:
    """The cartons of an order hold exactly the units that were allocated to it, level by level: each is of one batch."""
    packed = (
        select(Carton.order_line_id, Carton.level_id, func.sum(Carton.units).label("units"))
        .group_by(Carton.order_line_id, Carton.level_id)
        .subquery()
    )
    held = (
        select(OrderAllocation.line_id, OrderAllocation.level_id, func.sum(OrderAllocation.quantity).label("units"))
        .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
        .join(PurchaseOrder, PurchaseOrder.order_id == OrderLine.order_id)
        .group_by(OrderAllocation.line_id, OrderAllocation.level_id)
        .subquery()
    )
    same = and_(held.c.line_id == packed.c.order_line_id, held.c.level_id == packed.c.level_id)
    missing = (
        select(packed.c.order_line_id, packed.c.level_id, packed.c.units, func.coalesce(held.c.units, 0))
        .select_from(packed)
        .join(OrderLine, OrderLine.id == packed.c.order_line_id)
        .join(PurchaseOrder, PurchaseOrder.order_id == OrderLine.order_id)
        .outerjoin(held, same)
        .where(PurchaseOrder.state != PurchaseState.CANCELLED, func.coalesce(held.c.units, 0) != packed.c.units)
    )
    for line_id, level_id, units, allocated in session.execute(missing):
        yield f"cartons of order line {line_id} hold {units} units of level {level_id}, {allocated} were allocated"
    loose = select(held.c.line_id, held.c.level_id, held.c.units).select_from(held).outerjoin(packed, same).where(packed.c.units.is_(None))
    for line_id, level_id, units in session.execute(loose):
        yield f"order line {line_id} was allocated {units} units of level {level_id} that are in no carton"


def _check_invoices(session: Session) -> Iterator[str]:
    """An invoice is the sum of its lines, and an order that says so has one."""
    summed = (
        select(
            InvoiceLine.invoice_id,
            func.sum(InvoiceLine.unit_price * InvoiceLine.quantity).label("goods"),
            func.sum(InvoiceLine.discount).label("terms"),
        )
        .group_by(InvoiceLine.invoice_id)
        .subquery()
    )
    goods, terms = func.coalesce(summed.c.goods, 0), func.coalesce(summed.c.terms, 0)
    statement = select(Invoice.code).outerjoin(summed, summed.c.invoice_id == Invoice.id)
    for code in session.scalars(statement.where(or_(Invoice.goods != goods, Invoice.terms != terms)).order_by(Invoice.id)):
        yield f"invoice {code} is not the sum of its lines"
    has_invoice = select(Invoice.id).where(Invoice.purchase_id == PurchaseOrder.id).exists()
    is_invoiced = PurchaseOrder.state == PurchaseState.INVOICED
    odd = select(PurchaseOrder.code).where(or_(is_invoiced & ~has_invoice, ~is_invoiced & has_invoice))
    for code in session.scalars(odd.order_by(PurchaseOrder.id)):
        yield f"purchase order {code} and its invoice do not fit"


def _check_numbers(session: Session) -> Iterator[str]:
    """Numbers of a year run from 1 without a gap."""
    for model, word in ((Invoice, "invoices"), (CreditNote, "credit notes")):
        rows = select(model.outlet_id, model.year, func.count(), func.max(model.running)).group_by(model.outlet_id, model.year)
        for outlet_id, year, count, last in session.execute(rows.order_by(model.outlet_id, model.year)):
            if count != last:
                yield f"{word} of outlet {outlet_id} in {year}: {count} papers, the last number is {last}"
