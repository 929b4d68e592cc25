"""Every text that the till's modules ask for by its key is there, and none is there for nobody."""

from __future__ import annotations

import re
from pathlib import Path

from storefront.counter.words import FAMILIES

MODULES = Path(__file__).resolve().parents[3] / "static" / "counter"
#: `t("cart.total")`, `count("cart.items", 2)`, `new TillError("store.full")`.
_SAID = re.compile(r"""(?:\bt|\btill\.count|TillError)\(\s*"([a-z_.]+)\"""")
#: Any text in quotes that looks like a key: handed on before it is said.
_QUOTED = re.compile(r'"([a-z]+(?:\.[a-z_]+)?)"')
#: `t(`tender.${method}`)`: its keys begin alike.
_MADE = re.compile(r"\bt\(`([a-z_.]+)\$\{")


def _scripts() -> str:
    return "\n".join(path.read_text() for path in sorted(MODULES.glob("*.js")))


def _keys() -> set[str]:
    return {key for family in FAMILIES for key in family}


def test_every_key_that_is_said_has_a_text() -> None:
    said = set(_SAID.findall(_scripts()))
    counted = set(re.findall(r"""\btill\.count\(\s*"([a-z_.]+)\"""", _scripts()))
    wanted = said | {f"{key}_one" for key in counted}
    assert sorted(wanted - _keys()) == []
    assert len(said) > 150


def test_no_text_is_kept_for_nobody() -> None:
    scripts = _scripts()
    named = set(_SAID.findall(scripts)) | set(_QUOTED.findall(scripts))
    begins = tuple(_MADE.findall(scripts))
    assert begins
    idle = {key for key in _keys() if key not in named and key.removesuffix("_one") not in named and not key.startswith(begins)}
    assert sorted(idle) == []


def test_no_key_has_two_texts() -> None:
    assert sum(len(family) for family in FAMILIES) == len(_keys())
