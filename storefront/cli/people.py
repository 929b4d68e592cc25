"""`flask people`: the first administrator, who invites everybody else in the office, and a way back in for whoever is locked out."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from kernel import accounts, audit, roster, second_factor
from kernel.errors import DomainError
from kernel.people import SYSTEM, Grant, Role
from storefront.database import transaction

group = AppGroup("people", help="People who work with this installation.")


@group.command("create-administrator")
@click.option("--email", prompt=True, help="Where mails to this person go; also the name to sign in with.")
@click.option("--name", prompt=True, help="How colleagues see this person.")
@click.password_option(help="At least ten characters; asked for without showing it when left out.")
def create_administrator_command(email: str, name: str, password: str) -> None:
    """Create a person who may do everything, everywhere."""
    try:
        with transaction() as session:
            person = accounts.create_user(session, email=email, name=name, password=password)
            accounts.grant_role(session, person, Grant(Role.ADMINISTRATOR))
            audit.record(session, SYSTEM, "person.administrator", roster.subject_of(person))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{person.name} can sign in with {person.email}.")


@group.command("reset-second-factor")
@click.argument("email")
def reset_second_factor_command(email: str) -> None:
    """Take the second step off EMAIL's account: the last administrator lost the phone, or the secret setting was changed."""
    with transaction() as session:
        person = accounts.find_user_by_email(session, email)
        if person is None or person.second_factor_at is None:
            raise click.ClickException("Nobody with this e-mail has a second factor.")
        second_factor.remove(session, person)
        accounts.end_all_sessions(session, person)
        audit.record(session, SYSTEM, "second_factor.reset", roster.subject_of(person))
    click.echo(f"{person.name} signs in with the password alone and was told by mail.")
