"""Paying the outlet directly: what the buyer is shown, a code that scanners read, and other ways when it does not suit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
import resvg_py
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.people import SYSTEM
from orders import fulfilment, manual_payments
from orders.gateways import NullGateway, PaymentMethod
from orders.models.order import Order
from orders.states import OrderState, PaymentState
from storefront.gateways import LOCAL_GATEWAYS
from tests.conftest import StatementCounter
from tests.make_orders import payment_of
from tests.make_payments import make_taking_outlet, static_qris
from tests.make_stock import Goods, make_goods
from tests.storefront.checkout.conftest import Buyer


@pytest.fixture
def gateway(app: Flask) -> Iterator[NullGateway]:
    """All ways to pay, the card last, as the shop has them."""
    gateway = NullGateway()
    app.extensions["etalase.gateways"] = {each.method: each for each in LOCAL_GATEWAYS} | {PaymentMethod.STRIPE: gateway}
    yield gateway
    del app.extensions["etalase.gateways"]


@pytest.fixture
def goods(session: Session) -> Goods:
    """Ten packs at Rp25.000 at an outlet that takes QRIS and transfers."""
    goods = make_goods(session, 10, outlet=make_taking_outlet(session))
    session.commit()
    return goods


@pytest.fixture
def buyer(client: FlaskClient, goods: Goods, gateway: NullGateway) -> Buyer:
    """A guest in front of the shelf."""
    return Buyer(client)


def place(buyer: Buyer, goods: Goods, session: Session, method: str) -> Order:
    buyer.put(goods)
    assert buyer.order(payment_method=method).status_code == 303
    return session.scalars(select(Order)).one()


def offered(text: str) -> list[str]:
    return re.findall(r'name="payment_method" value="([a-z_]+)"', text)


def test_local_ways_come_before_the_card(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods)
    assert offered(buyer.client.get("/checkout").text) == ["qris", "bank_transfer", "pay_at_pickup", "stripe"]


def test_an_outlet_without_a_code_or_account_offers_neither(client: FlaskClient, session: Session, gateway: NullGateway) -> None:
    goods = make_goods(session, 5)
    session.commit()
    buyer = Buyer(client)
    buyer.put(goods)
    assert offered(client.get("/checkout").text) == ["pay_at_pickup", "stripe"]
    assert buyer.order(payment_method="qris").status_code == 422
    assert session.scalars(select(Order)).all() == []


def test_with_two_outlets_the_page_says_where_and_the_other_refuses(buyer: Buyer, goods: Goods, session: Session) -> None:
    other = make_goods(session, 10).outlet
    session.commit()
    buyer.put(goods)
    page = buyer.client.get("/checkout").text
    assert f"Hanya di: {goods.outlet.name}." in page
    answer = buyer.order(payment_method="qris", outlet=other.slug)
    assert answer.status_code == 422
    assert "Tempat ini tidak menerima cara bayar ini" in answer.text
    assert session.scalars(select(Order)).all() == []


def test_the_limit_of_qris_is_said_when_the_cart_is_above_it(client: FlaskClient, session: Session, gateway: NullGateway) -> None:
    goods = make_goods(session, 5, outlet=make_taking_outlet(session), price=5_000_001)
    session.commit()
    buyer = Buyer(client)
    buyer.put(goods, 2)
    page = client.get("/checkout").text
    assert "qris" not in offered(page)
    assert "paling banyak Rp10.000.000" in page
    assert buyer.order(payment_method="qris").status_code == 422


def decode_tlv(text: str) -> dict[str, str]:
    """A decoder of the tests' own: nothing of orders.qris."""
    found, rest = {}, text
    while rest:
        tag, length = rest[:2], int(rest[2:4])
        found[tag], rest = rest[4 : 4 + length], rest[4 + length :]
    return found


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE, bit by bit."""
    register = 0xFFFF
    for byte in text.encode():
        for bit in range(7, -1, -1):
            top = (register >> 15) ^ ((byte >> bit) & 1)
            register = ((register << 1) & 0xFFFF) ^ (0x1021 if top else 0)
    return f"{register:04X}"


def test_the_code_on_the_page_scans_to_the_exact_amount(buyer: Buyer, goods: Goods, session: Session, tmp_path: object) -> None:
    order = place(buyer, goods, session, "qris")
    page = buyer.client.get(f"/orders/{order.token}").text
    drawings = re.findall(r"<svg[^>]*qris-symbol.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 1
    assert "style=" not in drawings[0]  # the policy forbids it
    drawing = drawings[0] if "xmlns=" in drawings[0] else drawings[0].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    path = f"{tmp_path}/qris.png"
    with open(path, "wb") as file:
        file.write(bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=709)))  # 6 cm at 300 dots per inch
    with Image.open(path) as image:
        on_black = Image.new("RGB", (image.width + 40, image.height + 40))  # a dark page around it
        on_black.paste(image.convert("RGB"), (20, 20))
        assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
        found = zxingcpp.read_barcodes(on_black)
    assert len(found) == 1
    payload = found[0].text
    fields = decode_tlv(payload)
    assert payload[-4:] == crc(payload[:-4])
    assert (fields["01"], fields["53"], fields["54"], fields["58"]) == ("12", "360", "25000", "ID")
    assert decode_tlv(fields["62"])["01"] == order.code
    static = decode_tlv(static_qris())
    assert {tag: fields[tag] for tag in ("26", "52", "59", "60")} == {tag: static[tag] for tag in ("26", "52", "59", "60")}


def test_whoever_pays_on_the_same_phone_keeps_the_code_as_a_picture(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session, "qris")
    address = f"/orders/{order.token}/qris.png"
    assert address in buyer.client.get(f"/orders/{order.token}").text
    answer = buyer.client.get(address)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/png", "no-store")
    with Image.open(BytesIO(answer.data)) as image:
        fields = decode_tlv(zxingcpp.read_barcodes(image.convert("RGB"))[0].text)
    assert (fields["54"], decode_tlv(fields["62"])["01"]) == ("25000", order.code)
    buyer.client.post(f"/orders/{order.token}/payment", data={"payment_method": "bank_transfer"})
    assert buyer.client.get(address).status_code == 404


def test_the_qris_page_asks_for_nothing_and_looks_again_slowly(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session, "qris")
    page = buyer.client.get(f"/orders/{order.token}").text
    assert '<meta http-equiv="refresh" content="20">' in page
    assert "Rp25.000" in page
    assert "menit" in page
    assert "petugas kami melihat pembayaran Anda" in page
    english = buyer.client.get(f"/en/orders/{order.token}").text
    assert "our staff see your payment and confirm it" in english
    assert re.search(r"(29|30) minutes", english)


def test_the_transfer_page_gives_all_there_is_to_type(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session, "bank_transfer")
    page = buyer.client.get(f"/orders/{order.token}").text
    assert '<meta http-equiv="refresh" content="60">' in page
    assert re.findall(r'data-copy="([^"]+)"', page) == ["25000", order.code, "0001112223"]
    assert "Bank Contoh" in page
    assert "23 jam" in page


def test_a_confirmed_payment_shows_by_itself(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session, "qris")
    manual_payments.confirm_payment(session, SYSTEM, payment_of(session, order).id, "RRN123456")
    session.commit()
    page = buyer.client.get(f"/orders/{order.token}").text
    assert "Sudah dibayar" in page
    assert "qris-symbol" not in page
    assert 'http-equiv="refresh"' not in page


def test_a_payment_that_staff_did_not_find_is_said_without_blame(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session, "qris")
    manual_payments.refuse_payment(session, SYSTEM, payment_of(session, order).id, "not in the app")
    session.commit()
    page = buyer.client.get(f"/en/orders/{order.token}").text
    assert "We have not found your payment" in page
    assert offered(page) == ["qris", "bank_transfer", "pay_at_pickup", "stripe"]
    fulfilment.cancel_order(session, SYSTEM, order.id, "no answer")
    session.commit()
    assert "Cancelled" in buyer.client.get(f"/en/orders/{order.token}").text


def test_another_way_to_pay_replaces_the_code(buyer: Buyer, goods: Goods, session: Session, gateway: NullGateway) -> None:
    order = place(buyer, goods, session, "qris")
    page = buyer.client.get(f"/orders/{order.token}").text
    assert offered(page) == ["bank_transfer", "pay_at_pickup", "stripe"]
    answer = buyer.client.post(f"/orders/{order.token}/payment", data={"payment_method": "stripe"})
    assert answer.location == "https://pay.example/null_1"
    session.expire_all()
    answer = buyer.client.post(f"/orders/{order.token}/payment", data={"payment_method": "bank_transfer"})
    assert ("expire", "null_1") in gateway.calls
    session.expire_all()
    assert payment_of(session, order).method is PaymentMethod.BANK_TRANSFER


def test_a_buyer_cancels_without_a_provider_and_nothing_is_owed(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session, "bank_transfer")
    assert "Dibatalkan" in buyer.client.post(f"/orders/{order.token}/cancel", follow_redirects=True).text
    session.expire_all()
    assert session.get_one(Order, order.id).state is OrderState.CANCELLED
    assert payment_of(session, order).state is PaymentState.EXPIRED


def test_asking_the_provider_about_a_local_payment_changes_nothing(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(buyer, goods, session, "qris")
    assert buyer.client.post(f"/orders/{order.token}/check").status_code == 303
    assert payment_of(session, order).state is PaymentState.OPEN


def test_the_page_takes_no_more_statements_than_before(
    buyer: Buyer, goods: Goods, session: Session, count_statements: StatementCounter
) -> None:
    order = place(buyer, goods, session, "qris")
    with count_statements() as statements:
        buyer.client.get(f"/orders/{order.token}")
    assert len(statements) <= 6
