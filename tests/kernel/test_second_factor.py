"""Codes of the second factor: each works once, neighbours in time count, and a copy of the database is no key."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import accounts, audit, clock, links, roster, second_factor
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.outbox import OutboxMessage
from kernel.people import User
from kernel.second_factor import RecoveryCode, SecondFactor, Unreadable, WrongCode
from tests.make import make_actor, make_user
from tests.make_second_factor import SECRET, code_of, turned_on


def _use(session: Session, user: User, code: str, secret: str = SECRET) -> None:
    second_factor.use_code(session, user, code, secret=secret)


def test_a_code_confirms_the_key_and_turns_the_second_factor_on(session: Session) -> None:
    user = make_user(session)
    other = accounts.open_session(session, user)
    here = accounts.open_session(session, user)
    sealed = second_factor.propose_key(user, secret=SECRET)
    key = second_factor.read_key(user, sealed, secret=SECRET)
    with pytest.raises(WrongCode):
        second_factor.turn_on(session, user, sealed, "000000", secret=SECRET, token=here)
    assert user.second_factor_at is None
    codes = second_factor.turn_on(session, user, sealed, pyotp.TOTP(key).at(clock.now()), secret=SECRET, token=here)
    assert user.second_factor_at is not None
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert accounts.find_user_by_token(session, here) is not None
    assert accounts.find_user_by_token(session, other) is None, "no code was given there"
    assert second_factor.is_fresh(session, here)
    with pytest.raises(Conflict):
        second_factor.turn_on(session, user, sealed, pyotp.TOTP(key).at(clock.now()), secret=SECRET, token=here)


def test_a_key_proposed_to_somebody_else_cannot_be_kept(session: Session) -> None:
    sealed = second_factor.propose_key(make_user(session), secret=SECRET)
    user = make_user(session)
    with pytest.raises(Unreadable):
        second_factor.turn_on(session, user, sealed, "123456", secret=SECRET, token="")


def test_a_code_works_once_and_older_ones_not_at_all(session: Session) -> None:
    with time_machine.travel(clock.now(), tick=False) as clock_of_test:
        user, key, _codes = turned_on(session)
        clock_of_test.shift(timedelta(minutes=2))
        code, before = code_of(key), code_of(key, -30)
        _use(session, user, code)
        for used in (code, before):
            with pytest.raises(WrongCode):
                _use(session, user, used)
        clock_of_test.shift(timedelta(seconds=30))
        _use(session, user, code_of(key))


@pytest.mark.parametrize(("seconds", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_the_codes_of_the_neighbouring_half_minutes_count(session: Session, seconds: int, counts: bool) -> None:
    with time_machine.travel(clock.now(), tick=False) as clock_of_test:
        user, key, _codes = turned_on(session)
        clock_of_test.shift(timedelta(minutes=5))
        if counts:
            _use(session, user, code_of(key, seconds))
        else:
            with pytest.raises(WrongCode):
                _use(session, user, code_of(key, seconds))


def test_the_code_that_turned_it_on_does_not_sign_in(session: Session) -> None:
    with time_machine.travel(clock.now(), tick=False):
        user, key, _codes = turned_on(session)
        with pytest.raises(WrongCode):
            _use(session, user, code_of(key, -30))
        _use(session, user, code_of(key))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5x", "0" * 12, "-" * 6, "1" * 5000])
def test_nonsense_is_refused(session: Session, typed: str) -> None:
    user, _key, _codes = turned_on(session)
    with pytest.raises(WrongCode):
        _use(session, user, typed)


def test_a_recovery_code_works_once_and_only_for_its_owner(session: Session) -> None:
    user, _key, codes = turned_on(session)
    other, _other_key, _other_codes = turned_on(session)
    with pytest.raises(WrongCode):
        _use(session, other, codes[0])
    _use(session, user, codes[0])
    with pytest.raises(WrongCode):
        _use(session, user, codes[0])
    _use(session, user, codes[1].replace("-", " "))
    assert second_factor.count_recovery_codes(session, user.id) == second_factor.RECOVERY_CODES - 2


def test_new_recovery_codes_end_the_old_ones(session: Session) -> None:
    user, _key, codes = turned_on(session)
    fresh = second_factor.renew_recovery_codes(session, user, codes[0], secret=SECRET)
    with pytest.raises(WrongCode):
        _use(session, user, codes[1])
    _use(session, user, fresh[0])
    assert second_factor.count_recovery_codes(session, user.id) == second_factor.RECOVERY_CODES - 1


def test_the_database_holds_neither_key_nor_codes(session: Session) -> None:
    user, key, codes = turned_on(session)
    row = session.scalars(select(SecondFactor).where(SecondFactor.user_id == user.id)).one()
    digests = set(session.scalars(select(RecoveryCode.digest)))
    assert key not in row.sealed_key
    assert not any(code.replace("-", "") in digest for code in codes for digest in digests)


def test_another_secret_setting_opens_nothing(session: Session) -> None:
    user, key, codes = turned_on(session)
    with pytest.raises(Unreadable):
        _use(session, user, code_of(key), "another secret of thirty-two signs")
    with pytest.raises(WrongCode):
        _use(session, user, codes[0], "another secret of thirty-two signs")


def test_turning_it_off_needs_a_code_and_forgets_everything(session: Session) -> None:
    user, _key, codes = turned_on(session)
    here = accounts.open_session(session, user)
    with pytest.raises(WrongCode):
        second_factor.turn_off(session, user, "123456", secret=SECRET, token=here)
    assert user.second_factor_at is not None
    second_factor.turn_off(session, user, codes[0], secret=SECRET, token=here)
    assert user.second_factor_at is None
    assert session.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id)) == 0
    assert accounts.find_user_by_token(session, here) is not None


def test_turning_on_and_off_is_on_record_and_told_by_mail(session: Session) -> None:
    user, _key, codes = turned_on(session)
    second_factor.turn_off(session, user, codes[0], secret=SECRET, token="")
    assert [entry.action for entry in audit.list_for(session, f"user:{user.code}")] == ["second_factor.off", "second_factor.on"]
    letters = list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(2)))
    assert {letter.kind for letter in letters} == {second_factor.MAIL_ON, second_factor.MAIL_OFF}
    assert all(letter.payload["email"] == user.email for letter in letters)


def test_an_administrator_resets_a_colleague_but_not_themselves(session: Session) -> None:
    user, _key, _codes = turned_on(session)
    here = accounts.open_session(session, user)
    administrator = make_actor(session)
    with pytest.raises(NotAllowed):
        roster.reset_second_factor(session, second_factor._self(user), user)
    roster.reset_second_factor(session, administrator, user)
    assert user.second_factor_at is None
    assert accounts.find_user_by_token(session, here) is None
    newest = audit.list_for(session, f"user:{user.code}")[0]
    assert (newest.action, newest.actor_id) == ("second_factor.reset", administrator.user_id)
    with pytest.raises(Conflict):
        roster.reset_second_factor(session, administrator, user)
    assert administrator.user_id is not None
    with pytest.raises(InvalidInput):
        roster.reset_second_factor(session, administrator, session.get_one(User, administrator.user_id))


def test_the_state_between_the_steps_ends_with_time_use_password_and_dismissal(session: Session) -> None:
    user, _key, codes = turned_on(session)

    def half() -> str:
        return second_factor.begin_second_step(session, user, secret=SECRET)

    def is_open(token: str) -> bool:
        try:
            return second_factor.read_second_step(session, token, secret=SECRET).id == user.id
        except links.LinkEnded:
            return False

    token = half()
    assert is_open(token)
    with time_machine.travel(clock.now() + second_factor.HALF_SIGNED_IN + timedelta(seconds=2), tick=False):
        assert not is_open(token)
    assert not is_open(token[:-2] + "xx")
    assert not is_open("nonsense")
    _use(session, user, codes[0])
    assert not is_open(token), "one password opens the way to one code"
    token = half()
    accounts.set_password(session, user, accounts.hash_password("sebuah kata sandi lain"))
    assert not is_open(token)
    token = half()
    user.is_active = False
    session.flush()
    assert not is_open(token)


def test_a_code_in_a_browser_covers_a_quarter_of_an_hour_in_that_browser(session: Session) -> None:
    user, _key, _codes = turned_on(session)
    here, there = accounts.open_session(session, user), accounts.open_session(session, user)
    second_factor.mark_fresh(session, here)
    assert second_factor.is_fresh(session, here)
    assert not second_factor.is_fresh(session, there)
    with time_machine.travel(clock.now() + second_factor.FRESH + timedelta(seconds=1), tick=False):
        assert not second_factor.is_fresh(session, here)
