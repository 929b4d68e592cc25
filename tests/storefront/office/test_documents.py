"""What staff print: one slip, a choice from the queue, the receipt; and what they write to the buyer."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.people import SYSTEM
from orders import fulfilment
from orders.models.order import Order
from tests.cast import CASHIER, CASHIER_ELSEWHERE, World
from tests.make_orders import PICKUP, contact, place
from tests.make_stock import make_goods
from tests.storefront.documents.reading import page_texts, text_of
from tests.storefront.office.conftest import SignIn


def _order(session: Session, world: World) -> Order:
    return session.scalars(select(Order).where(Order.code == world.words["order"])).one()


def test_a_slip_speaks_the_language_of_whoever_packs(sign_in: SignIn, world: World) -> None:
    browser, code = sign_in(CASHIER), world.words["order"]
    answer = browser.get(f"/office/orders/{code}/packing-slip.pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="Slip-pengemasan-{code}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Slip pengemasan" in text_of(answer.data)
    assert "Packing slip" in text_of(browser.get(f"/en/office/orders/{code}/packing-slip.pdf").data)


def test_the_queues_choice_is_printed_in_one_document(sign_in: SignIn, session: Session, world: World) -> None:
    order, browser = _order(session, world), sign_in(CASHIER)
    assert f'value="{order.code}"' in browser.get("/office/orders").text
    answer = browser.get("/office/orders/print", query_string={"codes": [order.code, order.code]})
    assert [order.code in page for page in page_texts(answer.data)] == [True]
    elsewhere = place(session, make_goods(session), payment_method=PICKUP, contact=contact(phone="+6281299990000"))
    session.commit()
    assert browser.get(f"/office/orders/print?codes={order.code},{elsewhere.code}").status_code == 404
    assert sign_in(CASHIER_ELSEWHERE).get(f"/office/orders/print?codes={order.code}").status_code == 404


@pytest.mark.parametrize("query", ["", "?codes=", "?codes=,,"])
def test_printing_nothing_leads_back_to_the_queue(sign_in: SignIn, query: str) -> None:
    answer = sign_in(CASHIER).get(f"/office/orders/print{query}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/orders")


def test_an_order_that_is_over_is_not_packed(sign_in: SignIn, session: Session, world: World) -> None:
    order = _order(session, world)
    fulfilment.cancel_order(session, SYSTEM, order.id, "Tidak jadi.")
    session.commit()
    browser = sign_in(CASHIER)
    assert browser.get(f"/office/orders/{order.code}/packing-slip.pdf").status_code == 409
    assert browser.get(f"/office/orders/print?codes={order.code}").status_code == 303


def test_staff_print_the_receipt_after_the_hand_over(sign_in: SignIn, session: Session, world: World) -> None:
    order, browser = _order(session, world), sign_in(CASHIER)
    assert browser.get(f"/office/orders/{order.code}/receipt.pdf").status_code == 404
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    session.commit()
    answer = browser.get(f"/office/orders/{order.code}/receipt.pdf?paper=80mm")
    assert "Kuitansi" in text_of(answer.data)
    assert f"/office/orders/{order.code}/receipt.pdf?paper=80mm" in browser.get(f"/office/orders/{order.code}").text


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", ("siap diambil", "Mohon bawa uang tunai Rp25.000")), ("en", ("is ready to collect", "Please bring Rp25.000 in cash"))],
)
def test_the_whatsapp_message_is_written_in_the_buyers_language(
    sign_in: SignIn, session: Session, world: World, language: str, words: tuple[str, ...]
) -> None:
    order = _order(session, world)
    order.language = language
    fulfilment.mark_ready(session, SYSTEM, order.id)
    session.commit()
    for prefix in ("", "/en"):
        text = unquote(sign_in(CASHIER).get(f"{prefix}/office/orders/{order.code}").text)
        assert f"https://wa.me/{order.contact_phone.removeprefix('+')}?text=" in text
        for part in (order.code, *words, f"http://localhost{'/en' if language == 'en' else ''}/orders/{order.token}"):
            assert part in text
