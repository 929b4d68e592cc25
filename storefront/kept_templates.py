"""Compiled templates, kept in the data folder as Python keeps its own code: what one process has compiled the next one loads."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.metadata import version

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

import config


class KeptTemplates(FileSystemBytecodeCache):
    """A full disk keeps nothing, and holds no page back."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write one template's code, if it can be written."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def init_kept_templates(app: Flask, settings: config.Settings) -> None:
    """Keep them where only this app writes; like the search index they are code, and never come from a backup."""
    if app.jinja_env.bytecode_cache is None:
        folder = settings.data_folder / "templates" / _furnished_by()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        app.jinja_env.bytecode_cache = KeptTemplates(str(folder))


def _furnished_by() -> str:
    """Jinja compares a template's source; what else decides how it is compiled is Jinja itself and who furnishes its environment."""
    found = hashlib.sha256(version("jinja2").encode())
    for module in ("templating", "i18n"):
        found.update((config.ROOT / "storefront" / f"{module}.py").read_bytes())
    return found.hexdigest()[:16]
