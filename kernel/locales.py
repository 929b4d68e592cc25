"""The two languages of the house and the fallback between them."""

from __future__ import annotations

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"


def pick(language: str, indonesian: str, english: str) -> str:
    """The text in `language`, or the other one when it is empty: a page never shows a hole where a text exists."""
    wanted, other = (english, indonesian) if language == "en" else (indonesian, english)
    return wanted or other
