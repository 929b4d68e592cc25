"""Files of the index as readers hold them: closed with the last part, and nothing left of one that was not there."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from catalog.search.whoosh_files import ReadingStorage, ReferenceColumn


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def test_a_file_that_a_commit_swept_away_leaves_nothing_to_close(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    """An exception in __del__ would be told by pytest as a warning, and warnings are errors."""
    with pytest.raises(FileNotFoundError):
        ReadingStorage(str(tmp_path)).open_file("gone.seg")
    assert list(recwarn) == []


def test_a_file_is_closed_when_its_last_part_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_bytes(b"abcdef")
    whole = ReadingStorage(str(tmp_path)).open_file("a.seg")
    number = whole._descriptor.number
    assert whole.get(2, 3) == b"cde"
    assert _is_open(number)
    del whole
    gc.collect()  # Whoosh keeps a file in its own attribute
    assert not _is_open(number)


@pytest.mark.parametrize(("different", "typecode"), [(200, "B"), (60_000, "H"), (83_762, "I")])
def test_a_column_holds_every_village_of_the_country(tmp_path: Path, different: int, typecode: str) -> None:
    storage, documents = ReadingStorage(str(tmp_path)), different + 500
    with storage.create_file("villages") as file:
        writer = ReferenceColumn().writer(file)
        for number in range(0, documents, 1):
            if number % 7:  # every seventh document has none
                writer.add(number, b"%d" % (number % different))
        writer.finish(documents + 3)
    file = storage.open_file("villages")
    reader = ReferenceColumn().reader(file, 0, file._length, documents + 3)
    assert reader._typecode == typecode
    for number in (0, 1, 7, 255, 256, different - 1, different + 1, documents - 1, documents, documents + 2):
        has_one = number % 7 and number < documents
        assert reader[number] == (b"%d" % (number % different) if has_one else b""), number
