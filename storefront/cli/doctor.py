"""`flask doctor`: do stock and money still add up? Names every row that does not."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from orders.invariants import CHECKS, check_all
from storefront.database import reading


@click.command("doctor")
@with_appcontext
def group() -> None:
    """Check every invariant of stock, payments and ledger; exit status 1 when one is broken."""
    began = time.perf_counter()
    breaches = check_all(reading())
    for breach in breaches:
        click.echo(f"{breach.invariant}  {breach.message}", err=True)
    took = f"in {time.perf_counter() - began:.1f} s"
    if breaches:
        click.echo(f"{len(breaches)} broken {took}.", err=True)
        raise SystemExit(1)
    click.echo(f"Sound: {', '.join(CHECKS)} checked {took}.")
