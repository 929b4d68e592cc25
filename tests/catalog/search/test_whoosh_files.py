"""Files of the index as readers hold them: closed with the last part, and nothing left of one that was not there."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from catalog.search.whoosh_files import ReadingStorage


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
