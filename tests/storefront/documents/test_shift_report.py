from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from orders.counter.shifts import figures_of
from orders.models.shift import Shift
from orders.models.till import Till
from storefront.documents.columns import WIDTHS, Style, width_of
from storefront.documents.report_layout import lay_out_report
from storefront.documents.shift_report import draw_shift_report, shift_report
from tests.make_counter import Tablet, cash_tender, deliver, open_till, sell, tender
from tests.make_stock import make_goods
from tests.storefront.documents.reading import page_sizes, text_of


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def tablet(session: Session) -> Tablet:
    """Two sales, cash out; nothing was counted yet."""
    tablet = open_till(session)
    goods = make_goods(session, 9, outlet=tablet.outlet, price=12_475)
    sell(session, tablet, goods)
    sell(session, tablet, (goods, 2), tenders=[tender("qris", 10_000), cash_tender(14_950, 20_000)])
    deliver(session, tablet, tablet.entry("cash_moved", direction="out", amount=50_000, reason="Setor ke bank", supervision=None))
    return tablet


def shift_of(session: Session) -> Shift:
    loaded = select(Shift).options(joinedload(Shift.till).joinedload(Till.outlet)).execution_options(populate_existing=True)
    return session.scalars(loaded).one()


def close(session: Session, tablet: Tablet, cash: int) -> None:
    deliver(session, tablet, tablet.entry("shift_closed", counted={"cash": cash, "qris": 10_000}, denominations=[[100, 1]], note=""))


def figures(session: Session) -> dict[str, str]:
    """The last figure of each label."""
    shift = shift_of(session)
    return {label: figure for section in shift_report(shift, figures_of(session, shift))["sections"] for label, figure in section["rows"]}


def test_an_x_report_says_what_the_figures_say_and_counts_nothing(session: Session, tablet: Tablet) -> None:
    found = figures(session)
    assert found["Struk"] == "2"
    assert found["Penjualan"] == "=Rp37.425"
    assert found["Modal awal"] == "Rp500.000"
    assert found["Seharusnya di laci"] == "=Rp477.400"
    assert "Selisih" not in found
    assert shift_report(shift_of(session), figures_of(session, shift_of(session)))["title"] == "LAPORAN X"


def test_a_z_report_says_what_was_counted_and_what_differs(session: Session, tablet: Tablet) -> None:
    close(session, tablet, 477_100)
    found = figures(session)
    assert found["Tunai, dihitung"] == "Rp477.100"
    shift = shift_of(session)
    text = text_of(draw_shift_report(shift, figures_of(session, shift), "a4"))
    assert "LAPORAN Z" in text
    assert "-Rp300" in text


@pytest.mark.parametrize(("paper", "size"), [("58mm", 58), ("80mm", 80), ("a4", 210)])
def test_the_report_is_one_page_on_every_paper(session: Session, tablet: Tablet, paper: str, size: int) -> None:
    close(session, tablet, 477_400)
    shift = shift_of(session)
    drawn = draw_shift_report(shift, figures_of(session, shift), paper)
    assert [each[0] for each in page_sizes(drawn)] == [size]
    for part in ("LAPORAN Z", "Rp477.400", "Rp37.425", "Rp50.000"):
        assert part in text_of(drawn)


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_row_of_it_is_wider_than_the_paper(session: Session, tablet: Tablet, columns: int) -> None:
    shift = shift_of(session)
    for row in lay_out_report(shift_report(shift, figures_of(session, shift)), columns):
        assert width_of(row.text) <= (columns // 2 if row.style is Style.DOUBLE else columns)
