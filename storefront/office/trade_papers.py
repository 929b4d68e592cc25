"""Papers of a partner's trade for the office: quote, confirmation, delivery note, invoice and credit note."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from kernel.errors import NotFound
from orders.wholesale import invoice_views, purchase_views, quote_views
from orders.wholesale.cartons import list_case_labels
from orders.wholesale.states import PLACED
from storefront.database import reading
from storefront.documents import trade_answers
from storefront.documents.answers import answer_pdf
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.security import current_actor
from storefront.templating import external


def trade_quote_pdf(code: str) -> ResponseReturnValue:
    """The last offer."""
    session = reading()
    view = quote_views.get_for_office(session, current_actor(), code, current_language())
    return trade_answers.answer_quote(session, view)


def trade_confirmation_pdf(code: str) -> ResponseReturnValue:
    """That we have the order, and on which terms."""
    return trade_answers.answer_confirmation(purchase_views.get_for_office(reading(), current_actor(), code, current_language()))


def trade_note_pdf(code: str) -> ResponseReturnValue:
    """What travels with the cartons."""
    view = purchase_views.get_for_office(reading(), current_actor(), code, current_language())
    if view.state not in PLACED or not view.batches:
        raise NotFound
    return trade_answers.answer_note(view)


def trade_cartons_pdf(code: str) -> ResponseReturnValue:
    """A label for each carton, with the bars that the partner's warehouse reads."""
    from storefront.documents.case_labels import draw_cases  # loaded with the first paper

    view = purchase_views.get_for_office(reading(), current_actor(), code, current_language())
    labels = list_case_labels(reading(), view.purchase.id)
    if not labels:
        raise NotFound
    return answer_pdf(draw_cases(labels, external("")), f"{_('Carton labels')} {view.code}")


def trade_invoice_pdf(code: str) -> ResponseReturnValue:
    """The invoice."""
    session, actor, language = reading(), current_actor(), current_language()
    invoice, order_code = invoice_views.find_for_office(session, actor, code)
    order = purchase_views.get_for_office(session, actor, order_code, language)
    return trade_answers.answer_invoice(invoice_views.view_of(session, invoice, order, language))


def trade_credit_pdf(code: str, note: str) -> ResponseReturnValue:
    """A credit note of an invoice."""
    session, actor, language = reading(), current_actor(), current_language()
    invoice, order_code = invoice_views.find_for_office(session, actor, code)
    order = purchase_views.get_for_office(session, actor, order_code, language)
    return trade_answers.answer_credit(invoice_views.view_of(session, invoice, order, language), note)
