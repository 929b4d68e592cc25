"""`flask worker`: whatever is done beside the web, as storefront.worker lists it."""

from __future__ import annotations

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from storefront import worker
from storefront.readiness import WrongSchema, check_start


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due once and end; for tests and timers.")
@with_appcontext
def group(once: bool) -> None:
    """Send mail, keep the search index up to date, release what nobody paid for."""
    try:
        check_start(current_app._get_current_object())  # type: ignore[attr-defined]
    except WrongSchema as problem:
        raise click.ClickException(str(problem)) from None
    if once:
        turn = worker.Turn()
        worker.tick(worker.tasks(), time.monotonic(), turn.is_ours)
        turn.give_up()
    else:
        worker.run_forever()
