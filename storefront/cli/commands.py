"""The table of `flask` commands; each group lives in a module of its own."""

from __future__ import annotations

import importlib

from flask import Flask

#: Modules of this package, each with a click group or command named `group`.
GROUPS: tuple[str, ...] = ("areas", "search", "doctor", "worker", "demo", "people")


def init_cli(app: Flask) -> None:
    """Attach our command groups."""
    for module in GROUPS:
        app.cli.add_command(importlib.import_module(f"storefront.cli.{module}").group)
