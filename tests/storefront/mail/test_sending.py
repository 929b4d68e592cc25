"""Letters leave once, in the buyer's language, and a silent mail server costs nobody an order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock, outbox, second_factor
from kernel.outbox import OutboxMessage
from orders.gateways import PaymentMethod
from storefront.integrations.mail import FolderMailer
from storefront.mail import sending
from tests.house.sources import modules
from tests.make_orders import place
from tests.make_second_factor import SECRET, turned_on
from tests.make_stock import make_goods


class BrokenMailer:
    """A mail server that is down."""

    def send(self, message: EmailMessage) -> None:
        raise ConnectionRefusedError("someone@example.org would not be logged")


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own instead of the app's."""
    monkeypatch.setattr(sending, "make_mailer", lambda _settings: FolderMailer(tmp_path))
    return tmp_path


def read(path: Path) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    return message


def order_by(session: Session, language: str) -> str:
    order = place(session, make_goods(session), language=language, payment_method=PaymentMethod.PAY_AT_PICKUP)
    session.commit()
    return order.code


@pytest.mark.parametrize(("language", "words"), [("id", "Mohon bawa uang tunai"), ("en", "Please bring Rp25.000 in cash")])
def test_a_letter_speaks_the_buyers_language(app: Flask, session: Session, mailbox: Path, language: str, words: str) -> None:
    code = order_by(session, language)
    with app.app_context():
        assert sending.send_waiting() == 1
    message = read(next(mailbox.glob("*.eml")))
    assert code in message["Subject"]
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        assert words in body.get_content()
        assert ("/en/orders/" in body.get_content()) is (language == "en")


def test_a_letter_leaves_once(app: Flask, session: Session, mailbox: Path) -> None:
    order_by(session, "id")
    with app.app_context():
        assert sending.send_waiting() == 1
        assert sending.send_waiting() == 0
    assert len(list(mailbox.glob("*.eml"))) == 1


def test_a_broken_mail_server_only_delays_the_letter(app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order_by(session, "id")
    monkeypatch.setattr(sending, "make_mailer", lambda _settings: BrokenMailer())
    with app.app_context():
        assert sending.send_waiting() == 0
    session.expire_all()
    message = session.scalars(select(OutboxMessage)).one()
    assert (message.sent_at, message.attempts, message.last_error) == (None, 1, "ConnectionRefusedError")
    monkeypatch.setattr(sending, "make_mailer", lambda _settings: FolderMailer(tmp_path))
    with app.app_context():
        assert sending.send_waiting() == 0
        with time_machine.travel(clock.now() + timedelta(minutes=2)):
            assert sending.send_waiting() == 1


def test_whoever_dies_while_sending_leaves_the_letter_to_the_next(session: Session) -> None:
    order_by(session, "id")
    assert len(outbox.claim_due(session)) == 1
    assert outbox.claim_due(session) == []
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert len(outbox.claim_due(session)) == 1


def test_every_kind_of_letter_that_is_queued_can_be_written() -> None:
    """The domain names its letters as `"mail.…"`; each has a writer, and no writer is without a letter."""
    queued = {kind for path in modules("kernel", "catalog", "orders") for kind in re.findall(r'"(mail\.[a-z_]+)"', path.read_text())}
    assert queued == set(sending.WRITERS)


@pytest.mark.parametrize(
    ("language", "subject", "words"), [("id", "Pengembalian uang", "sudah dikembalikan"), ("en", "Refund for", "has been paid back")]
)
def test_a_refund_is_told_in_the_buyers_language(
    app: Flask, session: Session, mailbox: Path, language: str, subject: str, words: str
) -> None:
    from kernel.people import SYSTEM
    from orders import fulfilment, payouts
    from orders.refund_states import RefundWay
    from tests.orders.test_refunds import refund

    order = place(session, make_goods(session), quantity=2, payment_method=PaymentMethod.PAY_AT_PICKUP, language=language)
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    payouts.record_paid_out(session, SYSTEM, refund(session, order, 1, way=RefundWay.CASH).id, "Pembeli Contoh")
    session.commit()
    with app.app_context():
        sending.send_waiting()
    letter = next(letter for letter in map(read, mailbox.glob("*.eml")) if subject in letter["Subject"])
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert all(part in text for part in (words, "Rp25.000", order.token))


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [("id", "siap diambil", "Mohon bawa uang tunai Rp25.000"), ("en", "is ready to collect", "Please bring Rp25.000 in cash")],
)
def test_ready_goods_are_announced_in_the_buyers_language(
    app: Flask, session: Session, mailbox: Path, language: str, subject: str, words: str
) -> None:
    from kernel.people import SYSTEM
    from orders import fulfilment

    order = place(session, make_goods(session), language=language, payment_method=PaymentMethod.PAY_AT_PICKUP)
    fulfilment.mark_ready(session, SYSTEM, order.id)
    session.commit()
    with app.app_context():
        sending.send_waiting()
    letter = next(letter for letter in map(read, mailbox.glob("*.eml")) if subject in letter["Subject"])
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert all(part in text for part in (words, order.code, order.token))


@pytest.mark.parametrize(
    ("language", "slot", "days"),
    [("id", "Senin, 30 November 2026, 14.00–15.00\xa0WIB", "Senin–"), ("en", "Monday, 30 November 2026, 14:00–15:00\xa0WIB", "Monday–")],
)
def test_a_letter_that_is_read_tomorrow_says_no_today(
    app: Flask, session: Session, mailbox: Path, language: str, slot: str, days: str
) -> None:
    order = place(session, make_goods(session), language=language)
    order.pickup_at = datetime(2026, 11, 30, 7, tzinfo=UTC)
    session.commit()
    with app.app_context():
        sending.send_waiting()
    body = read(next(mailbox.glob("*.eml"))).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert slot in text
    assert days in text
    assert not re.search(r"hari ini|\btoday\b", text)


def test_goods_that_were_collected_meanwhile_are_not_announced(app: Flask, session: Session, mailbox: Path) -> None:
    from kernel.people import SYSTEM
    from orders import fulfilment

    order = place(session, make_goods(session), payment_method=PaymentMethod.PAY_AT_PICKUP)
    fulfilment.mark_ready(session, SYSTEM, order.id)
    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
    session.commit()
    with app.app_context():
        sending.send_waiting()
    assert [letter for letter in map(read, mailbox.glob("*.eml")) if "siap diambil" in letter["Subject"]] == []


@pytest.mark.parametrize(
    ("language", "on", "off"),
    [
        ("id", "sekarang masuk memerlukan kode", "terbuka dengan kata sandi saja"),
        ("en", "signing in takes a code", "Your password alone opens it"),
    ],
)
def test_turning_the_second_step_on_and_off_is_told(app: Flask, session: Session, mailbox: Path, language: str, on: str, off: str) -> None:
    user, _key, codes = turned_on(session, language=language)
    second_factor.turn_off(session, user, codes[0], secret=SECRET, token="")
    session.commit()
    with app.app_context():
        assert sending.send_waiting() == 2
    bodies = [message.get_body((kind,)) for message in map(read, mailbox.glob("*.eml")) for kind in ("plain", "html")]
    texts = [" ".join(body.get_content().split()) for body in bodies if body is not None]
    assert sum(on in text for text in texts) == 2
    assert sum(off in text for text in texts) == 2
    assert not any(code in text for code in codes for text in texts)
