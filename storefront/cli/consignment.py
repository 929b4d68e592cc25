"""`flask consignment close-due`: closes every statement whose day of settlement has come, for whoever settles by a timer."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from catalog.models.stock import Outlet
from kernel.people import SYSTEM
from orders.consignment import statements
from storefront.database import reading, transaction


@click.group("consignment")
def group() -> None:
    """Makers' goods and what they are owed."""


@group.command("close-due")
@click.option("--outlet", "code", help="Only this outlet, by its code.")
@with_appcontext
def close_due_command(code: str | None) -> None:
    """Close every statement that is due; one transaction each, so that a second run goes on where this one stopped."""
    chosen = select(Outlet).where(Outlet.is_active).order_by(Outlet.id)
    outlets = reading().scalars(chosen if code is None else chosen.where(Outlet.code == code)).all()
    if code is not None and not outlets:
        raise click.BadParameter(f"there is no active outlet {code}")
    closed = 0
    for due in [due for outlet in outlets for due in statements.list_due(reading(), outlet)]:
        with transaction() as session:
            made = statements.close_statement(session, SYSTEM, due.agreement_id, due.up_to)
            click.echo(f"{made.code}  up to {due.up_to.isoformat()}  owed {made.owed:,}")
        closed += 1
    click.echo(f"{closed} statements closed.")
