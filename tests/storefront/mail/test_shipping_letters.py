"""Letters of an order that is sent: paid, and on its way with courier and number."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.people import SYSTEM
from orders import parcels
from orders.models.order import Order
from orders.parcels import ParcelFacts
from storefront.integrations.mail import FolderMailer
from storefront.mail import sending
from tests.make_shipping import PARCEL, make_zone, paid_sent
from tests.make_stock import make_goods


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sending, "make_mailer", lambda _settings: FolderMailer(tmp_path))
    return tmp_path


def sent_by(session: Session, language: str) -> Order:
    goods = make_goods(session)
    make_zone(session, goods.outlet)
    return paid_sent(session, goods, quantity=2, language=language)


def texts(app: Flask, mailbox: Path, subject: str) -> list[str]:
    """Plain and HTML body of the letter with this subject."""
    with app.app_context():
        sending.send_waiting()
    letters = [BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes()) for path in mailbox.glob("*.eml")]
    letter = next(letter for letter in letters if subject in letter["Subject"])
    bodies = [letter.get_body((kind,)) for kind in ("plain", "html")]
    return [body.get_content() for body in bodies if body is not None]


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [("id", "sedang dikirim", ("1–2 hari", "Ongkos kirim", "menyusul")), ("en", "is on its way", ("1–2 days", "Shipping", "follows"))],
)
def test_a_parcel_is_announced_with_courier_and_number(
    app: Flask, session: Session, mailbox: Path, language: str, subject: str, words: tuple[str, ...]
) -> None:
    order = sent_by(session, language)
    parcels.ship_order(session, SYSTEM, order.id, [PARCEL, ParcelFacts("Kurir Lain")])
    session.commit()
    found = texts(app, mailbox, subject)
    assert len(found) == 2
    for text in found:
        assert all(part in text for part in (*words, "CTH123456789", "Kurir Lain", "Jalan Contoh 12", "Rp10.000", "Rp60.000", order.token))


@pytest.mark.parametrize(
    ("language", "subject", "words"), [("id", "Sudah dibayar", "Barang kami kemas"), ("en", "Paid", "We pack your goods")]
)
def test_a_paid_order_that_is_sent_asks_nobody_to_the_counter(
    app: Flask, session: Session, mailbox: Path, language: str, subject: str, words: str
) -> None:
    order = sent_by(session, language)
    session.commit()
    for text in texts(app, mailbox, subject):
        assert all(part in text for part in (words, "Jalan Contoh 12", order.token))
        assert "konter" not in text
        assert "counter" not in text


def test_a_parcel_that_has_arrived_is_not_announced_any_more(app: Flask, session: Session, mailbox: Path) -> None:
    order = sent_by(session, "en")
    parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
    parcels.confirm_delivered(session, SYSTEM, order.id)
    session.commit()
    with pytest.raises(StopIteration):
        texts(app, mailbox, "is on its way")
