"""The quick order pad: rows as people paste them, and a reason for each that was not understood."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy.orm import Session

from kernel.errors import InvalidInput
from orders.wholesale import pad
from orders.wholesale.buyers import Audience, get_buyer
from tests.make_trade import Trade, make_trade


def audience_of(session: Session, trade: Trade) -> Audience:
    return get_buyer(session, trade.buyer).audience


def test_rows_are_understood_as_people_paste_them(session: Session) -> None:
    trade = make_trade(session)
    sku, offer = trade.first.code, trade.offer.code
    for row in (f"{sku} 12", f"{sku};12", f"{sku}\t12", f"{sku}, 12", f"{sku} x12", f"{sku} 12 karton", f"{offer.lower()} 12"):
        answer = pad.read_pasted(session, audience_of(session, trade), row)
        assert answer.lines == {trade.offer.id: 12}, row


def test_each_row_that_is_not_understood_says_why(session: Session) -> None:
    trade = make_trade(session)
    text = f"{trade.first.code} 3\nTIDAKADA 4\n{trade.first.code} 0\nhanya kata kata\n\n{trade.first.code} 2"
    answer = pad.read_pasted(session, audience_of(session, trade), text)
    assert [(row.number, row.problem, row.note) for row in answer.rows] == [
        (1, "", ""),
        (2, pad.UNKNOWN, ""),
        (3, pad.NO_NUMBER, ""),
        (4, pad.NOT_A_ROW, ""),
        (6, "", pad.TWICE),
    ]
    assert (answer.lines, answer.problems) == ({trade.offer.id: 5}, 3)


def test_what_another_seller_offers_is_not_known_here(session: Session) -> None:
    trade, other = make_trade(session), make_trade(session)
    assert pad.read_pasted(session, audience_of(session, trade), f"{other.first.code} 3").lines == {}


def test_files_are_read_with_columns_in_both_languages(session: Session) -> None:
    trade = make_trade(session)
    audience = audience_of(session, trade)
    csv = f"Kode barang;Jumlah karton\n{trade.first.code};7\n".encode()
    assert pad.read_file(session, audience, "pesanan.csv", csv).lines == {trade.offer.id: 7}
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("SKU", "Cases"), (trade.first.code, 9), ("=1+1", 3)):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    answer = pad.read_file(session, audience, "order.xlsx", data.getvalue())
    assert (answer.lines, answer.problems) == ({trade.offer.id: 9}, 1)


@pytest.mark.parametrize("text", ["", "  \n ", "\n".join(["V1 1"] * 101)])
def test_nothing_and_too_much_are_refused(session: Session, text: str) -> None:
    with pytest.raises(InvalidInput):
        pad.read_pasted(session, audience_of(session, make_trade(session)), text)


@given(text=st.text(max_size=60))
def test_no_row_breaks_the_pad(text: str) -> None:
    found = pad._ROW.fullmatch(text.strip())
    assert found is None or (found[1] and found[2])
