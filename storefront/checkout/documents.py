"""The buyer's papers by the order's link: confirmation from the first moment, receipt once it is paid."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from orders.counter.sold import find_sold
from orders.documents import make_confirmation, read_receipt
from orders.models.order import Channel
from orders.queries import get_order_by_token
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
