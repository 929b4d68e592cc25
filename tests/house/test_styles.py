"""One hand in every stylesheet: colours and sizes come from the tokens, and whatever is drawn twice stands in the styleguide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STYLES = sorted(path for path in (ROOT / "static").rglob("*.css") if "vendor" not in path.parts)
TOKENS = ROOT / "static" / "base" / "tokens.css"
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch)\(", re.IGNORECASE)
DECLARATION = re.compile(r"(?P<name>[a-z-]+)\s*:\s*(?P<value>[^;{}]+)[;}]")
#: The till is read at arm's length: its own, larger sizes.
LARGER = ("counter",)


def declarations(path: Path) -> Iterator[tuple[str, str]]:
    """Name and value of everything a stylesheet sets; addresses and comments left out."""
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text("utf-8"), flags=re.DOTALL)
    for found in DECLARATION.finditer(text):
        yield found["name"], found["value"]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_a_colour_has_a_name(path: Path) -> None:
    """Raw colours only where a custom property gives them their name."""
    raw = [f"{name}: {value}" for name, value in declarations(path) if COLOUR.search(value) and not name.startswith("--")]
    assert raw == []


@pytest.mark.parametrize("path", [path for path in STYLES if path.parent.name not in LARGER], ids=lambda path: path.stem)
def test_letters_have_a_size_of_the_scale(path: Path) -> None:
    """One of the five sizes, or a part of the one around it; points on paper and in drawings are their own."""
    raw = [value for name, value in declarations(path) if name == "font-size" and re.search(r"\d(?:\.\d+)?rem", value)]
    assert raw == []


def test_every_token_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in STYLES)
    tokens = {name for name, _value in declarations(TOKENS) if name.startswith("--")}
    assert sorted(token for token in tokens if f"var({token})" not in text and f"var({token}," not in text) == []


def test_every_component_stands_in_the_styleguide() -> None:
    guide = "\n".join(path.read_text("utf-8") for path in (ROOT / "templates" / "shop" / "styleguide").glob("*.html"))
    macros = re.findall(r"{% macro (\w+)\(", (ROOT / "templates" / "parts" / "_macros.html").read_text("utf-8"))
    assert [macro for macro in macros if f"ui.{macro}(" not in guide] == []
