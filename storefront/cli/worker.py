"""`flask worker`: mail, search index and expired holds, beside the web."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from storefront import worker


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due once and end; for tests and timers.")
@with_appcontext
def group(once: bool) -> None:
    """Send mail, keep the search index up to date, release what nobody paid for."""
    if once:
        worker.tick(worker.tasks(), time.monotonic())
    else:
        worker.run_forever()
