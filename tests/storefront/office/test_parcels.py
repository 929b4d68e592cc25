"""Parcels in the office: packed, sent with a number, labelled, delivered; and the queues that lead there."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from catalog.products import get_product
from kernel import clock
from kernel.people import SYSTEM
from orders import parcels
from orders.models.order import Order
from orders.models.shipping import Parcel
from orders.states import OrderState
from tests.cast import CASHIER, CASHIER_ELSEWHERE, World
from tests.make_orders import PICKUP, contact, place
from tests.make_shipping import PARCEL, paid_sent
from tests.make_stock import Goods, stock_up
from tests.storefront.documents.reading import page_texts, text_of
from tests.storefront.office.conftest import SignIn


@pytest.fixture
def goods(session: Session, world: World) -> Goods:
    """More of the world's product at the world's outlet, which sends within PALI."""
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    return stock_up(session, get_product(session, world.words["product"]), outlet, 20)


@pytest.fixture
def sent(session: Session, goods: Goods) -> Order:
    """A paid order that is to be sent."""
    order = paid_sent(session, goods, quantity=2)
    session.commit()
    return order


def state_of(session: Session, order: Order) -> OrderState:
    session.expire_all()
    return session.get_one(Order, order.id).state


def test_an_order_goes_from_packing_to_its_door(sign_in: SignIn, session: Session, sent: Order) -> None:
    browser, address = sign_in(CASHIER), f"/en/office/orders/{sent.code}"
    page = browser.get(address).text
    assert "Jalan Contoh 12" in page
    assert "Kurir Contoh" in page
    assert "hand-over" not in page
    assert browser.post(f"{address}/ready").status_code == 303
    assert ">Packed<" in browser.get(address).text
    typed = {"courier_1": "Kurir Contoh", "tracking_1": "CTH 77", "weight_1": "900", "tracking_2": "CTH 78"}
    assert browser.post(f"{address}/ship", data=typed).status_code == 303
    assert state_of(session, sent) is OrderState.SHIPPED
    numbers = session.scalars(select(Parcel.tracking_number).where(Parcel.order_id == sent.id).order_by(Parcel.position)).all()
    assert numbers == ["CTH 77", "CTH 78"]
    page = browser.get(address).text
    assert "CTH 78" in page
    assert "CTH 77" in unquote(page.split("https://wa.me/")[1].split('"')[0])
    assert browser.post(f"{address}/delivered").status_code == 303
    assert state_of(session, sent) is OrderState.COMPLETED
    assert ">Delivered<" in browser.get(address).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"courier_1": ""}, "Please fill this in."),
        ({"weight_1": "zwei"}, "Weight"),
        ({"weight_2": "0"}, "parcel 2"),
        ({"tracking_1": "x" * 61}, "60"),
    ],
)
def test_a_form_that_is_refused_keeps_the_number(
    sign_in: SignIn, session: Session, sent: Order, changes: dict[str, str], words: str
) -> None:
    typed = {"courier_1": "Kurir Contoh", "tracking_3": "CTH-KEPT"} | changes
    answer = sign_in(CASHIER).post(f"/en/office/orders/{sent.code}/ship", data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "CTH-KEPT" in answer.text
    assert state_of(session, sent) is OrderState.CONFIRMED


def test_shipping_twice_says_that_somebody_was_faster(sign_in: SignIn, session: Session, sent: Order) -> None:
    parcels.ship_order(session, SYSTEM, sent.id, [PARCEL])
    session.commit()
    browser, address = sign_in(CASHIER), f"/en/office/orders/{sent.code}"
    answer = browser.post(f"{address}/ship", data={"courier_1": "Kurir Contoh"})
    assert answer.status_code == 422
    assert "This is not possible for an order in this state" in answer.text
    browser.post(f"{address}/delivered")
    assert browser.post(f"{address}/delivered").status_code == 409


def test_a_number_that_came_later_is_added(sign_in: SignIn, session: Session, sent: Order) -> None:
    parcels.ship_order(session, SYSTEM, sent.id, [parcels.ParcelFacts("Kurir Contoh")])
    session.commit()
    browser, address = sign_in(CASHIER), f"/en/office/orders/{sent.code}/parcels/1"
    assert "Kurir Contoh" in browser.get(address).text
    assert browser.post(address, data={"courier": "", "tracking_number": "CTH 9"}).status_code == 422
    assert browser.post(address, data={"courier": "Kurir Lain", "tracking_number": "CTH 9"}).status_code == 303
    session.expire_all()
    parcel = session.scalars(select(Parcel).where(Parcel.order_id == sent.id)).one()
    assert (parcel.courier, parcel.tracking_number) == ("Kurir Lain", "CTH 9")
    assert browser.get(address.replace("parcels/1", "parcels/2")).status_code == 404


def test_staff_elsewhere_find_nothing(sign_in: SignIn, session: Session, sent: Order) -> None:
    browser, address = sign_in(CASHIER_ELSEWHERE), f"/office/orders/{sent.code}"
    for path in ("ship", "delivered", "parcels/1"):
        assert browser.post(f"{address}/{path}", data={"courier_1": "A", "courier": "A"}).status_code == 404
    for path in (f"{address}/labels.pdf", f"/office/orders/print-labels?codes={sent.code}"):
        assert browser.get(path).status_code == 404
    assert state_of(session, sent) is OrderState.CONFIRMED


def test_a_label_says_who_gets_it_and_where(sign_in: SignIn, session: Session, sent: Order) -> None:
    browser = sign_in(CASHIER)
    answer = browser.get(f"/en/office/orders/{sent.code}/labels.pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="Label-paket-{sent.code}.pdf"'
    text = text_of(answer.data)
    for words in ("Pembeli Contoh", "+6281234567890", "Jalan Contoh 12", "Desa Betung", "31214", sent.code, "Kepada"):
        assert words in text
    parcels.ship_order(session, SYSTEM, sent.id, [PARCEL, PARCEL])
    session.commit()
    assert ["1/2" in " ".join(page) for page in page_texts(browser.get(f"/office/orders/{sent.code}/labels.pdf").data)] == [True, False]


def test_the_slip_of_what_is_sent_names_batches_weight_and_address(sign_in: SignIn, goods: Goods, sent: Order) -> None:
    text = text_of(sign_in(CASHIER).get(f"/en/office/orders/{sent.code}/packing-slip.pdf").data)
    for words in ("Jalan Contoh 12", "600 g", "To be sent: Within PALI", "Take from lot"):
        assert words in text
    assert "nothing to collect" not in text


def test_labels_of_several_orders_are_printed_at_once_without_those_that_are_collected(
    sign_in: SignIn, session: Session, goods: Goods, sent: Order
) -> None:
    other = paid_sent(session, goods)
    collected = place(session, goods, payment_method=PICKUP, contact=contact(phone="+6281299990000"))
    session.commit()
    browser = sign_in(CASHIER)
    answer = browser.get("/office/orders/print-labels", query_string={"codes": [sent.code, other.code, collected.code]})
    assert len(page_texts(answer.data)) == 2
    assert browser.get(f"/office/orders/print-labels?codes={collected.code}").status_code == 303
    assert browser.get(f"/office/orders/{collected.code}/labels.pdf").status_code == 409


def test_the_queue_knows_what_is_to_ship_and_who_comes_first(sign_in: SignIn, session: Session, goods: Goods, sent: Order) -> None:
    outlet = goods.outlet
    outlet.opening_hours = [["00:00", "23:59"]] * 7
    session.flush()
    start = (clock.local(clock.now(), outlet.zone) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    late = place(session, goods, payment_method=PICKUP, pickup_at=start + timedelta(hours=3), contact=contact(phone="+6281299990001"))
    early = place(session, goods, payment_method=PICKUP, pickup_at=start, contact=contact(phone="+6281299990002"))
    session.commit()
    browser = sign_in(CASHIER)
    page = browser.get("/en/office/orders?show=ship").text
    assert sent.code in page
    assert early.code not in page
    assert "Print parcel labels" in page
    page = browser.get("/en/office/orders?show=pickup").text
    assert page.index(early.code) < page.index(late.code)
    assert sent.code not in page
    parcels.ship_order(session, SYSTEM, sent.id, [PARCEL])
    session.commit()
    assert sent.code not in browser.get("/en/office/orders?show=ship").text


def test_shipping_is_paid_back_when_it_is_ticked(sign_in: SignIn, sent: Order) -> None:
    browser, address = sign_in(CASHIER), f"/en/office/orders/{sent.code}/refund"
    page = browser.get(address).text
    assert "Pay back shipping too: Rp10.000" in page
    typed = {"with_shipping": "y", "reason": "other", "way": "provider", "key": "k" * 20, "quantity_1": "1"}
    page = browser.get(f"{address}/check", query_string=typed)
    assert page.status_code == 200
    assert "Rp35.000" in page.text
    assert "Shipping: Rp10.000" in page.text
