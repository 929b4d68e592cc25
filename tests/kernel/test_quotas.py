"""Calls in a minute: taken in blocks, never more than the limit, and anew with the next minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import quotas
from kernel.quotas import BLOCK, QuotaWindow

NOON = datetime(2026, 11, 30, 5, 0, 30, tzinfo=UTC)


def test_blocks_use_a_minute_up_exactly(session: Session) -> None:
    with time_machine.travel(NOON, tick=False):
        taken = [quotas.take_block(session, "k", 3 * BLOCK) for _ in range(4)]
    assert [each.left for each in taken] == [BLOCK, BLOCK, BLOCK, 0]
    assert [each.remaining for each in taken] == [3 * BLOCK, 2 * BLOCK, BLOCK, 0]
    assert taken[0].window_at == NOON.replace(second=0)


def test_the_next_minute_begins_anew(session: Session) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        quotas.take_block(session, "k", BLOCK)
        assert quotas.take_block(session, "k", BLOCK).left == 0
        clock.move_to(NOON + timedelta(seconds=30))
        assert quotas.take_block(session, "k", BLOCK).left == BLOCK


def test_keys_do_not_disturb_each_other(session: Session) -> None:
    quotas.take_block(session, "a", BLOCK)
    assert quotas.take_block(session, "b", BLOCK).left == BLOCK


def test_old_minutes_are_forgotten(session: Session) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        quotas.take_block(session, "k", BLOCK)
        clock.move_to(NOON + timedelta(hours=1))
        quotas.take_block(session, "k", BLOCK)
        assert quotas.purge(session) == 1
    assert len(session.scalars(select(QuotaWindow)).all()) == 1
