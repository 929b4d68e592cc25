"""Documents tell the truth: every setting and command is described, every link leads somewhere, nothing foreign is named."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields

import click
import pytest
from flask import Flask

from config import Settings
from tests.house.sources import ROOT, name

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


def test_every_setting_is_described() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    assert [item.name for item in fields(Settings) if f"`ETALASE_{item.name.upper()}`" not in text] == []


def test_no_setting_is_described_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    known = {f"ETALASE_{item.name.upper()}" for item in fields(Settings)}
    assert sorted(set(re.findall(r"`(ETALASE_[A-Z_]+)`", text)) - known) == []


def test_every_command_is_described(app: Flask) -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    foreign = {"run", "shell", "routes", "db"}  # Flask's and Flask-Migrate's own

    def spoken(command: click.Command, path: str) -> list[str]:
        if isinstance(command, click.Group):
            return [line for child in command.commands.values() for line in spoken(child, f"{path} {child.name}")]
        return [path]

    context = click.Context(app.cli)
    ours = {key: app.cli.get_command(context, key) for key in app.cli.list_commands(context) if key not in foreign}
    commands = [line for key, command in ours.items() if command for line in spoken(command, key)]
    assert [line for line in commands if f"flask {line}" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_local_link_leads_somewhere(document: object) -> None:
    path = ROOT / name(document)  # type: ignore[arg-type]
    dead = [link for link in _LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert dead == []


def test_the_repository_holds_no_registry_address_machine_path_or_secret() -> None:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    pattern = re.compile(r"https?://[^ \"']*(?:/simple/|/packages/|registry\.)|/(?:root|work|home/[a-z]+)/|sk_live_[A-Za-z0-9]|\.\./shared")
    found = []
    for file in listed.stdout.splitlines():
        path = ROOT / file
        if (
            not path.is_file()
            or path.suffix in {".gz", ".png", ".jpg", ".avif", ".webp"}
            or file == name(__import__("pathlib").Path(__file__))
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{file}: {match.group(0)}" for match in pattern.finditer(text)]
    assert found == []
