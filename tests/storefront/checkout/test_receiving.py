"""Collect or have it sent: the price is known before anything personal, what cannot travel is named, and nothing sent is believed."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import TravelLimit
from orders.models.order import Fulfilment, Order
from orders.models.shipping import OrderAddress
from orders.states import OrderState
from tests.make import BETUNG, KARANG_AGUNG
from tests.make_shipping import make_zone
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer

PLACE = {"street": "Jalan Contoh 12", "landmark": "Rumah biru", "postal_code": ""}


@pytest.fixture(autouse=True)
def zone(session: Session, goods: Goods) -> None:
    """The outlet sends within PALI: Rp10.000 for a kilogram."""
    make_zone(session, goods.outlet)
    session.commit()


def orders(session: Session) -> list[Order]:
    session.expire_all()
    return list(session.scalars(select(Order)))


def required_fields(page: str) -> set[str]:
    form = page[page.index("checkout-columns") :]
    return set(re.findall(r'name="([a-z_]+)"[^>]* required', form))


def test_the_cart_says_what_sending_costs_before_anything_personal(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods, 2)
    before = buyer.client.get("/cart").text
    assert "Rp10.000" in before  # the lowest rate, and the table of zones
    assert "Dalam PALI" in before
    buyer.send_to()
    page = buyer.client.get("/cart").text
    assert "Ongkos kirim ke Betung" in page
    assert "Rp60.000" in page
    assert "1–2 hari" in page
    for personal in ('name="name"', 'name="phone"', 'name="street"'):
        assert personal not in page
    assert "Shipping to Betung" in buyer.client.get("/en/cart").text


def test_the_choice_is_remembered_until_another_is_made(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods)
    buyer.send_to()
    assert "Rp35.000" in buyer.client.get("/checkout").text
    buyer.client.post("/cart/receiving", data={"fulfilment": "pickup", "village": "", "village_code": ""})
    page = buyer.client.get("/checkout").text
    assert "Rp35.000" not in page
    assert "Siapa yang mengambil?" in page


def test_an_outlet_that_sends_nothing_offers_nothing(buyer: Buyer, goods: Goods, session: Session) -> None:
    from orders.models.shipping import ShippingZone

    session.scalars(select(ShippingZone)).one().is_active = False
    session.commit()
    buyer.put(goods)
    assert 'value="shipping"' not in buyer.client.get("/cart").text
    assert buyer.send_to().status_code == 422


def test_a_shipped_order_asks_for_four_fields_and_keeps_the_address(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods, 2)
    buyer.send_to()
    page = buyer.client.get("/checkout").text
    assert required_fields(page) == {"name", "phone", "street", "payment_method"}
    assert 'name="postal_code" value="31214"' in page
    assert "pay_at_pickup" not in page
    answer = buyer.order(**PLACE | {"postal_code": "31214"})
    assert answer.location.startswith("https://pay.example/")
    (order,) = orders(session)
    assert (order.fulfilment, order.subtotal, order.shipping_total, order.total) == (Fulfilment.SHIPPING, 50_000, 10_000, 60_000)
    address = session.scalars(select(OrderAddress)).one()
    assert (address.village_code, address.street, address.note, address.postal_code) == (BETUNG, "Jalan Contoh 12", "Rumah biru", "31214")


def test_collecting_asks_for_three_fields(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods)
    assert required_fields(buyer.client.get("/checkout").text) == {"name", "phone", "payment_method"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"street": ""}, "Mohon isi bagian ini"),
        ({"street": "x"}, 'id="street-error"'),
        ({"street": "x" * 300}, 'id="street-error"'),
        ({"landmark": "x" * 300}, 'id="landmark-error"'),
        ({"postal_code": "12"}, 'id="postal_code-error"'),
        ({"postal_code": "ABCDE"}, 'id="postal_code-error"'),
        ({"name": ""}, "Mohon isi bagian ini"),
        ({"phone": "12"}, "nomor telepon yang lengkap"),
        ({"payment_method": "pay_at_pickup"}, "Pilih salah satu"),
        ({"payment_method": ""}, "Pilih salah satu"),
    ],
)
def test_a_wrong_address_is_said_and_nothing_typed_is_lost(
    buyer: Buyer, goods: Goods, session: Session, changes: dict[str, str], message: str
) -> None:
    buyer.put(goods)
    buyer.send_to()
    typed = PLACE | {"name": "Nama yang diketik", "note": "Tolong dibungkus"} | changes
    answer = buyer.order(**typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert "error-summary" in answer.text
    for field, value in typed.items():
        assert field == "payment_method" or value in answer.text
    assert orders(session) == []


@pytest.mark.parametrize(
    "tampered",
    [
        {"shipping_total": "0", "price": "1", "total": "1", "subtotal": "1", "discount_total": "59999", "zone_id": "1", "weight_g": "1"},
        {"currency": "USD", "quantity": "1", "charged_kg": "0", "shipping": "0", "state": "completed", "outlet_id": "999"},
    ],
)
def test_the_price_of_sending_is_computed_here_whatever_is_sent(
    buyer: Buyer, goods: Goods, session: Session, tampered: dict[str, str]
) -> None:
    buyer.put(goods, 2)
    buyer.send_to()
    assert buyer.order(**PLACE, **tampered).status_code == 303
    (order,) = orders(session)
    assert (order.total, order.shipping_total, order.state) == (60_000, 10_000, OrderState.AWAITING_PAYMENT)


def test_a_total_that_was_tampered_with_is_not_believed(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods, 2)
    buyer.send_to()
    assert buyer.order(**PLACE, seen_total="50000").status_code == 422
    assert buyer.order(**PLACE, take_rest="1").status_code == 422
    assert buyer.order(**PLACE, take_rest="x").status_code == 422
    assert orders(session) == []


@pytest.mark.parametrize("village_code", ["", "16.12", "99.99.99.9999", "x"])
def test_an_order_without_a_village_is_refused(buyer: Buyer, goods: Goods, session: Session, village_code: str) -> None:
    buyer.put(goods)
    buyer.send_to()
    answer = buyer.order(**PLACE, village_code=village_code)
    assert answer.status_code == 422
    assert "Jalan Contoh 12" in answer.text
    assert orders(session) == []


def test_checkout_without_a_place_goes_back_to_choose_one(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods)
    buyer.send_to()
    with buyer.client.session_transaction() as cookie:
        del cookie["village_code"]
    assert buyer.client.get("/checkout").location == "/cart#receiving"


def test_what_cannot_travel_is_named_on_its_page_and_in_the_cart(buyer: Buyer, goods: Goods, session: Session) -> None:
    goods.product.travel_limit = TravelLimit.FRAGILE
    session.commit()
    assert "Hanya diambil langsung: mudah pecah" in buyer.client.get(f"/products/{goods.product.slug}").text
    assert "Only for pickup: fragile" in buyer.client.get(f"/en/products/{goods.product.slug}").text
    buyer.put(goods)
    assert "Hanya diambil langsung: mudah pecah" in buyer.client.get("/cart").text
    buyer.send_to()
    page = buyer.client.get("/cart").text
    assert goods.product.name_id in page.split("receiving-staying")[1]
    assert ">Lanjut memesan<" not in page
    assert buyer.client.get("/checkout").location == "/cart#receiving"


def test_a_place_where_nothing_is_sent_says_so(buyer: Buyer, goods: Goods, session: Session) -> None:
    from orders.models.shipping import ZoneArea

    session.scalars(select(ZoneArea)).one().area_prefix = "16.12.01"
    session.commit()
    buyer.put(goods)
    buyer.send_to("Karang Agung")
    page = buyer.client.get("/cart").text
    assert "notice-warning" in page
    assert ">Lanjut memesan<" not in page
    assert buyer.client.post("/cart/receiving", data={"fulfilment": "pickup"}).status_code == 303
    assert ">Lanjut memesan<" in buyer.client.get("/cart").text


def test_a_dearer_village_in_another_tab_is_shown_before_it_is_ordered(buyer: Buyer, goods: Goods, session: Session) -> None:
    make_zone(session, goods.outlet, name_id="Karang Agung", name_en="", prefixes=(KARANG_AGUNG,), rates=((5, 25_000),))
    session.commit()
    buyer.put(goods)
    buyer.send_to()
    form = buyer.form()
    answer = buyer.order(form | {"village_code": KARANG_AGUNG}, **PLACE)
    assert answer.status_code == 422
    assert "Rp50.000" in answer.text
    assert orders(session) == []


def test_one_button_takes_what_somebody_faster_has_left(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods, 8)
    buyer.send_to()
    form = buyer.form()
    rival = Buyer(buyer.client.application.test_client())
    rival.put(goods, 5)
    rival.order()
    refused = buyer.order(form, **PLACE, name="Nama yang diketik")
    assert refused.status_code == 422
    assert "tinggal 5" in refused.text
    (total,) = re.findall(r'name="take_rest" value="(\d+)"', refused.text)
    assert total == "140000"  # five packs of 300 g: the price of two kilograms
    taken = buyer.order(form, **PLACE, name="Nama yang diketik", take_rest=total)
    assert taken.status_code == 303
    mine = max(orders(session), key=lambda order: order.id)
    assert (mine.total, mine.contact_name) == (int(total), "Nama yang diketik")
    assert "Keranjang Anda kosong" in buyer.client.get("/cart").text


def test_nothing_left_offers_no_button(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods, 8)
    form = buyer.form()
    rival = Buyer(buyer.client.application.test_client())
    rival.put(goods, 10)
    rival.order()
    refused = buyer.order(form)
    assert refused.status_code == 422
    assert "take_rest" not in refused.text
