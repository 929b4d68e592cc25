"""The official list: the shipped file as it is known to be, and batches that can be repeated."""

import gzip
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.area_import import SHIPPED_LIST, AreaRow, ImportCount, NotAnAreaList, batches, import_areas, load_names, read_list
from catalog.areas import count_areas
from catalog.models.area import Area, AreaLevel, VillageKind
from tests.conftest import StatementCounter

HEADING = "code,name,postal_code,latitude,longitude\n"


@pytest.fixture(scope="module")
def shipped() -> list[AreaRow]:
    rows, bad = read_list(SHIPPED_LIST, load_names())
    assert bad == []
    return rows


def _read(tmp_path: Path, text: str) -> tuple[list[AreaRow], list[tuple[int, str]]]:
    path = tmp_path / "areas.csv"
    path.write_text(HEADING + text, encoding="utf-8")
    rows, bad = read_list(path, load_names())
    return rows, [(row.number, row.reason) for row in bad]


def test_the_shipped_list_counts_what_its_notice_says(shipped: list[AreaRow]) -> None:
    counts = {level: sum(row.level is level for row in shipped) for level in AreaLevel}
    assert counts == {AreaLevel.PROVINCE: 38, AreaLevel.REGENCY: 514, AreaLevel.DISTRICT: 7_285, AreaLevel.VILLAGE: 83_762}
    assert sum(row.latitude is not None for row in shipped) == 77_416


def test_pali_has_65_desa_and_6_kelurahan(shipped: list[AreaRow]) -> None:
    kinds = [row.kind for row in shipped if row.code.startswith("16.12.") and row.level is AreaLevel.VILLAGE]
    assert (kinds.count(VillageKind.DESA), kinds.count(VillageKind.KELURAHAN)) == (65, 6)


def test_every_province_has_its_clock(shipped: list[AreaRow]) -> None:
    zones = {row.code: row.zone for row in shipped if row.level is AreaLevel.PROVINCE}
    assert len(zones) == 38
    assert (zones["16"], zones["63"], zones["53"], zones["94"]) == ("WIB", "WITA", "WITA", "WIT")


def test_short_names_come_from_the_data_file(shipped: list[AreaRow]) -> None:
    short = {row.code: row.short_name for row in shipped if row.short_name}
    assert (short["16.12"], short["63.05"]) == ("PALI", "Tapin")
    assert set(load_names().short_names) == set(short)


def test_importing_twice_changes_nothing_the_second_time(
    session: Session, shipped: list[AreaRow], count_statements: StatementCounter
) -> None:
    pali = [row for row in shipped if row.code == "16" or row.code.startswith("16.12")]
    first, orphans = import_areas(session, pali)
    assert (first, orphans) == (ImportCount(added=len(pali)), [])
    with count_statements() as statements:
        second, _ = import_areas(session, pali)
    assert second == ImportCount(unchanged=len(pali))
    assert all(statement.startswith("SELECT") for statement in statements)
    assert count_areas(session, "16.12")[AreaLevel.VILLAGE] == 71
    village = session.get_one(Area, "16.12.01.2001")
    assert (village.name, village.latitude, village.longitude, village.postal_code) == ("Talang Bulang", -3.3834, 103.9472, "31214")


def test_an_interrupted_import_continues_where_it_stopped(session: Session, shipped: list[AreaRow]) -> None:
    pali = [row for row in shipped if row.code == "16" or row.code.startswith("16.12")]
    first, *rest = batches(pali, 20)
    import_areas(session, first)
    total = ImportCount()
    for batch in (first, *rest):
        total.add(import_areas(session, batch)[0])
    assert (total.unchanged, total.added) == (20, len(pali) - 20)


def test_a_corrected_row_is_corrected_in_the_table(session: Session, tmp_path: Path) -> None:
    rows, _ = _read(tmp_path, "16,Sumatera Selatan,,,\n16.12,Kabupaten Lama,,,\n")
    import_areas(session, rows)
    rows, _ = _read(tmp_path, "16,Sumatera Selatan,,,\n16.12,Kabupaten Penukal Abab Lematang Ilir,,,\n")
    assert import_areas(session, rows)[0] == ImportCount(changed=1, unchanged=1)
    assert session.scalar(select(Area.folded_name).where(Area.code == "16.12")) == "kabupatenpenukalabablematangilir"


def test_rows_are_put_in_order_and_a_branch_without_a_root_is_left_out(session: Session, tmp_path: Path) -> None:
    text = (
        "16.12.01.2001,Talang Bulang,31214,-3.3834,103.9472\n16.12.01,Talang Ubi,,,\n53.01.01.2001,Anakan,,,\n53.01.01,Semau,,,\n"
        "16.12,Kabupaten PALI,,,\n16,Sumatera Selatan,,,\n"
    )
    rows, bad = _read(tmp_path, text)
    assert bad == []
    count, orphans = import_areas(session, rows)
    assert count.added == 4
    assert [row.code for row in orphans] == ["53.01.01", "53.01.01.2001"]
    assert session.scalar(select(func.count()).select_from(Area)) == 4


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("16.1,Salah,,,", "not an area code"),
        ("16,,,,", "name is missing"),
        ("16,'’,,,", "name is missing"),
        ("16,Sumatera Selatan,3121,,", "postal code"),
        ("16,Sumatera Selatan,,103.9,-3.3", "not a place"),
        ("16,Sumatera Selatan,,NaN,103.9", "not a place"),
        ("16,Sumatera Selatan,,-3.3,", "not a place"),
        ("99,Negeri Dongeng,,,", "no time zone"),
        ("16,Sumatera Selatan", "2 columns"),
    ],
)
def test_a_bad_row_is_left_out_with_its_number_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    rows, bad = _read(tmp_path, f"11,Aceh,,,\n{row}\n12,Sumatera Utara,,,\n")
    assert [good.code for good in rows] == ["11", "12"]
    assert bad[0][0] == 3
    assert reason in bad[0][1]


def test_a_code_that_comes_twice_is_reported(tmp_path: Path) -> None:
    rows, bad = _read(tmp_path, "11,Aceh,,,\n11,Atjeh,,,\n")
    assert [row.name for row in rows] == ["Aceh"]
    assert bad == [(3, "11 was in row 2 already")]


def test_a_file_that_is_no_list_is_refused_as_a_whole(tmp_path: Path) -> None:
    for name, data in (
        ("a.csv", b"\xff\xfe\x00"),
        ("b.csv", b"nama;kode\n"),
        ("c.csv.gz", b"PK\x03\x04"),
        ("d.csv.gz", gzip.compress(b"code")[:-9]),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(NotAnAreaList):
            read_list(path, load_names())
