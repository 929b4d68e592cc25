"""A person's own account: passwords, registration and reset by link, sessions that end."""

from __future__ import annotations

from datetime import timedelta

import argon2
import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts, clock
from kernel.errors import InvalidInput, NotFound
from kernel.links import LinkEnded
from kernel.outbox import OutboxMessage
from kernel.people import LoginSession, User
from tests.hashing import REAL_DUMMY_HASH, REAL_HASHER
from tests.make import PASSWORD, make_user

SECRET = "a secret for these tests"


def _mails(session: Session, kind: str) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(session: Session) -> None:
    user = make_user(session)
    with pytest.raises(accounts.WrongCredentials) as wrong:
        accounts.check_password(session, email=user.email, password="not this one")
    with pytest.raises(accounts.WrongCredentials) as unknown:
        accounts.check_password(session, email="nobody@example.org", password="not this one")
    assert str(wrong.value) == str(unknown.value)


def test_the_right_password_is_accepted_in_any_case_of_the_e_mail(session: Session) -> None:
    user = make_user(session, email="sari@example.org")
    assert accounts.check_password(session, email=" Sari@Example.org ", password=PASSWORD).id == user.id


def test_a_stolen_table_of_passwords_is_dear_to_try() -> None:
    """OWASP's least for argon2id: 19 MiB twice. The dummy costs as much, so that an unknown e-mail takes as long."""
    cost = argon2.extract_parameters(REAL_DUMMY_HASH)
    assert (cost.type, cost.memory_cost >= 19 * 1024, cost.time_cost >= 2) == (argon2.Type.ID, True, True)
    assert argon2.extract_parameters(REAL_HASHER.hash(PASSWORD)) == cost


def test_a_dismissed_person_cannot_sign_in(session: Session) -> None:
    user = make_user(session, is_active=False)
    with pytest.raises(accounts.WrongCredentials):
        accounts.check_password(session, email=user.email, password=PASSWORD)


def test_a_session_is_kept_as_a_digest_and_ends_on_the_server(session: Session) -> None:
    user = make_user(session)
    token = accounts.open_session(session, user, "Firefox")
    found = accounts.find_user_by_token(session, token)
    assert found is not None
    assert found.id == user.id
    assert token not in [row.token_digest for row in session.scalars(select(LoginSession))]
    accounts.end_session(session, token)
    session.flush()
    assert accounts.find_user_by_token(session, token) is None


def test_a_session_ends_by_itself_after_its_length(session: Session) -> None:
    token = accounts.open_session(session, make_user(session))
    with time_machine.travel(clock.now() + accounts.SESSION_LENGTH + timedelta(seconds=1), tick=False):
        assert accounts.find_user_by_token(session, token) is None


def test_a_new_password_ends_every_other_session(session: Session) -> None:
    user = make_user(session)
    here, there = accounts.open_session(session, user), accounts.open_session(session, user)
    accounts.set_password(session, user, accounts.hash_password("another long password"), keep_token=here)
    session.flush()
    assert accounts.find_user_by_token(session, here) is not None
    assert accounts.find_user_by_token(session, there) is None


def test_one_device_can_be_signed_out_but_nobody_elses(session: Session) -> None:
    user, other = make_user(session), make_user(session)
    accounts.open_session(session, user)
    handle = accounts.handle_of(accounts.list_sessions(session, user.id)[0])
    with pytest.raises(NotFound):
        accounts.end_own_session(session, other.id, handle)
    accounts.end_own_session(session, user.id, handle)
    session.flush()
    assert accounts.list_sessions(session, user.id) == []


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaa", "abababababab"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.hash_password(password)


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a b@example.org", "a@example.org\nBcc: x@y.zz", "ａ@example.org", "a@" + "b" * 260 + ".id"]
)
def test_what_cannot_be_an_e_mail_is_refused(email: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.fold_email(email)


def test_registering_goes_by_a_mailed_link_and_works_once(session: Session) -> None:
    accounts.request_registration(session, email="Baru@example.org", language="en", secret=SECRET)
    session.flush()
    mail = _mails(session, accounts.MAIL_REGISTRATION)[0]
    assert mail.payload["email"] == "baru@example.org"
    token = mail.payload["token"]
    user = accounts.register(session, token, secret=SECRET, name=" Orang  Baru ", password=PASSWORD, phone="0812 3456 7890", language="en")
    assert (user.name, user.phone, user.language) == ("Orang Baru", "+6281234567890", "en")
    with pytest.raises(LinkEnded):
        accounts.register(session, token, secret=SECRET, name="Lain", password=PASSWORD, phone="", language="id")


def test_asking_to_register_again_sends_a_note_instead_of_a_link(session: Session) -> None:
    user = make_user(session)
    accounts.request_registration(session, email=user.email, language="id", secret=SECRET)
    session.flush()
    assert _mails(session, accounts.MAIL_REGISTRATION) == []
    assert len(_mails(session, accounts.MAIL_ACCOUNT_EXISTS)) == 1


def test_a_reset_link_works_once_and_ends_all_sessions(session: Session) -> None:
    user = make_user(session)
    signed_in = accounts.open_session(session, user)
    accounts.request_password_reset(session, email=user.email, secret=SECRET)
    session.flush()
    token = _mails(session, accounts.MAIL_PASSWORD_RESET)[0].payload["token"]
    accounts.reset_password(session, token, secret=SECRET, password="a brand new password")
    session.flush()
    assert accounts.find_user_by_token(session, signed_in) is None
    assert accounts.check_password(session, email=user.email, password="a brand new password").id == user.id
    with pytest.raises(LinkEnded):
        accounts.reset_password(session, token, secret=SECRET, password="and yet another one")


def test_a_reset_link_ends_after_an_hour_and_is_no_use_with_another_secret(session: Session) -> None:
    user = make_user(session)
    accounts.request_password_reset(session, email=user.email, secret=SECRET)
    session.flush()
    token = _mails(session, accounts.MAIL_PASSWORD_RESET)[0].payload["token"]
    with pytest.raises(LinkEnded):
        accounts.read_password_link(session, token, secret="another secret")
    with time_machine.travel(clock.now() + accounts.RESET_LIFETIME + timedelta(seconds=5), tick=False), pytest.raises(LinkEnded):
        accounts.read_password_link(session, token, secret=SECRET)


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "." * 50, "x" * 5000, "W1tbW1s.a.b", "\u0660.a.b"])
def test_a_made_up_link_has_ended(session: Session, token: str) -> None:
    with pytest.raises(LinkEnded):
        accounts.read_password_link(session, token, secret=SECRET)
    with pytest.raises(LinkEnded):
        accounts.read_registration(session, token, secret=SECRET)


def test_no_mail_goes_to_an_unknown_or_dismissed_person(session: Session) -> None:
    gone = make_user(session, is_active=False)
    accounts.request_password_reset(session, email=gone.email, secret=SECRET)
    accounts.request_password_reset(session, email="nobody@example.org", secret=SECRET)
    session.flush()
    assert _mails(session, accounts.MAIL_PASSWORD_RESET) == []


def test_a_profile_keeps_one_way_of_writing(session: Session) -> None:
    user = make_user(session)
    accounts.change_profile(session, user, name="Ibu  Sari", phone="62 812-3456-7890", language="xx")
    session.flush()
    kept = session.get_one(User, user.id)
    assert (kept.name, kept.phone, kept.language) == ("Ibu Sari", "+6281234567890", "id")
