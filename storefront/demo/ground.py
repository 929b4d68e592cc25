"""Where a demo lives and under which settings: its folder, its ports, and how to start over without touching anything else."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import config

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
STAND_IN_SECRET = "sk_test_demo"  # noqa: S105 - the stand-in takes any test key
STAND_IN_WEBHOOK_SECRET = "whsec_demo"  # noqa: S105
#: Remembers the demo's ports, and marks the folder as a demo's: no other folder is ever filled or emptied.
MARK = "demo.json"
_MADE_HERE = ("media", "index", "spool", "mailbox", "stripe")


class NotOurs(Exception):
    """The demo cannot use this folder or port; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One demo on this machine."""

    folder: Path
    port: int
    #: None when real Stripe keys were given.
    stand_in_port: int | None
    environment: dict[str, str]

    @property
    def address(self) -> str:
        """Where the shop answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def settings(self) -> config.Settings:
        """The settings of every process of this demo."""
        return config.load(self.environment)


def lay_ground(environ: Mapping[str, str]) -> Ground:
    """The demo of this environment: `PORT`, `ETALASE_DATA_FOLDER` and Stripe's keys are heard, other settings are its own."""
    folder = Path(environ.get("ETALASE_DATA_FOLDER") or config.ROOT / "var").expanduser().resolve()
    if (folder / "etalase.db").exists() and not (folder / MARK).exists():
        raise NotOurs(f"{folder} holds data that is not the demo's. Choose another folder: ETALASE_DATA_FOLDER=… ./run demo")
    port = _read_port(environ.get("PORT", ""))
    has_stripe = bool(environ.get("ETALASE_STRIPE_SECRET_KEY") and environ.get("ETALASE_STRIPE_WEBHOOK_SECRET"))
    stand_in_port = None if has_stripe else _remembered_port(folder)
    _write_mark(folder, stand_in_port)
    own = {
        "MODE": "demo",
        "SECRET_KEY": config.DEMO_SECRET,
        "DATA_FOLDER": str(folder),
        "BASE_URL": f"http://{HOST}:{port}",
        "WHATSAPP": environ.get("ETALASE_WHATSAPP", "+6281200000000"),
        "CARD_PAGES": "50",  # everybody who tries the demo comes from this machine
        "LOG_LEVEL": environ.get("ETALASE_LOG_LEVEL", "WARNING"),
    }
    if has_stripe:
        own |= {name: environ[f"ETALASE_{name}"] for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")}
    else:
        stand_in = f"http://{HOST}:{stand_in_port}"
        own |= {"STRIPE_SECRET_KEY": STAND_IN_SECRET, "STRIPE_WEBHOOK_SECRET": STAND_IN_WEBHOOK_SECRET}
        own |= {"STRIPE_API_BASE": stand_in, "STRIPE_CHECKOUT_ORIGIN": stand_in}
    kept = {name: value for name, value in environ.items() if not name.startswith("ETALASE_")}
    return Ground(folder, port, stand_in_port, kept | {f"ETALASE_{name}": value for name, value in own.items()})


def start_over(folder: Path) -> None:
    """Remove what the demo made in `folder`, and nothing else; prepared pictures stay, they are the same next time."""
    if not (folder / MARK).exists():
        return
    for path in folder.glob("etalase.db*"):
        path.unlink()
    for name in _MADE_HERE:
        shutil.rmtree(folder / name, ignore_errors=True)


def is_free(port: int) -> bool:
    """Whether nobody listens on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _read_port(text: str) -> int:
    if not text:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        raise NotOurs(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _remembered_port(folder: Path) -> int:
    """The stand-in's port of last time, so that payments begun then still find it; another one when it is taken."""
    try:
        port = int(json.loads((folder / MARK).read_text())["stand_in_port"])
    except (OSError, ValueError, KeyError, TypeError):
        port = 0
    if port and is_free(port):
        return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _write_mark(folder: Path, stand_in_port: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text(json.dumps({"stand_in_port": stand_in_port}) + "\n")
