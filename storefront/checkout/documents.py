"""The buyer's papers by the order's link: confirmation from the first moment, receipt once it is paid."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from orders.documents import make_confirmation, read_receipt
from orders.queries import get_order_by_token
from storefront.database import reading
from storefront.documents.answers import answer_sale


def order_confirmation(token: str) -> ResponseReturnValue:
    """The promise as PDF, in the language of the order; 404 once the order is over without goods."""
    return answer_sale(make_confirmation(get_order_by_token(reading(), token)))


def order_receipt(token: str) -> ResponseReturnValue:
    """The receipt as PDF, with `?paper=80mm` for a roll; 404 before the money is here."""
    session = reading()
    return answer_sale(read_receipt(session, get_order_by_token(session, token)), request.args.get("paper", ""))
