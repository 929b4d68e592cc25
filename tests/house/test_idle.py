"""Nothing lies idle: every name is read, every style worn, every setting read, every dependency imported."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import fields
from functools import cache
from pathlib import Path

from config import Settings
from tests.house.sources import PACKAGES, ROOT, modules, name, templates

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_DEFINED = re.compile(r"^(@[^\n]*\n(?:[^\n]+\n)*?)?(?:(?:def|class) (\w+)|([A-Za-z]\w*)(?:: [^=\n]+)? = )", re.MULTILINE)
_IMPORTED = re.compile(r"^ *from ([\w.]+) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_QUOTED = re.compile(r"[\"':](\w+)[\"']")
#: Where a name may be written as a string: the verbs of a journal's entries, views of a URL map, words of a page.
NAMED_BY_HAND = ("orders.counter.", "storefront.")
_CLASS = re.compile(r"[A-Za-z0-9_-]+")
#: What only tests call, and why it stays in the house.
FOR_TESTS = {
    "orders.consignment.ledger.balance": "the accounts of one agreement; pages need what is owed alone",
    "orders.gateways.NullGateway": "the twin of the real gateways",
    "orders.wholesale.buyers.get_audience": "what a partner sees, without a person who buys for it",
    "storefront.routing.declared_routes": "the crawl over the URL map asks the map itself",
}
#: What is needed without an import: a driver, a server, tools that are run.
NOT_IMPORTED = {"gunicorn", "psycopg", "snowballstemmer", "import-linter", "mypy", "pytest-socket", "pytest-xdist", "ruff"}
#: Packages whose module has another name.
MODULES = {
    "argon2-cffi": "argon2",
    "epcis-event-hash-generator": "epcis_event_hash_generator",
    "fpdf2": "fpdf",
    "pillow": "PIL",
    "python-escpos": "escpos",
    "zxing-cpp": "zxingcpp",
}


@cache
def _texts() -> dict[Path, str]:
    """Everything that could name something of ours: code, pages, scripts, benchmarks, what runs in production."""
    places = [*modules(*PACKAGES, "bench", "migrations", "deploy"), *templates(), ROOT / "config.py", ROOT / "run"]
    places += (ROOT / "storefront").rglob("*.html")
    places += [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    return {path: path.read_text(encoding="utf-8") for path in places}


@cache
def _words() -> dict[Path, Counter[str]]:
    return {path: Counter(_WORD.findall(text)) for path, text in _texts().items()}


@cache
def _importers() -> dict[str, set[Path]]:
    """The files that import a module, by its spoken name: `from orders.holds import x`, `from orders import holds`."""
    found: dict[str, set[Path]] = defaultdict(set)
    for path, text in _texts().items():
        for room, names in _IMPORTED.findall(text):
            for module in (room, *(f"{room}.{word}" for word in _WORD.findall(names))):
                found[module].add(path)
    return found


def test_nothing_lies_idle() -> None:
    """What nothing of ours names is dead, or lives for its tests alone: read neither in its module nor where that is imported.

    Decorators may call what they decorate; pages name words, and a table of strings names the verbs of a till's journal.
    """
    named_by_hand = {word for path, words in _words().items() if path.suffix != ".py" for word in words}
    named_by_hand |= {word for text in _texts().values() for word in _QUOTED.findall(text)}
    idle = []
    for path in modules():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for decorator, verb, value in _DEFINED.findall(_texts()[path]):
            word = verb or value
            is_read = _words()[path][word] > 1 or any(word in _words()[reader] for reader in _importers()[module])
            if not is_read and not decorator and not (word in named_by_hand and module.startswith(NAMED_BY_HAND)):
                idle.append(f"{module}.{word}")
    assert sorted(set(idle) - set(FOR_TESTS)) == []
    assert sorted(set(FOR_TESTS) - set(idle)) == []


def test_no_style_lies_idle() -> None:
    """Every class of a stylesheet is worn on some page, by its whole name or by the beginning that a page completes."""
    worn: set[str] = set()
    begun: set[str] = set()
    for text in _texts().values():
        worn.update(_CLASS.findall(text))
        begun.update(re.findall(r"([a-z0-9-]+-)(?:\{\{|\{%|\$?\{[a-z]|[\"'] ?[~+])", text))
    idle = []
    for path in sorted((ROOT / "static").rglob("*.css")):
        rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"([^{}]+)\{", rules):
            idle += [
                f"{name(path)}: .{found}"
                for found in re.findall(r"\.([a-zA-Z][\w-]*)", selector)
                if found not in worn and not found.startswith(tuple(begun))
            ]
    assert idle == []


def test_no_token_lies_idle_or_is_missing() -> None:
    styles = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "static").rglob("*.css")))
    used = set(re.findall(r"var\((--[\w-]+)", styles))
    scripts = "\n".join(text for path, text in _texts().items() if path.suffix in {".js", ".html"})
    defined = set(re.findall(r"(--[\w-]+)\s*:", styles))
    assert sorted(token for token in defined - used if token not in scripts) == []
    assert sorted(token for token in used - defined if token not in scripts) == []


def test_no_setting_lies_idle() -> None:
    assert [field.name for field in fields(Settings) if sum(words[field.name] for words in _words().values()) < 2] == []


def test_no_dependency_lies_idle() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {"ours": project["project"]["dependencies"], "tests": project["dependency-groups"]["dev"]}
    folders = {"ours": (*PACKAGES, "migrations"), "tests": ("tests", "bench")}
    idle = []
    for room, lines in wanted.items():
        text = "\n".join(path.read_text(encoding="utf-8") for path in modules(*folders[room]))
        for line in lines:
            package = re.split(r"[>=<\[]", line)[0]
            module = MODULES.get(package, package.replace("-", "_"))
            if package not in NOT_IMPORTED and not re.search(rf"^\s*(?:import|from) {module}\b", text, re.MULTILINE):
                idle.append(package)
    assert idle == []
