"""A partner's quotes, orders and invoices as its programs read them: followed page by page, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.product import Variant
from kernel.errors import NotFound
from kernel.walks import Step
from orders.models.invoice import Invoice, InvoiceLine
from orders.models.order import OrderLine
from orders.models.purchase import Dispatch, PurchaseLine, PurchaseOrder
from orders.models.quote import Quote, QuoteLine, QuoteTurn
from orders.wholesale.buyers import Audience
from orders.wholesale.states import QuoteAct

#: Turns that carry lines: what stands on the table is in the last of them.
_WITH_LINES = (QuoteAct.REQUEST, QuoteAct.OFFER, QuoteAct.COUNTER)


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase order with its lines (offers loaded), what left, and the invoice's number."""

    purchase: PurchaseOrder
    dispatch: Dispatch | None
    invoice: str | None


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote with the turn that stands on the table, and the code of the order it became."""

    quote: Quote
    turn: QuoteTurn
    order: str | None


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice with its order, and (line, name id, name en, item code) of what is billed."""

    invoice: Invoice
    purchase: PurchaseOrder
    lines: list[tuple[InvoiceLine, str, str, str]] = field(default_factory=list)


def walk_purchases(session: Session, audience: Audience, step: Step) -> Sequence[PurchaseOrder]:
    """One more than asked for, when there is one, in the order of their last change."""
    statement = (
        select(PurchaseOrder)
        .where(PurchaseOrder.partner_id == audience.partner_id, *step.conditions(PurchaseOrder.changed_at, PurchaseOrder.id))
        .order_by(PurchaseOrder.changed_at, PurchaseOrder.id)
        .limit(step.limit + 1)
    )
    return session.scalars(_loaded(statement)).all()


def get_purchase(session: Session, audience: Audience, code: str) -> PurchaseOrder:
    """One of the partner's own; NotFound for every other."""
    statement = select(PurchaseOrder).where(PurchaseOrder.partner_id == audience.partner_id, PurchaseOrder.code == code)
    found: PurchaseOrder | None = session.scalar(_loaded(statement))
    if found is None:
        raise NotFound
    return found


def dress_purchases(session: Session, purchases: Collection[PurchaseOrder]) -> list[PurchaseRow]:
    """With what left and was billed. Two statements however many."""
    ids = [purchase.id for purchase in purchases]
    sent = {row.purchase_id: row for row in session.scalars(select(Dispatch).where(Dispatch.purchase_id.in_(ids)))} if ids else {}
    found = session.execute(select(Invoice.purchase_id, Invoice.code).where(Invoice.purchase_id.in_(ids))) if ids else ()
    billed = {row[0]: row[1] for row in found}
    return [PurchaseRow(purchase, sent.get(purchase.id), billed.get(purchase.id)) for purchase in purchases]


def walk_quotes(session: Session, audience: Audience, step: Step) -> Sequence[Quote]:
    """One more than asked for, when there is one, in the order of their last change."""
    statement = (
        select(Quote)
        .where(Quote.partner_id == audience.partner_id, *step.conditions(Quote.changed_at, Quote.id))
        .order_by(Quote.changed_at, Quote.id)
        .limit(step.limit + 1)
        .options(joinedload(Quote.branch))
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def get_quote(session: Session, audience: Audience, code: str) -> Quote:
    """One of the partner's own; NotFound for every other."""
    statement = select(Quote).where(Quote.partner_id == audience.partner_id, Quote.code == code)
    found = session.scalar(statement.options(joinedload(Quote.branch)).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def dress_quotes(session: Session, quotes: Collection[Quote]) -> list[QuoteRow]:
    """With what stands on the table and what became of it. Three statements however many."""
    ids = [quote.id for quote in quotes]
    if not ids:
        return []
    statement = (
        select(QuoteTurn)
        .where(QuoteTurn.quote_id.in_(ids), QuoteTurn.act.in_(_WITH_LINES))
        .order_by(QuoteTurn.number)
        .options(selectinload(QuoteTurn.lines).joinedload(QuoteLine.offer))
        .execution_options(populate_existing=True)
    )
    turns = {turn.quote_id: turn for turn in session.scalars(statement)}
    found = session.execute(select(PurchaseOrder.quote_id, PurchaseOrder.code).where(PurchaseOrder.quote_id.in_(ids)))
    ordered = {row[0]: row[1] for row in found}
    return [QuoteRow(quote, turns[quote.id], ordered.get(quote.id)) for quote in quotes]


def walk_invoices(session: Session, audience: Audience, step: Step) -> list[InvoiceRow]:
    """One more than asked for, when there is one, in the order in which their orders changed last: a payment is a change."""
    statement = (
        select(Invoice, PurchaseOrder)
        .join(PurchaseOrder, PurchaseOrder.id == Invoice.purchase_id)
        .where(Invoice.partner_id == audience.partner_id, *step.conditions(PurchaseOrder.changed_at, PurchaseOrder.id))
        .order_by(PurchaseOrder.changed_at, PurchaseOrder.id)
        .limit(step.limit + 1)
    )
    return _with_lines(session, session.execute(statement.execution_options(populate_existing=True)).all())


def get_invoice(session: Session, audience: Audience, code: str) -> InvoiceRow:
    """One of the partner's own; NotFound for every other."""
    statement = (
        select(Invoice, PurchaseOrder)
        .join(PurchaseOrder, PurchaseOrder.id == Invoice.purchase_id)
        .where(Invoice.partner_id == audience.partner_id, Invoice.code == code)
    )
    rows = _with_lines(session, session.execute(statement.execution_options(populate_existing=True)).all())
    if not rows:
        raise NotFound
    return rows[0]


def _loaded(statement: Any) -> Any:
    return statement.options(
        joinedload(PurchaseOrder.branch),
        joinedload(PurchaseOrder.quote),
        selectinload(PurchaseOrder.lines).joinedload(PurchaseLine.offer),
    ).execution_options(populate_existing=True)


def _with_lines(session: Session, rows: Sequence[Any]) -> list[InvoiceRow]:
    ids = [row.Invoice.id for row in rows]
    statement = (
        select(InvoiceLine, OrderLine.name_id, OrderLine.name_en, Variant.code)
        .join(OrderLine, OrderLine.id == InvoiceLine.order_line_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(InvoiceLine.invoice_id.in_(ids))
        .order_by(InvoiceLine.position)
    )
    lines: defaultdict[int, list[tuple[InvoiceLine, str, str, str]]] = defaultdict(list)
    for line, name_id, name_en, code in session.execute(statement) if ids else ():
        lines[line.invoice_id].append((line, name_id, name_en, code))
    return [InvoiceRow(row.Invoice, row.PurchaseOrder, lines[row.Invoice.id]) for row in rows]
