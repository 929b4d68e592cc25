"""Closing one's own account: nothing that says who it was is left, and nobody with a role slips away."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts, second_factor
from kernel.audit import AuditEntry
from kernel.errors import InvalidInput
from kernel.leaving import close_account
from kernel.outbox import OutboxMessage
from kernel.people import Grant, LoginSession, Role, User
from tests.make import PASSWORD, make_user
from tests.make_second_factor import turn_on


def test_a_closed_account_names_nobody_and_opens_nothing(session: Session) -> None:
    user = make_user(session)
    email, name = user.email, user.name
    token = accounts.open_session(session, user, "Chrome")
    turn_on(session, user)
    session.flush()
    letters = len(session.scalars(select(OutboxMessage)).all())
    close_account(session, user)
    session.flush()
    session.expire_all()
    row = session.get_one(User, user.id)
    assert (row.name, row.phone, row.is_active, row.second_factor_at) == (row.code, "", False, None)
    assert row.email == f"{row.code.lower()}@closed.invalid"
    assert accounts.find_user_by_token(session, token) is None
    assert session.scalars(select(LoginSession.device).where(LoginSession.user_id == user.id)).all() == [""]
    assert second_factor.count_recovery_codes(session, user.id) == 0
    assert len(session.scalars(select(OutboxMessage)).all()) == letters
    for address in (email, row.email):
        with pytest.raises(accounts.WrongCredentials):
            accounts.check_password(session, email=address, password=PASSWORD)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_name, entry.details) == ("person.left", row.code, {})
    assert name not in (row.name, entry.actor_name)


def test_the_address_is_free_for_a_new_beginning(session: Session) -> None:
    user = make_user(session)
    email = user.email
    close_account(session, user)
    again = accounts.create_user(session, email=email, name="Baru", password=PASSWORD)
    assert (again.email, again.id != user.id) == (email, True)


def test_whoever_holds_a_role_asks_the_office_first(session: Session) -> None:
    user = make_user(session)
    accounts.grant_role(session, user, Grant(Role.MENTOR, "16.12"))
    email = user.email
    with pytest.raises(InvalidInput):
        close_account(session, user)
    assert session.get_one(User, user.id).email == email
