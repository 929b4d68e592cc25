"""One stylesheet and one script per audience, joined from static/ at start-up and served for good under their content's hash."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app

from storefront.routing import Reach, Route, add_routes

_EXTENSION = "etalase.assets"
YEAR = 365 * 24 * 3600
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}

BASE = ("tokens", "reset", "type", "layout", "forms")
PARTS = (
    "fold", "button", "field", "price", "badge", "card", "notice", "breadcrumb", "pagination", "facet", "table", "stat", "steps",
    "gallery", "provenance", "cart_line", "tabs", "map", "area_map", "ornament", "menu", "site_header",
)  # fmt: skip
#: What each audience gets after base and parts: every file of these folders, by name.
AUDIENCES = {
    "shop": ("shop", "checkout", "account"),
    "office": ("office", "trade"),
    "makers": ("makers",),
    "wholesale": ("wholesale", "trade"),
}
#: The frame around the pages of each audience.
FRAMES = {
    "shop": "site_footer",
    "office": "office_frame",
    "makers": "portal_frame",
    "wholesale": "portal_frame",
}

_URL = re.compile(r"url\(/static/([^)?]+)\)")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The joined text of one audience's files."""

    body: bytes
    mimetype: str
    fingerprint: str


def init_assets(app: Flask) -> None:
    """Join the files once; with --debug they are joined anew for every page, so that an edit shows on reload."""
    app.extensions[_EXTENSION] = _join_all(Path(app.static_folder or "static"))
    app.jinja_env.globals["bundle"] = bundle_address


def bundle_address(name: str) -> str:
    """Address of `shop.css`, `office.js`, … with its hash; never below the language prefix."""
    return f"/assets/{name}?v={_bundles()[name].fingerprint}"


def bundle(name: str) -> Response:
    """The joined file. Whoever asks gets the present one; the hash in the address keeps old copies apart."""
    found = _bundles().get(name)
    if found is None:
        abort(404)
    response = Response(found.body, content_type=found.mimetype)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


blueprint = add_routes(Blueprint("assets", __name__), [Route("/assets/<name>", bundle, Reach.PUBLIC)])


def _bundles() -> dict[str, Bundle]:
    if current_app.debug:
        return _join_all(Path(current_app.static_folder or "static"))
    bundles: dict[str, Bundle] = current_app.extensions[_EXTENSION]
    return bundles


def _join_all(static: Path) -> dict[str, Bundle]:
    bundles = {}
    for audience, folders in AUDIENCES.items():
        styles = [static / "base" / f"{name}.css" for name in BASE] + [static / "parts" / f"{name}.css" for name in PARTS]
        styles.append(static / "parts" / f"{FRAMES[audience]}.css")
        styles += [path for folder in folders for path in sorted((static / folder).glob("*.css"))]
        text = "\n".join(lighten(path.read_text("utf-8")) for path in styles)
        bundles[f"{audience}.css"] = _bundle(_with_hashes(text, static), "css")
        scripts = [path for folder in ("base", *folders) for path in sorted((static / folder).glob("*.js"))]
        # Each file keeps its own scope; a missing element in one never stops the next.
        bundles[f"{audience}.js"] = _bundle("\n".join(f"{{\n{lighten_script(path.read_text('utf-8'))}\n}}" for path in scripts), "js")
    return bundles


def _bundle(text: str, kind: str) -> Bundle:
    body = text.encode("utf-8")
    return Bundle(body, TYPES[kind], hashlib.sha256(body).hexdigest()[:12])


def lighten(css: str) -> str:
    """The stylesheet without comments and needless white space; strings and selectors keep theirs."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    css = re.sub(r"(?<=[a-z0-9-]): (?=[^{}]*[;}])", ":", css)
    return css.replace(";}", "}").strip()


def lighten_script(script: str) -> str:
    """The script without whole-line comments, indentation and empty lines; nothing inside a line is touched."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*", "*")))


def _with_hashes(css: str, static: Path) -> str:
    """Pictures named in the stylesheet get their content's hash too, because static files are cached for good."""

    def hashed(match: re.Match[str]) -> str:
        path = static / match[1]
        mark = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "absent"
        return f"url(/static/{match[1]}?v={mark})"

    return _URL.sub(hashed, css)
