"""`flask payments reconcile`: does the day's ledger hold what the provider says?"""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from kernel import clock
from orders.models.payment import Account
from orders.reconciling import AccountDay
from storefront.payment_upkeep import ask_undecided, compare_day
from storefront.templating import current_settings


@click.group("payments")
def group() -> None:
    """Compare our books with the providers'."""


@group.command("reconcile")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to compare, in the shop's zone; today unless told.")
@with_appcontext
def reconcile_command(day: datetime | None) -> None:
    """Ask about payments left open, then compare a day; exit status 1 on a difference or when a provider is silent."""
    asked = ask_undecided()
    click.echo(f"{asked.total} undecided payments asked about, {len(asked.found)} moved on.")
    for line in asked.found:
        click.echo(f"  {line}")
    zone = current_settings().zone
    chosen = day.date() if day else clock.today(zone)
    books = compare_day(chosen, zone)
    problems = [str(each) for each in books.differences] + ([f"{asked.silent} undecided payments got no answer"] if asked.silent else [])
    _show(chosen, zone, books.accounts, books.theirs)
    for problem in problems:
        click.echo(f"DIFFERENCE  {problem}", err=True)
    if problems:
        raise SystemExit(1)
    click.echo("No difference.")


def _show(day: date, zone: str, days: list[AccountDay], theirs: int) -> None:
    click.echo(f"{day.isoformat()} {zone}, whole rupiah:")
    click.echo(f"  {'account':<10}{'received':>16}{'given back':>16}  beside it")
    for each in days:
        if each.account is Account.STRIPE:
            beside = f"provider received {theirs:,}"
        elif each.matched is not None:
            beside = f"found in statements {each.matched:,}"
        else:
            beside = "counted at the till"
        click.echo(f"  {each.account.value:<10}{each.received:>16,}{each.given:>16,}  {beside}")
