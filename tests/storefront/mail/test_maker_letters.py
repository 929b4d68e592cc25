"""Letters to makers: a closed statement tells whoever signs in for the maker, in their language, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM, Grant, Role
from orders.consignment import statements
from orders.models.consignment import MakerStatement
from storefront.integrations.mail import FolderMailer
from storefront.mail import sending
from tests.make import make_maker, make_user
from tests.make_consignment import day, make_agreement, make_consigned, sell
from tests.storefront.mail.test_shipping_letters import texts


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sending, "make_mailer", lambda _settings: FolderMailer(tmp_path))
    return tmp_path


def closed_yesterday(session: Session, **people: str) -> MakerStatement:
    """A statement with one sale of a maker for whom these people (language by name) sign in."""
    with time_machine.travel(clock.now() - timedelta(days=1), tick=False):
        agreement = make_agreement(session)
        for language in people.values():
            make_user(session, Grant(Role.MAKER, maker_id=agreement.maker_id)).language = language
        make_user(session, Grant(Role.MAKER, maker_id=make_maker(session).id))
        sell(session, make_consigned(session, agreement, 5, price=20_000), quantity=2)
    closed = statements.close_statement(session, SYSTEM, agreement.id, day(-1))
    session.commit()
    return closed


def letters_about_statements(session: Session) -> int:
    """How many letters about a closed statement were asked for."""
    statement = select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "mail.statement_closed")
    return session.scalar(statement) or 0


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [("id", "Laporan titipan Anda", "Isinya tidak berubah lagi"), ("en", "Your statement", "Nothing on it changes any more")],
)
def test_whoever_signs_in_for_the_maker_reads_the_figures(
    app: Flask, session: Session, mailbox: Path, language: str, subject: str, words: str
) -> None:
    closed = closed_yesterday(session, maker=language)
    for text in texts(app, mailbox, subject):
        assert words in text
        assert "Rp34.000" in text  # two packs less 15 %
        assert f"/statements/{closed.code}" in text
    assert letters_about_statements(session) == 1, "nobody else's maker is told"


def test_a_maker_without_a_login_gets_no_letter(session: Session) -> None:
    closed_yesterday(session)
    assert letters_about_statements(session) == 0
