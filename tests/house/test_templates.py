"""Every template that is rendered exists under its blueprint, none is orphaned, and none carries what the policy forbids."""

from __future__ import annotations

import re

from tests.house.sources import ROOT, modules, name, templates

_RENDERED = re.compile(r"""["']([a-z_]+(?:/[a-z0-9_]+)+\.(?:html|txt|xml))["']""")
_INCLUDED = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
_NAMED = re.compile(
    r"""{%-?\s*(?:from\s+["'][^"']+["']\s+import\s+([^%]+?)|import\s+["'][^"']+["']\s+as\s+(\w+))(?:\s+with context)?\s*-?%}"""
)
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_INLINE = re.compile(
    r"""<script(?![^>]*\b(?:src=|type="application/(?:ld\+)?json"))[^>]*>|\son[a-z]+="|\sstyle=["']|<style\b|javascript:"""
)


def _rendered() -> set[str]:
    return {match for path in modules("storefront") for match in _RENDERED.findall(path.read_text())}


def _included() -> set[str]:
    return {match for path in templates() for match in _INCLUDED.findall(path.read_text())}


def test_every_template_that_is_named_exists() -> None:
    assert sorted(wanted for wanted in _rendered() | _included() if not (ROOT / "templates" / wanted).exists()) == []


def test_no_template_is_orphaned() -> None:
    used = _rendered() | _included()
    have = {path.relative_to(ROOT / "templates").as_posix() for path in templates()}
    mails = {path for path in have if path.startswith("mail/")}  # named by the kind of the message
    assert sorted(have - used - mails) == []


def test_no_template_imports_what_it_does_not_use() -> None:
    """A frame imports for the pages that extend it."""
    frames = {match for path in templates() for match in re.findall(r"""{%-?\s*extends\s+["']([^"']+)["']""", path.read_text())}
    idle = []
    for path in templates():
        text = _COMMENT.sub("", path.read_text())
        for names, alias in _NAMED.findall(text):
            words = [each.split(" as ")[-1].strip() for each in (names or alias).split(",")]
            idle += [f"{name(path)}: {word}" for word in words if len(re.findall(rf"\b{word}\b", text)) < 2]
    assert [each for each in idle if each.split(":")[0].removeprefix("templates/") not in frames] == []


def test_a_blueprint_renders_only_templates_of_its_own() -> None:
    strays = []
    for path in modules("storefront"):
        room = path.relative_to(ROOT / "storefront").parts[0]
        if not (ROOT / "storefront" / room / "blueprint.py").exists():
            continue
        for template in _RENDERED.findall(path.read_text()):
            if template.split("/")[0] not in {room, "errors"}:
                strays.append(f"{name(path)} renders {template}")
    assert strays == []


def test_no_template_holds_inline_script_or_style() -> None:
    """The content security policy forbids both; a page that relied on one would break silently. Mails may style inline."""
    found = [
        f"{name(path)}: {match.group(0)[:60]}"
        for path in templates()
        if "/mail/" not in name(path)
        for match in _INLINE.finditer(path.read_text())
    ]
    assert found == []
