"""A lease has one holder, until it is given up or runs out."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy.orm import Session

from kernel import clock, leases

LENGTH = timedelta(seconds=90)


def test_the_first_one_has_it_and_renews_it(session: Session) -> None:
    assert leases.take(session, "worker", "first", LENGTH)
    assert not leases.take(session, "worker", "second", LENGTH)
    assert leases.take(session, "worker", "first", LENGTH)


def test_a_dead_holder_is_followed_when_the_lease_runs_out(session: Session) -> None:
    leases.take(session, "worker", "first", LENGTH)
    with time_machine.travel(clock.now() + LENGTH + timedelta(seconds=1)):
        assert leases.take(session, "worker", "second", LENGTH)
        assert not leases.take(session, "worker", "first", LENGTH)


def test_what_is_given_up_is_free_at_once_and_only_its_holder_can(session: Session) -> None:
    leases.take(session, "worker", "first", LENGTH)
    leases.give_up(session, "worker", "second")
    assert not leases.take(session, "worker", "second", LENGTH)
    leases.give_up(session, "worker", "first")
    assert leases.take(session, "worker", "second", LENGTH)
