"""Papers that staff print: the packing slip of one order or of a choice from the queue, and the buyer's receipt."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from orders.documents import PackingSlip, list_slips, make_slip, read_receipt
from orders.queries import get_order_for_staff
from storefront.database import reading
from storefront.documents.answers import answer_pdf, answer_sale
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.frame import asked
from storefront.security import current_actor


def packing_slip(code: str) -> ResponseReturnValue:
    """What to pack for one order, in the language of whoever packs it; 409 while the goods stay on the shelf."""
    session = reading()
    return _slips([make_slip(session, get_order_for_staff(session, current_actor(), code, current_language()))])


def print_slips() -> ResponseReturnValue:
    """The slips of the orders ticked in the queue in one PDF: `?codes=…` as often as there are orders, or with commas."""
    codes = [code for text in request.args.getlist("codes") for code in text.split(",")]
    slips = list_slips(reading(), current_actor(), codes, current_language())
    if not slips:
        flash(_("Tick the orders whose packing slips you want to print."), "info")
        return redirect(url_for("office.orders"), 303)
    return _slips(slips)


def print_receipt(code: str) -> ResponseReturnValue:
    """The buyer's receipt, in the buyer's language; `?paper=80mm` for the roll."""
    session = reading()
    return answer_sale(read_receipt(session, get_order_for_staff(session, current_actor(), code)), asked("paper", 8))


def _slips(slips: list[PackingSlip]) -> Response:
    from storefront.documents.slips import draw_slips  # loaded with the first paper, as in storefront.documents.answers

    name = f"{_('Packing slip')} {slips[0].order.code}" if len(slips) == 1 else _("Packing slips")
    return answer_pdf(draw_slips(slips), name)
