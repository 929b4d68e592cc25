"""The till's modules: served as they lie in static/, with every import in them turned into an address with its content's hash."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from flask import Response, abort, current_app

from storefront.assets import YEAR, lighten, lighten_script

_EXTENSION = "etalase.counter.files"
#: What may be asked for: the till's own folder, what it takes from elsewhere, and the tokens of the house style.
_ROOMS = ("counter/", "vendor/", "base/")
_KINDS = {".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
#: The service worker is no module: it is handed out at `/counter/sw.js`.
WORKER = "counter/worker.js"
_VENDOR = "vendor/"
_IMPORT = re.compile(r"""(?P<before>\b(?:from|import)\s*\(?\s*)(?P<quote>["'])(?P<path>\.{1,2}/[^"'?]+)(?P=quote)""")
#: `addressOf("…")` in a script and `url(…)` in a stylesheet name further files, below static/.
_NAMED = re.compile(r"""(?P<before>\b(?:addressOf\(["']|url\(/static/))(?P<path>[^"')?]+)""")


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent."""

    name: str
    body: bytes
    mimetype: str
    fingerprint: str
    #: Files that it imports when it starts, for the page to load at once.
    imports: tuple[str, ...]

    @property
    def address(self) -> str:
        """Never below the language prefix: one copy serves both pages."""
        return f"/counter/files/{self.name}?v={self.fingerprint}"


class ImportCircle(RuntimeError):
    """Two modules need each other's hash."""


def file(name: str) -> Response:
    """One file. Whoever asks gets the present one; the hash in the address keeps old copies apart."""
    found = _all().get(name)
    if found is None:
        abort(404)
    response = Response(found.body, mimetype=found.mimetype)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def find_file(name: str) -> File:
    """The file `name` below static/; KeyError when the till has none of that name."""
    return _all()[name]


def list_needed(*names: str) -> list[File]:
    """These files and all that they import when they start, each once, the needed before the needing."""
    found: dict[str, File] = {}

    def visit(name: str) -> None:
        if name not in found:
            each = find_file(name)
            for other in each.imports:
                visit(other)
            found[name] = each

    for name in names:
        visit(name)
    return list(found.values())


def list_of(room: str, suffix: str) -> list[File]:
    """All files of one kind directly in a folder below static/, by name."""
    return [each for name, each in sorted(_all().items()) if name.startswith(room) and name.endswith(suffix)]


def _all() -> dict[str, File]:
    known: dict[str, File] | None = current_app.extensions.get(_EXTENSION)
    if known is None or current_app.debug:
        known = read_files(Path(current_app.static_folder or "static"))
        current_app.extensions[_EXTENSION] = known
    return known


def read_files(static: Path) -> dict[str, File]:
    """Every file of the till by its path below static/; ImportCircle when two modules import each other."""
    found: dict[str, File] = {}
    paths = {
        path.relative_to(static).as_posix(): path
        for room in _ROOMS
        for path in sorted((static / room).rglob("*"))
        if path.suffix in _KINDS or path.suffix in {".svg", ".woff2", ".png"}
    }
    for name in paths:
        _read(name, paths, found, ())
    return found


def _lightened(name: str, text: str) -> str:
    if name.startswith(_VENDOR):
        return text
    return lighten_script(text) if name.endswith(".js") else lighten(text)


def _read(name: str, paths: dict[str, Path], found: dict[str, File], way: tuple[str, ...]) -> File:
    if name in way:
        raise ImportCircle(" > ".join((*way, name)))
    if name in found:
        return found[name]
    path, imports = paths[name], []
    body = path.read_bytes()
    if path.suffix in (".js", ".css"):
        text = _lightened(name, body.decode("utf-8"))

        def imported(match: re.Match[str]) -> str:
            target = normpath(join(dirname(name), match["path"]))
            if target not in paths:  # a browser will say which one is missing; a test says it first
                return match[0]
            other = _read(target, paths, found, (*way, name))
            if "(" not in match["before"]:
                imports.append(target)
            return f"{match['before']}{match['quote']}{other.address}{match['quote']}"

        def named(match: re.Match[str]) -> str:
            if match["path"] not in paths:
                return match[0]
            other = _read(match["path"], paths, found, (*way, name))
            return f"{match['before'].removesuffix('/static/')}{other.address}"

        text = _IMPORT.sub(imported, text)
        body = (_NAMED.sub(named, text) if not name.startswith(_VENDOR) else text).encode("utf-8")
    mimetype = _KINDS.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    found[name] = File(name, body, mimetype, hashlib.sha256(body).hexdigest()[:12], tuple(imports))
    return found[name]
