"""A buyer's pad, basket, quotes and orders as pages: what was typed stays, refusals say why, a colleague's order waits for its approver."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import accounts, clock
from kernel.people import SYSTEM, Actor, User
from orders.models.purchase import PurchaseOrder
from orders.wholesale import maker_work, receivables
from orders.wholesale.states import PurchaseState
from storefront.mail.letters import speak
from storefront.mail.sending import WRITERS
from tests.make_trade import Trade, bought, dispatched, divided, invoiced, make_trade, offered
from tests.make_wholesale import make_buyer

pytestmark = pytest.mark.one_database


@pytest.fixture
def trade(session: Session) -> Trade:
    return make_trade(session)


def browser(app: Flask, session: Session, actor: Actor) -> FlaskClient:
    token = accounts.open_session(session, session.get_one(User, actor.user_id), "tests")
    session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


@pytest.fixture
def buyer(app: Flask, session: Session, trade: Trade) -> FlaskClient:
    return browser(app, session, trade.buyer)


def newest(session: Session) -> PurchaseOrder:
    session.expire_all()
    return session.scalars(select(PurchaseOrder).order_by(PurchaseOrder.id.desc()).limit(1)).one()


def test_a_list_with_a_bad_row_is_shown_again_with_the_reason(buyer: FlaskClient, trade: Trade) -> None:
    answer = buyer.post("/wholesale/pad", data={"rows": f"{trade.first.code} 3\nTIDAKADA 4"})
    assert answer.status_code == 422
    assert "Tidak ada barang dengan nomor ini" in answer.text
    assert "TIDAKADA 4" in answer.text, "what was typed stays"
    good = buyer.post("/wholesale/pad", data={"rows": f"{trade.first.code} 3"})
    assert (good.status_code, good.location) == (303, f"/wholesale/basket?item={trade.offer.code}:3")


def test_a_basket_goes_back_to_the_pad_with_its_items_for_more(buyer: FlaskClient, trade: Trade) -> None:
    page = buyer.get(f"/wholesale/basket?item={trade.offer.code}:3").text
    assert f"/wholesale/pad?item={trade.offer.code}:3" in page
    assert f"{trade.first.code} 3" in buyer.get(f"/wholesale/pad?item={trade.offer.code}:3&item=TIDAKADA").text
    assert trade.first.code not in buyer.get("/wholesale/pad").text


def test_a_file_fills_the_basket_and_a_wrong_one_is_refused(buyer: FlaskClient, trade: Trade) -> None:
    table = f"sku,cases\n{trade.first.code},7\n".encode()
    answer = buyer.post("/wholesale/pad", data={"rows": "", "file": (BytesIO(table), "pesanan.csv")})
    assert answer.location == f"/wholesale/basket?item={trade.offer.code}:7"
    for data, name in ((b"", "kosong.csv"), (b"\x00\x01", "foto.jpg"), (b"PK\x03\x04rusak", "rusak.xlsx")):
        assert buyer.post("/wholesale/pad", data={"rows": "", "file": (BytesIO(data), name)}).status_code == 422


def test_an_order_needs_a_number_and_keeps_what_was_typed(buyer: FlaskClient, session: Session, trade: Trade) -> None:
    form = {"key": "k" * 20, "branch": trade.branch, f"cases_{trade.offer.code}": "12", "note": "Pintu belakang", "partner_number": ""}
    answer = buyer.post("/wholesale/basket/order", data=form)
    assert (answer.status_code, "Pintu belakang" in answer.text) == (422, True)
    assert session.scalar(select(func.count(PurchaseOrder.id))) == 0


def test_prices_that_come_with_the_form_are_never_used(buyer: FlaskClient, session: Session, trade: Trade) -> None:
    form = {"key": "k" * 20, "branch": trade.branch, f"cases_{trade.offer.code}": "12", "partner_number": "PO-9"}
    extra = {
        f"price_{trade.offer.id}": "1",
        "unit_price": "1",
        "total": "1",
        "terms_bps": "1500",
        "payment_days": "180",
        "state": "invoiced",
    }
    assert buyer.post("/wholesale/basket/order", data=form | extra).status_code == 303
    bought = newest(session)
    assert (bought.total, bought.terms_bps, bought.payment_days) == (12 * 24 * 17_000, 0, 30)


def test_a_colleagues_large_order_waits_until_the_approver_says_yes(app: Flask, session: Session, trade: Trade, buyer: FlaskClient) -> None:
    junior = browser(app, session, accounts.as_actor(make_buyer(session, trade.partner, is_approver=False, order_limit=1_000_000)))
    form = {"key": "k" * 20, "branch": trade.branch, f"cases_{trade.offer.code}": "12", "partner_number": "PO-9"}
    junior.post("/wholesale/basket/order", data=form)
    code = newest(session).code
    assert newest(session).state is PurchaseState.WAITING
    assert "Setujui pesanan" not in junior.get(f"/wholesale/orders/{code}").text
    assert junior.post(f"/wholesale/orders/{code}/decision", data={"decision": "approve"}).status_code == 403
    assert "Setujui pesanan" in buyer.get(f"/wholesale/orders/{code}").text
    assert buyer.post(f"/wholesale/orders/{code}/decision", data={"decision": "approve"}).status_code == 303
    assert newest(session).state is PurchaseState.OPEN
    assert buyer.post(f"/wholesale/orders/{code}/cancel", data={"reason": ""}).status_code == 422
    assert buyer.post(f"/wholesale/orders/{code}/cancel", data={"reason": "Salah jumlah"}).status_code == 303


def test_an_offer_that_ran_out_is_not_accepted(buyer: FlaskClient, session: Session, trade: Trade) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        quote = offered(session, trade, valid_until_on=clock.today() + timedelta(days=5))
    session.commit()
    page = buyer.get(f"/wholesale/quotes/{quote.code}").text
    assert "Terima dan pesan" not in page
    assert "Penawaran sudah kedaluwarsa" in page
    form = {"seen": str(quote.turn), "key": "k" * 20, "partner_number": "PO-1"}
    assert buyer.post(f"/wholesale/quotes/{quote.code}/accept", data=form).status_code == 422


def test_letters_say_what_happened_in_both_languages_and_none_what_is_over(app: Flask, session: Session, trade: Trade) -> None:
    quote = offered(session, trade)
    sent = dispatched(session, trade, 4, number="PO-2")
    invoice = invoiced(session, trade, 4, number="PO-3")
    promised, waiting = divided(session, trade, 4, number="PO-4"), bought(session, trade, 1, number="PO-5")
    waiting.state = PurchaseState.WAITING
    session.commit()
    facts = {
        "mail.quote_offered": {"quote_id": quote.id},
        "mail.goods_dispatched": {"purchase_id": sent.id},
        "mail.purchase_promised": {"purchase_id": promised.id},
        "mail.purchase_waits": {"purchase_id": waiting.id, "name": "Penyetuju"},
        "mail.purchase_decided": {"purchase_id": sent.id, "name": "Staf"},
        "mail.claims_settled": {"purchase_id": invoice.purchase_id},
        "mail.invoice_issued": {"invoice_id": invoice.id},
        "mail.invoice_reminder": {"invoice_id": invoice.id, "step": 7},
    }
    for language in ("id", "en"):
        for kind, payload in facts.items():
            with app.test_request_context(base_url="http://localhost"):
                speak({"language": language})
                letter = WRITERS[kind](payload | {"email": "beli@contoh.example", "language": language})
            assert letter is not None
            assert "/wholesale/" in letter.text
            assert not re.search(r"%\(|Rp16\.000", letter.text), "no price of an offer travels by mail"
    receivables.record_transfer(session, SYSTEM, invoice.purchase_id, invoice.total, "TRX-0001")
    session.commit()
    with app.test_request_context(base_url="http://localhost"):
        speak({"language": "id"})
        assert WRITERS["mail.invoice_reminder"](facts["mail.invoice_reminder"] | {"email": "x@y.example"}) is None


def test_makers_read_their_own_part_and_the_pool_but_no_buyer_and_no_price(session: Session, trade: Trade) -> None:
    divided(session, trade, 20)
    makers = [agreement.maker_id for agreement in trade.agreements]
    tasks = [maker_work.list_tasks(session, maker_id, "id") for maker_id in makers]
    assert [[(task.cases, task.missing, task.pool_cases, task.pool_makers) for task in each] for each in tasks] == [
        [(5, 5, 20, 2)],
        [(15, 15, 20, 2)],
    ]
    assert not {"partner_name", "unit_price", "total"} & set(maker_work.Task.__slots__)
    (row,) = maker_work.list_calendar(session, makers[0], "id")
    assert (row.makers, row.months[0].own.quantity, row.months[0].pool.quantity) == (2, 240, 960)
