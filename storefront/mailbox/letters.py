"""The demo's mailbox: what the shop would have sent, newest first; anywhere but in the demo there is no such page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import abort, render_template

from storefront.templating import current_settings

SHOWN = 100
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-zA-Z_.-]{1,80}", re.ASCII)
_GAP = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it is shown: plain text only, in paragraphs of lines."""

    name: str
    sent_at: datetime
    recipient: str
    subject: str
    paragraphs: list[list[str]]


def mailbox() -> str:
    """The latest letters."""
    files = sorted(_folder().glob("*.eml"), reverse=True)[:SHOWN]
    return render_template("mailbox/letters/mailbox.html", letters=[_read(path) for path in files if _NAME.fullmatch(path.stem)])


def letter(name: str) -> str:
    """One letter's text."""
    path = _folder() / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        abort(404)
    return render_template("mailbox/letters/letter.html", letter=_read(path))


def _folder() -> Path:
    settings = current_settings()
    if settings.mode != "demo":
        abort(404)
    return settings.mailbox_folder


def _read(path: Path) -> Letter:
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return Letter(
        name=path.stem,
        sent_at=datetime.strptime(path.stem[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC),
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        paragraphs=[part.splitlines() for part in _GAP.split(text.replace("\r\n", "\n").strip())],
    )
