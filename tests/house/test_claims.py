"""What documents say can be found: files, functions, tables and tests that they name are there.

Decisions are left out: they name what was not taken, too.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, name

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "bench").glob("*.md")])
_SAID = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:kernel|catalog|orders|storefront|templates|static|translations|migrations|tests|bench|deploy|docs)/[\w./*-]*")
_MODULE = re.compile(r"[a-z][\w/]*\.py")
_DOTTED = re.compile(r"(?:kernel|catalog|orders|storefront)(?:\.\w+)+")
_NAME = re.compile(r"([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?:\(.*\))?(?:\.([a-z][a-z0-9_]*))?")
_READ = {".py", ".html", ".js", ".css", ".txt", ".xml", ".toml", ".yml", ".sh", ".conf", ".service", ".timer"}


@cache
def _words() -> frozenset[str]:
    """Every word of the code, its tests and what runs it."""
    found: set[str] = set()
    folders = (*PACKAGES, "templates", "static", "migrations", "tests", "bench", "deploy")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in _READ and "vendor" not in path.parts]
    for path in [*paths, ROOT / "config.py", ROOT / "run", ROOT / "pyproject.toml"]:
        found.update(re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace")))
    return frozenset(found)


@cache
def _files() -> frozenset[str]:
    """Every Python file's name, and with the folders above it."""
    paths = [path.relative_to(ROOT) for folder in (*PACKAGES, "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    return frozenset("/".join(path.parts[-length:]) for path in [*paths, Path("config.py")] for length in range(1, len(path.parts) + 1))


@cache
def _resolves(dotted: str) -> bool:
    """Whether it is a module, or something of a module's."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def _is_there(said: str) -> bool:
    if _FILE.fullmatch(said):
        return any(ROOT.glob(said.rstrip("/")))
    if _MODULE.fullmatch(said):
        return said in _files()
    if _DOTTED.fullmatch(said):
        return _resolves(said) or _is_quoted(said)
    if match := _NAME.fullmatch(said):
        return all(word in _words() for word in match.groups() if word)
    return True


@cache
def _is_quoted(said: str) -> bool:
    """Words with a point that are no modules: scopes of the API, kinds of messages."""
    return any(f'"{said}"' in path.read_text(encoding="utf-8") for folder in PACKAGES for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_what_a_document_names_is_there(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [said for said in _SAID.findall(text) if not _is_there(said)] == []


def test_the_paths_through_the_house_are_told_with_functions_that_exist() -> None:
    """The picture names at least so many; none of them would be looked at if the writing changed unnoticed."""
    told = [said for said in _SAID.findall((ROOT / "docs" / "house.md").read_text(encoding="utf-8")) if _DOTTED.fullmatch(said)]
    assert len(told) > 40
    assert [said for said in told if not _resolves(said)] == []
