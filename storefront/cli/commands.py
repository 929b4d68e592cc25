"""The table of `flask` commands; each lives in a module of its own, loaded when it is asked for."""

from __future__ import annotations

import importlib

from click import Command, Context
from flask import Flask
from flask.cli import AppGroup

#: Modules of this package, each with a click group or command named `group` that has the module's name.
GROUPS: tuple[str, ...] = ("areas", "search", "doctor", "worker", "demo", "people", "payments", "consignment")
#: Where each command is: our modules, and Flask-Migrate's `flask db`.
PLACES = {name: (f"storefront.cli.{name}", "group") for name in GROUPS} | {"db": ("flask_migrate.cli", "db")}


class Commands(AppGroup):
    """Our commands beside those that Flask adds. A web worker never loads them: they bring Alembic, Rich and Pillow along."""

    def list_commands(self, ctx: Context) -> list[str]:
        """The names, sorted."""
        return sorted({*super().list_commands(ctx), *PLACES})

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command, loaded now if it is in the table."""
        if cmd_name not in PLACES:
            return super().get_command(ctx, cmd_name)
        module, attribute = PLACES[cmd_name]
        command: Command = getattr(importlib.import_module(module), attribute)
        return command


def init_cli(app: Flask) -> None:
    """Attach our commands. No blueprint has any of its own."""
    app.cli = Commands(app.name)
