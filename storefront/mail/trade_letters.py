"""Letters to partners about quotes, deliveries and invoices: what happened, and where to look. Facts are read when one is written."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from orders.models.invoice import Invoice
from orders.models.partner import Partner
from orders.models.purchase import Dispatch, GoodsReceipt, PurchaseOrder
from orders.models.quote import Quote
from orders.wholesale.states import PurchaseState, QuoteState
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.mail.letters import Letter, Payload, public_url, write
from storefront.templating import day, rupiah


def quote_offered(payload: Payload) -> Letter | None:
    """An offer waits for an answer; None when the quote has moved on before the letter was written."""
    quote = reading().scalar(select(Quote).where(Quote.id == payload["quote_id"]).options(joinedload(Quote.partner)))
    if quote is None or quote.state is not QuoteState.OFFERED or quote.valid_until_on is None:
        return None
    lines = [_("we have made you an offer. It holds until %(day)s.", day=day(quote.valid_until_on))]
    subject = _("Our offer for your quote %(code)s", code=quote.code)
    return _write(subject, payload, quote.partner, lines, _("Look at the offer"), public_url("wholesale.quote", code=quote.code))


def purchase_waits(payload: Payload) -> Letter | None:
    """A colleague ordered more than they may alone; None once somebody has decided."""
    purchase = _purchase(payload["purchase_id"])
    if purchase.state is not PurchaseState.WAITING:
        return None
    lines = [
        _("order %(number)s of your company waits for you: it is above what its buyer may order alone.", number=purchase.partner_number),
        _("Nothing is bound before an approver agrees."),
    ]
    return _about(_("Waits for your yes: order %(number)s", number=purchase.partner_number), payload, purchase, lines)


def purchase_decided(payload: Payload) -> Letter:
    """An approver agreed, or not."""
    purchase = _purchase(payload["purchase_id"])
    if purchase.state is PurchaseState.REJECTED:
        lines = [
            _("your company does not agree to order %(number)s; nothing was ordered.", number=purchase.partner_number),
            purchase.reason,
        ]
        return _about(_("Not agreed: order %(number)s", number=purchase.partner_number), payload, purchase, lines)
    lines = [_("your company agreed to order %(number)s. It is with the office now.", number=purchase.partner_number)]
    return _about(_("Agreed: order %(number)s", number=purchase.partner_number), payload, purchase, lines)


def purchase_promised(payload: Payload) -> Letter | None:
    """The order is confirmed for a day; None once it has left or was called off."""
    purchase = _purchase(payload["purchase_id"])
    if purchase.state is not PurchaseState.PREPARING or purchase.promised_on is None:
        return None
    lines = [
        _("your order %(number)s is confirmed and leaves on %(day)s.", number=purchase.partner_number, day=day(purchase.promised_on)),
        _("The confirmation is on its page as a PDF."),
    ]
    return _about(_("Confirmed: your order %(number)s", number=purchase.partner_number), payload, purchase, lines)


def claims_settled(payload: Payload) -> Letter:
    """The office has answered what was missing or wrong."""
    purchase = _purchase(payload["purchase_id"])
    answer = reading().scalar(select(GoodsReceipt.answer).where(GoodsReceipt.purchase_id == purchase.id)) or ""
    lines = [
        _("we have answered your claims about order %(number)s. What we agreed to is not billed.", number=purchase.partner_number),
        *([answer] if answer else []),
    ]
    return _about(_("Your claims: order %(number)s", number=purchase.partner_number), payload, purchase, lines)


def goods_dispatched(payload: Payload) -> Letter | None:
    """The order is on its way; None once it was received."""
    purchase = _purchase(payload["purchase_id"])
    sent = reading().scalar(select(Dispatch).where(Dispatch.purchase_id == purchase.id))
    if purchase.state is not PurchaseState.DISPATCHED or sent is None:
        return None
    lines = [_("your order %(number)s is on its way with %(carrier)s.", number=purchase.partner_number, carrier=sent.carrier)]
    if sent.expected_on:
        lines.append(_("We expect it to arrive on %(day)s.", day=day(sent.expected_on)))
    lines.append(_("Please count it on arrival and confirm it on its page; there you can also claim missing or damaged units."))
    subject = _("On its way: your order %(number)s", number=purchase.partner_number)
    address = public_url("wholesale.purchase", code=purchase.code)
    return _write(subject, payload, purchase.partner, lines, _("Count and confirm"), address)


def invoice_issued(payload: Payload) -> Letter:
    """An invoice with its due day."""
    invoice, purchase = _invoice(payload["invoice_id"])
    lines = [
        _("the invoice for your order %(number)s comes to %(amount)s.", number=purchase.partner_number, amount=rupiah(invoice.total)),
        _("Please pay by %(day)s and name the invoice number.", day=day(invoice.due_on)),
    ]
    subject = _("Invoice %(code)s", code=invoice.code)
    return _write(subject, payload, purchase.partner, lines, _("Look at the invoice"), public_url("wholesale.invoice", code=invoice.code))


def invoice_reminder(payload: Payload) -> Letter | None:
    """Before the due day, or after it; None when it was paid before the letter was written."""
    invoice, purchase = _invoice(payload["invoice_id"])
    if purchase.outstanding <= 0:
        return None
    amount, on = rupiah(purchase.outstanding), day(invoice.due_on)
    if payload["step"] < 0:
        subject = _("Due soon: invoice %(code)s", code=invoice.code)
        lines = [_("%(amount)s of invoice %(code)s is due on %(day)s.", amount=amount, code=invoice.code, day=on)]
    else:
        subject = _("Overdue: invoice %(code)s", code=invoice.code)
        lines = [_("%(amount)s of invoice %(code)s was due on %(day)s.", amount=amount, code=invoice.code, day=on)]
    lines.append(_("If you have paid in the meantime, please forget this letter."))
    return _write(subject, payload, purchase.partner, lines, _("Look at the invoice"), public_url("wholesale.invoice", code=invoice.code))


def _write(subject: str, payload: Payload, partner: Partner, lines: list[str], button: str, link: str) -> Letter:
    name = payload.get("name") or partner.contact_name
    return write("trade", subject, payload["email"], name=name, lines=lines, button=button, link=link)


def _about(subject: str, payload: Payload, purchase: PurchaseOrder, lines: list[str]) -> Letter:
    return _write(subject, payload, purchase.partner, lines, _("Look at the order"), public_url("wholesale.purchase", code=purchase.code))


def _purchase(purchase_id: int) -> PurchaseOrder:
    statement = select(PurchaseOrder).where(PurchaseOrder.id == purchase_id).options(joinedload(PurchaseOrder.partner))
    return reading().scalars(statement.execution_options(populate_existing=True)).one()


def _invoice(invoice_id: int) -> tuple[Invoice, PurchaseOrder]:
    invoice = reading().get_one(Invoice, invoice_id)
    return invoice, _purchase(invoice.purchase_id)
