"""Invoices and credit notes: issued once, numbered without gaps, frozen; they bill what was kept (docs/invoices.md)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, func, select
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.areas import describe_areas
from catalog.models.area import Area
from catalog.models.stock import Outlet
from catalog.stock_locks import Allocation
from kernel import audit, clock, outbox
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.inserts import insert_new, insert_rows
from kernel.parsing import parse_text
from kernel.people import Actor
from orders import ledger
from orders.consignment.losses import book_losses
from orders.consignment.sales import book_returns
from orders.models.invoice import CreditKind, CreditNote, CreditNoteLine, Invoice, InvoiceLine
from orders.models.order import Order, OrderLine
from orders.models.partner import Partner
from orders.models.purchase import GoodsReceipt, PurchaseOrder, ReceiptLine
from orders.models.webhook import WebhookEvent
from orders.wholesale import billing, credit, webhooks
from orders.wholesale.purchasing import lock_for_office, subject_of
from orders.wholesale.quotes import check_key
from orders.wholesale.receiving import Place, bill_receipt, list_ordered
from orders.wholesale.states import PurchaseState, check_stage

MAIL_ISSUED = "mail.invoice_issued"
_TRIES = 5


class NothingToBill(Conflict):
    """Everything was rejected."""

    message = N_("The partner kept nothing of this order, so there is nothing to invoice.")


class CreditTooLarge(Conflict):
    """More would be taken off than the invoice is worth."""

    message = N_("A credit note cannot be larger than what is left of the invoice.")


@dataclass(frozen=True, slots=True)
class Back:
    """Units of one batch that are credited; fit ones go back to the shelf, the others are written off."""

    units: int
    is_fit: bool


def issue_invoice(session: Session, actor: Actor, purchase_id: int) -> Invoice:
    """Bill what the partner kept, today, with the order's terms. Once for each order.

    Raises NotAllowed, WrongStage, NothingToBill.
    """
    purchase = lock_for_office(session, actor, purchase_id)
    check_stage(purchase.state, PurchaseState.INVOICED)
    billed = bill_receipt(session, purchase)
    if not billed:
        raise NothingToBill
    outlet, partner = session.get_one(Outlet, purchase.outlet_id), session.get_one(Partner, purchase.partner_id)
    order = session.get_one(Order, purchase.order_id or 0)
    today = clock.today(outlet.zone)
    sums = billing.sum_up(billed, purchase.freight)
    values = {
        "purchase_id": purchase.id,
        "partner_id": partner.id,
        "buyer_name": partner.legal_name,
        "buyer_address": _address(session, partner),
        "buyer_npwp": partner.npwp,
        "issued_on": today,
        "due_on": billing.due_day(today, purchase.payment_days),
        "goods": sums.goods,
        "terms": sums.terms,
        "freight": sums.freight,
        "total": sums.total,
        "is_taxable": order.is_taxable,
        "issued_at": clock.now(),
        "issued_by_id": actor.user_id,
    }
    number = _insert_numbered(session, Invoice, outlet, today.year, "INV", values)
    if number is None:
        raise Conflict
    invoice = session.get_one(Invoice, number)
    rows = [
        {
            "invoice_id": invoice.id,
            "order_line_id": line.line_id,
            "position": position,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "discount": line.discount,
        }
        for position, line in enumerate(billed, start=1)
    ]
    insert_rows(session, InvoiceLine, rows)
    purchase.state, purchase.changed_at = PurchaseState.INVOICED, clock.now()
    session.flush()
    audit.record(session, actor, "invoice.issued", subject_of(purchase), {"invoice": invoice.code, "total": invoice.total})
    payload = {"invoice_id": invoice.id, "email": partner.contact_email, "language": partner.language}
    outbox.enqueue(session, MAIL_ISSUED, f"{MAIL_ISSUED}:{invoice.code}", payload)
    facts = {"invoice": invoice.code, "order": purchase.code}
    webhooks.announce(session, partner.id, WebhookEvent.INVOICE_ISSUED, f"invoice:{invoice.code}", facts)
    return invoice


def credit_goods(session: Session, actor: Actor, invoice_id: int, units: Mapping[Place, Back], reason: str, key: str) -> CreditNote:
    """Units that turned out wrong after they were accepted: not paid for, and their makers' sale is undone.

    The same `key` is the same note. Raises NotAllowed, NotFound, InvalidInput, CreditTooLarge.
    """
    invoice, purchase = _lock(session, actor, invoice_id)
    if (known := _find_by_key(session, check_key(key))) is not None:
        return known
    rows = _price_units(session, invoice, purchase, {place: back for place, back in units.items() if back.units})
    amount = sum(row["amount"] for row in rows)
    note = _insert_note(session, actor, invoice, purchase, CreditKind.GOODS, amount, reason, key)
    insert_rows(session, CreditNoteLine, [{"credit_note_id": note.id, **row} for row in rows])
    discount = sum(row["discount"] for row in rows)
    ledger.post_reduced(session, f"credit:{note.code}", purchase.order_id or 0, goods=amount + discount, discount=discount)
    _take_back(session, actor, purchase, note, rows)
    return note


def credit_allowance(session: Session, actor: Actor, invoice_id: int, amount: int, reason: str, key: str) -> CreditNote:
    """Money off at the seller's cost; goods and makers are not touched. Raises as `credit_goods` does."""
    invoice, purchase = _lock(session, actor, invoice_id)
    if (known := _find_by_key(session, check_key(key))) is not None:
        return known
    note = _insert_note(session, actor, invoice, purchase, CreditKind.ALLOWANCE, amount, reason, key)
    ledger.post_allowance(session, f"credit:{note.code}", purchase.order_id or 0, amount)
    return note


def map_creditable(session: Session, invoice: Invoice) -> dict[Place, int]:
    """Units of each batch that were kept and not credited yet."""
    kept = (
        select(
            ReceiptLine.order_line_id,
            ReceiptLine.level_id,
            ReceiptLine.delivered - ReceiptLine.agreed_short - ReceiptLine.agreed_damaged - ReceiptLine.agreed_short_dated,
        )
        .join(GoodsReceipt, GoodsReceipt.id == ReceiptLine.receipt_id)
        .where(GoodsReceipt.purchase_id == invoice.purchase_id)
        .order_by(ReceiptLine.order_line_id, ReceiptLine.level_id)
    )
    left = {(line_id, level_id): units for line_id, level_id, units in session.execute(kept)}
    credited = (
        select(CreditNoteLine.order_line_id, CreditNoteLine.level_id, func.sum(CreditNoteLine.quantity).cast(Integer))
        .join(CreditNote, CreditNote.id == CreditNoteLine.credit_note_id)
        .where(CreditNote.invoice_id == invoice.id)
        .group_by(CreditNoteLine.order_line_id, CreditNoteLine.level_id)
    )
    for line_id, level_id, units in session.execute(credited):
        left[line_id, level_id] -= units
    return {place: units for place, units in left.items() if units > 0}


def _lock(session: Session, actor: Actor, invoice_id: int) -> tuple[Invoice, PurchaseOrder]:
    invoice = session.get(Invoice, invoice_id)
    if invoice is None:
        raise NotFound
    return invoice, lock_for_office(session, actor, invoice.purchase_id)


def _find_by_key(session: Session, key: str) -> CreditNote | None:
    return session.scalar(select(CreditNote).where(CreditNote.form_key == key))


def _insert_note(
    session: Session, actor: Actor, invoice: Invoice, purchase: PurchaseOrder, kind: CreditKind, amount: int, reason: str, key: str
) -> CreditNote:
    reason = parse_text(reason, field="reason", maximum=240, required=True)
    if type(amount) is not int or amount < 1:
        raise InvalidInput(N_("Please give an amount or at least one unit."), field="amount")
    if amount > purchase.owed:
        raise CreditTooLarge(field="amount")
    outlet = session.get_one(Outlet, invoice.outlet_id)
    today = clock.today(outlet.zone)
    values = {
        "form_key": key,
        "invoice_id": invoice.id,
        "kind": kind,
        "amount": amount,
        "reason": reason,
        "issued_on": today,
        "issued_at": clock.now(),
        "issued_by_id": actor.user_id,
    }
    number = _insert_numbered(session, CreditNote, outlet, today.year, "CN", values)
    if number is None:
        raise Conflict
    note = session.get_one(CreditNote, number)
    purchase.owed -= amount
    purchase.changed_at = clock.now()
    credit.resize(session, purchase)
    details = {"note": note.code, "invoice": invoice.code, "amount": amount, "reason": reason}
    audit.record(session, actor, "invoice.credited", subject_of(purchase), details)
    return note


def _price_units(session: Session, invoice: Invoice, purchase: PurchaseOrder, units: Mapping[Place, Back]) -> list[dict[str, Any]]:
    """Rows of the note's lines; within an order line the parts add up to what was billed for it."""
    left = map_creditable(session, invoice)
    if not set(units) <= set(left):
        raise InvalidInput(N_("Of one batch fewer units were kept. Please look again."), field="units")
    ordered = {line.line_id: line for line in list_ordered(session, purchase.order_id or 0)}
    kept: Counter[int] = Counter()
    for (line_id, _level_id), number in left.items():
        kept[line_id] += number
    rows = []
    for place in sorted(units):
        line_id, level_id = place
        back = units[place]
        if not 1 <= back.units <= left[place]:
            raise InvalidInput(N_("Of one batch fewer units were kept. Please look again."), field="units")
        billed = billing.credit_units(ordered[line_id], kept[line_id], back.units)
        kept[line_id] -= back.units
        amounts = {"quantity": back.units, "discount": billed.discount, "amount": billed.amount}
        rows.append({"order_line_id": line_id, "level_id": level_id, **amounts, "is_fit": back.is_fit})
    return rows


def _take_back(session: Session, actor: Actor, purchase: PurchaseOrder, note: CreditNote, rows: list[dict[str, Any]]) -> None:
    variants = dict(session.execute(select(OrderLine.id, OrderLine.variant_id).where(OrderLine.order_id == purchase.order_id)).all())
    by_fate: defaultdict[bool, list[Allocation]] = defaultdict(list)
    for row in rows:
        by_fate[row["is_fit"]].append(Allocation(row["level_id"], variants[row["order_line_id"]], row["quantity"]))
    everything = [*by_fate[True], *by_fate[False]]
    reference = f"credit:{note.code}"
    stock_locks.lock_levels(session, everything)
    for fit, allocations in by_fate.items():
        if allocations:
            stock.take_back(session, allocations, reference, fit=fit, actor_id=actor.user_id)
    book_returns(session, purchase.order_id or 0, reference, everything)
    book_losses(session, level_ids=[allocation.level_id for allocation in by_fate[False]])


def _insert_numbered(
    session: Session, model: type[Invoice] | type[CreditNote], outlet: Outlet, year: int, word: str, values: dict[str, Any]
) -> int | None:
    """Write a paper with the next number of its seller's year. A rival with the same number is waited for, and the next one taken."""
    for _attempt in range(_TRIES):
        last = session.scalar(select(func.max(model.running)).where(model.outlet_id == outlet.id, model.year == year)) or 0
        code = f"{word}-{outlet.code}-{year}-{last + 1:04d}"
        row = {"code": code, "outlet_id": outlet.id, "year": year, "running": last + 1, **values}
        if ids := insert_new(session, model, [row]):
            return ids[0]
    return None


def _address(session: Session, partner: Partner) -> str:
    area = session.get_one(Area, partner.area_code)
    return f"{partner.address}, {describe_areas(session, [area])[area.code]}"[:300]
