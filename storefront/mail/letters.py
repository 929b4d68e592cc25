"""What each kind of outbox message says, to whom, and in which language: facts in, a letter out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from flask import g, render_template, url_for

from kernel.locales import DEFAULT_LANGUAGE, LANGUAGES
from storefront.templating import current_settings

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is wrapped: recipient, subject, plain text and HTML."""

    recipient: str
    subject: str
    text: str
    html: str


def write(kind: str, subject: str, recipient: str, **facts: Any) -> Letter:
    """Render templates/mail/<kind>.txt and .html in the current language."""
    facts |= {"subject": subject, "shop": current_settings().shop_name, "language": g.language}
    return Letter(
        recipient=recipient,
        subject=subject,
        text=render_template(f"mail/{kind}.txt", **facts).strip() + "\n",
        html=render_template(f"mail/{kind}.html", **facts),
    )


def compose(letter: Letter, key: str) -> EmailMessage:
    """The letter as a message. The id comes from the outbox key, so that a second sending can be recognised."""
    settings = current_settings()
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:24]}@etalase>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = g.language
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def speak(payload: Payload) -> None:
    """Write in the language the message was asked for in."""
    language = payload.get("language")
    g.language = language if language in LANGUAGES else DEFAULT_LANGUAGE


def public_url(endpoint: str, **values: Any) -> str:
    """Public address of a page in the letter's language; the worker knows no request to take it from."""
    prefix = "" if g.language == DEFAULT_LANGUAGE else f"/{g.language}"
    return current_settings().base_url.rstrip("/") + prefix + url_for(endpoint, **values, _external=False)


Writer = Callable[[Payload], Letter | None]
