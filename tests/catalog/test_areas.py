"""Areas by code: the tree, the names people type, and the sentence that says where a village lies."""

import pytest
from sqlalchemy.orm import Session

from catalog.areas import (
    ancestors_of,
    count_areas,
    describe_areas,
    describe_village,
    display_name,
    find_area,
    fold_name,
    get_area,
    get_village,
    kind_of,
    list_breadcrumb,
    list_children,
    parse_area_code,
    search_areas,
    village_title,
)
from catalog.models.area import Area, AreaLevel, VillageKind
from kernel.errors import InvalidInput, NotFound
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_areas


def _area(code: str, name: str, short: str = "") -> Area:
    return Area(code=code, level=list(AreaLevel)[code.count(".")], kind=kind_of(code), name=name, short_name=short)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oe'Ekam", "oe’ekam"),
        ('Nunle"u', "Nunleʼu"),
        ("Suka Raja", "sukaraja"),
        ("Café É", "cafe e"),
        ("Si'ofaewali", "SIOFAEWALI"),
        ("Ja`an", "Jaan"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_desa_and_kelurahan_are_read_from_the_code() -> None:
    assert kind_of("16.12.01.2001") is VillageKind.DESA
    assert kind_of("16.12.01.1003") is VillageKind.KELURAHAN
    assert kind_of("91.03.01.3007") is VillageKind.DESA
    assert kind_of("16.12.01") is None


def test_ancestors_are_derived_from_the_code() -> None:
    assert ancestors_of(TALANG_BULANG) == ("16", "16.12", "16.12.01")
    assert ancestors_of("16") == ()


@pytest.mark.parametrize(
    "code", ["", "16.12.1", "16.12.01.200", "1612012001", "16.12.01.2001.1", "１６.12", "' OR 1=1 --", "../16", "16.12\n"]
)
def test_a_text_that_is_no_code_is_refused_on_a_form_and_unknown_in_an_address(session: Session, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_area_code(code, level=AreaLevel.VILLAGE)
    assert refusal.value.field == "village_code"
    assert find_area(session, code) is None
    with pytest.raises(NotFound):
        get_area(session, code)


def test_a_district_is_no_village(session: Session) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput):
        get_village(session, "16.12.01")
    assert get_village(session, TALANG_BULANG).name == "Talang Bulang"


def test_the_breadcrumb_takes_one_statement(session: Session, count_statements: StatementCounter) -> None:
    make_areas(session)
    with count_statements() as statements:
        names = [area.name for area in list_breadcrumb(session, TALANG_BULANG)]
    assert names == ["Sumatera Selatan", "Kabupaten Penukal Abab Lematang Ilir", "Talang Ubi", "Talang Bulang"]
    assert len(statements) == 1
    with pytest.raises(NotFound):
        list_breadcrumb(session, "16.12.01.2999")


def test_children_come_by_name(session: Session) -> None:
    make_areas(session)
    assert [area.name for area in list_children(session, "16.12")] == ["Abab", "Talang Ubi"]
    assert [area.code for area in list_children(session, None)] == ["16"]


def test_a_village_is_found_by_the_beginning_of_its_name(session: Session) -> None:
    make_areas(session)
    assert [area.code for area in search_areas(session, "karang")] == [KARANG_AGUNG]
    assert [area.code for area in search_areas(session, " KARANG-agung ")] == [KARANG_AGUNG]
    assert [area.code for area in search_areas(session, KARANG_AGUNG)] == [KARANG_AGUNG]
    assert search_areas(session, "agung") == []
    assert search_areas(session, "%") == []
    assert search_areas(session, "betung", within="16.12.01") == []
    for called in ("pali", "Penukal", "Kabupaten Penukal"):
        assert [area.code for area in search_areas(session, called, level=AreaLevel.REGENCY)] == ["16.12"], called
    assert search_areas(session, "pali") == []
    assert [area.code for area in search_areas(session, "talang ubi", level=None)] == ["16.12.01", "16.12.01.1003"]


def test_villages_of_one_name_are_told_apart_by_where_they_lie(session: Session) -> None:
    make_areas(session)
    session.add(
        Area(
            code="16.12.01.2099",
            parent_code="16.12.01",
            level=AreaLevel.VILLAGE,
            kind=VillageKind.DESA,
            name="Betung",
            folded_name="betung",
            zone="WIB",
        )
    )
    session.flush()
    found = search_areas(session, "betung")
    assert {area.code for area in found} == {BETUNG, "16.12.01.2099"}
    assert describe_areas(session, found) == {
        BETUNG: "Desa Betung, Kec. Abab, PALI, Sumatera Selatan",
        "16.12.01.2099": "Desa Betung, Kec. Talang Ubi, PALI, Sumatera Selatan",
    }


def test_a_village_is_said_the_way_people_say_it() -> None:
    village, district = _area(TALANG_BULANG, "Talang Bulang"), _area("16.12.01", "Talang Ubi")
    regency = _area("16.12", "Kabupaten Penukal Abab Lematang Ilir", "PALI")
    assert describe_village(village, district, regency, "id") == "Desa Talang Bulang, Kec. Talang Ubi, PALI"
    assert describe_village(village, district, regency, "en") == "Talang Bulang village, Talang Ubi district, PALI"
    assert village_title(_area("16.12.01.1003", "Talang Ubi Timur")) == "Kelurahan Talang Ubi Timur"
    assert village_title(_area("91.03.01.3007", "Desa Adat Yoboi")) == "Desa Adat Yoboi"


def test_a_regency_and_the_city_of_the_same_name_are_told_apart() -> None:
    assert display_name(_area("53.01", "Kabupaten Kupang")) == "Kab. Kupang"
    assert display_name(_area("53.01", "Kabupaten Kupang"), "en") == "Kupang regency"
    assert display_name(_area("53.71", "Kota Kupang")) == "Kota Kupang"
    assert display_name(_area("53.71", "Kota Kupang"), "en") == "Kupang city"


def test_areas_are_counted_per_level(session: Session) -> None:
    make_areas(session)
    assert count_areas(session)[AreaLevel.VILLAGE] == 4
    assert count_areas(session, "16.12.04") == {AreaLevel.PROVINCE: 0, AreaLevel.REGENCY: 0, AreaLevel.DISTRICT: 0, AreaLevel.VILLAGE: 2}
