"""Reading statements: every usual writing of columns and amounts, and nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput
from orders.statements import LARGEST_FILE, MOST_ROWS, UnreadableStatement, decode, parse_amount, parse_day, read_rows


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25000", 25_000),
        ("25.000", 25_000),
        ("25,000", 25_000),
        ("25,000.00", 25_000),
        ("25.000,00", 25_000),
        ("25000.00", 25_000),
        ("25000,0", 25_000),
        ("1.234.567", 1_234_567),
        ("1,234,567.00 CR", 1_234_567),
        ("Rp 25.000", 25_000),
        ("Rp25.000,00", 25_000),
        ("IDR 25,000.00", 25_000),
        ("+25.000", 25_000),
        ("25.000 K", 25_000),
        ("25,000.00 DB", -25_000),
        ("-25000", -25_000),
        ("(25.000)", -25_000),
        ("25.000 D", -25_000),
        ("0", 0),
        ("25.000,50", None),
        ("25,000.01", None),
        ("25.00.0", None),
        ("2.5000", None),
        ("25e3", None),
        ("", None),
        ("dua puluh", None),
        ("٢٥٠٠٠", None),
        ("99999999999999", None),
    ],
)
def test_amounts_are_whole_rupiah_or_nothing(text: str, amount: int | None) -> None:
    assert parse_amount(text) == amount


@given(st.integers(min_value=1, max_value=10_000_000_000))
def test_every_writing_of_an_amount_means_the_same(amount: int) -> None:
    english = f"{amount:,}"
    indonesian = english.replace(",", ".")
    writings = (str(amount), english, indonesian, f"{english}.00", f"{indonesian},00", f"Rp{indonesian}", f"{english}.00 CR")
    assert {parse_amount(text) for text in writings} == {amount}


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    parse_amount(text)
    parse_day(text)


@pytest.mark.parametrize("text", ["2026-11-21", "21/11/2026", "21-11-26", "21/11/2026 14:30:05", "2026-11-21T14:30"])
def test_days_are_read_day_first(text: str) -> None:
    assert parse_day(text) == date(2026, 11, 21)


@pytest.mark.parametrize("text", ["", "PEND", "31/02/2026", "99/99/9999"])
def test_a_day_that_cannot_be_read_is_left_out(text: str) -> None:
    assert parse_day(text) is None


INDONESIAN = "Tanggal;Keterangan;Referensi;Jumlah\n21/11/2026;TRF DARI BUDI K7QTX4MN;0099;25.000\n"
ENGLISH = 'Posting Date,Description,Reference No.,Amount\n2026-11-21,"TRANSFER K7QT X4MN",0099,"25,000.00"\n'
DEBIT_CREDIT = (
    "Tgl\tUraian Transaksi\tDebet\tKredit\tSaldo\n"
    "21/11/26\tSETORAN K7QT-X4MN\t\t25.000,00\t90.000,00\n"
    "21/11/26\tBIAYA\t6.000,00\t\t84.000,00\n"
)
PREAMBLE = (
    "Rekening;0001112223\nPeriode;21/11/2026\n\nTanggal Transaksi;Keterangan;Mutasi;Saldo\n21/11/2026;QR K7QTX4MN;25.000 CR;1.000.000\n"
)


@pytest.mark.parametrize("text", [INDONESIAN, ENGLISH, DEBIT_CREDIT, PREAMBLE, "\ufeff" + INDONESIAN, INDONESIAN.replace("\n", "\r\n")])
def test_columns_are_found_by_their_names(text: str) -> None:
    row = read_rows(decode(text.encode()), "")[0]
    assert (row.booked_on, row.amount, row.order_codes) == (date(2026, 11, 21), 25_000, ("K7QTX4MN",))


def test_money_that_went_out_is_negative() -> None:
    assert [row.amount for row in read_rows(DEBIT_CREDIT, "")] == [25_000, -6_000]


def test_row_numbers_are_those_of_the_file() -> None:
    assert [row.number for row in read_rows(PREAMBLE, "")] == [5]


@pytest.mark.parametrize("text", ["K7QTX4MNA", "XK7QTX4MN", "K7QT--X4MN", "K7QT0X4M", "pembayaran", ""])
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert read_rows(f"Keterangan,Jumlah\n{text},1000\n", "")[0].order_codes == ()


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "Keterangan,Saldo\nX,1\n", "Tanggal,Jumlah\n21/11/2026,1\n"])
def test_a_file_without_our_columns_is_refused(text: str) -> None:
    with pytest.raises(UnreadableStatement):
        read_rows(text, "")


def test_a_picture_and_a_file_that_is_too_large_are_refused() -> None:
    with pytest.raises(UnreadableStatement):
        decode(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(InvalidInput, match="2 MB"):
        decode(b"a" * (LARGEST_FILE + 1))
    with pytest.raises(InvalidInput, match="rows"):
        read_rows("Keterangan,Jumlah\n" + "X,1\n" * (MOST_ROWS + 1), "")
    assert decode("Keterangan: café".encode("cp1252")) == "Keterangan: café"


def test_equal_rows_of_one_file_differ_and_the_same_file_again_does_not() -> None:
    text = "Keterangan,Jumlah\nX,1000\nX,1000\n"
    first, second = (row.row_hash for row in read_rows(text, "1:bank_transfer"))
    assert first != second
    assert [row.row_hash for row in read_rows(text.replace("X", " x "), "1:bank_transfer")] == [first, second]
    assert read_rows(text, "2:bank_transfer")[0].row_hash != first
