"""Invoices in lists and on their own page, what is outstanding by age, and who pays how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import clock
from kernel.errors import NotFound
from kernel.locales import pick
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission
from orders.models.invoice import Invoice, InvoiceLine
from orders.models.order import OrderLine
from orders.models.partner import Partner
from orders.models.payment import Payment
from orders.models.purchase import PurchaseOrder
from orders.states import PaymentState
from orders.tax import ContainedTax
from orders.wholesale import billing
from orders.wholesale.buyers import Audience
from orders.wholesale.credit import used
from orders.wholesale.purchase_views import PurchaseView
from orders.wholesale.states import InvoiceState, invoice_state

PAGE_SIZE = 30
_OUTSTANDING = PurchaseOrder.owed - PurchaseOrder.paid + PurchaseOrder.returned


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice in a list."""

    code: str
    purchase_code: str
    partner_number: str
    partner_name: str
    issued_on: date
    due_on: date
    total: int
    outstanding: int
    state: InvoiceState
    days_overdue: int


@dataclass(frozen=True, slots=True)
class BilledView:
    """One line of an invoice with its names of the order's day."""

    name: str
    maker_name: str
    village_name: str
    quantity: int
    unit_price: int
    discount: int

    @property
    def gross(self) -> int:
        """Before trading terms."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with the order behind it. `tax` is inside the total, None where the seller owes none."""

    invoice: Invoice
    order: PurchaseView
    lines: tuple[BilledView, ...]
    tax: ContainedTax | None
    payments: tuple[Payment, ...]
    state: InvoiceState
    days_overdue: int

    @property
    def outstanding(self) -> int:
        """What is still to be paid; below zero the seller owes the partner."""
        return self.order.purchase.outstanding

    @property
    def needs_stamp(self) -> bool:
        """Whether the paper has a place for the stamp duty."""
        return self.invoice.total > billing.STAMP_ABOVE


@dataclass(slots=True)
class AgeingRow:
    """What one partner owes, by age: not due yet, up to 30, 60, 90 days, and beyond."""

    partner_code: str
    partner_name: str
    credit_limit: int
    credit_used: int
    ages: list[int] = field(default_factory=lambda: [0] * (len(billing.AGES) + 1))

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.ages)


def list_for_partner(session: Session, audience: Audience, *, page: int = 1) -> tuple[Page[Invoice], list[InvoiceRow]]:
    """A partner's invoices, the newest first."""
    return _list(session, select(Invoice).where(Invoice.partner_id == audience.partner_id), page)


def list_for_office(
    session: Session, actor: Actor, *, only_open: bool = False, only_overdue: bool = False, page: int = 1
) -> tuple[Page[Invoice], list[InvoiceRow]]:
    """Invoices of the sellers in reach; the open ones by due day."""
    statement = (
        select(Invoice)
        .join(Outlet, Outlet.id == Invoice.outlet_id)
        .join(PurchaseOrder, PurchaseOrder.id == Invoice.purchase_id)
        .where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
    )
    if only_open or only_overdue:
        statement = statement.where(_OUTSTANDING > 0).order_by(Invoice.due_on)
    if only_overdue:
        statement = statement.where(Invoice.due_on < clock.today())
    return _list(session, statement, page)


def find_code(session: Session, code: str, conditions: Sequence[ColumnElement[bool]]) -> tuple[Invoice, str]:
    """An invoice and its order's code among those that fit; NotFound otherwise."""
    statement = (
        select(Invoice, PurchaseOrder.code)
        .join(PurchaseOrder, PurchaseOrder.id == Invoice.purchase_id)
        .join(Outlet, Outlet.id == Invoice.outlet_id)
        .where(Invoice.code == code.strip().upper(), *conditions)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def find_for_partner(session: Session, audience: Audience, code: str) -> tuple[Invoice, str]:
    """An invoice of this partner; NotFound for anybody else's."""
    return find_code(session, code, (Invoice.partner_id == audience.partner_id,))


def find_for_office(session: Session, actor: Actor, code: str) -> tuple[Invoice, str]:
    """An invoice of a seller in reach; NotFound elsewhere."""
    return find_code(session, code, reach_of(actor, Permission.MANAGE_WHOLESALE))


def view_of(session: Session, invoice: Invoice, order: PurchaseView, language: str) -> InvoiceView:
    """The invoice with lines, tax and payments. Two statements."""
    statement = (
        select(InvoiceLine, OrderLine)
        .join(OrderLine, OrderLine.id == InvoiceLine.order_line_id)
        .where(InvoiceLine.invoice_id == invoice.id)
        .order_by(InvoiceLine.position)
    )
    lines = tuple(
        BilledView(
            name=pick(language, sold.name_id, sold.name_en),
            maker_name=sold.maker_name,
            village_name=sold.village_name,
            quantity=billed.quantity,
            unit_price=billed.unit_price,
            discount=billed.discount,
        )
        for billed, sold in session.execute(statement)
    )
    paid = select(Payment).where(Payment.order_id == order.purchase.order_id, Payment.state != PaymentState.EXPIRED)
    today = clock.today(order.outlet.zone)
    return InvoiceView(
        invoice=invoice,
        order=order,
        lines=lines,
        tax=billing.tax_inside(invoice.total, is_taxable=invoice.is_taxable, on=invoice.issued_on),
        payments=tuple(session.scalars(paid.order_by(Payment.attempt).execution_options(populate_existing=True))),
        state=invoice_state(order.purchase.outstanding, invoice.due_on, today),
        days_overdue=billing.days_overdue(invoice.due_on, today) if order.purchase.outstanding > 0 else 0,
    )


def list_ageing(session: Session, actor: Actor) -> list[AgeingRow]:
    """What every partner owes on its invoices, those with the most overdue first; two statements."""
    today = clock.today()
    statement = (
        select(Partner, Invoice.due_on, _OUTSTANDING)
        .join(Invoice, Invoice.partner_id == Partner.id)
        .join(PurchaseOrder, PurchaseOrder.id == Invoice.purchase_id)
        .join(Outlet, Outlet.id == Invoice.outlet_id)
        .where(_OUTSTANDING > 0, *reach_of(actor, Permission.MANAGE_WHOLESALE))
        .order_by(Partner.id)
    )
    rows: dict[int, AgeingRow] = {}
    for partner, due_on, outstanding in session.execute(statement):
        row = rows.setdefault(partner.id, AgeingRow(partner.code, partner.name, partner.credit_limit, 0))
        row.ages[billing.age_of(due_on, today)] += outstanding
    held = (
        select(PurchaseOrder.partner_id, func.sum(PurchaseOrder.credit_held))
        .where(PurchaseOrder.partner_id.in_(rows))
        .group_by(PurchaseOrder.partner_id)
    )
    for partner_id, amount in session.execute(held) if rows else ():
        rows[partner_id].credit_used = int(amount)
    return sorted(rows.values(), key=lambda row: (-sum(row.ages[1:]), -row.total, row.partner_name))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a partner owes and may owe, for its own pages."""

    outstanding: int
    overdue: int
    credit_limit: int
    credit_used: int

    @property
    def credit_free(self) -> int:
        """What can still be ordered on account."""
        return max(0, self.credit_limit - self.credit_used)


def standing_of(session: Session, audience: Audience) -> Standing:
    """A partner's own figures."""
    sums: defaultdict[bool, int] = defaultdict(int)
    statement = (
        select(Invoice.due_on, _OUTSTANDING)
        .join(PurchaseOrder, PurchaseOrder.id == Invoice.purchase_id)
        .where(Invoice.partner_id == audience.partner_id, _OUTSTANDING > 0)
    )
    today = clock.today()
    for due_on, outstanding in session.execute(statement):
        sums[due_on < today] += outstanding
    limit = session.scalars(select(Partner.credit_limit).where(Partner.id == audience.partner_id)).one()
    return Standing(sums[True] + sums[False], sums[True], limit, used(session, audience.partner_id))


def _list(session: Session, statement: Select[Invoice], page: int) -> tuple[Page[Invoice], list[InvoiceRow]]:
    ordered = statement.order_by(Invoice.issued_on.desc(), Invoice.id.desc())
    options = [joinedload(Invoice.partner), joinedload(Invoice.purchase)]
    found = read_page(session, ordered, number=page, size=PAGE_SIZE, options=options)
    today = clock.today()
    rows = [
        InvoiceRow(
            code=invoice.code,
            purchase_code=invoice.purchase.code,
            partner_number=invoice.purchase.partner_number,
            partner_name=invoice.partner.name,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            total=invoice.total,
            outstanding=invoice.purchase.outstanding,
            state=invoice_state(invoice.purchase.outstanding, invoice.due_on, today),
            days_overdue=billing.days_overdue(invoice.due_on, today) if invoice.purchase.outstanding > 0 else 0,
        )
        for invoice in found.rows
    ]
    return found, rows
