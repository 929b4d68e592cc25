"""`flask payments reconcile`: does the day's ledger hold what the provider says?"""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from kernel import clock
from kernel.errors import DomainError
from orders import reconciling
from orders.gateways import ProviderState
from orders.models.payment import Account
from orders.reconciling import AccountDay, PaymentToAsk
from storefront.database import end_reading, reading
from storefront.gateways import get_gateway
from storefront.payment_upkeep import ask_undecided
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
    start, end = reconciling.day_bounds(chosen, zone)
    days = reconciling.sum_day(reading(), start, end)
    received = reconciling.list_received(reading(), start, end)
    end_reading()
    theirs, problems = _ask(received)
    if asked.silent:
        problems.append(f"{asked.silent} undecided payments got no answer")
    _show(chosen, zone, days, theirs)
    for problem in problems:
        click.echo(f"DIFFERENCE  {problem}", err=True)
    if problems:
        raise SystemExit(1)
    click.echo("No difference.")


def _ask(received: list[PaymentToAsk]) -> tuple[int, list[str]]:
    """What the provider says it received for these payments, and every difference in words."""
    total, problems = 0, []
    for ours in received:
        try:
            facts = get_gateway(ours.method).fetch(ours.reference)
        except DomainError as silence:
            problems.append(f"order {ours.order_code}: the provider gave no answer ({type(silence).__name__}, {ours.reference})")
            continue
        if facts.state is ProviderState.PAID:
            total += facts.amount
        if (problem := reconciling.difference(ours, facts)) is not None:
            problems.append(problem)
    return total, problems


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
