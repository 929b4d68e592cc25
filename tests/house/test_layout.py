"""The look of the house: every module says what lives in it, names mean something, files stay readable."""

from __future__ import annotations

import ast
import re

from tests.house.sources import PACKAGES, ROOT, modules, name, templates, tree

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "services", "service"}
LINES = 400
FUNCTION_LINES = 50


def test_every_module_starts_with_one_sentence_about_itself() -> None:
    silent = [name(path) for path in modules() if path.name != "__init__.py" and not ast.get_docstring(tree(path))]
    assert silent == []


def test_package_files_are_empty() -> None:
    assert [name(path) for path in modules() if path.name == "__init__.py" and path.read_text()] == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in modules() if path.stem in FORBIDDEN_NAMES] == []


def test_no_file_outgrows_a_calm_read() -> None:
    long = {name(path): count for path in modules(*PACKAGES, "tests", "bench") if (count := len(path.read_text().splitlines())) > LINES}
    assert long == {}


def test_no_function_outgrows_a_calm_read() -> None:
    """Its docstring does not count: it is read first, and may say what is refused."""
    long = {
        f"{name(path)}: {node.name}": lines
        for path in modules(*PACKAGES, "bench")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (lines := _lines_of(node)) > FUNCTION_LINES
    }
    assert long == {}


def _lines_of(node: ast.FunctionDef) -> int:
    spoken = node.body[0] if ast.get_docstring(node) is not None else None
    return _height(node) - (_height(spoken) if spoken else 0)


def _height(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_day_is_taken_from_a_moment_without_a_zone() -> None:
    """At half past midnight in Pendopo it is still yesterday in UTC, and a paper would be dated so: `clock.local(…, zone).date()`."""
    day_in_utc = re.compile(r"(?:_at|\.at)\.date\(\)")
    sources = [*(path for room in ("orders", "catalog", "storefront") for path in modules(room)), *templates()]
    assert [name(path) for path in sources if day_in_utc.search(path.read_text())] == []


def test_the_top_level_folders_are_the_ones_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text()
    folders = [path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    rooms = {*PACKAGES, "templates", "static", "migrations", "tests", "bench", "docs", "deploy", "translations"}
    assert {folder for folder in folders if folder not in rooms and folder not in {"var", "node_modules", "__pycache__"}} == set()
    assert [room for room in sorted(rooms) if f"`{room}/`" not in readme] == []


#: tests/<package>/ mirrors the code; the others say what they do to it.
TEST_ROOMS = {*PACKAGES, "abuse", "browser", "faults", "flows", "house", "races"}


def test_the_tests_live_in_rooms_that_are_known() -> None:
    rooms = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert sorted(rooms - TEST_ROOMS) == []


def test_every_abuse_test_names_the_attack_it_stands_for() -> None:
    """docs/abuse.md lists them by these numbers."""
    table = (ROOT / "docs" / "abuse.md").read_text()
    nameless = []
    for path in sorted((ROOT / "tests" / "abuse").glob("test_*.py")):
        if f"tests/abuse/{path.name}" not in table:
            nameless.append(f"{path.name} is not in docs/abuse.md")
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not re.match(r"test_a\d+_", node.name):
                nameless.append(f"{path.name}: {node.name}")
    assert nameless == []


def test_tests_mirror_the_code() -> None:
    """A file tests/<room>/test_<x>.py is the twin of <room>/<x>.py, so that a reader finds it without searching."""
    strays = []
    for room in ("kernel", "catalog", "orders"):
        for path in (ROOT / "tests" / room).rglob("test_*.py"):
            twin = ROOT / room / path.relative_to(ROOT / "tests" / room).parent / path.name.removeprefix("test_")
            if not twin.exists() and not twin.with_suffix("").is_dir() and not twin.parent.joinpath("models").is_dir():
                strays.append(name(path))
    assert strays == []
