"""Letters about invoices that are about to be due, or were not paid: each of them once (docs/invoices.md)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock, outbox
from kernel.outbox import OutboxMessage
from orders.models.invoice import Invoice
from orders.models.partner import Partner
from orders.models.purchase import PurchaseOrder
from orders.wholesale.billing import REMINDER_DAYS, reminder_due

MAIL_REMINDER = "mail.invoice_reminder"


def write_reminders(session: Session) -> int:
    """Queue what is due today and was not queued before; how many letters. Run it as often as you like."""
    soonest = clock.today() + timedelta(days=1 - min(REMINDER_DAYS))
    statement = (
        select(Invoice.id, Invoice.code, Invoice.due_on, Partner.contact_email, Partner.language, Outlet.zone)
        .join(PurchaseOrder, PurchaseOrder.id == Invoice.purchase_id)
        .join(Partner, Partner.id == Invoice.partner_id)
        .join(Outlet, Outlet.id == Invoice.outlet_id)
        .where(PurchaseOrder.owed - PurchaseOrder.paid + PurchaseOrder.returned > 0, Invoice.due_on <= soonest)
        .order_by(Invoice.id)
    )
    due = {}
    for invoice_id, code, due_on, email, language, zone in session.execute(statement):
        step = reminder_due(due_on, clock.today(zone))
        if step is not None:
            due[f"{MAIL_REMINDER}:{code}:{step}"] = {"invoice_id": invoice_id, "email": email, "language": language, "step": step}
    known = set(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(due)))) if due else set()
    for key, payload in due.items():
        if key not in known:
            outbox.enqueue(session, MAIL_REMINDER, key, payload)
    return len(due.keys() - known)
