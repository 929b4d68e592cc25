"""A buyer's voucher on the web: tried, taken off, taken out, refused with its reason, and never guessed (A3)."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.ids import make_code
from kernel.throttle import VOUCHERS_PER_ADDRESS
from orders.models.order import Order
from orders.models.voucher import Voucher
from orders.vouchers import CODE_LENGTH
from tests.conftest import StatementCounter
from tests.make import make_outlet
from tests.make_stock import Goods
from tests.make_vouchers import make_voucher
from tests.storefront.checkout.conftest import Buyer


@pytest.fixture
def voucher(session: Session, goods: Goods) -> Voucher:
    """Rp10.000 off, twice."""
    voucher = make_voucher(session, goods.outlet)
    session.commit()
    return voucher


def use(client: FlaskClient, code: str) -> str:
    """Try a code in the cart; the page that follows, in words."""
    answer = client.post("/cart/voucher", data={"voucher": code}, follow_redirects=True)
    assert answer.status_code in (200, 422, 429)
    return html.unescape(answer.text)


def uses(session: Session) -> int:
    return session.scalars(select(Voucher.uses).execution_options(populate_existing=True)).one()


def test_a_voucher_is_taken_off_in_cart_checkout_order_and_papers(buyer: Buyer, goods: Goods, session: Session, voucher: Voucher) -> None:
    buyer.put(goods, 2)
    page = use(buyer.client, f"{voucher.code[:5].lower()}-{voucher.code[5:]}")
    assert "Voucher “Pasar desa” sudah dipotongkan." in page
    assert "−Rp10.000" in page
    assert "Rp40.000" in page
    assert "−Rp10.000" in buyer.client.get("/checkout").text
    form = buyer.form()
    assert form["seen_total"] == "40000"
    assert buyer.order(form).status_code == 303
    order = session.scalars(select(Order)).one()
    assert (order.discount_total, order.total, uses(session)) == (10_000, 40_000, 1)
    for address in (f"/orders/{order.token}", f"/en/orders/{order.token}"):
        page = buyer.client.get(address).text
        assert "−Rp10.000" in page
        assert "Pasar desa" in page
    assert buyer.client.get(f"/orders/{order.token}/confirmation.pdf").status_code == 200
    buyer.put(goods)
    assert "−Rp10.000" not in buyer.client.get("/cart").text, "a voucher is used with one order"


def test_a_voucher_is_taken_out_again(buyer: Buyer, goods: Goods, voucher: Voucher) -> None:
    buyer.put(goods)
    use(buyer.client, voucher.code)
    buyer.client.post("/cart/voucher/remove")
    page = buyer.client.get("/cart").text
    assert "−Rp10.000" not in page
    assert "Punya voucher?" in page


def test_a_cart_without_a_voucher_costs_no_statement_more(buyer: Buyer, goods: Goods, count_statements: StatementCounter) -> None:
    buyer.put(goods)
    with count_statements() as statements:
        buyer.client.get("/cart")
    assert not any("vouchers" in statement for statement in statements)


def test_the_printed_card_fills_the_field_and_changes_nothing(buyer: Buyer, goods: Goods, voucher: Voucher) -> None:
    buyer.put(goods)
    page = buyer.client.get(f"/cart?voucher={voucher.code}").text
    assert f'value="{voucher.code}"' in page
    assert "−Rp10.000" not in page
    assert "<script>x" not in buyer.client.get("/cart?voucher=<script>x").text


def test_each_refusal_says_why(buyer: Buyer, goods: Goods, session: Session) -> None:
    today = clock.today()
    buyer.put(goods)
    foreign = make_voucher(session, make_outlet(session, is_active=False))
    reasons = {
        "Kode voucher ini tidak dikenal di sini": ("AAAAAAAAAA", "", "?", foreign.code),
        "Voucher ini sudah berakhir": (
            make_voucher(session, goods.outlet, starts_on=today.replace(year=2020), ends_on=today.replace(year=2021)),
        ),
        "Voucher ini belum berlaku": (
            make_voucher(session, goods.outlet, starts_on=today.replace(year=2098), ends_on=today.replace(year=2099)),
        ),
        "belanja barang minimal Rp99.000": (make_voucher(session, goods.outlet, least_subtotal=99_000),),
    }
    session.commit()
    for reason, codes in reasons.items():
        for code in codes:
            assert reason in use(buyer.client, code if isinstance(code, str) else code.code)


def test_a_refused_code_stays_in_its_field(buyer: Buyer, goods: Goods) -> None:
    buyer.put(goods)
    answer = buyer.client.post("/cart/voucher", data={"voucher": "ACDEF-GHJKM"})
    assert answer.status_code == 422
    assert 'value="ACDEF-GHJKM"' in answer.text
    assert "<details open>" in answer.text


def test_a_voucher_that_others_used_up_meanwhile_is_left_out_with_a_word(
    buyer: Buyer, goods: Goods, session: Session, voucher: Voucher
) -> None:
    buyer.put(goods)
    use(buyer.client, voucher.code)
    form = buyer.form()
    session.execute(update(Voucher).values(uses=2))
    session.commit()
    answer = buyer.order(form)
    assert answer.status_code == 422
    assert "Voucher ini sudah habis dipakai." in answer.text
    assert session.scalars(select(Order)).all() == []
    assert buyer.order(form | {"seen_total": "25000"}).status_code == 303
    assert session.scalars(select(Order.discount_total)).all() == [0]


def test_the_phone_that_used_it_is_told_at_the_checkout(buyer: Buyer, goods: Goods, session: Session) -> None:
    code = make_voucher(session, goods.outlet, once_per_phone=True).code
    session.commit()
    for attempt in (303, 422):
        buyer.put(goods)
        use(buyer.client, code)
        answer = buyer.order()
        assert answer.status_code == attempt
    assert "sudah pernah dipakai dengan nomor telepon ini" in answer.text
    assert answer.text.count('name="seen_total" value="25000"') == 1, "the next try is without the voucher"
    assert buyer.order().status_code == 303
    assert uses(session) == 1


def test_a_voucher_cannot_be_smuggled_in_with_the_order(buyer: Buyer, goods: Goods, session: Session, voucher: Voucher) -> None:
    buyer.put(goods)
    for name in ("voucher", "voucher_code", "discount_total", "discount"):
        assert buyer.order(**{name: voucher.code if "voucher" in name else "10000"}).status_code in (303, 422)
        buyer.put(goods)
    assert set(session.scalars(select(Order.discount_total))) == {0}
    assert uses(session) == 0


def test_two_vouchers_do_not_add_up(buyer: Buyer, goods: Goods, session: Session, voucher: Voucher) -> None:
    second = make_voucher(session, goods.outlet, amount=5_000)
    session.commit()
    buyer.put(goods)
    use(buyer.client, voucher.code)
    assert "−Rp5.000" in use(buyer.client, second.code)
    buyer.order()
    assert session.scalars(select(Order.discount_total)).all() == [5_000]
    assert sorted(session.scalars(select(Voucher.uses).execution_options(populate_existing=True))) == [0, 1]


class TestGuessing:
    """A3: a script that tries codes from one address, with a new cart for each try."""

    def test_a_script_gets_ten_answers_an_hour_and_then_not_even_the_right_one(
        self, app: Flask, goods: Goods, session: Session, voucher: Voucher
    ) -> None:
        answered = 0
        for _attempt in range(60):
            browser = Buyer(app.test_client())
            browser.put(goods)
            if "tidak dikenal" in use(browser.client, make_code(CODE_LENGTH)):
                answered += 1
        assert answered == VOUCHERS_PER_ADDRESS == 10
        late = Buyer(app.test_client())
        late.put(goods)
        assert "Terlalu banyak percobaan" in use(late.client, voucher.code)
        assert uses(session) == 0

    def test_changing_addresses_does_not_help_one_cart(self, buyer: Buyer, goods: Goods) -> None:
        buyer.put(goods)
        answers = [
            buyer.client.post(
                "/cart/voucher",
                data={"voucher": make_code(CODE_LENGTH)},
                environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
                follow_redirects=True,
            ).text
            for number in range(1, 15)
        ]
        assert len([text for text in answers if "tidak dikenal" in text]) == 10

    def test_right_codes_are_not_held_against_a_crowd_behind_one_address(self, app: Flask, goods: Goods, session: Session) -> None:
        code = make_voucher(session, goods.outlet, amount=100, use_limit=99).code
        session.commit()
        for _visitor in range(15):
            browser = Buyer(app.test_client())
            browser.put(goods)
            assert "sudah dipotongkan" in use(browser.client, code)

    def test_an_empty_cart_tries_nothing(self, buyer: Buyer, voucher: Voucher) -> None:
        assert "Keranjang Anda kosong" in use(buyer.client, voucher.code)
