"""`flask doctor`: do stock and money still add up? Names every row that does not."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from kernel import alarms
from orders.invariants import CHECKS, check_all
from storefront.database import reading


@click.command("doctor")
@with_appcontext
def group() -> None:
    """Check every invariant of stock, payments and ledger, and show alarms; exit status 1 when one is broken or stands."""
    began = time.perf_counter()
    breaches = check_all(reading())
    for breach in breaches:
        click.echo(f"{breach.invariant}  {breach.message}", err=True)
    standing = alarms.list_standing(reading())
    for alarm in standing:
        click.echo(f"ALARM  {alarm.name} since {alarm.raised_at:%Y-%m-%d %H:%M} UTC: {alarm.detail}", err=True)
    took = f"in {time.perf_counter() - began:.1f} s"
    if breaches:
        click.echo(f"{len(breaches)} broken {took}.", err=True)
        raise SystemExit(1)
    if standing:
        raise SystemExit(1)
    click.echo(f"Sound: {', '.join(CHECKS)} checked {took}.")
