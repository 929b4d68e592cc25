"""`flask areas import` as an operator runs it."""

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from catalog.areas import count_areas
from catalog.models.area import AreaLevel

PALI = """code,name,postal_code,latitude,longitude
16,Sumatera Selatan,,,
16.12,Kabupaten Penukal Abab Lematang Ilir,,,
16.12.01,Talang Ubi,,,
"""


def test_the_second_run_changes_nothing_and_says_so(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(PALI + "16.12.01.2001,Talang Bulang,31214,-3.3834,103.9472\n")
    first = app.test_cli_runner().invoke(args=["areas", "import", str(path)])
    assert first.exit_code == 0, first.output
    assert "4 rows added" in first.output
    second = app.test_cli_runner().invoke(args=["areas", "import", str(path)])
    assert second.exit_code == 0
    assert "0 rows changed: all 4 were right already." in second.output
    assert count_areas(session)[AreaLevel.VILLAGE] == 1


def test_bad_rows_are_named_and_the_good_ones_stay(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(PALI + "16.12.01.20,Pendek,,,\n16.13.01.2001,Yatim,,,\n")
    result = app.test_cli_runner().invoke(args=["areas", "import", str(path)])
    assert result.exit_code == 1
    assert "row 5: '16.12.01.20' is not an area code" in result.output
    assert "16.13.01.2001 Yatim: its parent 16.13.01 is not in the list" in result.output
    assert count_areas(session)[AreaLevel.DISTRICT] == 1


def test_a_file_that_is_no_list_is_refused(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_bytes(b"\x89PNG\r\n")
    result = app.test_cli_runner().invoke(args=["areas", "import", str(path)])
    assert result.exit_code == 1
    assert "cannot be read" in result.output
