"""QRIS codes are read as data objects, never as substrings, and come out whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import qris


def static_code(**changes: str) -> str:
    """A made-up outlet's static code."""
    account = qris.write_tlv([("00", "ID.CO.EXAMPLE.WWW"), ("01", "936009990000000011"), ("02", "000000000000001"), ("03", "UMI")])
    national = qris.write_tlv([("00", "ID.CO.QRIS.WWW"), ("02", "ID0000000000001"), ("03", "UMI")])
    fields = {
        "00": "01", "01": "11", "26": account, "51": national, "52": "5499", "53": "360", "58": "ID",
        "59": "PUSAT OLEH OLEH PALI", "60": "PALI", "61": "31214", "62": qris.write_tlv([("07", "A01")]),
    } | changes  # fmt: skip
    body = qris.write_tlv(sorted((tag, value) for tag, value in fields.items() if value)) + "6304"
    return body + qris.checksum(body)


def test_the_check_sum_is_the_published_one() -> None:
    assert qris.checksum("123456789") == "29B1"


def test_a_static_code_becomes_one_for_an_amount() -> None:
    code = qris.for_amount(qris.parse(static_code()), 25_000, "K7QTX4MN")
    again = qris.parse(code.payload)
    assert (again.get(qris.METHOD), again.get(qris.AMOUNT)) == ("12", "25000")
    assert dict(qris.read_tlv(again.get(qris.EXTRA) or "")) == {"01": "K7QTX4MN", "07": "A01"}
    tags = [tag for tag, _value in again.fields]
    assert tags == sorted(tags)


def test_an_amount_and_a_tip_in_the_code_are_replaced_not_doubled() -> None:
    code = qris.for_amount(qris.parse(static_code(**{"54": "1", "55": "02", "56": "500"})), 9_999_999, "A1")
    assert code.payload.count("9999999") == 1
    assert code.get("55") is None
    assert code.get("56") is None


def test_a_merchant_name_that_looks_like_a_tag_survives() -> None:
    """Converters that replace the substring 010211 break here."""
    code = qris.for_amount(qris.parse(static_code(**{"59": "TOKO 010211 5802ID"})), 1_000, "A1")
    assert qris.parse(code.payload).merchant == "TOKO 010211 5802ID"


@given(st.integers(1, qris.LARGEST_PAYMENT), st.text("ABCDEFGHJK3479", min_size=1, max_size=25))
def test_every_amount_and_bill_number_comes_back(amount: int, bill: str) -> None:
    code = qris.parse(qris.for_amount(qris.parse(static_code()), amount, bill).payload)
    assert code.get(qris.AMOUNT) == str(amount)
    assert dict(qris.read_tlv(code.get(qris.EXTRA) or ""))["01"] == bill


@pytest.mark.parametrize("amount", [0, -1, qris.LARGEST_PAYMENT + 1])
def test_an_amount_beyond_the_limit_is_a_mistake(amount: int) -> None:
    with pytest.raises(ValueError, match="carries"):
        qris.for_amount(qris.parse(static_code()), amount, "A1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/pay",
        static_code()[:-1] + "Z",
        static_code()[:-10],
        static_code(**{"53": "702"}),
        static_code(**{"58": "SG"}),
        static_code(**{"59": ""}),
        static_code(**{"26": "", "51": ""}),
        static_code() + "0002",
        "０" + static_code()[1:],
    ],
)
def test_what_is_not_a_usable_code_is_refused(text: str) -> None:
    with pytest.raises(qris.WrongCode):
        qris.parse(text)


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    with pytest.raises(qris.WrongCode):
        qris.parse(text)
