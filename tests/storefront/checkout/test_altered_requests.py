"""A1, A2: every field of every checkout request altered, and quantities that are none: the server's own price is what is paid."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import DomainError
from kernel.parsing import parse_whole_number
from orders.gateways import NullGateway
from orders.models.cart import CartLine
from orders.models.order import Order
from orders.models.payment import Payment
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer

PRICE = 25_000
#: What somebody adds to the form who hopes that we believe it.
INVENTED = [
    *("price", "unit_price", "price_rupiah", "amount", "total", "total_rupiah", "subtotal", "discount", "goods_total", "due"),
    *("shipping", "shipping_price", "shipping_total", "shipping_rate", "weight", "currency", "tax", "tax_bps", "ppn", "paid", "state"),
    *("quantity", "variant", "lines[0][price]", "cart", "order_id", "user_id", "role", "is_paid", "payment_id", "reference"),
]
VALUES = ["0", "-25000", "0.01", "usd", "99999999999999999999"]
#: Answers that are refusals; 303 is an order, or the way back to the cart.
REFUSED = {400, 404, 413, 422}
_INPUT = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
_NAME, _VALUE, _KIND = re.compile(r'\bname="([^"]+)"'), re.compile(r'\bvalue="([^"]*)"'), re.compile(r'\btype="([^"]+)"')


def fields_of(page: str) -> dict[str, str]:
    """Every field of the page's forms by name; of several with one name, the checked or the first."""
    found: dict[str, str] = {}
    for tag in _INPUT.findall(page):
        name, value, kind = _NAME.search(tag), _VALUE.search(tag), _KIND.search(tag)
        if name is None or (kind and kind[1] in ("radio", "checkbox") and "checked" not in tag):
            continue
        found.setdefault(name[1], unescape(value[1]) if value else "")
    return found


def assert_fair(answer_status: int, location: str | None, session: Session, gateway: NullGateway, case: str) -> None:
    """Refused, or an order whose price is ours, at the provider too."""
    session.expire_all()
    orders = session.scalars(select(Order)).all()
    assert answer_status in REFUSED or answer_status == 303, f"{case}: {answer_status}"
    for order in orders:
        units = order.subtotal // PRICE
        assert order.subtotal == order.total == units * PRICE > 0, case
        for payment in session.scalars(select(Payment).where(Payment.order_id == order.id)):
            assert payment.amount == order.total, case
            if payment.idempotency_key in gateway.requests:
                request = gateway.requests[payment.idempotency_key]
                assert (request.amount, request.lines_total) == (order.total, order.total), case
    if answer_status == 303 and urlsplit(location or "").netloc == "pay.example":
        assert orders, case


def test_a1_whatever_field_is_altered_or_invented_the_price_is_ours(
    client: FlaskClient,
    buyer: Buyer,
    goods: Goods,
    gateway: NullGateway,
    session: Session,
) -> None:
    cases = 0
    contact = {"name": "Pembeli Contoh", "phone": "0812 3456 7890", "email": "", "payment_method": "stripe"}
    buyer.put(goods)
    known = fields_of(client.get("/checkout").text)
    assert {"checkout_key", "seen_total", "outlet"} <= set(known)
    alterations = [(name, value) for name in [*INVENTED, *(known | contact)] for value in VALUES]
    for name, value in alterations:
        with session.begin_nested() as turn:
            buyer.put(goods)
            answer = client.post("/checkout", data={**known, **contact, name: value})
            assert_fair(answer.status_code, answer.location, session, gateway, f"{name}={value}")
            turn.rollback()
        cases += 1
    assert cases >= 200


@pytest.mark.parametrize("field", ["price", "unit_price", "total", "currency", "discount", "seen_price"])
def test_a1_a_cart_line_has_the_price_of_the_shelf(client: FlaskClient, goods: Goods, session: Session, field: str) -> None:
    for value in VALUES:
        client.post("/cart/lines", data={"variant": goods.variant.code, "quantity": "2", field: value})
        client.post(f"/cart/lines/{goods.variant.code}", data={"quantity": "2", field: value})
    session.expire_all()
    assert session.scalars(select(CartLine.seen_price)).all() == [PRICE]
    assert "Rp50.000" in client.get("/cart").text.replace("\xa0", "")


QUANTITIES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["-1", "0", "1.5", "1e9", "NaN", "١٢", "１２", "0x10", "1_000", " 3 ", "+3", "3\x00", "null", "[]", "true", "9" * 400]),
)


def _never_more_than_sense(client: FlaskClient, session: Session, goods: Goods, text: str) -> None:
    for address, data in (
        ("/cart/lines", {"variant": goods.variant.code, "quantity": text}),
        (f"/cart/lines/{goods.variant.code}", {"quantity": text}),
        ("/cart/lines", {"variant": goods.variant.code, "quantity": ["1", text]}),
    ):
        answer = client.post(address, data=data)
        assert answer.status_code in REFUSED | {303}, (text, answer.status_code)
    session.expire_all()
    kept = session.scalars(select(CartLine.quantity)).all()
    assert all(1 <= quantity <= 99 for quantity in kept), (text, kept)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUANTITIES)
def test_a2_a_quantity_that_makes_no_sense_never_reaches_the_cart(client: FlaskClient, session: Session, goods: Goods, text: str) -> None:
    _never_more_than_sense(client, session, goods, text)


@pytest.mark.long
@settings(max_examples=5_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUANTITIES)
def test_a2_five_thousand_quantities(client: FlaskClient, session: Session, goods: Goods, text: str) -> None:
    _never_more_than_sense(client, session, goods, text)


@settings(max_examples=300)
@given(QUANTITIES)
def test_a2_what_is_read_as_a_quantity_is_one(text: str) -> None:
    """The reading itself, without a page around it."""
    try:
        quantity = parse_whole_number(text, 1, 99, "quantity")
    except DomainError:
        return
    assert 1 <= quantity <= 99
