"""What a run would do hundreds of times it does once: addresses, style sheets and templates of every app, statements of every engine."""

from __future__ import annotations

import functools
import gc
import hashlib
import inspect
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from storefront import assets

ROOT = Path(__file__).resolve().parents[1]

#: Compiled statements that an engine keeps. The tests send some thousands; of the usual 500 each file would compile most of its own again.
STATEMENTS = 5_000

# A worker holds half a million objects that stay; the collector's default looks at the young ones every 700 allocations.
gc.set_threshold(20_000, 50, 100)


def keep_templates() -> FileSystemBytecodeCache:
    """Compiled templates for every app, worker and run. Jinja compares a template's source; what else decides how it is compiled is
    in the folder's name: Jinja itself, and the modules that furnish its environment.
    """
    furnished_by = hashlib.sha256(version("jinja2").encode())
    for module in sorted((ROOT / "storefront").glob("*.py")):
        furnished_by.update(module.read_bytes())
    folder = ROOT / ".cache" / f"templates-{furnished_by.hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def build_addresses_once() -> None:
    """An app has six hundred addresses, for each of which werkzeug compiles two functions: a fifth of a second, for every app alike."""
    compile_builder, kept = Rule._compile_builder, {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key: tuple[Any, ...] = (rule.rule, *rule._trace, append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]


def keep_statements() -> None:
    """Every engine that is made from here on keeps what it compiled, unless its maker says how much."""
    make = inspect.signature(Engine.__init__)
    usual = [each.default for each in make.parameters.values() if each.default is not each.empty]
    assert make.parameters["query_cache_size"].default == 500
    Engine.__init__.__defaults__ = tuple(STATEMENTS if value == 500 else value for value in usual)


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": keep_templates()}
build_addresses_once()
keep_statements()
assets.lighten = functools.cache(assets.lighten)
