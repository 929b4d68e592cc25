"""The lead's pages about money: the outlet's ways to pay, and statements from upload to posting."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, Outlet, StockLevel
from kernel.people import SYSTEM
from orders import outlet_payments
from orders.models.settlement import StatementFile
from orders.states import PaymentState
from tests.cast import OUTLET_MANAGER, World
from tests.make_orders import payment_of, place
from tests.make_payments import TRANSFER, details, static_qris
from tests.make_stock import Goods
from tests.storefront.office.conftest import SignIn

HEAD = "Tanggal;Keterangan;Jumlah\n"


@pytest.fixture
def outlet(session: Session, world: World) -> Outlet:
    return session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()


@pytest.fixture
def goods(session: Session, world: World, outlet: Outlet) -> Goods:
    """The world's goods, at its outlet that now takes transfers."""
    outlet_payments.set_details(session, SYSTEM, outlet, details())
    variant = session.scalars(select(Variant).where(Variant.code == world.words["variant"])).one()
    level = session.scalars(select(StockLevel).where(StockLevel.variant_id == variant.id)).one()
    return Goods(session.get_one(Product, variant.product_id), variant, session.get_one(Batch, level.batch_id), outlet, level)


def upload(browser: FlaskClient, outlet: Outlet, data: bytes, **changes: str) -> TestResponse:
    form = {"outlet": outlet.code, "method": "bank_transfer", "file": (BytesIO(data), "mutasi.csv")} | changes
    return browser.post("/office/settlements", data=form, content_type="multipart/form-data")


def test_the_lead_enters_where_the_money_goes(sign_in: SignIn, session: Session, outlet: Outlet) -> None:
    browser, address = sign_in(OUTLET_MANAGER), f"/office/outlets/{outlet.code}"
    assert browser.get("/office/outlets").location == address
    form = {"qris_payload": static_qris(), "bank_name": "Bank Contoh", "bank_account_number": "0001112223", "bank_account_name": "Koperasi"}
    answer = browser.post(address, data=form | {"qris_payload": "000201"})
    assert answer.status_code == 422
    assert "Bank Contoh" in answer.text
    assert browser.post(address, data=form).status_code == 303
    session.refresh(outlet)
    assert outlet.qris_payload == static_qris()
    assert "TOKO CONTOH" in browser.get(address).text


def test_a_statement_is_looked_at_then_posted_and_again_changes_nothing(sign_in: SignIn, session: Session, goods: Goods) -> None:
    order = place(session, goods, payment_method=TRANSFER)
    short = place(session, goods, payment_method=TRANSFER)
    session.commit()
    browser = sign_in(OUTLET_MANAGER)
    data = f"{HEAD}21/11/2026;TRF {order.code};25.000\n21/11/2026;TRF {short.code};2.500\n21/11/2026;GAJI;1.000.000\n".encode()
    answer = upload(browser, goods.outlet, data)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    for words in ("Mengonfirmasi pembayaran", "Kurang dari harga pesanan", "ditagih: Rp25.000", "Pesanan tidak ditemukan", "Catat 1 baris"):
        assert words in page
    assert payment_of(session, order).state is PaymentState.OPEN
    posted = browser.post(f"{answer.location}/post", follow_redirects=True).text
    assert "1 baris dicatat" in posted
    assert "Sudah dicatat sebelumnya" in posted
    assert "Semua baris yang pasti sudah dicatat" in posted
    assert "0 baris dicatat" in browser.post(f"{answer.location}/post", follow_redirects=True).text
    session.expire_all()
    assert payment_of(session, order).state is PaymentState.PAID
    assert payment_of(session, short).state is PaymentState.OPEN
    again = browser.get(upload(browser, goods.outlet, data).location).text
    assert "Catat" not in again


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tidak ditemukan di berkas"),
        (b"\x00\x01", "tidak ditemukan di berkas"),
        (b"a;b\n1;2\n", "tidak ditemukan di berkas"),
        (HEAD.encode(), "tidak berisi baris"),
        ((HEAD + "x;y;1\n" * 5_001).encode(), "5000 baris"),
    ],
)
def test_a_file_that_is_no_statement_is_refused_in_words(
    sign_in: SignIn, session: Session, outlet: Outlet, data: bytes, words: str
) -> None:
    before = len(session.scalars(select(StatementFile.id)).all())
    answer = upload(sign_in(OUTLET_MANAGER), outlet, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert len(session.scalars(select(StatementFile.id)).all()) == before


def test_a_form_without_a_file_is_refused(sign_in: SignIn, outlet: Outlet) -> None:
    answer = sign_in(OUTLET_MANAGER).post("/office/settlements", data={"outlet": outlet.code, "method": "qris"})
    assert answer.status_code == 422


def test_what_a_row_says_is_shown_as_text(sign_in: SignIn, outlet: Outlet) -> None:
    browser = sign_in(OUTLET_MANAGER)
    answer = upload(browser, outlet, f"{HEAD}21/11/2026;<script>alert(1)</script>;1.000\n".encode())
    page = browser.get(answer.location).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
