"""The dashboard: everybody's own area, charts with their tables, files, and a fixed number of statements."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.cast import ADMINISTRATOR, CURATOR, MENTOR, OBSERVER, PROVINCE_OFFICER
from tests.conftest import StatementCounter
from tests.make import BETUNG, make_maker, make_outlet
from tests.make_consignment import make_agreement, make_consigned, sell
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


@pytest.fixture
def sales(session: Session) -> None:
    maker = make_maker(session, village_code=BETUNG, name="=Dapur Mocaf")
    goods = make_consigned(session, make_agreement(session, make_outlet(session), maker=maker), 20, price=20_000)
    sell(session, goods, quantity=3)
    session.commit()


def test_a_dashboard_shows_sales_in_both_languages_with_a_table_behind_each_chart(sign_in: SignIn, sales: None) -> None:
    browser = sign_in(PROVINCE_OFFICER)
    for prefix, heading in (("", "Penjualan per saluran"), ("/en", "Sales by channel")):
        page = browser.get(f"{prefix}/office/monitoring/?area={BETUNG}").text
        assert heading in page
        assert "Rp60.000" in page
        assert page.count("<figure") == page.count('<details class="chart-table">') == 3  # nothing to compare in one village
        assert 'id="areas"' not in page
        page = browser.get(f"{prefix}/office/monitoring/?area={BETUNG[:8]}").text
        assert page.count("<figure") == page.count('<details class="chart-table">') == 6
        assert 'id="areas"' in page


def test_it_goes_down_to_the_village_and_no_further_than_ones_area(sign_in: SignIn, sales: None) -> None:
    province, mentor = sign_in(PROVINCE_OFFICER), sign_in(MENTOR)
    assert 'href="/office/monitoring/?area=16.12&amp;span=quarter"' in province.get("/office/monitoring/?area=16").text
    assert "Rp60.000" in province.get("/office/monitoring/?area=16.12.04").text
    assert f'href="/office/mapping/villages/{BETUNG}"' in province.get("/office/monitoring/?area=16.12.04").text
    for path in ("?area=16.12.04", "?area=16.12", "figures.csv?area=16.12.04"):
        assert mentor.get(f"/office/monitoring/{path}").status_code == 404
    assert "Rp60.000" not in mentor.get("/office/monitoring/").text
    assert sign_in(OBSERVER).get("/office/monitoring/").status_code == 200


def test_files_hold_every_table(sign_in: SignIn, sales: None) -> None:
    browser = sign_in(CURATOR)
    book = load_workbook(BytesIO(browser.get(f"/office/monitoring/figures.xlsx?span=month&area={BETUNG}").data))
    assert len(book.sheetnames) == 7
    rows = list(book[book.sheetnames[0]].values)
    assert rows[-1][6] == 60_000
    text = browser.get("/en/office/monitoring/figures.csv").data.decode("utf-8-sig")
    assert "Sales by area" in text or "Area" in text
    assert browser.get("/office/monitoring/figures.pdf").status_code == 404


@pytest.mark.parametrize("span", ["month", "last_month", "quarter", "last_quarter", "year", "nonsense"])
def test_every_span_has_its_page(sign_in: SignIn, span: str) -> None:
    assert sign_in(OBSERVER).get(f"/office/monitoring/?span={span}").status_code == 200


def test_statements_are_the_same_for_a_village_and_a_province(sign_in: SignIn, sales: None, count_statements: StatementCounter) -> None:
    browser = sign_in(ADMINISTRATOR)
    counts = set()
    for code in ("16", "16.12", "16.12.04", BETUNG):
        browser.get(f"/office/monitoring/?area={code}")
        with count_statements() as statements:
            browser.get(f"/office/monitoring/?area={code}")
        counts.add(len(statements))
    assert len(counts) == 1
    assert max(counts) <= 20
