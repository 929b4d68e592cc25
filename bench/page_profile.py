"""Where the time of a page goes: a profile of one process, added up by the library or room in which it was spent."""

from __future__ import annotations

import cProfile
import pstats
import sys
from collections import Counter
from pathlib import Path

from werkzeug.test import EnvironBuilder

from bench.serving import ROOT

TIMES = 25
MOST = 12
LIBRARIES = (
    "sqlalchemy",
    "jinja2",
    "werkzeug",
    "flask_talisman",
    "flask_login",
    "flask_wtf",
    "flask_compress",
    "flask",
    "itsdangerous",
    "babel",
)


def main() -> None:
    """Ask for the addresses of the command line, warm, and print the shares."""
    from storefront.app import create_app

    app = create_app()
    paths = sys.argv[1:]

    def ask(path: str) -> None:
        address, _, query = path.partition("?")
        answer = app.wsgi_app(EnvironBuilder(path=address, query_string=query).get_environ(), lambda *_: lambda _: None)
        b"".join(answer)
        if close := getattr(answer, "close", None):
            close()

    for path in paths * 2:
        ask(path)
    watched = cProfile.Profile()
    watched.enable()
    for path in paths * TIMES:
        ask(path)
    watched.disable()
    shares: Counter[str] = Counter()
    figures: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = pstats.Stats(watched).stats  # type: ignore[attr-defined]
    for (file, _line, name), (_calls, _all, own, _total, _callers) in figures.items():
        shares[room_of(file, name)] += own  # type: ignore[assignment]  # seconds
    total = sum(shares.values())
    for room, seconds in shares.most_common(MOST):
        print(f"  {seconds / total:5.0%}  {room}")


def room_of(file: str, name: str) -> str:
    """Whose code it is."""
    if file == "~":
        known = {"sqlite3": "SQLite", "zlib": "compression", "posix": "files", "_io": "files", "markupsafe": "escaping"}
        return next((room for word, room in known.items() if word in name), "Python itself")
    if file.endswith((".html", "<template>")) or "/templates/" in file:
        return "our templates"
    if file.startswith(str(ROOT)) and "site-packages" not in file:
        return "/".join(Path(file).relative_to(ROOT).parts[:2])
    return next((library for library in LIBRARIES if f"/{library}/" in file), "the standard library and others")


if __name__ == "__main__":
    main()
