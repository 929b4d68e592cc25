"""What every template can call: rupiah, dates in the outlet's zone, language choices, pictures and static addresses."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, current_app, request, session
from flask_login import current_user
from markupsafe import Markup, escape

from config import Settings
from kernel import clock
from kernel.locales import LANGUAGES, pick
from storefront.i18n import alternate_path, current_language
from storefront.security import current_actor, is_staff
from storefront.words import measure, word

_NO_BREAK = "\N{NO-BREAK SPACE}"
_DAYS_PATTERN = {"id": "d MMMM y", "en": "d MMMM y"}


def current_settings() -> Settings:
    """The settings of the running app."""
    settings: Settings = current_app.extensions["etalase.settings"]
    return settings


@lru_cache(maxsize=4096)
def rupiah(amount: int) -> str:
    """`Rp25.000` in both languages: the price tag on the shelf reads the same."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{format_decimal(abs(amount), locale='id')}"


def number(value: int) -> str:
    """A whole number with the language's thousands mark."""
    return _number(value, current_language())


@lru_cache(maxsize=4096)
def _number(value: int, language: str) -> str:
    return format_decimal(value, locale=language)


def day(value: date) -> str:
    """`21 November 2026`."""
    return _day(value, current_language())


@lru_cache(maxsize=1024)
def _day(value: date, language: str) -> str:
    return format_date(value, _DAYS_PATTERN[language], locale=language)


def month(value: date) -> str:
    """`November 2026`."""
    return format_date(value, "MMMM y", locale=current_language())


def weekday(value: date, is_full: bool = False) -> str:
    """`Sen` or `Senin`."""
    return format_date(value, "EEEE" if is_full else "EEE", locale=current_language())


def moment(value: datetime, zone: str | None = None) -> str:
    """`21 November 2026, 14.30 WIB`: Indonesian clock notation, the zone always said."""
    zone = zone or current_settings().zone
    at = clock.local(value, zone)
    mark = "." if current_language() == "id" else ":"
    return f"{day(at.date())}, {at:%H}{mark}{at:%M}{_NO_BREAK}{zone}"


def text_of(record: Any, attribute: str) -> str:
    """`record.<attribute>_id` or `_en` by the page's language, the other one when it is empty."""
    return pick(current_language(), getattr(record, f"{attribute}_id"), getattr(record, f"{attribute}_en"))


def marked(snippet: str) -> Markup:
    """A search snippet with U+0002/U+0003 around matches as safe HTML with <mark>."""
    return Markup(str(escape(snippet)).replace("\x02", "<mark>").replace("\x03", "</mark>"))  # noqa: S704 - escaped first


def asset(filename: str) -> str:
    """Address of a static file with its content hash, never below the language prefix, so that it is cached for good."""
    return f"/static/{filename}?v={_fingerprint(filename)}"


@lru_cache(maxsize=512)
def _fingerprint(filename: str) -> str:
    path = Path(current_app.static_folder or "") / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def local(path: str) -> str:
    """Address of a path of this site in the page's language: `/products` becomes `/en/products` on an English page."""
    return (request.script_root + path) or "/"


def external(path: str) -> str:
    """Absolute public address of a path of this site."""
    base = current_settings().base_url or request.host_url.rstrip("/")
    return base + path


def init_templating(app: Flask) -> None:
    """Register filters and globals; templates get ready values and never query."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(rupiah=rupiah, number=number, day=day, month=month, weekday=weekday, moment=moment, marked=marked)
    app.jinja_env.globals.update(word=word, measure=measure)
    app.jinja_env.globals.update(
        asset=asset, text_of=text_of, external=external, local=local, alternate_path=alternate_path, LANGUAGES=LANGUAGES
    )

    @app.context_processor
    def _page() -> dict[str, Any]:
        return {
            "language": current_language(),
            "settings": current_settings(),
            "actor": current_actor,
            "is_staff": is_staff,
            "person": current_user,
            "cart_count": session.get("cart_count", 0),
        }
