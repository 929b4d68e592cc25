"""The till's modules name each other by content, so that an old copy in a browser never meets a new one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storefront.counter.files import ImportCircle, read_files
from tests.house.sources import ROOT

IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"'\n]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


def write(folder: Path, **texts: str) -> Path:
    for room in ("counter", "vendor", "base"):
        (folder / room).mkdir()
    for name, text in texts.items():
        (folder / "counter" / f"{name}.js").write_text(text)
    return folder


def test_a_change_in_a_module_changes_the_address_of_those_that_need_it(tmp_path: Path) -> None:
    folder = write(tmp_path, one='import {x} from "./two.js";\n', two="export const x = 1;\n", three="1;\n")
    before = read_files(folder)
    (folder / "counter" / "two.js").write_text("export const x = 2;\n")
    after = read_files(folder)
    changed = {name for name in before if before[name].address != after[name].address}
    assert changed == {"counter/one.js", "counter/two.js"}
    assert before["counter/two.js"].address in before["counter/one.js"].body.decode()


def test_what_is_imported_later_is_not_loaded_at_the_start(tmp_path: Path) -> None:
    folder = write(tmp_path, one='import "./two.js";\nawait import("./three.js");\n', two="2;\n", three="3;\n")
    found = read_files(folder)
    assert found["counter/one.js"].imports == ("counter/two.js",)
    assert found["counter/three.js"].address in found["counter/one.js"].body.decode()


def test_a_named_file_gets_its_address_too(tmp_path: Path) -> None:
    found = read_files(write(tmp_path, one='const far = addressOf("counter/two.js");\n', two="2;\n"))
    assert f'addressOf("{found["counter/two.js"].address}")' in found["counter/one.js"].body.decode()


def test_modules_that_need_each_other_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, one='import "./two.js";\n', two='import "./one.js";\n')
    with pytest.raises(ImportCircle, match=r"counter/one.js > counter/two.js > counter/one.js"):
        read_files(folder)


def test_every_import_of_the_till_leads_to_a_file() -> None:
    missing = [
        f"{path.name}: {target}"
        for path in sorted((ROOT / "static" / "counter").glob("*.js"))
        for target in IMPORT.findall(path.read_text("utf-8"))
        if not (path.parent / target).is_file()
    ]
    assert missing == []
