"""An alarm stands until its time is over or somebody ends it."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy.orm import Session

from kernel import alarms, clock


def names(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    return [(alarm.name, alarm.detail) for alarm in alarms.list_standing(session)]


def test_an_alarm_says_what_was_said_last_and_ends_by_itself(session: Session) -> None:
    alarms.sound(session, "clock", "ten minutes ahead")
    alarms.sound(session, "clock", "eleven minutes ahead")
    assert names(session) == [("clock", "eleven minutes ahead")]
    with time_machine.travel(clock.now() + alarms.LASTS + timedelta(seconds=1)):
        assert names(session) == []
        alarms.sound(session, "clock", "again")
        (standing,) = alarms.list_standing(session)
        assert clock.now() - standing.raised_at < timedelta(minutes=1)


def test_what_is_over_is_hushed(session: Session) -> None:
    alarms.sound(session, "books", "a difference")
    alarms.hush(session, "books")
    alarms.hush(session, "never sounded")
    assert names(session) == []
