"""Imports go one way, and the check that says so can fail: a planted breach is caught."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, modules, name, tree

BREACHES = {
    "the domain imports the web framework": ("kernel/clock.py", "import flask\n", "The domain knows no web"),
    "the catalogue imports the orders": ("catalog/prices.py", "import orders.models.order\n", "Imports go one way"),
    "a page imports Whoosh": ("storefront/shop/home.py", "import whoosh\n", "Only catalog.search knows Whoosh"),
    "one blueprint imports another": ("storefront/shop/home.py", "import storefront.office.blueprint\n", "Blueprints do not import"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_caught(breach: str, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.svg", "*.gz", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "config.py", tmp_path)
    file, line, contract = BREACHES[breach]
    target = tmp_path / file
    target.write_text(target.read_text().replace("from __future__ import annotations\n", f"from __future__ import annotations\n{line}", 1))
    result = _lint(tmp_path)
    assert result.returncode == 1
    broken = [text for text in result.stdout.splitlines() if text.endswith("BROKEN")]
    assert any(contract in text for text in broken), result.stdout


def test_the_house_as_it_stands_keeps_every_contract() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_what_calls_itself_pure_knows_no_database_and_no_web() -> None:
    """A module that says so in its first line can be read, and tested, with nothing but values."""
    impure = {
        name(path): sorted(known)
        for path in modules()
        if re.search(r"\bpure\b", (ast.get_docstring(tree(path)) or "").partition("\n\n")[0], re.IGNORECASE)
        if (known := {package.split(".")[0] for package in _imports(path)} & {"sqlalchemy", "flask", "requests", "stripe"})
    }
    assert impure == {}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
