"""What we took from others is what was taken: static/vendor agrees with its lock, and each piece brings its licence."""

from __future__ import annotations

import base64
import hashlib
import json

from tests.house.sources import ROOT

FOLDER = ROOT / "static" / "vendor"
LOCK = FOLDER / "vendor.lock.json"


def test_every_vendored_file_is_as_it_was_taken() -> None:
    lock = json.loads(LOCK.read_text("utf-8"))["files"]
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and path != LOCK:
            digest = base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
            found[path.relative_to(FOLDER).as_posix()] = f"sha384-{digest}"
    assert found == lock


def test_every_vendored_folder_brings_its_licence() -> None:
    assert [folder.name for folder in FOLDER.iterdir() if folder.is_dir() and not list(folder.glob("LICENSE*"))] == []


def test_nothing_vendored_asks_another_site_for_code() -> None:
    """The reader's own default is a public network's address: the page says where its wasm lies (static/counter/camera.js)."""
    camera = (ROOT / "static" / "counter" / "camera.js").read_text("utf-8")
    assert 'addressOf("vendor/barcode/zxing_reader.wasm")' in camera
    assert "locateFile" in camera
