"""A person closes their own account: what says who they are goes for good, what they did stays without it."""

from __future__ import annotations

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from kernel import accounts, audit, second_factor
from kernel.errors import N_, InvalidInput
from kernel.people import Actor, LoginSession, RoleGrant, User


def close_account(session: Session, user: User) -> None:
    """Forget e-mail, name, number, password, second step and devices, and sign out everywhere. Check the password first.

    Whoever holds a role is refused with InvalidInput: their name stands under decisions, and the office takes the role away before.
    Orders keep what they need for their time (orders.retention); the journal keeps the name an act was done under.
    """
    if session.scalar(select(exists().where(RoleGrant.user_id == user.id))):
        raise InvalidInput(N_("You hold a role here. Please ask the office to take it away first."))
    row = session.get_one(User, user.id)
    accounts.end_all_sessions(session, row)
    second_factor.forget(session, row)
    session.execute(update(LoginSession).where(LoginSession.user_id == row.id).values(device=""))
    row.email, row.name, row.phone = f"{row.code.lower()}@closed.invalid", row.code, ""
    row.password_hash, row.is_active = "", False
    audit.record(session, Actor(user_id=row.id, name=row.code), "person.left", f"user:{row.code}")
