"""The numbers on papers: what is accepted, in which form it is kept, and what is refused with which sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.certificate_numbers import PIRT_FOOD_GROUPS, PIRT_PACKS, check_pirt_dates, normalise_number, parse_pirt
from catalog.models.certificate import CertificateKind
from kernel.errors import InvalidInput

PIRT, BPOM, HALAL = CertificateKind.PIRT, CertificateKind.BPOM, CertificateKind.HALAL
SNI, GI, AWARD = CertificateKind.SNI, CertificateKind.GEOGRAPHICAL_INDICATION, CertificateKind.OVOP_AWARD


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (PIRT, "P-IRT No. 2151612010001-29", "2151612010001-29"),
        (PIRT, "pirt 215161201000129", "2151612010001-29"),
        (PIRT, " 2151612010001 29 ", "2151612010001-29"),
        (PIRT, "206161201001", "206161201001"),
        (BPOM, "BPOM RI MD 206110001234", "MD 206110001234"),
        (BPOM, "md206110001234567", "MD 206110001234567"),
        (BPOM, "ML 206110001234", "ML 206110001234"),
        (HALAL, "id 16110000123450123", "ID16110000123450123"),
        (SNI, "sni 7622:2011", "SNI 7622:2011"),
        (SNI, "SNI 01-2973-1992", "SNI 01-2973-1992"),
        (SNI, "SNI ISO 22000:2018", "SNI ISO 22000:2018"),
        (GI, "ID G 000000123", "IDG 000000123"),
        (AWARD, "", ""),
        (AWARD, "Kep. 12/2024", "KEP. 12/2024"),
    ],
)
def test_a_number_is_kept_in_one_form(kind: CertificateKind, typed: str, kept: str) -> None:
    assert normalise_number(kind, typed) == kept
    assert normalise_number(kind, kept) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (PIRT, ""),
        (PIRT, "21516120100012"),
        (PIRT, "9151612010001-29"),
        (PIRT, "2161612010001-29"),
        (PIRT, "2001612010001-29"),
        (PIRT, "２151612010001-29"),
        (PIRT, "2151612010001-29; DROP TABLE"),
        (BPOM, "206110001234"),
        (BPOM, "MD 2061"),
        (BPOM, "MD 2061100012345678"),
        (BPOM, "XX 206110001234"),
        (HALAL, "16110000123450123"),
        (HALAL, "ID"),
        (SNI, "7622"),
        (SNI, "SNI"),
        (GI, "ID 123"),
        (AWARD, "x" * 41),
    ],
)
def test_what_is_no_such_number_is_refused_with_its_field(kind: CertificateKind, typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        normalise_number(kind, typed)
    assert refusal.value.field == "number"


def test_a_fatwa_number_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="KH"):
        normalise_number(HALAL, "KH 01234567890")


def test_a_permit_is_taken_apart() -> None:
    number = parse_pirt("2151612010001-29")
    assert (PIRT_PACKS[number.pack], PIRT_FOOD_GROUPS[number.food_group]) == ("plastic", "grain, nut and tuber products")
    assert (number.region, number.expiry_year) == ("1612", 2029)


@given(st.integers(1, 8), st.integers(1, 15), st.integers(0, 10**10 - 1), st.integers(0, 99))
def test_every_well_formed_permit_is_read_back(pack: int, group: int, rest: int, year: int) -> None:
    text = f"{pack}{group:02d}{rest:010d}-{year:02d}"
    number = parse_pirt(text)
    assert (number.text, number.pack, number.food_group, number.expiry_year) == (text, pack, group, 2000 + year)


def test_the_dates_must_fit_the_number() -> None:
    number = parse_pirt("2151612010001-29")
    check_pirt_dates(number, date(2024, 3, 1), date(2029, 2, 28))
    for valid_from_on, valid_until_on in (
        (date(2024, 3, 1), date(2028, 2, 28)),
        (date(2024, 3, 1), None),
        (date(2020, 1, 1), date(2029, 1, 1)),
    ):
        with pytest.raises(InvalidInput) as refusal:
            check_pirt_dates(number, valid_from_on, valid_until_on)
        assert refusal.value.field == "valid_until_on"


def test_an_old_permit_does_not_tell_its_year_but_lasts_no_longer() -> None:
    number = parse_pirt("206161201001")
    check_pirt_dates(number, date(2024, 3, 1), date(2027, 2, 28))
    with pytest.raises(InvalidInput):
        check_pirt_dates(number, date(2020, 3, 1), date(2027, 2, 28))
