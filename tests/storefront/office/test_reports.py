"""Reports on pages and in files: for whom, how many statements, and that figures are the books'."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.bulk_sales import repeat_order
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from kernel import clock
from orders.models.order import OrderLine
from storefront.office.reports import PAGES
from tests.cast import ADMINISTRATOR, CASHIER, CURATOR, CURATOR_ELSEWHERE, OUTLET_MANAGER, World
from tests.conftest import StatementCounter
from tests.make import TALANG_BULANG, make_category, make_maker, make_outlet, make_product
from tests.make_consignment import bring, make_agreement, make_consigned, sell
from tests.storefront.office.conftest import SignIn

BUYER = "Pembeli Contoh"


@pytest.fixture
def outlet(session: Session, world: World) -> Outlet:
    """The world's outlet, with three sales of a maker's goods for Rp25.000 each; their village, district and category sold nothing else.

    The world's partner was sent four cases of another maker's goods, which belong to the outlet.
    """
    place = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    maker = make_maker(session, name="=Dapur Rumus", village_code=TALANG_BULANG)
    product = make_product(session, maker=maker, category=make_category(session, "kerajinan"), price=25_000)
    goods = bring(session, make_agreement(session, place, maker=maker), product.variants[0], 2_000, product=product)
    sell(session, goods, quantity=2)
    sell(session, goods)
    return place


@pytest.mark.parametrize("what", PAGES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_report_opens_in_both_languages_and_names_no_buyer(sign_in: SignIn, outlet: Outlet, what: str, language: str) -> None:
    answer = sign_in(OUTLET_MANAGER).get(f"{language}/office/reports/{what}")
    assert answer.status_code == 200
    assert BUYER not in answer.text
    assert "Rp75.000" in answer.text or what in ("goods", "losses", "lines")


@pytest.mark.parametrize("what", PAGES)
def test_a_report_takes_ten_statements_at_most(sign_in: SignIn, outlet: Outlet, count_statements: StatementCounter, what: str) -> None:
    browser = sign_in(OUTLET_MANAGER)
    browser.get(f"/office/reports/{what}")
    with count_statements() as statements:
        assert browser.get(f"/office/reports/{what}").status_code == 200
    assert len(statements) <= 10, statements


@pytest.mark.parametrize("what", PAGES)
def test_files_hold_the_figures_of_the_page(sign_in: SignIn, outlet: Outlet, what: str) -> None:
    browser = sign_in(OUTLET_MANAGER)
    table = browser.get(f"/office/reports/{what}/table.csv")
    assert table.mimetype == "text/csv"
    named = {"overview": "ringkasan-", "goods": "barang-", "losses": "kerugian-", "lines": "baris-penjualan-", "payment": "cara-bayar-"}
    assert f'filename="{named.get(what, "")}' in table.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(table.text.removeprefix("\ufeff"))))
    with browser.get(f"/office/reports/{what}/table.xlsx") as answer:
        book = load_workbook(BytesIO(answer.data))
    cells = [["" if cell is None else str(cell) for cell in row] for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert cells == [row for row in rows if row]
    assert BUYER not in table.text
    if what not in ("goods", "losses"):
        assert any("75000" in row or "50000" in row for row in rows)
    for row in rows:
        assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_sale_lines_are_listed_one_by_one(sign_in: SignIn, outlet: Outlet) -> None:
    text = sign_in(CURATOR).get("/office/reports/lines/table.csv").text
    rows = list(csv.reader(StringIO(text)))
    assert [row[3] for row in rows[1:]] == ["Grosir", "Toko web", "Toko web"]
    assert rows[1][-5:] == ["96", "18000", "1728000", "0", "1728000"]
    assert rows[2][7] == "'=Dapur Rumus"
    assert rows[2][-5:] == ["2", "25000", "50000", "42500", "7500"]


def test_each_sees_only_outlets_in_reach(sign_in: SignIn, session: Session, outlet: Outlet) -> None:
    far = make_outlet(session, name="Gerai Jauh", area_code="16.01.07.2001")
    sell(session, make_consigned(session, make_agreement(session, far), price=99_000))
    assert "Rp99.000" not in sign_in(OUTLET_MANAGER).get("/office/reports").text
    assert "Rp99.000" not in sign_in(CURATOR).get("/office/reports").text
    assert "Rp174.000" in sign_in(ADMINISTRATOR).get("/office/reports").text
    assert "Rp99.000" in sign_in(CURATOR_ELSEWHERE).get("/office/reports").text
    assert sign_in(OUTLET_MANAGER).get(f"/office/reports?outlet={far.code}").status_code == 404
    assert sign_in(OUTLET_MANAGER).get(f"/office/reports/lines/table.csv?outlet={far.code}").status_code == 404
    assert sign_in(CASHIER).get("/office/reports").status_code == 403


def test_days_are_chosen_and_nonsense_is_refused_and_kept(sign_in: SignIn, outlet: Outlet) -> None:
    browser = sign_in(OUTLET_MANAGER)
    today = clock.today(outlet.zone).isoformat()
    assert "Rp75.000" in browser.get(f"/office/reports?period=days&from={today}&to={today}").text
    empty = browser.get("/office/reports?period=days&from=2024-01-01&to=2024-01-31")
    assert "<table" not in empty.text
    wrong = browser.get("/office/reports?period=days&from=2026-02-02&to=2026-02-01")
    assert wrong.status_code == 422
    assert 'value="2026-02-02"' in wrong.text
    for query in ("period=days&from=x&to=y", "period=days", "period=ever", "period=days&from=0001-01-01&to=9999-12-31"):
        assert browser.get(f"/office/reports?{query}").status_code == 422, query
        assert browser.get(f"/office/reports/lines/table.csv?{query}").status_code == 400, query
    assert browser.get("/office/reports/nothing").status_code == 404
    assert browser.get("/office/reports/maker/table.pdf").status_code == 404


def test_a_curator_whose_area_has_no_outlet_is_told_so(sign_in: SignIn, outlet: Outlet) -> None:
    answer = sign_in(CURATOR_ELSEWHERE).get("/office/reports")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


def test_the_chart_says_in_words_what_it_shows(sign_in: SignIn, session: Session, world: World, outlet: Outlet) -> None:
    offered = select(Product.id).join(Product.variants).where(Variant.code == world.words["offered"])
    most = session.scalars(select(Maker.name).join(Product, Product.maker_id == Maker.id).where(Product.id.in_(offered))).one()
    text = sign_in(OUTLET_MANAGER).get("/en/office/reports/maker").text
    assert text.count('role="img"') == 2
    assert "<title" in text
    assert f"The most: {most}: Rp1.728.000." in text
    assert "=Dapur Rumus" in text


def test_more_lines_than_a_file_holds_are_refused_before_anything_is_sent(
    sign_in: SignIn, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.office.reports.MOST_LINES", 1)
    answer = sign_in(OUTLET_MANAGER).get("/office/reports/lines/table.xlsx")
    assert answer.status_code in (400, 422)
    assert "Content-Disposition" not in answer.headers
    assert sign_in(OUTLET_MANAGER).get("/office/reports/maker/table.xlsx").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_file_is_sent_in_parts_and_is_whole(sign_in: SignIn, session: Session, outlet: Outlet, kind: str) -> None:
    order = session.scalars(select(OrderLine.order_id).order_by(OrderLine.id.desc())).first()
    assert order is not None
    repeat_order(session, order, 1_500)
    session.commit()
    with sign_in(OUTLET_MANAGER).get(f"/office/reports/lines/table.{kind}") as answer:
        assert answer.content_length is None
        data = answer.data
    if kind == "csv":
        assert len(list(csv.reader(StringIO(data.decode())))) == 1 + 3 + 1_500
    else:
        assert load_workbook(BytesIO(data)).worksheets[0].max_row == 1 + 3 + 1_500
