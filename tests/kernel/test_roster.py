"""The administrator's list of people: invitations, roles, dismissals."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts, audit, roster
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import Grant, Role, User
from tests.make import make_actor, make_outlet, make_user

SECRET = "a secret for these tests"


def test_only_an_administrator_without_an_area_limit_manages_people(session: Session) -> None:
    for actor in (make_actor(session, Role.CURATOR), make_actor(session, Role.ADMINISTRATOR, area_prefix="16.12")):
        with pytest.raises(NotAllowed):
            roster.list_people(session, actor)
        with pytest.raises(NotAllowed):
            roster.invite(session, actor, email="x@example.org", name="X", language="id", phone="", secret=SECRET)


def test_an_invited_person_sets_their_own_password(session: Session) -> None:
    person = roster.invite(session, make_actor(session), email="baru@example.org", name="Baru", language="id", phone="", secret=SECRET)
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == accounts.MAIL_INVITATION)).one()
    accounts.reset_password(session, mail.payload["token"], secret=SECRET, password="kata sandi sendiri")
    assert accounts.check_password(session, email="baru@example.org", password="kata sandi sendiri").id == person.id


def test_a_role_is_given_once_with_its_scope_and_asks_for_a_new_sign_in(session: Session) -> None:
    administrator, person, outlet = make_actor(session), make_user(session), make_outlet(session)
    token = accounts.open_session(session, person)
    with pytest.raises(InvalidInput):
        roster.grant(session, administrator, person, Grant(Role.CASHIER))
    roster.grant(session, administrator, person, Grant(Role.CASHIER, outlet_id=outlet.id))
    session.flush()
    assert accounts.find_user_by_token(session, token) is None
    again = roster.get_person(session, administrator, person.code)
    session.refresh(again, ["grants"])
    with pytest.raises(InvalidInput):
        roster.grant(session, administrator, again, Grant(Role.CASHIER, outlet_id=outlet.id))
    assert [entry.action for entry in audit.list_for(session, roster.subject_of(person))] == ["role.granted"]


def test_withdrawing_a_role_signs_the_person_out(session: Session) -> None:
    person = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    token = accounts.open_session(session, person)
    roster.withdraw(session, make_actor(session), person, person.grants[0].id)
    session.flush()
    assert accounts.find_user_by_token(session, token) is None


def test_somebody_elses_grant_is_not_found_on_this_person(session: Session) -> None:
    person, other = make_user(session), make_user(session, Grant(Role.CURATOR))
    with pytest.raises(NotFound):
        roster.withdraw(session, make_actor(session), person, other.grants[0].id)


def test_the_last_administrator_stays(session: Session) -> None:
    only = make_user(session, Grant(Role.ADMINISTRATOR))
    actor = accounts.as_actor(only)
    with pytest.raises(roster.LastAdministrator):
        roster.withdraw(session, actor, only, only.grants[0].id)
    with pytest.raises(InvalidInput):
        roster.dismiss(session, actor, only)


def test_a_dismissed_person_is_out_everywhere_and_can_be_let_back_in(session: Session) -> None:
    administrator, person = make_actor(session), make_user(session, Grant(Role.CURATOR))
    token = accounts.open_session(session, person)
    roster.dismiss(session, administrator, person)
    session.flush()
    assert accounts.find_user_by_token(session, token) is None
    roster.readmit(session, administrator, person)
    assert session.get_one(User, person.id).is_active


def test_people_are_found_by_name_or_e_mail_and_signs_are_taken_literally(session: Session) -> None:
    administrator = make_actor(session)
    make_user(session, name="Sari Contoh", email="sari@example.org")
    assert roster.list_people(session, administrator, text="SARI").total == 1
    assert roster.list_people(session, administrator, text="%").total == 0
    assert roster.list_people(session, administrator, role=Role.ADMINISTRATOR).total == 1
