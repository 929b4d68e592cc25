"""An order that is sent, and one with a pickup time, in the buyer's words at every step and in both languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import SYSTEM
from orders import fulfilment, parcels
from orders.models.order import Order
from orders.parcels import ParcelFacts
from orders.states import OrderState
from tests.make_orders import PICKUP, pay, place
from tests.make_shipping import PARCEL, make_zone, paid_sent, place_sent
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer


@pytest.fixture
def sent(buyer: Buyer, goods: Goods, session: Session) -> Order:
    """A paid order to Betung."""
    make_zone(session, goods.outlet)
    order = paid_sent(session, goods)
    session.commit()
    return order


def page_of(buyer: Buyer, order: Order, language: str = "") -> str:
    return buyer.client.get(f"{language}/orders/{order.token}").text


def test_an_unpaid_shipment_shows_address_price_and_days(buyer: Buyer, goods: Goods, session: Session) -> None:
    make_zone(session, goods.outlet)
    order = place_sent(session, goods)
    session.commit()
    page = page_of(buyer, order)
    for said in (
        "Jalan Contoh 12",
        "Rumah biru di samping masjid",
        "Betung",
        "Ongkos kirim",
        "Rp10.000",
        "Rp35.000",
        "1–2 hari setelah dikirim",
    ):
        assert said in page
    assert "Bayar saat mengambil" not in page  # nobody comes to pay for what is sent
    assert "1–2 days after it leaves" in page_of(buyer, order, "/en")


def test_every_step_of_a_shipment_is_said(buyer: Buyer, sent: Order, session: Session) -> None:
    assert "Barang Anda sedang kami kemas" in page_of(buyer, sent)
    fulfilment.mark_ready(session, SYSTEM, sent.id)
    session.commit()
    page = page_of(buyer, sent)
    assert "Paket Anda menunggu kurir" in page
    assert "Siap diambil" not in page
    parcels.ship_order(session, SYSTEM, sent.id, [PARCEL, ParcelFacts("Pos Contoh")])
    session.commit()
    page = page_of(buyer, sent)
    assert "Dalam perjalanan ke Anda" in page
    assert f'data-copy="{PARCEL.tracking_number}"' in page
    assert "Nomor resi menyusul" in page
    assert "Diperkirakan antara" in page
    english = page_of(buyer, sent, "/en")
    for said in ("On its way to you", "Your 2 parcels", "Expected between", "Yes, I have received it"):
        assert said in english


def test_the_buyer_says_that_it_has_arrived_once(buyer: Buyer, sent: Order, session: Session) -> None:
    parcels.ship_order(session, SYSTEM, sent.id, [PARCEL])
    session.commit()
    for _ in range(2):
        assert buyer.client.post(f"/orders/{sent.token}/received").status_code == 303
    session.expire_all()
    assert session.get_one(Order, sent.id).state is OrderState.COMPLETED
    page = page_of(buyer, sent)
    assert "Sudah sampai" in page
    assert "Ya, sudah saya terima" not in page
    assert "Delivered" in page_of(buyer, sent, "/en")


def test_nobody_without_the_link_says_so_and_nothing_arrives_before_it_left(buyer: Buyer, sent: Order, session: Session) -> None:
    assert buyer.client.post("/orders/made-up/received").status_code == 404
    buyer.client.post(f"/orders/{sent.token}/received")
    session.expire_all()
    assert session.get_one(Order, sent.id).state is OrderState.CONFIRMED


def test_a_pickup_time_stands_on_the_page(buyer: Buyer, goods: Goods, session: Session) -> None:
    buyer.put(goods)
    slots = re.findall(r'<option value="(20[^"]+)"', buyer.client.get("/checkout").text)
    answer = buyer.order(payment_method="pay_at_pickup", pickup_at=slots[1])
    page = buyer.client.get(answer.location).text
    assert "Waktu Anda" in page
    assert "WIB</strong>" in page.split("Waktu Anda")[1]


def test_a_time_after_the_departure_is_refused_and_the_others_are_offered(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods)
    leaves = clock.local(clock.now(), "WIB") + timedelta(days=2)
    typed = {"departs_at": f"{leaves:%Y-%m-%dT%H:%M}", "name": "Nama yang diketik"}
    late = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0).isoformat()
    for pickup_at in (late, "", "gibberish", "2026-11-22T10:00", "0001-01-01T00:00:00+14:00"):
        answer = buyer.order(payment_method="pay_at_pickup", pickup_at=pickup_at, **typed)
        assert answer.status_code == 422
        assert 'id="pickup_at-error"' in answer.text
        assert "Nama yang diketik" in answer.text
        assert f'value="{typed["departs_at"]}"' in answer.text
        assert all(option < f"{leaves:%Y-%m-%dT%H:%M}" for option in answer.text.split('data-leaves="')[1:])
    for departs_at in ("kapan-kapan", "2026-13-45T99:99", "0000-00-00T00:00", "0001-01-01T00:00", "9999-12-31T23:59"):
        answer = buyer.order(payment_method="pay_at_pickup", departs_at=departs_at)
        assert answer.status_code == 422
        assert departs_at in answer.text


def test_a_collected_order_speaks_of_the_counter(buyer: Buyer, goods: Goods, session: Session) -> None:
    order = place(session, goods, payment_method=PICKUP)
    session.commit()
    page = page_of(buyer, order)
    assert "Tempat mengambil" in page
    assert "Dikirim dengan" not in page
    paid = place(session, goods)
    pay(session, paid)
    session.commit()
    assert "Sudah dibayar" in page_of(buyer, paid)
