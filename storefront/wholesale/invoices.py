"""A buyer's invoices: what is outstanding, one invoice with its payments, and paying by card."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import DomainError, NotFound
from orders import payments
from orders.gateways import GatewayRefused, GatewayUnavailable, PaymentMethod
from orders.states import UNDECIDED
from orders.wholesale import invoice_views, purchase_views, receivables
from orders.wholesale.buyers import Buyer
from orders.wholesale.invoice_views import InvoiceView
from storefront import trade_words
from storefront.database import end_reading, reading, transaction
from storefront.documents import trade_answers
from storefront.errors import message_of
from storefront.gateways import get_gateway, get_gateways
from storefront.i18n import current_language
from storefront.pages import asked_page, page_addresses
from storefront.payment_pages import close_at_provider
from storefront.security import current_actor
from storefront.templating import external
from storefront.wholesale.frame import enter, show


def invoices() -> ResponseReturnValue:
    """All of the company's invoices, and what it owes."""
    buyer = enter()
    page, rows = invoice_views.list_for_partner(reading(), buyer.audience, page=asked_page())
    return show(
        "wholesale/trade/invoices.html",
        buyer,
        page=page,
        rows=rows,
        standing=invoice_views.standing_of(reading(), buyer.audience),
        trade_says=trade_words,
        page_url=page_addresses("wholesale.invoices"),
    )


def invoice(code: str) -> ResponseReturnValue:
    """One invoice: what it bills, what was paid, and how to pay the rest."""
    buyer = enter()
    return _page(buyer, _view(buyer, code))


def invoice_pay(code: str) -> ResponseReturnValue:
    """Pay what is outstanding by card: opened with no transaction, recorded in the next one."""
    buyer = enter()
    view = _view(buyer, code)
    here = redirect(url_for("wholesale.invoice", code=code), 303)
    purchase_id, order_id = view.order.purchase.id, view.order.purchase.order_id or 0
    try:
        _close_earlier(order_id)
        with transaction() as session:
            payment_id = receivables.open_card_payment(session, current_actor(), purchase_id).id
    except DomainError as refusal:
        flash(message_of(refusal), "error")
        return here
    address = external(url_for("wholesale.invoice", code=code))
    view = _view(enter(), code)
    payment = payments.find_latest(reading(), order_id)
    if payment is None or payment.id != payment_id:
        return here
    request = receivables.request_of(reading(), payment, view.order.purchase, success_url=address, cancel_url=address)
    end_reading()
    try:
        started = get_gateway(PaymentMethod.STRIPE).start(request)
    except GatewayUnavailable as silence:
        flash(message_of(silence), "warning")
        return here
    except GatewayRefused as refusal:
        with transaction() as session:
            payments.record_refused(session, request.payment_id)
        flash(message_of(refusal), "error")
        return here
    with transaction() as session:
        payments.record_started(session, request.payment_id, started)
    return redirect(started.redirect_url, 303) if started.redirect_url else here


def invoice_look(code: str) -> ResponseReturnValue:
    """Ask the provider anew whether the card payment has arrived."""
    buyer = enter()
    order_id = _view(buyer, code).order.purchase.order_id or 0
    latest = payments.find_latest(reading(), order_id)
    if latest is not None and latest.reference and latest.state in UNDECIDED:
        gateway, reference, payment_id = get_gateway(latest.method), latest.reference, latest.id
        end_reading()
        try:
            facts = gateway.fetch(reference)
        except DomainError as silence:
            flash(message_of(silence), "warning")
            return redirect(url_for("wholesale.invoice", code=code), 303)
        with transaction() as session:
            payments.settle(session, payment_id, facts)
    return redirect(url_for("wholesale.invoice", code=code), 303)


def invoice_pdf(code: str) -> ResponseReturnValue:
    """The invoice on paper."""
    buyer = enter()
    return trade_answers.answer_invoice(_view(buyer, code))


def credit_pdf(code: str, note: str) -> ResponseReturnValue:
    """A credit note on paper."""
    buyer = enter()
    return trade_answers.answer_credit(_view(buyer, code), note)


def _close_earlier(order_id: int) -> None:
    """A card page that is still open is closed at the provider first: the buyer may have been faster."""
    latest = payments.find_latest(reading(), order_id)
    if latest is not None and latest.state in UNDECIDED and latest.reference:
        close_at_provider(latest)


def _view(buyer: Buyer, code: str) -> InvoiceView:
    session = reading()
    found, order_code = invoice_views.find_for_partner(session, buyer.audience, code)
    order = purchase_views.get_for_partner(session, buyer.audience, order_code, current_language())
    return invoice_views.view_of(session, found, order, current_language())


def _page(buyer: Buyer, view: InvoiceView) -> Response:
    if view.invoice.partner_id != buyer.audience.partner_id:
        raise NotFound
    card = get_gateways().get(PaymentMethod.STRIPE)
    latest = view.payments[-1] if view.payments else None
    return show(
        "wholesale/trade/invoice.html",
        buyer,
        view=view,
        can_pay_by_card=card is not None and card.minimum <= view.outstanding <= card.maximum,
        waits=latest is not None and latest.state in UNDECIDED and latest.reference is not None,
        trade_says=trade_words,
    )
