"""What the house checks read: the repository's own files, by kind."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel", "catalog", "orders", "storefront")


def modules(*packages: str) -> list[Path]:
    """Every Python file of the given packages (all four by default), sorted."""
    return sorted(path for package in packages or PACKAGES for path in (ROOT / package).rglob("*.py"))


def templates() -> list[Path]:
    """Every template, sorted."""
    return sorted((ROOT / "templates").rglob("*.*"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    """The path as people say it."""
    return path.relative_to(ROOT).as_posix()
