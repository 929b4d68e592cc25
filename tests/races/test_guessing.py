"""Guessing passwords from several workers at once wins nothing over guessing from one (A12)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from kernel import throttle
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

WORKERS, TRIES = 4, 250
SECRET = "a secret for these tests"


def guess(engine: Engine, start: Callable[[], object], worker: int) -> int:
    """How many of this worker's tries on one account were let through to the password."""
    start()
    through = 0
    for number in range(TRIES):
        limits = throttle.sign_in_limits(SECRET, "sari@example.org", f"192.0.2.{(worker * TRIES + number) % 250}")
        try:
            with writing(engine) as session:
                throttle.count_try(session, limits)
        except throttle.TooManyTries:
            continue
        through += 1
    return through


def test_a_thousand_tries_on_four_workers_are_ten(fresh_database_url: str) -> None:
    through = race(fresh_database_url, guess, [(worker,) for worker in range(WORKERS)])
    assert sum(int(str(count)) for count in through) == throttle.PER_EMAIL
