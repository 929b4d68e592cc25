"""Digital Links: golden addresses, hostile ones, and that writing and reading agree."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.gtin import check_digit, make_internal_number
from catalog.provenance.digital_link import DigitalLink, MalformedLink, pack_address, parse, write

GTIN = "08999999000011"
ROOT = "https://etalase.example"
#: What identifier 10 may hold, GS1 General Specifications figure 7.11-1.
LOT_LETTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

GOLDEN = [
    (f"/01/{GTIN}", DigitalLink(GTIN)),
    (f"/01/{GTIN}/", DigitalLink(GTIN)),
    (f"/01/{GTIN}/10/261121-1", DigitalLink(GTIN, lot="261121-1")),
    (f"/01/{GTIN}/10/A%2FB", DigitalLink(GTIN, lot="A/B")),
    (f"/01/{GTIN}/22/2A/10/LOT/21/7", DigitalLink(GTIN, variant="2A", lot="LOT", serial="7")),
    (f"/01/{GTIN}/21/7", DigitalLink(GTIN, serial="7")),
    (f"/01/{GTIN}/10/LOT?17=261231", DigitalLink(GTIN, lot="LOT", attributes={"17": "261231"})),
    (f"/01/{GTIN}?15=261200", DigitalLink(GTIN, attributes={"15": "261200"})),
    (f"/01/{GTIN}?3103=000195&utm_source=shelf", DigitalLink(GTIN, attributes={"3103": "000195"})),
    (f"{ROOT}/01/{GTIN}/10/LOT", DigitalLink(GTIN, lot="LOT")),
    ("/01/8999999000011", DigitalLink(GTIN)),
    ("/01/12345670", DigitalLink("00000012345670")),
]

HOSTILE = [
    "",
    "/",
    "/01",
    "/01/",
    "/01//",
    "/00/106141412345678908",
    "/01/08999999000012",
    "/01/0899999900001",
    "/01/089999990000115",
    "/01/0899999900001X",
    "/01/٠٨٩٩٩٩٩٩٠٠٠٠١١",
    f"/01/{GTIN}/10",
    f"/01/{GTIN}/10/",
    f"/01/{GTIN}//10/LOT",
    f"/01/{GTIN}/10/{'A' * 21}",
    f"/01/{GTIN}/10/%00",
    f"/01/{GTIN}/10/%1D21",
    f"/01/{GTIN}/10/A%0AB",
    f"/01/{GTIN}/10/%C3%A9",
    f"/01/{GTIN}/10/%FF",
    f"/01/{GTIN}/10/é",
    f"/01/{GTIN}/10/A B",
    f"/01/{GTIN}/21/7/10/LOT",
    f"/01/{GTIN}/10/LOT/10/LOT",
    f"/01/{GTIN}/99/LOT",
    f"/01/{GTIN}?17=269931",
    f"/01/{GTIN}?3103=12",
    f"/01/{GTIN}/10/{'%41' * 700}",
    "//01/08999999000011",
    "http://[::1/01/08999999000011",
]


@pytest.mark.parametrize(("address", "link"), GOLDEN)
def test_golden_addresses_are_taken_apart(address: str, link: DigitalLink) -> None:
    assert parse(address) == link


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_addresses_are_malformed(address: str) -> None:
    with pytest.raises(MalformedLink):
        parse(address)


@given(st.text(max_size=60))
@example("%zz/10/%")
@example("8999999000011/10/\x00")
def test_whatever_is_sent_is_a_link_or_malformed(rest: str) -> None:
    for address in (rest, f"/01/{rest}", f"/01/{GTIN}/{rest}", f"/01/{GTIN}/10/{rest}", f"/01/{GTIN}?{rest}"):
        try:
            parse(address)
        except MalformedLink:
            continue


@given(
    st.text("0123456789", min_size=13, max_size=13),
    st.text(LOT_LETTERS, min_size=1, max_size=20),
    st.text(LOT_LETTERS, max_size=20),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_what_is_written_is_read_again(digits: str, lot: str, serial: str, day: date) -> None:
    link = DigitalLink(f"{digits}{check_digit(digits)}", lot=lot, serial=serial, attributes={"15": f"{day:%y%m%d}"})
    assert parse(write(link, ROOT)) == link


def test_a_number_for_use_inside_one_shop_is_no_gtin() -> None:
    assert parse(f"/01/{make_internal_number(7).zfill(14)}").is_restricted
    assert not parse(f"/01/{GTIN}").is_restricted


def test_a_label_says_a_digital_link_only_for_a_registered_number() -> None:
    assert pack_address(ROOT, code="AB23CD45", gtin="8999999000011", lot="A/B") == f"{ROOT}/01/{GTIN}/10/A%2FB"
    dated = pack_address(ROOT, code="AB23CD45", gtin="8999999000011", lot="L1", best_before_on=date(2026, 12, 31))
    assert dated == f"{ROOT}/01/{GTIN}/10/L1?15=261231"
    assert pack_address(ROOT, code="AB23CD45", gtin=None, lot="L1") == f"{ROOT}/p/AB23CD45/L1"
    assert pack_address(ROOT, code="AB23CD45", gtin=make_internal_number(7)) == f"{ROOT}/p/AB23CD45"
