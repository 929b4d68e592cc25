"""`./run bridge`: prints for the till's page of this machine, over USB, network or into a file (docs/printing.md)."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from werkzeug.serving import run_simple

from storefront.bridge.drawing import PROFILES, profile_named
from storefront.bridge.printers import printer_from
from storefront.bridge.server import ADDRESS, PORT, Bridge
from storefront.documents.columns import WIDTHS

#: The demo's own address.
DEMO_SHOPS = ("http://127.0.0.1:8000", "http://localhost:8000")
#: No letters that look like digits: people type the key.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line; leaves with a plain sentence when it makes no sense."""
    parser = argparse.ArgumentParser(prog="./run bridge", description="Prints what the till's page in this machine's browser sends.")
    parser.add_argument("--printer", default="dummy", help="usb:VENDOR:PRODUCT (hexadecimal), network:HOST[:PORT], file:PATH or dummy")
    parser.add_argument("--width", type=int, choices=WIDTHS, default=32, help="characters of one line (58 mm: 32; 80 mm: 42 or 48)")
    parser.add_argument("--profile", default="", help="python-escpos's name of the printer, where the usual one of the width does not fit")
    parser.add_argument("--shop", action="append", default=[], metavar="URL", help="address of the shop; may be given more than once")
    parser.add_argument("--port", type=int, default=PORT, help=argparse.SUPPRESS)
    parser.add_argument("--key-file", type=Path, default=_key_file(), help="where the key is kept")
    parser.add_argument("--new-key", action="store_true", help="forget the key; every till must type the new one")
    chosen = parser.parse_args(arguments)
    try:
        chosen.device = printer_from(chosen.printer)
        chosen.profile = chosen.profile or PROFILES[chosen.width]
        profile_named(chosen.profile)
        chosen.shops = frozenset(origin_of(url) for url in chosen.shop) or frozenset(DEMO_SHOPS)
    except KeyError as unknown:
        parser.error(f"python-escpos knows no printer {unknown}")
    except ValueError as broken:
        parser.error(str(broken))
    return chosen


def origin_of(url: str) -> str:
    """`https://toko.example` of any address of the shop."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{url!r} is no address of a shop; write for example https://toko.example")
    return f"{parts.scheme}://{parts.netloc}"


def read_key(path: Path, *, renew: bool = False) -> str:
    """The key of this machine's bridge, made when there is none; only its owner can read the file."""
    if path.exists() and not renew:
        return path.read_text("ascii").strip()
    key = "".join(secrets.choice(_SIGNS) for _each in range(12))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{key}\n")
    return key


def _key_file() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "etalase" / "bridge.key"


def main(arguments: Sequence[str]) -> None:
    """Serve until stopped."""
    chosen = read_arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    key = read_key(chosen.key_file, renew=chosen.new_key)
    print(f"Printer: {chosen.printer}, {chosen.width} characters ({chosen.profile}). For pages of: {', '.join(sorted(chosen.shops))}.")
    print(f"Type this key into the till once: {key}", flush=True)
    bridge = Bridge(chosen.device, chosen.width, chosen.profile, key, chosen.shops, chosen.port)
    run_simple(ADDRESS, chosen.port, bridge, threaded=True)


if __name__ == "__main__":
    main(sys.argv[1:])
