"""The buyer's files by the order's link: the code to pay with, confirmation from the first moment, receipt once it is paid."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from kernel.errors import NotFound
from orders.counter.sold import find_sold
from orders.documents import make_confirmation, read_receipt
from orders.gateways import PaymentMethod
from orders.models.order import Channel
from orders.queries import get_order_by_token
from storefront.checkout.local_payment import qris_file
from storefront.database import reading
from storefront.documents.answers import answer_receipt, answer_sale


def order_confirmation(token: str) -> ResponseReturnValue:
    """The promise as PDF, in the language of the order; 404 once the order is over without goods."""
    return answer_sale(make_confirmation(get_order_by_token(reading(), token)))


def order_receipt(token: str) -> ResponseReturnValue:
    """The receipt as PDF, with `?paper=80mm` for a roll; 404 before the money is here.

    Of a counter sale `?paper=58mm` and `80mm` are the till's own receipt, marked as a copy with `&copy=1`.
    """
    session, paper = reading(), request.args.get("paper", "")
    view = get_order_by_token(session, token)
    sold = find_sold(session, view.order_id) if view.channel is Channel.COUNTER and paper in ("58mm", "80mm") else None
    if sold is not None:
        return answer_receipt(view, sold, paper, is_copy="copy" in request.args)
    return answer_sale(read_receipt(session, view), paper)


def order_qris(token: str) -> ResponseReturnValue:
    """The QRIS code as a picture to keep; 404 when there is nothing to pay with it, or no longer."""
    view = get_order_by_token(reading(), token)
    if not view.shows_code or view.payment.method is not PaymentMethod.QRIS:
        raise NotFound
    answer = Response(qris_file(view), mimetype="image/png")
    answer.headers.set("Content-Disposition", "attachment", filename=f"QRIS-{view.code}.png")
    answer.headers["Cache-Control"] = "no-store"
    return answer
