"""How a letter leaves: over SMTP, or into the data folder's mailbox where the demo shows it."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from config import Settings, SettingsError
from kernel import clock

TIMEOUT_SECONDS = 20


class Mailer(Protocol):
    """Takes a whole message, or raises: the outbox then tries again later."""

    def send(self, message: EmailMessage) -> None: ...


class FolderMailer:
    """Keeps each message as a file; sending the same Message-ID again replaces it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").split("@")[0]
        earlier = next(self.folder.glob(f"*-{name}.eml"), None)
        path = earlier or self.folder / f"{clock.now():%Y%m%dT%H%M%S}-{name}.eml"
        path.write_bytes(message.as_bytes(policy=SMTP))


class SmtpMailer:
    """Hands messages to a mail server: `smtp://` upgrades to TLS when there is a password, `smtps://` speaks it from the start."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.is_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.is_tls else 587)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.is_tls:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        with server:
            if self.user:
                if not self.is_tls:
                    server.starttls(context=context)
                server.login(self.user, self.password)
            server.send_message(message)


def make_mailer(settings: Settings) -> Mailer:
    """The mailer that `ETALASE_MAIL_URL` names."""
    scheme = urlsplit(settings.mail_url).scheme
    if scheme == "folder":
        return FolderMailer(settings.mailbox_folder)
    if scheme in ("smtp", "smtps"):
        return SmtpMailer(settings.mail_url)
    raise SettingsError(f"ETALASE_MAIL_URL must begin with folder:, smtp:// or smtps://, not {settings.mail_url!r}")
