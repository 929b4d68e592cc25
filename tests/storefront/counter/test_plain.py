from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import accounts, clock
from kernel.people import Grant, Role, User
from orders.models.order import Order
from orders.models.shift import CounterSale, Shift
from orders.models.till import EntrySource, Till, TillEntry
from tests.make import make_outlet, make_user
from tests.make_counter import make_till, open_till
from tests.make_stock import Goods, make_goods
from tests.storefront.documents.reading import page_sizes, page_texts, text_of


@pytest.fixture
def till(session: Session) -> Till:
    return make_till(session)


@pytest.fixture
def goods(session: Session, till: Till) -> Goods:
    return make_goods(session, 10, outlet=till.outlet, price=12_475, slug="keripik", name_id="Keripik ubi")


@pytest.fixture
def cashier(session: Session, till: Till, client: FlaskClient) -> FlaskClient:
    sign_in(client, session, make_user(session, Grant(Role.CASHIER, outlet_id=till.outlet_id), email="kasir@contoh.example"))
    return client


def sign_in(client: FlaskClient, session: Session, user: User) -> None:
    """As signing in would, without its page."""
    token = accounts.open_session(session, user, "tests")
    session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True


def address(till: Till, rest: str = "") -> str:
    return f"/counter/plain/{till.outlet.code}/{till.number}{rest}"


def hidden(page: str) -> dict[str, str]:
    """The form's own fields."""
    return {name: re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)[-1] for name in ("csrf_token", "key")}


def open_shift(client: FlaskClient, till: Till) -> None:
    token = re.findall(r'name="csrf_token" value="([^"]*)"', client.get(address(till)).text)[-1]
    assert client.post(address(till, "/shift"), data={"csrf_token": token, "opening_float": "200.000"}).status_code == 303


def form_of(client: FlaskClient, till: Till, **changes: str) -> dict[str, str]:
    page = client.get(address(till, "?paper=1")).text
    return hidden(page) | {"method": "cash", "language": "id"} | changes


def count(session: Session) -> int:
    return session.scalar(select(func.count(CounterSale.id))) or 0


def test_the_page_leads_to_the_only_till_and_asks_for_the_float_first(cashier: FlaskClient, till: Till, session: Session) -> None:
    assert cashier.get("/counter/plain").headers["Location"] == address(till)
    assert 'name="opening_float"' in cashier.get(address(till)).text
    open_shift(cashier, till)
    assert session.scalars(select(Shift.opening_float)).one() == 200_000
    assert 'name="code-1"' in cashier.get(address(till)).text


def test_a_sale_goes_from_codes_to_the_change_and_the_receipt(cashier: FlaskClient, till: Till, goods: Goods, session: Session) -> None:
    open_shift(cashier, till)
    typed = {"code-1": goods.variant.code.lower(), "quantity-1": "2", "given": "50.000"}
    answer = cashier.post(address(till), data=form_of(cashier, till, **typed))
    assert answer.status_code == 303
    order = session.scalars(select(Order)).one()
    page = cashier.get(answer.headers["Location"]).text
    assert "Rp24.950" in page
    assert "Rp25.100" in page
    assert f'href="/orders/{order.token}"' in page
    assert cashier.get(f"/orders/{order.token}").status_code == 200


def test_a_number_from_the_label_is_as_good_as_the_code(cashier: FlaskClient, till: Till, goods: Goods, session: Session) -> None:
    open_shift(cashier, till)
    goods.variant.gtin = "8991234567891"
    session.commit()
    assert cashier.post(address(till), data=form_of(cashier, till, **{"code-3": "8991234567891"})).status_code == 303
    assert session.scalars(select(Order.total)).one() == 12_475


def test_the_same_form_sent_twice_is_one_sale(cashier: FlaskClient, till: Till, goods: Goods, session: Session) -> None:
    open_shift(cashier, till)
    form = form_of(cashier, till, **{"code-1": goods.variant.code})
    first, second = (cashier.post(address(till), data=form) for _each in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert count(session) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code-1": "TIDAKADA"}, "TIDAKADA"),
        ({"quantity-1": "0"}, "1"),
        ({"price-1": "abc"}, "abc"),
        ({"given": "1.000"}, "1.000"),
        ({"method": "card"}, "card"),
        ({"method": "barter"}, "P-0001"),
        ({"discount": "99.000"}, "99.000"),
        ({"sold_on": "2020-01-01"}, "2020-01-01"),
        ({"sold_time": "25.99"}, "25.99"),
        ({"sheet": "X1"}, "X1"),
    ],
)
def test_a_refused_sale_keeps_what_was_typed(
    cashier: FlaskClient, till: Till, goods: Goods, session: Session, changes: dict[str, str], said: str
) -> None:
    open_shift(cashier, till)
    typed = {"code-1": goods.variant.code, "quantity-1": "3", "reason": "Kemasan penyok"} | changes
    answer = cashier.post(address(till), data=form_of(cashier, till, **typed))
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    for text in (typed["code-1"], typed["quantity-1"], "Kemasan penyok", said):
        assert text in answer.text
    assert count(session) == 0


def test_an_empty_sale_is_refused(cashier: FlaskClient, till: Till, session: Session) -> None:
    open_shift(cashier, till)
    assert cashier.post(address(till), data=form_of(cashier, till)).status_code == 422
    assert count(session) == 0


def test_a_sheet_s_number_is_typed_once_on_a_day(cashier: FlaskClient, till: Till, goods: Goods, session: Session) -> None:
    open_shift(cashier, till)
    typed = {"code-1": goods.variant.code, "sheet": "p7"}
    assert cashier.post(address(till), data=form_of(cashier, till, **typed)).status_code == 303
    sale = session.scalars(select(CounterSale)).one()
    again = cashier.post(address(till), data=form_of(cashier, till, **(typed | {"sheet": "P-0007"})))
    assert again.status_code == 422
    assert "P-0007" in again.text
    assert sale.receipt_number in again.text
    assert cashier.post(address(till), data=form_of(cashier, till, **(typed | {"sheet": "8"}))).status_code == 303
    assert count(session) == 2
    assert set(session.scalars(select(TillEntry.source))) == {EntrySource.PAPER}


def test_a_sheet_of_yesterday_keeps_its_day_and_time(cashier: FlaskClient, till: Till, goods: Goods, session: Session) -> None:
    open_shift(cashier, till)
    day = clock.today(till.outlet.zone) - timedelta(days=1)
    typed = {"code-1": goods.variant.code, "price-1": "11.000", "sheet": "1", "sold_on": day.isoformat(), "sold_time": "14:30"}
    assert cashier.post(address(till), data=form_of(cashier, till, **typed)).status_code == 303
    sale = session.scalars(select(CounterSale)).one()
    assert (sale.business_date, f"{clock.local(sale.sold_at, till.outlet.zone):%H.%M}") == (day, "14.30")
    assert session.scalars(select(Order.total)).one() == 11_000


def test_without_a_shift_the_form_says_so_and_keeps_what_was_typed(
    cashier: FlaskClient, till: Till, goods: Goods, session: Session
) -> None:
    answer = cashier.post(address(till), data=form_of(cashier, till, **{"code-1": goods.variant.code}))
    assert answer.status_code == 422
    assert goods.variant.code in answer.text
    assert count(session) == 0


def test_a_device_s_open_shift_is_used(client: FlaskClient, session: Session) -> None:
    tablet = open_till(session)
    goods = make_goods(session, 3, outlet=tablet.outlet)
    sign_in(client, session, make_user(session, Grant(Role.CASHIER, outlet_id=tablet.outlet.id), email="lain@contoh.example"))
    assert client.post(address(tablet.till), data=form_of(client, tablet.till, **{"code-1": goods.variant.code})).status_code == 303
    assert session.scalars(select(CounterSale.shift_id)).one() == session.scalars(select(Shift.id)).one()


def test_a_till_of_another_outlet_is_not_found(cashier: FlaskClient, session: Session) -> None:
    elsewhere = make_till(session, make_outlet(session))
    session.commit()
    assert cashier.get(address(elsewhere)).status_code == 404
    assert cashier.get(address(elsewhere, "/sheet.pdf")).status_code == 404


def test_the_paper_sheet_has_numbered_lines_and_what_sells_most(cashier: FlaskClient, till: Till, goods: Goods) -> None:
    paper = cashier.get(address(till, "/sheet.pdf")).data
    assert (page_sizes(paper), len(page_texts(paper))) == ([(210, 297)], 3)
    text = text_of(paper)
    for part in ("P-0001", "P-0048", goods.variant.code, "Keripik ubi", "Rp12.475", till.outlet.name):
        assert part in text
    assert "P-0049" not in text
