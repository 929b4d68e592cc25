"""F40: three large photographs at once, with a bomb among them: each within its time and memory, and the bomb refused."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest
from PIL import Image

from catalog.media_pipeline import prepare_photo
from kernel.errors import InvalidInput
from tests.faults.processes import start

pytestmark = [pytest.mark.race, pytest.mark.one_database]


def take(path: str, notes: str) -> None:
    """One upload in a process of its own; what it took goes to a file."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        said = f"{prepare_photo(Path(path).read_bytes()).width}"
    except InvalidInput:
        said = "refused"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    Path(notes).write_text(f"{said} {time.process_time() - begun:.2f} {grown}")


@pytest.mark.long
def test_three_large_photographs_at_once(tmp_path: Path) -> None:
    photo, bomb = tmp_path / "photo.jpg", tmp_path / "bomb.png"
    Image.effect_noise((2312, 1734), 40).resize((9248, 6936)).convert("RGB").save(photo, quality=75)
    Image.new("1", (10_000, 10_000)).save(bomb)
    files = [photo, photo, photo, bomb]
    processes = [start(take, str(path), str(tmp_path / f"{number}.txt")) for number, path in enumerate(files)]
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    for number, path in enumerate(files):
        said, seconds, grown = (tmp_path / f"{number}.txt").read_text().split()
        assert said == ("refused" if path is bomb else "1080")
        assert float(seconds) < (1 if path is bomb else 5)
        assert int(grown) < 150
