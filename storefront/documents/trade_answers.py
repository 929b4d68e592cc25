"""Partners' papers in words, and the answers that carry them: quote, confirmation, delivery note, invoice, credit note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.errors import NotFound
from kernel.locales import pick
from orders.documents import amount_in_words
from orders.models.invoice import CreditKind
from orders.models.order import OrderLine
from orders.models.partner import Partner
from orders.queries import OutletView
from orders.wholesale.invoice_views import InvoiceView
from orders.wholesale.purchase_views import BatchView, PurchaseView
from orders.wholesale.quote_views import QuoteView
from storefront.database import reading
from storefront.documents.answers import answer_pdf
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import day, moment, number, rupiah

if TYPE_CHECKING:
    from storefront.documents.sale import Sum


def answer_quote(session: Session, view: QuoteView) -> Response:
    """The office's last offer; NotFound before the first."""
    from storefront.documents.sheet import Fact
    from storefront.documents.trade_paper import Column, Row, TradePaper, draw_trade

    offer = view.offered
    if offer is None or offer.valid_until_on is None:
        raise NotFound
    partner, outlet = session.get_one(Partner, view.partner_id), session.get_one(Outlet, view.outlet_id)
    facts = [
        Fact(_("Date"), moment(offer.at, view.zone)),
        Fact(_("Valid until"), day(offer.valid_until_on)),
        Fact(_("Payment"), payment_words(offer.payment_days, is_prepaid=partner.credit_limit == 0)),
        Fact(_("Delivery to"), view.branch_name),
        *([Fact(_("Wanted on"), day(view.wanted_on))] if view.wanted_on else []),
    ]
    paper = TradePaper(
        title=_("Quote"),
        code=f"{view.code} / {offer.number}",
        made_at=offer.at,
        outlet=OutletView.of(outlet),
        buyer_title=_("For"),
        buyer=_buyer(partner),
        facts=tuple(facts),
        first=_("Product"),
        columns=(Column(_("Cases"), 18), Column(_("Units"), 20), Column(_("Price"), 24), Column(_("Amount"), 32)),
        rows=tuple(
            Row(
                line.name,
                _("%(sku)s, %(units)s units in a case", sku=line.sku, units=line.units_per_case),
                (number(line.cases), number(line.units), rupiah(line.unit_price or 0), rupiah(line.total or 0)),
            )
            for line in offer.lines
        ),
        sums=tuple(_sums(offer.goods, offer.terms, offer.freight, offer.total)),
        words=amount_in_words(offer.total, current_language()),
        notes=tuple(note for note in (offer.message, _("Prices are for one unit and include every tax.")) if note),
        foot=_("Accept it on our wholesale pages with your order number. The price holds until the last day, whatever the list says."),
    )
    return answer_pdf(draw_trade(paper), f"{_('Quote')} {view.code}")


def answer_confirmation(view: PurchaseView) -> Response:
    """That the order is in our books, on which terms."""
    from storefront.documents.sheet import Fact
    from storefront.documents.trade_paper import Column, Row, TradePaper, draw_trade

    purchase = view.purchase
    facts = [
        Fact(_("Your order number"), purchase.partner_number),
        Fact(_("Ordered"), moment(purchase.created_at, view.outlet.zone)),
        Fact(_("Payment"), payment_words(purchase.payment_days, is_prepaid=purchase.is_prepaid)),
        *([Fact(_("Leaves on"), day(purchase.promised_on))] if purchase.promised_on else []),
    ]
    rows = [
        Row(
            _name(line.name_id, line.name_en),
            _("%(units)s units in a case", units=line.units_per_case),
            (number(line.cases), number(line.units), rupiah(line.unit_price), rupiah(line.total)),
        )
        for line in view.lines
    ]
    paper = TradePaper(
        title=_("Order confirmation"),
        code=view.code,
        made_at=purchase.created_at,
        outlet=OutletView.of(view.outlet),
        buyer_title=_("Buyer"),
        buyer=(*_buyer(view.partner), _("Delivery to: %(place)s", place=f"{view.branch.name}, {view.branch.address}, {view.branch_area}")),
        facts=tuple(facts),
        first=_("Product"),
        columns=(Column(_("Cases"), 18), Column(_("Units"), 20), Column(_("Price"), 24), Column(_("Amount"), 32)),
        rows=tuple(rows),
        sums=tuple(_sums(purchase.goods, purchase.terms, purchase.freight, purchase.total)),
        words=amount_in_words(purchase.total, current_language()),
        notes=(purchase.note,) if purchase.note else (),
        foot=_("Issued by %(operator)s. This confirmation is not a proof of payment.", operator=view.outlet.operator_name),
    )
    return answer_pdf(draw_trade(paper), f"{_('Order confirmation')} {view.code}")


def answer_note(view: PurchaseView) -> Response:
    """What travels with the cartons: every batch with its maker, village and carton numbers."""
    from storefront.documents.sheet import Fact
    from storefront.documents.trade_paper import Column, Row, TradePaper, draw_trade

    sent = view.dispatch
    facts = [Fact(_("Your order number"), view.purchase.partner_number), Fact(_("Order"), view.code)]
    if sent is not None:
        facts.append(Fact(_("Left on"), moment(sent.dispatched_at, view.outlet.zone)))
        facts.append(Fact(_("Carrier"), " · ".join(part for part in (sent.carrier, sent.vehicle) if part)))
    rows = [
        Row(
            batch.name,
            " · ".join(
                part
                for part in (
                    f"{batch.maker_name}, {batch.village_name}",
                    _("lot %(lot)s", lot=batch.lot_code),
                    _("best before %(day)s", day=day(batch.best_before_on)) if batch.best_before_on else "",
                )
                if part
            ),
            (_cartons(batch), number(batch.cartons), number(batch.units)),
        )
        for batch in view.batches
    ]
    together = Row(_("Together"), "", ("", number(view.packed), number(sum(batch.units for batch in view.batches))))
    notes = [_("Please count on arrival and note missing, damaged or short-dated units batch by batch.")]
    if sent is not None and sent.note:
        notes.append(sent.note)
    if view.branch.receiving_note:
        notes.append(view.branch.receiving_note)
    contact = " · ".join(part for part in (view.branch.contact_name, view.branch.contact_phone) if part)
    paper = TradePaper(
        title=_("Dispatch note"),
        code=view.code,
        made_at=sent.dispatched_at if sent else view.purchase.changed_at,
        outlet=OutletView.of(view.outlet),
        buyer_title=_("Delivered to"),
        buyer=(view.partner.legal_name, view.branch.name, view.branch.address, view.branch_area, contact),
        facts=tuple(facts),
        first=_("Product and batch"),
        columns=(Column(_("Carton numbers"), 30), Column(_("Cartons"), 18), Column(_("Units"), 20)),
        rows=(*rows, together),
        notes=tuple(notes),
        signatures=(_("Sent by"), _("Driver"), _("Received by, name and stamp")),
        foot=_("Both sides keep a copy. Each carton holds units of one batch only."),
    )
    return answer_pdf(draw_trade(paper), f"{_('Delivery note')} {view.code}")


def answer_invoice(view: InvoiceView) -> Response:
    """The invoice with the amount in words, the tax inside, and the stamp's place where it is due."""
    from storefront.documents.sale import tax_sums
    from storefront.documents.sheet import Fact
    from storefront.documents.trade_paper import Column, Row, TradePaper, draw_trade

    invoice, purchase, outlet = view.invoice, view.order.purchase, view.order.outlet
    rows = [
        Row(line.name, f"{line.maker_name} · {line.village_name}", (number(line.quantity), rupiah(line.unit_price), rupiah(line.gross)))
        for line in view.lines
    ]
    notes = [_("Please pay by %(day)s and name the invoice number.", day=day(invoice.due_on))]
    if outlet.bank_name:
        account = f"{outlet.bank_name} {outlet.bank_account_number}, {outlet.bank_account_name}"
        notes.append(_("Bank account: %(account)s", account=account))
    paper = TradePaper(
        title=_("Invoice"),
        code=invoice.code,
        made_at=invoice.issued_at,
        outlet=OutletView.of(outlet),
        buyer_title=_("Billed to"),
        buyer=_billed(view),
        facts=(
            Fact(_("Invoice date"), day(invoice.issued_on)),
            Fact(_("Due on"), day(invoice.due_on)),
            Fact(_("Your order number"), purchase.partner_number),
            Fact(_("Order"), purchase.code),
        ),
        first=_("Product"),
        columns=(Column(_("Units"), 22), Column(_("Price"), 28), Column(_("Amount"), 34)),
        rows=tuple(rows),
        sums=tuple(_sums(invoice.goods, invoice.terms, invoice.freight, invoice.total)),
        small=tuple(tax_sums(view.tax)) if view.tax else (),
        words=amount_in_words(invoice.total, current_language()),
        notes=tuple(notes),
        signatures=("", _("For %(operator)s", operator=outlet.operator_name)),
        has_stamp=view.needs_stamp,
        foot=_("Issued by %(operator)s.", operator=outlet.operator_name),
    )
    return answer_pdf(draw_trade(paper), invoice.code)


def answer_credit(view: InvoiceView, code: str) -> Response:
    """A credit note; NotFound when it is not one of this invoice."""
    from storefront.documents.sale import Sum
    from storefront.documents.sheet import Fact
    from storefront.documents.trade_paper import Column, Row, TradePaper, draw_trade

    note = next((each for each in view.order.credit_notes if each.code == code.upper()), None)
    if note is None:
        raise NotFound
    outlet = view.order.outlet
    if note.kind is CreditKind.GOODS:
        sold = reading().scalars(select(OrderLine).where(OrderLine.id.in_([line.order_line_id for line in note.lines])))
        names = {line.id: _name(line.name_id, line.name_en) for line in sold}
        rows = [Row(names[line.order_line_id], "", (number(line.quantity), rupiah(line.amount))) for line in note.lines]
    else:
        rows = [Row(_("Money off"), note.reason, ("", rupiah(note.amount)))]
    paper = TradePaper(
        title=_("Credit note"),
        code=note.code,
        made_at=note.issued_at,
        outlet=OutletView.of(outlet),
        buyer_title=_("Credited to"),
        buyer=_billed(view),
        facts=(Fact(_("Date"), day(note.issued_on)), Fact(_("Invoice"), view.invoice.code), Fact(_("Order"), view.order.code)),
        first=_("What for"),
        columns=(Column(_("Units"), 22), Column(_("Amount"), 34)),
        rows=tuple(rows),
        sums=(Sum(_("Credited"), note.amount, "grand"),),
        words=amount_in_words(note.amount, current_language()),
        notes=(_("Reason: %(reason)s", reason=note.reason),),
        signatures=("", _("For %(operator)s", operator=outlet.operator_name)),
        foot=_("It is taken off invoice %(code)s.", code=view.invoice.code),
    )
    return answer_pdf(draw_trade(paper), note.code)


def payment_words(days: int, *, is_prepaid: bool) -> str:
    """When the money is due."""
    if is_prepaid:
        return _("in advance")
    return _("%(days)s days after the invoice", days=days) if days else _("on receipt of the invoice")


def _sums(goods: int, terms: int, freight: int, total: int) -> list[Sum]:
    from storefront.documents.sale import Sum

    found = [Sum(_("Goods"), goods)] if terms or freight else []
    if terms:
        found.append(Sum(_("Trading terms"), -terms))
    if freight:
        found.append(Sum(_("Freight"), freight))
    return [*found, Sum(_("Total"), total, "grand")]


def _buyer(partner: Partner) -> tuple[str, ...]:
    return (partner.legal_name, partner.address, _npwp(partner.npwp))


def _billed(view: InvoiceView) -> tuple[str, ...]:
    invoice = view.invoice
    return (invoice.buyer_name, invoice.buyer_address, _npwp(invoice.buyer_npwp))


def _npwp(number: str) -> str:
    from storefront.documents.sheet import npwp_text

    return f"NPWP {npwp_text(number)}" if number else ""


def _name(name_id: str, name_en: str) -> str:
    return pick(current_language(), name_id, name_en)


def _cartons(batch: BatchView) -> str:
    """The numbers on the cartons of a batch: `3`, or `3-7`."""
    first, last = batch.first_carton, batch.last_carton
    return str(first) if first == last else f"{first}-{last}"
