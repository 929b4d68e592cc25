"""What is typed and not sent: one copy for each person and form, within limits, forgotten after two months."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock, unsent
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, Role
from kernel.unsent import UnsentForm
from tests.make import make_actor


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(UnsentForm)) or 0


def test_the_last_words_count_and_stay_with_whoever_typed_them(session: Session) -> None:
    one, other = make_actor(session, Role.VILLAGE_OFFICER), make_actor(session, Role.VILLAGE_OFFICER)
    unsent.keep(session, one, "proposal:AB", {"name": ["Kerip"]})
    unsent.keep(session, one, "proposal:AB", {"name": ["Keripik"], "allergens": ["fish", "milk"]})
    found = unsent.find(session, one, "proposal:AB")
    assert found is not None
    assert found.content == {"name": ["Keripik"], "allergens": ["fish", "milk"]}
    assert unsent.find(session, other, "proposal:AB") is None
    assert unsent.find(session, one, "proposal:CD") is None
    assert unsent.find(session, one, "proposal:AB", since=clock.now() + timedelta(seconds=1)) is None
    unsent.forget(session, other, "proposal:AB")
    assert unsent.find(session, one, "proposal:AB") is not None
    unsent.forget(session, one, "proposal:AB")
    assert _count(session) == 0


def test_a_guest_keeps_nothing(session: Session) -> None:
    with pytest.raises(NotAllowed):
        unsent.keep(session, GUEST, "proposal-new", {})
    assert unsent.find(session, GUEST, "proposal-new") is None


def test_too_much_is_refused(session: Session) -> None:
    actor = make_actor(session, Role.VILLAGE_OFFICER)
    for content in ({"a": ["x" * unsent.MOST_LETTERS]}, {str(number): ["x"] for number in range(unsent.MOST_FIELDS + 1)}):
        with pytest.raises(InvalidInput):
            unsent.keep(session, actor, "proposal-new", content)
    assert _count(session) == 0


def test_the_oldest_of_many_forms_goes(session: Session) -> None:
    actor, start = make_actor(session, Role.VILLAGE_OFFICER), clock.now()
    for number in range(unsent.MOST_FORMS + 3):
        with time_machine.travel(start + timedelta(seconds=number), tick=False):
            unsent.keep(session, actor, f"proposal:N{number}", {"a": ["b"]})
    assert _count(session) == unsent.MOST_FORMS
    assert unsent.find(session, actor, "proposal:N2") is None
    assert unsent.find(session, actor, "proposal:N3") is not None


def test_nobody_comes_back_after_two_months(session: Session) -> None:
    actor = make_actor(session, Role.VILLAGE_OFFICER)
    unsent.keep(session, actor, "proposal:AB", {"a": ["b"]})
    assert unsent.purge_old(session) == 0
    with time_machine.travel(clock.now() + unsent.KEPT_FOR + timedelta(minutes=1)):
        assert unsent.purge_old(session) == 1
    assert _count(session) == 0
