"""The demo's mailbox: newest first, text only, and nowhere but in the demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from storefront.integrations.mail import FolderMailer


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The app in demo mode with an empty mailbox."""
    settings: Settings = app.extensions["etalase.settings"]
    app.extensions["etalase.settings"] = replace(settings, mode="demo", data_folder=tmp_path)
    yield tmp_path / "mailbox"
    app.extensions["etalase.settings"] = settings


def _send(folder: Path, number: int, subject: str, text: str) -> None:
    message = EmailMessage()
    message["To"], message["Subject"], message["Message-ID"] = "pembeli@contoh.example", subject, f"<letter{number}@etalase>"
    message.set_content(text)
    message.add_alternative("<p>the other part</p>", subtype="html")
    FolderMailer(folder).send(message)


def test_an_empty_mailbox_says_so(client: FlaskClient, mailbox: Path) -> None:
    assert "Belum ada surat" in client.get("/mailbox").text


def test_letters_are_listed_newest_first_and_open(client: FlaskClient, mailbox: Path) -> None:
    _send(mailbox, 1, "Pesanan diterima", "Terima kasih.")
    first = next(mailbox.glob("*.eml"))
    first.rename(mailbox / f"20250101T000000-{first.name.split('-')[1]}")
    _send(mailbox, 2, "Pembayaran diterima", "Lunas.\n\nhttp://127.0.0.1:8000/orders/abc")
    page = client.get("/en/mailbox").text
    assert page.index("Pembayaran diterima") < page.index("Pesanan diterima")
    name = max(mailbox.glob("*.eml")).stem
    letter = client.get(f"/mailbox/{name}").text
    assert "Lunas." in letter
    assert 'href="http://127.0.0.1:8000/orders/abc"' in letter
    assert "the other part" not in letter


def test_a_letter_cannot_bring_markup_into_the_page(client: FlaskClient, mailbox: Path) -> None:
    _send(mailbox, 3, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    name = next(mailbox.glob("*.eml")).stem
    for page in ("/mailbox", f"/mailbox/{name}"):
        text = client.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@pytest.mark.parametrize("name", ["..%2f..%2fetalase", "20261121T070000-..%2fx", "nothing", "20261121T070000-absent"])
def test_a_name_that_is_no_letter_is_not_found(client: FlaskClient, mailbox: Path, name: str) -> None:
    assert client.get(f"/mailbox/{name}").status_code == 404


@pytest.mark.parametrize("mode", ["production", "test"])
def test_outside_the_demo_there_is_no_mailbox(app: Flask, client: FlaskClient, mailbox: Path, mode: str) -> None:
    _send(mailbox, 4, "Rahasia", "Rahasia")
    app.extensions["etalase.settings"] = replace(app.extensions["etalase.settings"], mode=mode)
    assert client.get("/mailbox").status_code == 404
    assert client.get(f"/mailbox/{next(mailbox.glob('*.eml')).stem}").status_code == 404
