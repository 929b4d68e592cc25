"""Guessing is slow: tries are counted in the database before the secret is looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock, throttle
from kernel.people import LoginAttempt

SECRET = "a secret for these tests"


def _limits(email: str = "sari@example.org", address: str = "192.0.2.1") -> tuple[throttle.Limit, throttle.Limit]:
    return throttle.sign_in_limits(SECRET, email, address)


def _use_up(session: Session, email: str = "sari@example.org") -> None:
    for number in range(throttle.PER_EMAIL):
        throttle.count_try(session, _limits(email, f"192.0.2.{number}"))


def test_the_eleventh_try_on_one_account_is_refused_from_any_address(session: Session) -> None:
    _use_up(session)
    with pytest.raises(throttle.TooManyTries):
        throttle.count_try(session, _limits(" SARI@example.org ", "198.51.100.7"))
    throttle.count_try(session, _limits("other@example.org"))


def test_one_address_cannot_try_many_accounts(session: Session) -> None:
    for number in range(throttle.PER_ADDRESS):
        throttle.count_try(session, _limits(f"p{number}@example.org", "2001:db8:1:2::1"))
    with pytest.raises(throttle.TooManyTries):
        throttle.count_try(session, _limits("one-more@example.org", "2001:db8:1:2:ffff::9"))
    throttle.count_try(session, _limits("one-more@example.org", "2001:db8:1:3::1"))


def test_the_limit_lifts_when_the_window_has_passed(session: Session) -> None:
    _use_up(session)
    with time_machine.travel(clock.now() + throttle.WINDOW + timedelta(seconds=1), tick=False):
        throttle.count_try(session, _limits())


def test_a_refused_try_is_not_counted(session: Session) -> None:
    _use_up(session)
    before = session.scalar(select(func.count()).select_from(LoginAttempt))
    with pytest.raises(throttle.TooManyTries):
        throttle.count_try(session, _limits())
    assert session.scalar(select(func.count()).select_from(LoginAttempt)) == before


def test_success_clears_the_account_but_gives_the_address_only_its_own_try_back(session: Session) -> None:
    for _ in range(5):
        rows = throttle.count_try(session, _limits())
    throttle.forget_success(session, rows)
    account, address = _limits()
    count = select(func.count()).select_from(LoginAttempt)
    assert session.scalar(count.where(LoginAttempt.key == account.key)) == 0
    assert session.scalar(count.where(LoginAttempt.key == address.key)) == 4


def test_neither_e_mail_nor_address_can_be_read_from_the_rows(session: Session) -> None:
    throttle.count_try(session, _limits())
    keys = list(session.scalars(select(LoginAttempt.key)))
    assert all(len(key) == 64 and "sari" not in key and "192" not in key for key in keys)
    assert throttle.sign_in_limits("another secret", "sari@example.org", "192.0.2.1")[0].key not in keys


def test_old_tries_are_purged(session: Session) -> None:
    throttle.count_try(session, _limits())
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert throttle.purge_old_tries(session) == 2
