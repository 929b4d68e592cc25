"""Warnings at 90, 30 and 7 days: to the curators of the area and the maker's people, each once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate
from catalog.papers.warnings import LETTER, step_of, warn
from kernel.outbox import OutboxMessage
from kernel.people import Grant, Role
from tests.make import make_maker, make_product, make_user
from tests.make_catalogue import make_certificate

LAST = date(2027, 6, 30)
BETUNG_DISTRICT, TALANG_UBI = "16.12.04", "16.12.01"


@pytest.fixture
def paper(session: Session) -> Certificate:
    """Of a maker in Karang Agung, whose curator, whose own people and whose neighbours' curator there are."""
    maker = make_maker(session)
    make_user(session, Grant(Role.CURATOR, area_prefix=BETUNG_DISTRICT), email="curator@example.com")
    make_user(session, Grant(Role.MAKER, maker_id=maker.id), email="maker@example.com")
    make_user(session, Grant(Role.CURATOR, area_prefix=TALANG_UBI), email="neighbour@example.com")
    make_user(session, Grant(Role.CURATOR, area_prefix="16.12"), email="gone@example.com", is_active=False)
    return make_certificate(session, product_id=make_product(session, maker=maker).id, valid_until_on=LAST)


def letters(session: Session) -> list[str]:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == LETTER).order_by(OutboxMessage.id))
    return [row.payload["email"] for row in rows]


@pytest.mark.parametrize(("left", "step"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)])
def test_a_step_is_reached_on_its_day(left: int, step: int | None) -> None:
    assert step_of(left) == step


def test_everybody_concerned_is_told_once_at_every_step(session: Session, paper: Certificate) -> None:
    told = []
    for days in range(95, -3, -1):
        warned = [warn(session, LAST - timedelta(days=days)) for _ in range(2)]
        if any(warned):
            assert warned == [1, 0]
            told.append(days)
    assert told == [90, 30, 7]
    assert sorted(letters(session)) == ["curator@example.com"] * 3 + ["maker@example.com"] * 3


def test_a_paper_that_comes_late_is_warned_of_at_the_step_it_has_reached(session: Session, paper: Certificate) -> None:
    assert [warn(session, LAST - timedelta(days=days)) for days in (20, 15, 7)] == [1, 0, 1]


def test_a_paper_that_was_renewed_is_not_warned_of(session: Session, paper: Certificate) -> None:
    make_certificate(session, product_id=paper.product_id, valid_from_on=LAST, valid_until_on=LAST + timedelta(days=900))
    assert warn(session, LAST - timedelta(days=5)) == 0


def test_a_corrected_end_is_warned_of_again(session: Session, paper: Certificate) -> None:
    assert warn(session, LAST - timedelta(days=30)) == 1
    paper.valid_until_on = LAST + timedelta(days=60)
    session.flush()
    assert warn(session, LAST - timedelta(days=30)) == 1
