"""A write that is sent twice happens once: claims, stored answers, other requests under the same key, and claims of the dead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from kernel import idempotency
from kernel.idempotency import KEPT, LEASE, Claim, ClaimLost, OtherRequest, StillWorking, StoredAnswer

NOON = datetime(2026, 11, 30, 5, tzinfo=UTC)
ASKED = idempotency.digest(b"POST", b"/orders", b"{}")


def claim(session: Session, asked: str = ASKED) -> Claim:
    found = idempotency.claim(session, "partner:1", "key-00001", asked)
    assert isinstance(found, Claim)
    return found


def test_the_second_call_gets_the_first_answer(session: Session) -> None:
    idempotency.store(session, claim(session), 201, '{"code":"A"}')
    assert idempotency.claim(session, "partner:1", "key-00001", ASKED) == StoredAnswer(201, '{"code":"A"}')


def test_another_caller_may_use_the_same_key(session: Session) -> None:
    claim(session)
    assert isinstance(idempotency.claim(session, "partner:2", "key-00001", ASKED), Claim)


def test_a_call_in_between_waits(session: Session) -> None:
    claim(session)
    with pytest.raises(StillWorking):
        claim(session)


def test_the_key_stands_for_one_request(session: Session) -> None:
    idempotency.store(session, claim(session), 201, "{}")
    with pytest.raises(OtherRequest):
        claim(session, idempotency.digest(b"POST", b"/orders", b"[]"))


def test_a_refused_call_frees_its_key(session: Session) -> None:
    idempotency.release(session, claim(session))
    claim(session, idempotency.digest(b"corrected"))


def test_whoever_died_is_followed_and_cannot_store_any_more(session: Session) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        dead = claim(session)
        clock.move_to(NOON + LEASE)
        heir = claim(session)
        idempotency.store(session, heir, 201, "{}")
        with pytest.raises(ClaimLost):
            idempotency.store(session, dead, 201, "{}")
        idempotency.release(session, dead)
        assert idempotency.claim(session, "partner:1", "key-00001", ASKED) == StoredAnswer(201, "{}")


def test_parts_cannot_be_shifted_between_each_other() -> None:
    assert idempotency.digest(b"ab", b"c") != idempotency.digest(b"a", b"bc")


def test_old_answers_are_forgotten(session: Session) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        idempotency.store(session, claim(session), 201, "{}")
        assert idempotency.purge(session) == 0
        clock.move_to(NOON + KEPT + timedelta(seconds=1))
        assert idempotency.purge(session) == 1
