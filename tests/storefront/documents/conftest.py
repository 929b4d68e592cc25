"""Drawing in tests: inside a request, in a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from orders import documents, queries
from orders.documents import SaleDocument
from orders.models.order import Order

Look = Callable[[Order], queries.OrderView]


@pytest.fixture
def look(app: Flask, session: Session) -> Iterator[Look]:
    """`look(order)`: the order as its buyer sees it, while a request is on."""
    with app.test_request_context():

        def view_of(order: Order) -> queries.OrderView:
            session.flush()
            return queries.get_order_by_token(session, order.token)

        yield view_of


def confirmation(view: queries.OrderView) -> SaleDocument:
    return documents.make_confirmation(view)
